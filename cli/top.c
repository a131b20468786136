/* `referat top`: the stages of a pipeline, live. */
#include "base/datetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char clear_screen[] = "\033[H\033[2J";

struct watching {
	bool json, live;
	int64_t pause_us;
	int64_t most, n; /* tables to show, 0: any; shown so far */
	int64_t *passed; /* of each stage, at the last answer */
	size_t n_stages;
};

static const char *const headings[] = {"STAGE", "WORKERS", "READY",      "IN HAND", "DELAYED", "HELD",
				       "DEAD",  "DONE",    "PER SECOND", "TAKES",   "OLDEST"};

/* How long ago, in the largest unit that fits. The caller frees. */
static char *age_of(const char *oldest, const char *now)
{
	int64_t from_us, to_us;
	if (!rf_instant_parse(oldest, &from_us) || !rf_instant_parse(now, &to_us) || to_us < from_us)
		return rf_strdup("");
	return rf_age_text(to_us - from_us);
}

static void add_stage(struct rf_table *table, struct watching *watching, size_t i, json_object *stage, const char *now)
{
	int64_t passed = rf_answer_number(stage, "passed"), all = passed + rf_answer_number(stage, "stumbled");
	const char *const members[] = {"workers", "ready", NULL, "delayed", "held", "dead", "done"};
	char numbers[RF_COUNT(members)][24], rate[24] = "", takes[32] = "";
	const char *cells[RF_COUNT(headings)] = {rf_answer_text(stage, "name")};
	for (size_t j = 0; j < RF_COUNT(members); j++) {
		int64_t n = members[j] ? rf_answer_number(stage, members[j])
				       : rf_answer_number(stage, "leased") + rf_answer_number(stage, "started");
		snprintf(numbers[j], sizeof numbers[j], "%lld", (long long)n);
		cells[j + 1] = numbers[j];
	}
	if (i < watching->n_stages && passed >= watching->passed[i])
		snprintf(rate, sizeof rate, "%.1f",
			 (double)(passed - watching->passed[i]) * 1e6 / (double)watching->pause_us);
	if (all > 0)
		snprintf(takes, sizeof takes, "%.3f s", (double)rf_answer_number(stage, "run_us") / 1e6 / (double)all);
	rf_autofree char *age = age_of(rf_answer_text(stage, "oldest"), now);
	cells[8] = rate;
	cells[9] = takes;
	cells[10] = age;
	rf_table_add(table, cells);
}

static void print_table(struct watching *watching, json_object *answer, json_object *stages)
{
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < json_object_array_length(stages); i++)
		add_stage(table, watching, i, json_object_array_get_idx(stages, i), rf_answer_text(answer, "now"));
	if (watching->live)
		printf("%s%s at %s: %lld documents, %lld tasks open\n\n", clear_screen,
		       rf_answer_text(answer, "pipeline"), rf_answer_text(answer, "now"),
		       (long long)rf_answer_number(answer, "documents"), (long long)rf_answer_number(answer, "open"));
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

static void remember(struct watching *watching, json_object *stages)
{
	watching->n_stages = json_object_array_length(stages);
	watching->passed = rf_realloc_array(watching->passed, watching->n_stages, sizeof *watching->passed);
	for (size_t i = 0; i < watching->n_stages; i++)
		watching->passed[i] = rf_answer_number(json_object_array_get_idx(stages, i), "passed");
}

static int64_t take(void *context, json_object *answer)
{
	struct watching *watching = context;
	json_object *stages;
	if (!json_object_object_get_ex(answer, "stages", &stages) || !json_object_is_type(stages, json_type_array))
		return -1;
	if (watching->json)
		rf_answer_print(answer);
	else
		print_table(watching, answer, stages);
	remember(watching, stages);
	watching->n++;
	return fflush(stdout) != 0 || (watching->most > 0 && watching->n >= watching->most) ? -1 : watching->pause_us;
}

int rf_command_top(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	struct watching watching = {.pause_us = 2 * RF_SECOND, .most = -1};
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"every", 0, RF_OPTION_DURATION, "D", "how often to look; default: 2s", &watching.pause_us},
	    {"number", 'n', RF_OPTION_INTEGER, "N", "end after so many; default: never on a terminal, else 1",
	     &watching.most},
	};
	const struct rf_program program = {
	    .name = "referat top",
	    .synopsis = "referat top [options]",
	    .description = "Shows the stages of a pipeline, again and again: their processes, what waits, is in hand, "
			   "held, dead and done, how many are done in a second, how long one takes, and the age of "
			   "the oldest that waits. Ctrl-C ends it. Not on a terminal, one table is written; with "
			   "--json, a line for each look.",
	    .examples = "referat top\nreferat top --json --every 10s --number 6",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	watching.json = given.json;
	watching.live = isatty(STDOUT_FILENO) && !given.json;
	if (watching.most < 0)
		watching.most = watching.live ? 0 : 1;
	if (watching.pause_us < RF_SECOND / 10)
		watching.pause_us = RF_SECOND / 10;
	status = rf_follow(&(struct rf_follow){
	    .options = &given, .name = "top", .command = "status", .take = take, .context = &watching});
	free(watching.passed);
	return status;
}
