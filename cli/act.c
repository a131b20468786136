/* `referat release`, `retry`, `hold`, `delete`: what a person decides about a document on its way. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

struct act {
	const char *command;
	const char *name, *synopsis, *description, *examples;
	const char *told; /* what was done, after "1 task of document X" */
	bool reason_required;
	bool whole; /* it is about the document, and no stage of it alone */
};

static void print_done(const struct act *what, const char *document, json_object *answer)
{
	int64_t tasks = rf_answer_number(answer, "tasks"), in_hand = rf_answer_number(answer, "in_hand");
	printf("%" PRId64 " task%s of document %s %s\n", tasks, tasks == 1 ? "" : "s", document, what->told);
	if (in_hand > 0)
		printf("%" PRId64 " more in hand: finished first, then the document stops\n", in_hand);
}

static int act(const struct act *what, int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const char *reason = NULL, *stage = NULL;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept in the document's history with your name", &reason},
	    {"stage", 0, RF_OPTION_TEXT, "STAGE", "only in this stage; default: in all", &stage},
	};
	const struct rf_program program = {
	    .name = what->name,
	    .synopsis = what->synopsis,
	    .description = what->description,
	    .examples = what->examples,
	    .options = options,
	    .n_options = RF_COUNT(options) - what->whole, /* the last one is for parts of a document */
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	if (what->reason_required && (!reason || !*reason)) {
		rf_error_set(&error, "say why with --reason: it is kept in the document's history");
		return rf_command_fail(what->command, EX_USAGE, &error);
	}
	json_object *arguments = json_object_new_object(), *answer = NULL;
	json_object_object_add(arguments, "document", json_object_new_string(argv[1]));
	rf_client_sign(arguments, reason);
	if (stage)
		json_object_object_add(arguments, "stage", json_object_new_string(stage));
	int result = rf_client_ask_once(&given, what->command, arguments, &answer, &error);
	json_object_put(arguments);
	if (result)
		return rf_command_fail(what->command, EX_UNAVAILABLE, &error);
	if (given.json)
		rf_answer_print(answer);
	else
		print_done(what, argv[1], answer);
	json_object_put(answer);
	return EX_OK;
}

int rf_command_release(int argc, char **argv)
{
	static const struct act release = {
	    .command = "release",
	    .name = "referat release",
	    .synopsis = "referat release DOC --reason TEXT [options]",
	    .description =
		"Lets a held document go on as it is: a person has looked at it. The stage that held it "
		"counts as done; what may have been published or sent counts as published and sent. What was stopped "
		"with 'referat hold', or saved again after it was withdrawn, runs. What must not be published at all, "
		"such as an identity number, can't be released: correct the file and save it again.",
	    .examples = "referat release 3kz5ngw2q7ba --reason 'the board did meet twice that day'",
	    .told = "released",
	    .reason_required = true,
	};
	return act(&release, argc, argv);
}

int rf_command_retry(int argc, char **argv)
{
	static const struct act retry = {
	    .command = "retry",
	    .name = "referat retry",
	    .synopsis = "referat retry DOC [options]",
	    .description =
		"Runs again, with a clean sheet, what is dead or held: the server is back, the plugin was "
		"mended, the definition corrected. What is held because it may have been sent is sent again.",
	    .examples = "referat retry 3kz5ngw2q7ba --stage publish/cms",
	    .told = "sent on",
	};
	return act(&retry, argc, argv);
}

int rf_command_hold(int argc, char **argv)
{
	static const struct act hold = {
	    .command = "hold",
	    .name = "referat hold",
	    .synopsis = "referat hold DOC --reason TEXT [options]",
	    .description = "Stops a document on its way before its next step; a step in hand is finished first. "
			   "'referat release' lets it go on. A file that is saved again is a newer revision: it is not "
			   "stopped, and takes the place of the one that is.",
	    .examples = "referat hold 3kz5ngw2q7ba --reason 'the chair wants to read it first'",
	    .told = "held",
	    .reason_required = true,
	    .whole = true,
	};
	return act(&hold, argc, argv);
}

int rf_command_delete(int argc, char **argv)
{
	static const struct act delete = {
	    .command = "delete",
	    .name = "referat delete",
	    .synopsis = "referat delete DOC --reason TEXT [options]",
	    .description =
		"Gives up, for good, a document that is held or dead: it waits for nobody any more and "
		"alarms nobody. Its history stays. What is published is not deleted but withdrawn "
		"('referat withdraw'). With --stage what is held or dead in that stage is given up, and what is "
		"published stays. The file in the inbox stays; saved with other bytes, it comes again.",
	    .examples =
		"referat delete 3kz5ngw2q7ba --reason 'not minutes: a menu'\n"
		"referat delete 3kz5ngw2q7ba --stage notify --reason 'the list was wrong; all were told by phone'",
	    .told = "given up",
	    .reason_required = true,
	};
	return act(&delete, argc, argv);
}
