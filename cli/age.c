/* `referat age`: how old what waits is, by stage. */
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static void print_table(json_object *stages)
{
	static const char *const headings[] = {"STAGE",     "TASKS",     "OLDEST",    "MEDIAN",
					       "UNDER 1 H", "UNDER 1 D", "UNDER 1 W", "OLDER"};
	static const char *const members[] = {"tasks", NULL, NULL, "minutes", "hours", "days", "weeks"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		bool some = rf_answer_number(stage, "tasks") > 0;
		char numbers[RF_COUNT(members)][24];
		const char *cells[RF_COUNT(headings)] = {rf_answer_text(stage, "name")};
		for (size_t j = 0; j < RF_COUNT(members); j++) {
			snprintf(numbers[j], sizeof numbers[j], "%lld",
				 members[j] ? (long long)rf_answer_number(stage, members[j]) : 0);
			cells[j + 1] = numbers[j];
		}
		rf_autofree char *oldest = some ? rf_age_text(rf_answer_number(stage, "oldest_us")) : rf_strdup("");
		rf_autofree char *median = some ? rf_age_text(rf_answer_number(stage, "median_us")) : rf_strdup("");
		cells[2] = oldest;
		cells[3] = median;
		rf_table_add(table, cells);
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

int rf_command_age(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	};
	const struct rf_program program = {
	    .name = "referat age",
	    .synopsis = "referat age [options]",
	    .description = "Shows for each stage how long the documents that wait there, are tried again or are held "
			   "have been there: the oldest, the median, and how many are younger than an hour, a day, a "
			   "week, or older. A queue that only the median of grows is too slow; one of which the oldest "
			   "grows has a document that is stuck.",
	    .examples = "referat age",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	json_object *answer = NULL, *stages;
	if (rf_client_ask_once(&given, "age", NULL, &answer, &error))
		return rf_command_fail("age", EX_UNAVAILABLE, &error);
	if (given.json)
		rf_answer_print(answer);
	else if (json_object_object_get_ex(answer, "stages", &stages))
		print_table(stages);
	json_object_put(answer);
	return EX_OK;
}
