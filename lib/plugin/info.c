#include "plugin/info.h"

#include "base/memory.h"

const char *rf_plugin_kind_name(enum referat_kind kind)
{
	static const char *const names[] = {"?",          "source", "reader", "check",
					    "summariser", "writer", "target", "channel"};
	return (size_t)kind < RF_COUNT(names) ? names[kind] : "?";
}
