#include "cli/document.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <stdio.h>
#include <sysexits.h>

/* A text as it is, so that a page can be piped into a file; what has a mapping as JSON. */
static void print_part(json_object *answer)
{
	json_object *content = NULL;
	if (json_object_object_get_ex(answer, "text", &content) ||
	    json_object_object_get_ex(answer, "base64", &content))
		printf("%s\n", json_object_get_string(content));
	else if (json_object_object_get_ex(answer, "json", &content))
		printf("%s\n",
		       json_object_to_json_string_ext(content, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
								   JSON_C_TO_STRING_NOSLASHESCAPE));
}

static int ask(const struct rf_client_options *given, const char *question, const char *document, const char *part,
	       json_object **answer, struct rf_error *error)
{
	json_object *arguments = json_object_new_object();
	json_object_object_add(arguments, "document", json_object_new_string(document));
	if (part)
		json_object_object_add(arguments, "part", json_object_new_string(part));
	int result = rf_client_ask_once(given, part ? "part" : question, arguments, answer, error);
	json_object_put(arguments);
	return result;
}

int rf_document_show(const struct rf_document_command *command, int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const char *part = NULL;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"part", 0, RF_OPTION_TEXT, "NAME",
	     "only this part: what it says, as JSON or text, identity numbers masked", &part},
	};
	rf_autofree char *name = rf_format("referat %s", command->name);
	rf_autofree char *synopsis = rf_format("%s DOC [options]", name);
	rf_autofree char *examples =
	    rf_format("%s 3kz5ngw2q7ba%s", name, command->parts ? "\nreferat show 3kz5ngw2q7ba --part summary" : "");
	const struct rf_program program = {
	    .name = name,
	    .synopsis = synopsis,
	    .description = command->description,
	    .examples = examples,
	    .options = options,
	    .n_options = RF_COUNT(options) - !command->parts,
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	json_object *answer = NULL;
	if (ask(&given, command->name, argv[1], part, &answer, &error))
		return rf_command_fail(command->name, EX_UNAVAILABLE, &error);
	if (given.json)
		rf_answer_print(answer);
	else if (part)
		print_part(answer);
	else
		command->print(answer, given.state);
	json_object_put(answer);
	return EX_OK;
}
