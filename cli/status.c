/* `referat status`: how a pipeline stands, in one line that a monitor understands. */
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

/* As Nagios reads them. */
enum health { HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL };

static const char *const health_names[] = {"OK", "WARNING", "CRITICAL"};

static int64_t sum_over_stages(json_object *stages, const char *member)
{
	int64_t sum = 0;
	for (size_t i = 0; i < json_object_array_length(stages); i++)
		sum += rf_answer_number(json_object_array_get_idx(stages, i), member);
	return sum;
}

static void print_stages(json_object *stages)
{
	static const char *const names[] = {"workers", "ready", "delayed", "leased", "started", "held", "dead", "done"};
	static const char *const headings[] = {"STAGE",   "WORKERS", "READY", "DELAYED", "LEASED",
					       "STARTED", "HELD",    "DEAD",  "DONE"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		char numbers[RF_COUNT(names)][24];
		const char *cells[RF_COUNT(headings)] = {rf_answer_text(stage, "name")};
		for (size_t j = 0; j < RF_COUNT(names); j++) {
			snprintf(numbers[j], sizeof numbers[j], "%lld", (long long)rf_answer_number(stage, names[j]));
			cells[j + 1] = numbers[j];
		}
		rf_table_add(table, cells);
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

/* Their names, or NULL where all work. The caller frees. */
static char *destinations_down(json_object *answer)
{
	json_object *destinations;
	rf_autobuffer struct rf_buffer names = RF_BUFFER_INIT;
	if (!json_object_object_get_ex(answer, "destinations", &destinations))
		return NULL;
	for (size_t i = 0; i < json_object_array_length(destinations); i++) {
		json_object *destination = json_object_array_get_idx(destinations, i);
		if (!rf_answer_number(destination, "works"))
			rf_buffer_format(&names, "%s%s", names.size ? ", " : "", rf_answer_text(destination, "name"));
	}
	return names.size ? rf_buffer_take(&names) : NULL;
}

/* What a person has to decide, a line each: stages that are paused, questions. Returns whether there is any. */
static bool print_decisions(json_object *answer, bool print)
{
	json_object *stages = NULL, *questions = NULL;
	bool any = false;
	json_object_object_get_ex(answer, "stages", &stages);
	for (size_t i = 0; json_object_is_type(stages, json_type_array) && i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		const char *since = rf_answer_text(stage, "paused"), *name = rf_answer_text(stage, "name");
		any |= *since;
		if (*since && print)
			printf("%s is paused since %s, %s; go on with: referat resume %s\n", name, since,
			       rf_answer_text(stage, "paused_why"), name);
	}
	json_object_object_get_ex(answer, "questions", &questions);
	any |= json_object_is_type(questions, json_type_array) && json_object_array_length(questions) > 0;
	if (print)
		rf_questions_print(questions);
	return any;
}

/* What runs again in the bulk lane. */
static void print_replay(json_object *answer)
{
	int64_t bulk = rf_answer_number(answer, "bulk"), wait_us = rf_answer_number(answer, "bulk_wait_us");
	rf_autofree char *wait = wait_us > 0 ? rf_age_text(wait_us) : NULL;
	if (bulk > 0)
		printf("%lld task%s of a replay left%s%s\n", (long long)bulk, bulk == 1 ? "" : "s",
		       wait ? "; the last begins in " : "", wait ? wait : "");
}

static enum health print_status(json_object *answer, bool json)
{
	json_object *stages = NULL;
	json_object_object_get_ex(answer, "stages", &stages);
	bool has_stages = json_object_is_type(stages, json_type_array);
	long long documents = rf_answer_number(answer, "documents"), open = rf_answer_number(answer, "open");
	long long held = has_stages ? sum_over_stages(stages, "held") : 0;
	long long dead = has_stages ? sum_over_stages(stages, "dead") : 0;
	rf_autofree char *down = destinations_down(answer);
	bool unsent = rf_answer_number(answer, "alerts_unsent");
	bool disk_short = rf_answer_number(answer, "disk_short");
	bool frozen = rf_answer_number(answer, "frozen");
	bool is_bad = dead || disk_short || unsent;
	bool is_waiting = held || down || frozen || print_decisions(answer, false);
	enum health health = is_bad ? HEALTH_CRITICAL : is_waiting ? HEALTH_WARNING : HEALTH_OK;
	if (json) {
		json_object_object_add(answer, "health", json_object_new_string(health_names[health]));
		rf_answer_print(answer);
		return health;
	}
	printf("REFERAT %s: %s: %lld documents, %lld tasks open, %lld held, %lld dead%s%s%s%s%s"
	       " | documents=%lld open=%lld held=%lld;0 dead=%lld;;0 store=%lldB\n",
	       health_names[health], rf_answer_text(answer, "pipeline"), documents, open, held, dead,
	       down ? ", does not work: " : "", down ? down : "", disk_short ? ", the disk is full" : "",
	       unsent ? ", alerts can't be mailed" : "",
	       frozen ? ", frozen after a restore (see 'referat reconcile')" : "", documents, open, held, dead,
	       (long long)rf_answer_number(answer, "store_bytes"));
	print_decisions(answer, true);
	print_replay(answer);
	if (has_stages && isatty(STDOUT_FILENO))
		print_stages(stages);
	return health;
}

static enum health print_away(const struct rf_error *error, bool json)
{
	if (json) {
		json_object *answer = json_object_new_object();
		json_object_object_add(answer, "health", json_object_new_string(health_names[HEALTH_CRITICAL]));
		json_object_object_add(answer, "error", json_object_new_string(error->text));
		rf_answer_print(answer);
		json_object_put(answer);
	} else {
		printf("REFERAT %s: %s\n", health_names[HEALTH_CRITICAL], error->text);
	}
	return HEALTH_CRITICAL;
}

int rf_command_status(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	};
	const struct rf_program program = {
	    .name = "referat status",
	    .synopsis = "referat status [options]",
	    .description =
		"Says in one line how a running pipeline stands; on a terminal, also how each stage stands.\n\n"
		"Exit status, as Nagios and Zabbix read it: 0 all is well; 1 documents are held and wait for a "
		"person, or a destination does not work; 2 documents are dead, the disk is full, or the broker does "
		"not answer.",
	    .examples = "referat status --state /var/lib/referat/exempelby\n"
			"referat status --json | jq '.stages[] | select(.held > 0)'",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	json_object *answer = NULL;
	bool answered = rf_client_ask_once(&given, "status", NULL, &answer, &error) == 0;
	enum health health = answered ? print_status(answer, given.json) : print_away(&error, given.json);
	json_object_put(answer);
	return (int)health;
}
