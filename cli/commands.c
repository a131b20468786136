#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
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

static int show_usage(const struct rf_subcommand *subcommands, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s %s\n", i == 0 ? "usage:" : "      ", subcommands[i].synopsis);
	fprintf(out, "\nEach of them has --help.\n");
	return out == stdout ? EX_OK : EX_USAGE;
}

int rf_command_choose(const struct rf_subcommand *subcommands, size_t n, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return show_usage(subcommands, n, stdout);
	for (size_t i = 0; i < n; i++)
		if (strcmp(subcommands[i].name, name) == 0)
			return subcommands[i].run(argc - 1, argv + 1);
	return show_usage(subcommands, n, stderr);
}

int rf_command_fail(const char *command, int status, const struct rf_error *error)
{
	fprintf(stderr, "referat %s: %s\n", command, error->text);
	return status;
}
