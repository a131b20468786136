/* `referat drift`: what stands at the targets, compared with what was published.
 *
 * The broker has the publish stages ask their targets, page by page of the documents; this process sets the pace, and
 * tells what has drifted. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/rate.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { NAMED_PAGE = 8, DRIFTED = 2 };

struct drift {
	struct rf_client_options given;
	const char *target, *rate;
	int64_t interval_us;
	char **named;
	size_t n_named;

	struct rf_client *client;
	struct rf_clock clock;
	struct rf_progress progress;
	int64_t n_documents, n_compared, n_same;
	json_object *drifted, *unknown; /* lists of what the broker answers of each */
};

/* ---- asking -------------------------------------------------------------------------------------------------------
 */

static void take_results(struct drift *drift, json_object *answer)
{
	json_object *results = NULL;
	json_object_object_get_ex(answer, "results", &results);
	size_t n = json_object_is_type(results, json_type_array) ? json_object_array_length(results) : 0;
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(results, i);
		const char *found = rf_answer_text(entry, "found");
		drift->n_compared++;
		if (strcmp(found, "same") == 0)
			drift->n_same++;
		else
			json_object_array_add(strcmp(found, "unknown") == 0 ? drift->unknown : drift->drifted,
					      json_object_get(entry));
	}
}

static void show_progress(struct drift *drift)
{
	const struct rf_progress_counts counts = {.documents = drift->n_documents,
						  .expected = drift->n_documents,
						  .ended = drift->n_compared < drift->n_documents ? drift->n_compared
												  : drift->n_documents};
	if (!drift->given.json && drift->progress.terminal)
		rf_progress_show(&drift->progress, &counts, rf_clock_monotonic(&drift->clock));
}

/* One question, and the wait that the rate asks for. The arguments are put. *after: where the next page begins; NULL:
 * nowhere. */
static int ask(struct drift *drift, json_object *arguments, char **after, struct rf_error *error)
{
	json_object *answer = NULL, *next = NULL;
	int64_t began_us = rf_clock_monotonic(&drift->clock), n_before = drift->n_compared;
	if (drift->target)
		json_object_object_add(arguments, "target", json_object_new_string(drift->target));
	int result = rf_client_ask(drift->client, "compare", arguments, &answer, error);
	json_object_put(arguments);
	if (result)
		return result;
	take_results(drift, answer);
	free(*after);
	*after = json_object_object_get_ex(answer, "after", &next) ? rf_strdup(json_object_get_string(next)) : NULL;
	json_object_put(answer);
	show_progress(drift);
	int64_t taken_us = rf_clock_monotonic(&drift->clock) - began_us;
	int64_t wait_us = (drift->n_compared - n_before) * drift->interval_us - taken_us;
	if (wait_us > 0)
		usleep((useconds_t)wait_us);
	return 0;
}

static int ask_all(struct drift *drift, struct rf_error *error)
{
	rf_autofree char *after = NULL;
	json_object *status = NULL;
	int result = rf_client_ask(drift->client, "status", NULL, &status, error);
	if (result)
		return result;
	drift->n_documents = rf_answer_number(status, "documents");
	json_object_put(status);
	do {
		json_object *arguments = json_object_new_object();
		if (after)
			json_object_object_add(arguments, "after", json_object_new_string(after));
		result = ask(drift, arguments, &after, error);
	} while (result == 0 && after);
	return result;
}

static int ask_named(struct drift *drift, struct rf_error *error)
{
	rf_autofree char *after = NULL;
	int result = 0;
	drift->n_documents = (int64_t)drift->n_named;
	for (size_t first = 0; first < drift->n_named && result == 0; first += NAMED_PAGE) {
		json_object *arguments = json_object_new_object(), *page = json_object_new_array();
		for (size_t i = first; i < drift->n_named && i < first + NAMED_PAGE; i++)
			json_object_array_add(page, json_object_new_string(drift->named[i]));
		json_object_object_add(arguments, "documents", page);
		result = ask(drift, arguments, &after, error);
	}
	return result;
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
			printf("    %s\n", clean);
	}
}

static void print_list(json_object *list)
{
	size_t n = json_object_array_length(list);
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(list, i);
		rf_autofree char *title = rf_terminal_text(rf_answer_text(entry, "title"));
		printf("%-11s %s  %s  %s\n", rf_answer_text(entry, "found"), rf_answer_text(entry, "document"),
		       rf_answer_text(entry, "stage"), title);
		print_reason(rf_answer_text(entry, "url"));
		print_reason(rf_answer_text(entry, "reason"));
	}
}

