/* `referat why DOC`: where a document is and why, in a paragraph. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/reasons.h"
#include "cli/table.h"

#include <stdio.h>
#include <sysexits.h>

int rf_command_why(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	};
	const struct rf_program program = {
	    .name = "referat why",
	    .synopsis = "referat why DOC [options]",
	    .description = "Says where a document is and why: the stage, since when, which attempt, when the next one "
			   "comes and what the last one met; of one that is held or dead, what a person can do, with "
			   "the command; of one that is done, where its page stands and how many were told.",
	    .examples = "referat why 3kz5ngw2q7ba",
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
	if (rf_client_ask_document(&given, "why", argv[1], &answer, &error))
		return rf_command_fail("why", EX_UNAVAILABLE, &error);
	if (given.json) {
		rf_answer_print(answer);
	} else {
		rf_autofree char *reasons = rf_reasons_text(answer, given.state);
		rf_autofree char *text = rf_terminal_text(reasons);
		puts(text);
	}
	json_object_put(answer);
	return EX_OK;
}
