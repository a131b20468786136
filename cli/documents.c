/* `referat list`, `held`, `dead`: the documents of a pipeline and how they stand. */
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static int ask_all(struct rf_client *client, struct rf_listing *listing, struct rf_error *error)
{
	for (bool more = true; more;) {
		json_object *arguments = rf_listing_arguments(listing), *answer = NULL;
		int result = rf_client_ask(client, "list", arguments, &answer, error);
		json_object_put(arguments);
		if (result)
			return result;
		more = rf_listing_take(listing, answer);
		json_object_put(answer);
	}
	return 0;
}

static void print_json(const struct rf_listing *listing, json_object *questions)
{
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "documents", json_object_get(listing->documents));
	if (questions)
		json_object_object_add(answer, "questions", json_object_get(questions));
	rf_answer_print(answer);
	json_object_put(answer);
}

/* Those that are one question are shown as one, below. */
static bool is_of_question(json_object *document)
{
	return strcmp(rf_answer_text(document, "code"), "many-documents") == 0;
}

static void print_table(const struct rf_listing *listing, bool fold)
{
	static const char *const headings[] = {"DOCUMENT", "STATUS", "BOARD", "DAY", "TITLE", "REASON"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < json_object_array_length(listing->documents); i++) {
		json_object *document = json_object_array_get_idx(listing->documents, i);
		const char *title = rf_answer_text(document, "title");
		if (fold && is_of_question(document))
			continue;
		rf_table_add(table, (const char *const[]){
					rf_answer_text(document, "document"), rf_answer_text(document, "status"),
					rf_answer_text(document, "board"), rf_answer_text(document, "day"),
					*title ? title : rf_answer_text(document, "name"),
					rf_answer_text(document, "reason")});
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

/* command: also the status asked for; "list" asks for all, or for the one that --status names. */
static int list_documents(const char *command, const char *status, const char *description, const char *examples,
			  int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"status", 0, RF_OPTION_TEXT, "STATUS",
	     "only those: open, published, withdrawn, held, dead, done, superseded, deleted, erased", &status},
	};
	rf_autofree char *name = rf_format("referat %s", command);
	rf_autofree char *synopsis = rf_format("referat %s [options]", command);
	const struct rf_program program = {
	    .name = name,
	    .synopsis = synopsis,
	    .description = description,
	    .examples = examples,
	    .options = options,
	    .n_options = RF_COUNT(options) - (status != NULL), /* the last one is for `list` alone */
	};
	int exit_status = rf_command_read(&program, argc, argv);
	if (exit_status != RF_COMMAND_GO)
		return exit_status;
	struct rf_error error;
	struct rf_client *client = NULL;
	if (rf_client_open(&given, &client, &error) < 0)
		return rf_command_fail(command, EX_NOINPUT, &error);
	struct rf_listing listing;
	rf_listing_init(&listing, status);
	bool fold = strcmp(command, "held") == 0;
	json_object *answer = NULL, *questions = NULL;
	int result = ask_all(client, &listing, &error);
	if (result == 0 && fold)
		result = rf_client_ask(client, "status", NULL, &answer, &error);
	rf_client_close(client);
	json_object_object_get_ex(answer, "questions", &questions);
	if (result == 0 && given.json) {
		print_json(&listing, questions);
	} else if (result == 0) {
		print_table(&listing, fold);
		rf_questions_print(questions);
	}
	json_object_put(answer);
	rf_listing_deinit(&listing);
	return result ? rf_command_fail(command, EX_UNAVAILABLE, &error) : EX_OK;
}

int rf_command_list(int argc, char **argv)
{
	return list_documents(
	    "list", NULL, "Lists the documents of a running pipeline and how they stand.",
	    "referat list --status open\n"
	    "referat list --json | jq -r '.documents[] | select(.board == \"Kommunstyrelsen\") | .url'",
	    argc, argv);
}

int rf_command_held(int argc, char **argv)
{
	return list_documents(
	    "held", "held",
	    "Lists the documents that wait for a person, each with the reason. 'referat release' lets "
	    "one go on as it is, 'referat retry' runs it again, 'referat delete' gives it up; a file "
	    "that is corrected and saved again takes its place.",
	    "referat held\nreferat held --json | jq -r '.documents[].reason'", argc, argv);
}

int rf_command_dead(int argc, char **argv)
{
	return list_documents(
	    "dead", "dead",
	    "Lists the documents that were given up, each with the reason. 'referat show DOC' has the "
	    "evidence. 'referat retry' runs one again when the cause is mended, 'referat delete' takes "
	    "it off this list.",
	    "referat dead\nreferat dead --json | jq -r '.documents[].document'", argc, argv);
}
