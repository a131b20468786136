#include "plugin/media.h"

#include "base/memory.h"

#include <string.h>
#include <strings.h>

const char *rf_media_type(const char *name)
{
	static const struct {
		const char *ending;
		const char *type;
	} types[] = {{"txt", "text/plain"},
		     {"md", "text/markdown"},
		     {"markdown", "text/markdown"},
		     {"html", "text/html"},
		     {"htm", "text/html"},
		     {"xhtml", "application/xhtml+xml"},
		     {"pdf", "application/pdf"},
		     {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		     {"odt", "application/vnd.oasis.opendocument.text"},
		     {"doc", "application/msword"},
		     {"rtf", "application/rtf"},
		     {"eml", "message/rfc822"},
		     {"json", "application/json"},
		     {"xml", "application/xml"}};
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < RF_COUNT(types); i++)
		if (!strcasecmp(dot + 1, types[i].ending))
			return types[i].type;
	return "application/octet-stream";
}
