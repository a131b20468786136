/* `referat plan` and `apply`: what another definition would change in a running pipeline, and the change itself. */
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/order.h"
#include "cli/question.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { CHANGES = 2 /* exit status of plan */ };

struct given {
	const char *command;
	struct rf_client_options client;
	const char *plugins;
	struct rf_option_list moves;
	int64_t drain_us;
	char *state, *path;
};

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* Mistakes are shown here, where somebody looks, and not in the log of the run. */
static int check(const struct given *given, struct rf_stage_moves *moves, struct rf_error *error)
{
	struct rf_definition definition;
	int status = rf_definition_load(given->path, given->plugins, false, &definition, error);
	if (status)
		return rf_command_fail(given->command, status, error);
	rf_diagnostics_print(&definition.diagnostics, stderr, rf_text_colours(STDERR_FILENO));
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	for (size_t i = 0; i < given->moves.n; i++)
		rf_buffer_format(&text, "%s%s", i > 0 ? "," : "", given->moves.texts[i]);
	status = definition.pipeline ? EX_OK : EX_CONFIG;
	if (status == EX_OK && (rf_stage_moves_read(text.data, moves, error) < 0 ||
				rf_stage_moves_check(moves, definition.pipeline, error) < 0))
		status = rf_command_fail(given->command, EX_USAGE, error);
	rf_definition_deinit(&definition);
	return status;
}

/* The stages get what waits in them, as the broker knows it. */
static void add_waiting(const struct given *given, json_object *answer)
{
	static const char *const open[] = {"ready", "delayed", "leased", "started"};
	struct rf_error error;
	json_object *status = NULL, *counted = NULL, *stages = NULL;
	if (rf_client_ask_once(&given->client, "status", NULL, &status, &error))
		return;
	json_object_object_get_ex(status, "stages", &counted);
	json_object_object_get_ex(answer, "stages", &stages);
	for (size_t i = 0; i < json_object_array_length(stages); i++)
		for (size_t j = 0; j < json_object_array_length(counted); j++) {
			json_object *stage = json_object_array_get_idx(stages, i);
			json_object *count = json_object_array_get_idx(counted, j);
			if (strcmp(rf_answer_text(stage, "stage"), rf_answer_text(count, "name")) != 0)
				continue;
			int64_t n = 0;
			for (size_t k = 0; k < RF_COUNT(open); k++)
				n += rf_answer_number(count, open[k]);
			json_object_object_add(stage, "open", json_object_new_int64(n));
			json_object_object_add(stage, "held", json_object_new_int64(rf_answer_number(count, "held")));
		}
	json_object_put(status);
}

static int ask(const struct given *given, struct rf_order *order, int64_t limit_us, json_object **answer)
{
	struct rf_error error;
	if (rf_order_give(given->state, order, &error) < 0)
		return rf_command_fail(given->command, EX_UNAVAILABLE, &error);
	int status = rf_order_await(given->state, order, limit_us, answer, &error);
	return status ? rf_command_fail(given->command, status < 0 ? EX_UNAVAILABLE : EX_TEMPFAIL, &error) : EX_OK;
}

/* ---- the plan ---------------------------------------------------------------------------------------------------- */

static char *describe(json_object *stage)
{
	const char *change = rf_answer_text(stage, "change"), *what = rf_answer_text(stage, "what");
	int64_t open = rf_answer_number(stage, "open"), held = rf_answer_number(stage, "held");
	if (strcmp(change, "changed") == 0)
		return rf_format("starts again: %s", what);
	if (strcmp(change, "removed") == 0 && open + held > 0)
		return rf_format("%" PRId64 " tasks open, %" PRId64 " held: apply with --move %s=NEW or --drain", open,
				 held, rf_answer_text(stage, "stage"));
	return rf_strdup("");
}

