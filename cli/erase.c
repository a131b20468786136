/* `referat erase`: takes away what a document says, or what its earlier versions said, for good, and shows that it is
 * gone. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

enum { WAIT_SECONDS = 600 };

static void print_purged(json_object *answer)
{
	int64_t tasks = rf_answer_number(answer, "tasks");
	if (tasks > 0)
		printf("they are being purged at %" PRId64 " place%s: 'referat why %s' says how far that is\n", tasks,
		       tasks == 1 ? "" : "s", rf_answer_text(answer, "document"));
	json_object *left = NULL;
	json_object_object_get_ex(answer, "left", &left);
	for (size_t i = 0; json_object_is_type(left, json_type_array) && i < json_object_array_length(left); i++)
		printf("the definition no longer has %s: look there by hand\n",
		       json_object_get_string(json_object_array_get_idx(left, i)));
}

static void print_erased(json_object *answer, bool earlier)
{
	printf("%s %s %s erased: %" PRId64 " revisions, %" PRId64 " parts (%" PRId64 " bytes), %" PRId64 " blobs\n",
	       earlier ? "earlier versions of document" : "document", rf_answer_text(answer, "document"),
	       earlier ? "are" : "is", rf_answer_number(answer, "revisions"), rf_answer_number(answer, "parts"),
	       rf_answer_number(answer, "bytes"), rf_answer_number(answer, "blobs"));
	json_object *files = NULL;
	if (json_object_object_get_ex(answer, "files", &files))
		printf("the database was written anew: %" PRId64 " bytes, %" PRId64 " free pages, %" PRId64
		       " bytes in its log; %" PRId64 " copies of older versions removed\n",
		       rf_answer_number(files, "database_bytes"), rf_answer_number(files, "free_pages"),
		       rf_answer_number(files, "log_bytes"), rf_answer_number(files, "copies_removed"));
	if (earlier)
		print_purged(answer);
	puts(earlier ? "still with what they said: mails that were sent, and backups taken before now"
		     : "still with what it said: the file that it came from, and backups taken before now");
}

int rf_command_erase(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	given.limit_us = WAIT_SECONDS * RF_SECOND;
	const char *reason = NULL, *who = NULL;
	bool earlier = false;
	const struct rf_option options[] = {
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept for ever: name nobody whom the erasure protects",
	     &reason},
	    {"earlier", 0, RF_OPTION_FLAG, NULL, "only what versions before the newest said, here and at all targets",
	     &earlier},
	    {"by", 0, RF_OPTION_TEXT, "WHO", "who decided it; default: your user name", &who},
	    {"state", 's', RF_OPTION_TEXT, "DIR", "state folder of the pipeline; default: the only one in var/",
	     &given.state},
	    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &given.json},
	    {"timeout", 0, RF_OPTION_DURATION, "D", "how long to wait for the broker; default: 10m", &given.limit_us},
	};
	const struct rf_program program = {
	    .name = "referat erase",
	    .synopsis = "referat erase DOC --reason TEXT [options]",
	    .description =
		"Takes away for good what a document says: its parts, attributes, names and reasons, from the rows, "
		"the free pages and the log of the store, and its blobs. That there was a document stays, with when "
		"it was erased, by whom and why. What is published must be withdrawn first, with --purge.\n\n"
		"With --earlier the newest version stays where it stands, and only what the versions before it said is "
		"taken away, as when a name was in them that is not in it. Targets delete what they keep of them for "
		"those who edit, too.\n\n"
		"The database is written anew, which takes about as long as copying it; the pipeline waits "
		"meanwhile. The file in the inbox is not touched: remove it yourself. The same file is not taken in "
		"again; one with other bytes in its place is held until a person releases it.",
	    .examples = "referat erase 3kz5ngw2q7ba --reason 'case 2024/117: published by mistake'\n"
			"referat erase 3kz5ngw2q7ba --earlier --reason 'case 2024/118: a name was taken out'",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	if (!reason || !*reason) {
		rf_error_set(&error, "say why with --reason: it is all that stays of the document");
		return rf_command_fail("erase", EX_USAGE, &error);
	}
	json_object *arguments = json_object_new_object(), *answer = NULL;
	json_object_object_add(arguments, "document", json_object_new_string(argv[1]));
	json_object_object_add(arguments, "who", json_object_new_string(who ? who : rf_client_who()));
	json_object_object_add(arguments, "reason", json_object_new_string(reason));
	json_object_object_add(arguments, "earlier", json_object_new_boolean(earlier));
	int result = rf_client_ask_once(&given, "erase", arguments, &answer, &error);
	json_object_put(arguments);
	if (result)
		return rf_command_fail("erase", EX_UNAVAILABLE, &error);
	const char *unfinished = rf_answer_text(answer, "unfinished");
	if (given.json)
		rf_answer_print(answer);
	else
		print_erased(answer, earlier);
	if (*unfinished)
		fprintf(stderr,
			"referat erase: gone from the rows, not yet from the files: %s; it is tried again when "
			"the broker starts\n",
			unfinished);
	status = *unfinished ? EX_TEMPFAIL : EX_OK;
	json_object_put(answer);
	return status;
}
