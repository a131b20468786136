/* `referat withdraw DOC`: takes away what a document has made stand on the web. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

struct given {
	struct rf_client_options client;
	const char *reason, *replacement, *by;
	bool show_reason, purge;
};

static json_object *arguments_of(const char *document, const struct given *given)
{
	json_object *arguments = json_object_new_object();
	json_object_object_add(arguments, "document", json_object_new_string(document));
	json_object_object_add(arguments, "who", json_object_new_string(given->by ? given->by : rf_client_who()));
	json_object_object_add(arguments, "reason", json_object_new_string(given->reason));
	json_object_object_add(arguments, "show_reason", json_object_new_boolean(given->show_reason));
	json_object_object_add(arguments, "purge", json_object_new_boolean(given->purge));
	if (given->replacement)
		json_object_object_add(arguments, "replacement", json_object_new_string(given->replacement));
	return arguments;
}

static void print_done(const char *document, json_object *answer)
{
	int64_t tasks = rf_answer_number(answer, "tasks");
	if (tasks == 0)
		printf("document %s is withdrawn; it stood nowhere\n", document);
	else
		printf("document %s is withdrawn; it is being taken away from %" PRId64 " place%s\n", document, tasks,
		       tasks == 1 ? "" : "s");
	json_object *left = NULL;
	json_object_object_get_ex(answer, "left", &left);
	for (size_t i = 0; json_object_is_type(left, json_type_array) && i < json_object_array_length(left); i++)
		printf("the definition no longer has %s: take away by hand what stands there\n",
		       json_object_get_string(json_object_array_get_idx(left, i)));
}

static int withdraw(const char *document, const struct given *given)
{
	struct rf_error error;
	json_object *arguments = arguments_of(document, given), *answer = NULL;
	int result = rf_client_ask_once(&given->client, "withdraw", arguments, &answer, &error);
	json_object_put(arguments);
	if (result)
		return rf_command_fail("withdraw", EX_UNAVAILABLE, &error);
	if (given->client.json)
		rf_answer_print(answer);
	else
		print_done(document, answer);
	json_object_put(answer);
	return EX_OK;
}

int rf_command_withdraw(int argc, char **argv)
{
	struct given given = {.client = RF_CLIENT_INIT};
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given.client),
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept in the document's history with your name",
	     &given.reason},
	    {"show-reason", 0, RF_OPTION_FLAG, NULL, "say why on the page that is left, too", &given.show_reason},
	    {"replace-with", 0, RF_OPTION_TEXT, "DOC|URL", "lead readers to this document, or this address",
	     &given.replacement},
	    {"purge", 0, RF_OPTION_FLAG, NULL, "have targets delete what they keep of it for editors, too, for good",
	     &given.purge},
	    {"by", 0, RF_OPTION_TEXT, "NAME", "who decided it; default: you", &given.by},
	};
	const struct rf_program program = {
	    .name = "referat withdraw",
	    .synopsis = "referat withdraw DOC --reason TEXT [options]",
	    .description =
		"Takes a published document away: its page, and its entries in lists and feeds. A short page stays at "
		"the address; it says that the summary was withdrawn, and when. Mails that are not sent are not sent, "
		"and nobody is told. A target that is down takes it away when it is back: 'referat list' says open "
		"until then. A file that is saved again afterwards is held until 'referat release'.",
	    .examples =
		"referat withdraw 3kz5ngw2q7ba --reason 'names a child' --replace-with https://exempelby.se/beslut/",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	if (!given.reason || !*given.reason) {
		struct rf_error error;
		rf_error_set(&error, "say why with --reason: it is kept in the document's history");
		return rf_command_fail("withdraw", EX_USAGE, &error);
	}
	return withdraw(argv[1], &given);
}
