/* `referat publish --dry-run DOC`: the requests that would publish a document now, and what would come of them. The
 * publish stages of the running pipeline work them out; publishing itself is theirs, too. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/difference.h"
#include "cli/question.h"
#include "cli/requests.h"
#include "cli/table.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct given {
	struct rf_client_options client;
	const char *target, *from;
	bool dry_run, force;
};

static const struct meaning {
	const char *found, *words;
	int status;
} meanings[] = {
    {"same", "nothing to do: it stands there as it is", EX_OK},
    {"requests", "these requests would go out", EX_OK},
    {"changes", "it would be put there anew", EX_OK},
    {"fails", "it would be given up", EX_DATAERR},
    {"held", "it would be held, and a person asked", EX_DATAERR},
    {"unknown", "nobody can tell now", EX_UNAVAILABLE},
};

static const struct meaning *meaning_of(json_object *entry)
{
	const char *found = rf_answer_text(entry, "found");
	for (size_t i = 0; i < RF_COUNT(meanings); i++)
		if (strcmp(meanings[i].found, found) == 0)
			return &meanings[i];
	return &meanings[RF_COUNT(meanings) - 1];
}

/* ---- telling ------------------------------------------------------------------------------------------------------
 */

static void print_reason(const char *reason)
{
	rf_autofree char *copy = rf_strdup(reason);
	char *rest = copy;
	for (char *line; (line = strsep(&rest, "\n"));) {
		rf_autofree char *clean = rf_terminal_text(line);
		if (*clean)
			printf("  %s\n", clean);
	}
}

static void print_requests(json_object *requests, bool sent)
{
	size_t n = json_object_is_type(requests, json_type_array) ? json_object_array_length(requests) : 0;
	for (size_t i = 0; i < n; i++) {
		json_object *request = json_object_array_get_idx(requests, i), *was_sent = NULL;
		json_object_object_get_ex(request, "sent", &was_sent);
		if (json_object_get_boolean(was_sent) != sent)
			continue;
		if (sent)
			printf("  asked: %s %s\n", rf_answer_text(request, "method"), rf_answer_text(request, "url"));
		else
			rf_request_print(request);
	}
}

static void print_entry(json_object *entry)
{
	json_object *requests = NULL;
	const char *held_at = rf_answer_text(entry, "held_at");
	json_object_object_get_ex(entry, "requests", &requests);
	if (*held_at) {
		printf("%s: first a person would be asked at %s; once that is released, ",
		       rf_answer_text(entry, "stage"), held_at);
		printf("%s\n", meaning_of(entry)->words);
		print_reason(rf_answer_text(entry, "held_for"));
	} else {
		printf("%s: %s\n", rf_answer_text(entry, "stage"), meaning_of(entry)->words);
	}
	print_reason(rf_answer_text(entry, "reason"));
	print_requests(requests, true);
	puts("");
	print_requests(requests, false);
}

/* Without an answer to --from there are none. */
static void print_differences(json_object *answer)
{
	json_object *differences = NULL;
	if (!json_object_object_get_ex(answer, "differences", &differences))
		return;
	size_t n = json_object_array_length(differences);
	if (n > 0)
		puts("what comes out otherwise:");
	for (size_t i = 0; i < n; i++)
		rf_difference_print(json_object_array_get_idx(differences, i), RF_DIFFERENCE_LINES);
}

/* The first that is not well decides. */
static int tell(json_object *answer, bool as_json)
{
	json_object *results = NULL;
	int status = EX_OK;
	json_object_object_get_ex(answer, "results", &results);
	size_t n = json_object_is_type(results, json_type_array) ? json_object_array_length(results) : 0;
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(results, i);
		if (!as_json)
			print_entry(entry);
		if (status == EX_OK)
			status = meaning_of(entry)->status;
	}
	if (as_json)
		rf_answer_print(answer);
	else
		print_differences(answer);
	return status;
}

/* ---- asking -------------------------------------------------------------------------------------------------------
 */

static int preview(const char *document, const struct given *given)
{
	struct rf_error error;
	json_object *arguments = json_object_new_object(), *documents = json_object_new_array(), *answer = NULL;
	json_object_array_add(documents, json_object_new_string(document));
	json_object_object_add(arguments, "documents", documents);
	if (given->target)
		json_object_object_add(arguments, "target", json_object_new_string(given->target));
	if (given->from) {
		json_object_object_add(arguments, "from", json_object_new_string(given->from));
		json_object_object_add(arguments, "differences", json_object_new_boolean(true));
	}
	json_object_object_add(arguments, "force", json_object_new_boolean(given->force));
	int result = rf_client_ask_once(&given->client, "preview", arguments, &answer, &error);
	json_object_put(arguments);
	if (result)
		return rf_command_fail("publish", EX_UNAVAILABLE, &error);
	int status = tell(answer, given->client.json);
	json_object_put(answer);
	return status;
}

int rf_command_publish(int argc, char **argv)
{
	struct given given = {.client = {.limit_us = 300 * RF_SECOND}};
	const struct rf_option options[] = {
	    {"dry-run", 'n', RF_OPTION_FLAG, NULL, "show the requests, send nothing that changes anything",
	     &given.dry_run},
	    {"target", 0, RF_OPTION_TEXT, "STAGE", "of this stage alone; default: of every publish stage",
	     &given.target},
	    {"from", 0, RF_OPTION_TEXT, "STAGE", "made anew from that stage on, and how it differs from what is stored",
	     &given.from},
	    {"force", 0, RF_OPTION_FLAG, NULL, "as though nobody knew that it stands there: the target is asked",
	     &given.force},
	    {"state", 's', RF_OPTION_TEXT, "DIR", "state folder of the pipeline; default: the only one in var/",
	     &given.client.state},
	    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &given.client.json},
	    {"timeout", 0, RF_OPTION_DURATION, "D", "how long to wait for the targets; default: 5m",
	     &given.client.limit_us},
	};
	const struct rf_program program = {
	    .name = "referat publish",
	    .synopsis = "referat publish --dry-run DOC [--from STAGE] [--target STAGE] [options]",
	    .description =
		"Shows the requests that would publish the newest version of a document now, or withdraw it: method, "
		"address, headers and body, secrets left out. What only asks (GET, HEAD, PROPFIND) is sent, so that "
		"the answer is about what stands there; nothing else is. Each change counts as made for the requests "
		"behind it, with 2147483647 where the server would give a number.\n\n"
		"With --from render the running stages make it anew first, with the templates, options and publisher "
		"file that they have now; so can one see what a change of those would send, before 'referat replay' "
		"sends it. Nothing of it is kept, and no task runs. What a stage would hold for a person is shown as "
		"though he had released it.\n\n"
		"The pipeline has to be running, and does the publishing by itself. To look before it does: 'referat "
		"pause publish/web', and 'referat resume' afterwards.\n\n"
		"Exit status: 0 what would go out is shown, or there is nothing to do; 65 it would be held or given "
		"up, with "
		"the reason; 69 nobody can tell now, or the broker does not answer.",
	    .examples = "referat publish --dry-run 3kz5ngw2q7ba\n"
			"referat publish --dry-run 3kz5ngw2q7ba --from render\n"
			"referat publish --dry-run 3kz5ngw2q7ba --target publish/cms --json",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	if (!given.dry_run) {
		struct rf_error error;
		rf_error_set(&error,
			     "the pipeline publishes by itself; --dry-run shows what it would send, 'referat "
			     "replay %s --from publish/NAME' has it done again",
			     argv[1]);
		return rf_command_fail("publish", EX_USAGE, &error);
	}
	return preview(argv[1], &given);
}
