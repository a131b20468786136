#include "cli/document.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <sysexits.h>

int rf_document_show(const struct rf_document_command *command, int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {RF_CLIENT_OPTIONS(given)};
	rf_autofree char *name = rf_format("referat %s", command->name);
	rf_autofree char *synopsis = rf_format("%s DOC [options]", name);
	rf_autofree char *examples = rf_format("%s 3kz5ngw2q7ba", name);
	const struct rf_program program = {
	    .name = name,
	    .synopsis = synopsis,
	    .description = command->description,
	    .examples = examples,
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	json_object *answer = NULL;
	if (rf_client_ask_document(&given, command->name, argv[1], &answer, &error))
		return rf_command_fail(command->name, EX_UNAVAILABLE, &error);
	if (given.json)
		rf_answer_print(answer);
	else
		command->print(answer, given.state);
	json_object_put(answer);
	return EX_OK;
}
