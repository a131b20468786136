/* `referat version`: which version this is, and of which borders. */
#include "base/memory.h"
#include "cli/commands.h"
#include "wire/message.h"

#include <referat/plugin.h>
#include <stdio.h>
#include <sysexits.h>

int rf_command_version(int argc, char **argv)
{
	bool json = false;
	const struct rf_option options[] = {{"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &json}};
	const struct rf_program program = {
	    .name = "referat version",
	    .synopsis = "referat version [--json]",
	    .description =
		"Shows the version of the program, of the protocol between the processes, and of the border to "
		"plugins.",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	printf(json ? "{\"version\":\"%s\",\"protocol\":%d,\"plugin_abi\":\"%d.%d\"}\n"
		    : "referat %s (protocol %d, plugin ABI %d.%d)\n",
	       REFERAT_VERSION, RF_WIRE_VERSION, REFERAT_ABI_MAJOR, REFERAT_ABI_MINOR);
	return EX_OK;
}
