#include "cli/commands.h"

#include <stdio.h>
#include <sysexits.h>

int rf_command_read(const struct rf_program *program, int argc, char **argv)
{
	struct rf_error error;
	int result = rf_options_read(program, argc, argv, &error);
	if (result == 0)
		return RF_COMMAND_GO;
	if (result == RF_OPTIONS_SHOWN)
		return EX_OK;
	fprintf(stderr, "%s: %s\n", program->name, error.text);
	return EX_USAGE;
}

int rf_command_fail(const char *command, int status, const struct rf_error *error)
{
	fprintf(stderr, "referat %s: %s\n", command, error->text);
	return status;
}
