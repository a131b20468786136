/* `referat why DOC`: where a document is and why, in a paragraph. */
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/question.h"
#include "cli/reasons.h"
#include "cli/table.h"

#include <stdio.h>

static void print_reasons(json_object *answer, const char *state)
{
	rf_autofree char *reasons = rf_reasons_text(answer, state);
	rf_autofree char *text = rf_terminal_text(reasons);
	puts(text);
}

int rf_command_why(int argc, char **argv)
{
	static const struct rf_document_command command = {
	    .name = "why",
	    .description = "Says where a document is and why: the stage, since when, which attempt, when the next one "
			   "comes and what the last one met; of one that is held or dead, what a person can do, with "
			   "the command; of one that is done, where its page stands and how many were told.",
	    .print = print_reasons,
	};
	return rf_document_show(&command, argc, argv);
}