static void print_plan(json_object *answer)
{
	static const char *const headings[] = {"STAGE", "CHANGE", "WHAT"};
	json_object *stages = NULL;
	if (!json_object_object_get_ex(answer, "stages", &stages) || json_object_array_length(stages) == 0)
		return;
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		rf_autofree char *what = describe(stage);
		rf_table_add(table,
			     (const char *[]){rf_answer_text(stage, "stage"), rf_answer_text(stage, "change"), what});
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

static bool is_same(json_object *answer)
{
	json_object *same = NULL;
	return json_object_object_get_ex(answer, "same", &same) && json_object_get_boolean(same);
}

static bool is_refused(const struct given *given, json_object *answer)
{
	if (strcmp(rf_answer_text(answer, "outcome"), "refused") != 0)
		return false;
	fprintf(stderr, "referat %s: refused: %s\n", given->command, rf_answer_text(answer, "reason"));
	return true;
}

/* Returns an exit status; *changes: whether the definition changes anything. */
static int show_plan(const struct given *given, bool apply, bool *changes)
{
	json_object *answer = NULL;
	struct rf_order order = {.path = rf_strdup(given->path)};
	int status = ask(given, &order, given->client.limit_us, &answer);
	rf_order_deinit(&order);
	if (status != EX_OK)
		return status;
	add_waiting(given, answer);
	*changes = !is_same(answer);
	bool shown = !given->client.json || !apply;
	if (shown && given->client.json)
		rf_answer_print(answer);
	else if (shown)
		print_plan(answer);
	status = is_refused(given, answer) ? EX_TEMPFAIL : EX_OK;
	json_object_put(answer);
	if (status == EX_OK && !*changes && !given->client.json)
		puts("nothing differs from what runs");
	return status;
}

/* ---- the change -------------------------------------------------------------------------------------------------- */

static int change(const struct given *given, struct rf_order *order)
{
	static const int64_t most_us = 120 * RF_SECOND; /* the steps of a reload, each of which has its limit */
	json_object *answer = NULL;
	int status = ask(given, order, most_us + order->drain_us, &answer);
	if (status != EX_OK)
		return status;
	if (given->client.json)
		rf_answer_print(answer);
	status = is_refused(given, answer) ? EX_TEMPFAIL : EX_OK;
	if (status == EX_OK && !given->client.json)
		printf("the definition is %s\n", rf_answer_text(answer, "outcome"));
	json_object_put(answer);
	return status;
}

/* ---- the commands ------------------------------------------------------------------------------------------------ */

static int find_places(struct given *given, const char *path, struct rf_error *error)
{
	if (rf_client_find_state(&given->client, &given->state, error) < 0)
		return -1;
	given->client.state = given->state;
	given->path = realpath(path, NULL);
	return given->path ? 0 : rf_error_errno(error, "%s", path);
}

static int carry_out(struct given *given, const char *path, bool apply)
{
	struct rf_error error;
	bool changes = false;
	struct rf_order order = {.apply = apply, .drain_us = given->drain_us};
	if (find_places(given, path, &error) < 0)
		return rf_command_fail(given->command, EX_NOINPUT, &error);
	order.path = rf_strdup(given->path);
	int status = check(given, &order.moves, &error);
	if (status == EX_OK)
		status = show_plan(given, apply, &changes);
	if (status == EX_OK && !apply)
		status = changes ? CHANGES : EX_OK;
	else if (status == EX_OK)
		status = change(given, &order);
	rf_order_deinit(&order);
	free(given->state);
	free(given->path);
	return status;
}

int rf_command_plan(int argc, char **argv)
{
	struct given given = {.command = "plan", .client = RF_CLIENT_INIT};
	given.client.limit_us = 30 * RF_SECOND;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given.client),
	    RF_COMMAND_PLUGINS(given.plugins),
	};
	const struct rf_program program = {
	    .name = "referat plan",
	    .synopsis = "referat plan PIPELINE [options]",
	    .description =
		"Says what a definition would change in the pipeline that runs: each stage is unchanged, changed (it "
		"starts again; what differs is said), new, or removed, with the tasks that it has left. Changes "
		"nothing. A plugin whose file was replaced counts as changed.\n\n"
		"Exit status: 0 nothing differs; 2 something does; 78 the definition has mistakes; 75 a running "
		"pipeline can't become this one; 69 none runs.",
	    .examples = "referat plan /etc/referat/exempelby.yaml --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	return status == RF_COMMAND_GO ? carry_out(&given, argv[1], false) : status;
}

int rf_command_apply(int argc, char **argv)
{
	struct given given = {.command = "apply", .client = RF_CLIENT_INIT};
	given.client.limit_us = 30 * RF_SECOND;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given.client),
	    {"move", 0, RF_OPTION_LIST, "OLD=NEW",
	     "the stage NEW takes over the tasks of OLD, which is removed, and what OLD published and whom it told; "
	     "may "
	     "be given again",
	     &given.moves},
	    {"drain", 0, RF_OPTION_DURATION, "D",
	     "removed stages may work off what they have for so long; what feeds them waits", &given.drain_us},
	    RF_COMMAND_PLUGINS(given.plugins),
	};
	const struct rf_program program = {
	    .name = "referat apply",
	    .synopsis = "referat apply PIPELINE [--move OLD=NEW] [--drain D] [options]",
	    .description =
		"Checks the changed definition of a pipeline that runs, shows the plan, has the run take it over while "
		"documents pass, and waits for what comes of it. Nothing in hand is dropped; if anything goes wrong, "
		"the old definition goes on, and the reason is told. A stage that is removed with tasks open or held "
		"needs --move or --drain.\n\n"
		"Exit status: 0 the definition is in force; 78 it has mistakes; 75 refused, the old one goes on; 69 "
		"no pipeline runs there.",
	    .examples = "referat apply /etc/referat/exempelby.yaml --state /var/lib/referat/exempelby\n"
			"referat apply exempelby.yaml --move publish/web=publish/site\n"
			"referat apply exempelby.yaml --drain 10m",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	return status == RF_COMMAND_GO ? carry_out(&given, argv[1], true) : status;
}