static void print_words(const struct drift *drift)
{
	size_t n_drifted = json_object_array_length(drift->drifted);
	print_list(drift->drifted);
	print_list(drift->unknown);
	printf("%" PRId64 " page%s compared: %" PRId64 " as published, %zu drifted, %zu unknown\n", drift->n_compared,
	       drift->n_compared == 1 ? "" : "s", drift->n_same, n_drifted, json_object_array_length(drift->unknown));
	if (n_drifted > 0)
		puts("'referat replay DOC --from STAGE' publishes what is missing, and asks before it replaces what a "
		     "person has changed");
}

static void print_json(const struct drift *drift)
{
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "compared", json_object_new_int64(drift->n_compared));
	json_object_object_add(answer, "same", json_object_new_int64(drift->n_same));
	json_object_object_add(answer, "drifted", json_object_get(drift->drifted));
	json_object_object_add(answer, "unknown", json_object_get(drift->unknown));
	rf_answer_print(answer);
	json_object_put(answer);
}

static int exit_status(const struct drift *drift)
{
	if (json_object_array_length(drift->drifted) > 0)
		return DRIFTED;
	return json_object_array_length(drift->unknown) > 0 ? EX_UNAVAILABLE : EX_OK;
}

static int run(struct drift *drift, struct rf_error *error)
{
	if (rf_client_open(&drift->given, &drift->client, error) < 0)
		return -1;
	int result = drift->n_named > 0 ? ask_named(drift, error) : ask_all(drift, error);
	rf_progress_hide(&drift->progress);
	rf_client_close(drift->client);
	return result;
}

static int carry_out(struct drift *drift)
{
	struct rf_error error;
	if (rf_rate_read(drift->rate, &drift->interval_us, &error) < 0)
		return rf_command_fail("drift", EX_USAGE, &error);
	rf_progress_init(&drift->progress, stderr);
	drift->clock = rf_clock_system();
	drift->drifted = json_object_new_array();
	drift->unknown = json_object_new_array();
	int status;
	if (run(drift, &error)) {
		status = rf_command_fail("drift", EX_UNAVAILABLE, &error);
	} else {
		if (drift->given.json)
			print_json(drift);
		else
			print_words(drift);
		status = exit_status(drift);
	}
	json_object_put(drift->drifted);
	json_object_put(drift->unknown);
	return status;
}

int rf_command_drift(int argc, char **argv)
{
	struct drift drift = {.given = {.limit_us = 300 * RF_SECOND}, .rate = "20/s"};
	const struct rf_option options[] = {
	    {"state", 's', RF_OPTION_TEXT, "DIR", "state folder of the pipeline; default: the only one in var/",
	     &drift.given.state},
	    {"target", 0, RF_OPTION_TEXT, "STAGE", "only what this stage has published", &drift.target},
	    {"rate", 0, RF_OPTION_TEXT, "N/s", "look at no more than so many pages a second (/min, /h); default: 20/s",
	     &drift.rate},
	    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &drift.given.json},
	    {"timeout", 0, RF_OPTION_DURATION, "D", "how long to wait for eight pages; default: 5m",
	     &drift.given.limit_us},
	};
	const struct rf_program program = {
	    .name = "referat drift",
	    .synopsis = "referat drift [DOC...] [--target STAGE] [options]",
	    .description =
		"Compares what stands at the targets with what was published there: all documents, or those named. "
		"Changes nothing, neither there nor in the store. The pipeline has to be running: its publish stages "
		"ask, behind all other work.\n\n"
		"Listed are pages that are missing, changed (by a person, with the difference), still-there although "
		"they are withdrawn, and differs, where a target can't tell the first two apart. Unknown is what "
		"could not be asked for, with the reason.\n\n"
		"Exit status: 0 all stands as it was published; 2 something has drifted; 69 nothing has, as far as "
		"could be asked, or the broker does not answer.",
	    .examples = "referat drift\n"
			"referat drift --target publish/cms --rate 60/min --json\n"
			"referat drift 3kz5ngw2q7ba",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .most_operands = SIZE_MAX,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	drift.named = argv + 1;
	while (drift.named[drift.n_named])
		drift.n_named++;
	return carry_out(&drift);
}
