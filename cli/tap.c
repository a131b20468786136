/* `referat tap`: what passes, as it passes. */
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/question.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAUSE_US = 250000 };

struct tapping {
	const char *stage;
	bool json;
	int64_t most, n; /* lines to write, 0: any; written so far */
	int64_t seen;    /* -1: nothing was asked yet */
};

static json_object *arguments(void *context)
{
	const struct tapping *tapping = context;
	json_object *given = json_object_new_object();
	if (tapping->seen >= 0)
		json_object_object_add(given, "after", json_object_new_int64(tapping->seen));
	if (tapping->stage)
		json_object_object_add(given, "stage", json_object_new_string(tapping->stage));
	return given;
}

static void print_passing(json_object *passing)
{
	rf_autofree char *code = rf_terminal_text(rf_answer_text(passing, "code"));
	printf("%s  %s  %-16s %-8s waited %.3f s, took %.3f s%s%s\n", rf_answer_text(passing, "at"),
	       rf_answer_text(passing, "document"), rf_answer_text(passing, "stage"),
	       rf_answer_text(passing, "outcome"), (double)rf_answer_number(passing, "wait_us") / 1e6,
	       (double)rf_answer_number(passing, "run_us") / 1e6, *code ? ", " : "", code);
}

static void tell_missed(int64_t missed, bool json)
{
	if (missed > 0 && json)
		printf("{\"missed\":%" PRId64 "}\n", missed);
	else if (missed > 0)
		printf("... %" PRId64 " passed unseen\n", missed);
}

static int64_t take(void *context, json_object *answer)
{
	struct tapping *tapping = context;
	json_object *passings;
	size_t n = json_object_object_get_ex(answer, "passings", &passings) ? json_object_array_length(passings) : 0;
	tell_missed(rf_answer_number(answer, "missed"), tapping->json);
	for (size_t i = 0; i < n && (tapping->most == 0 || tapping->n < tapping->most); i++) {
		json_object *passing = json_object_array_get_idx(passings, i);
		if (tapping->json)
			rf_answer_print(passing);
		else
			print_passing(passing);
		tapping->n++;
	}
	tapping->seen = rf_answer_number(answer, "seen");
	if (fflush(stdout) != 0 || (tapping->most > 0 && tapping->n >= tapping->most))
		return -1;
	return n > 0 ? 0 : PAUSE_US;
}

int rf_command_tap(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	struct tapping tapping = {.seen = -1};
	bool past = false;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"past", 0, RF_OPTION_FLAG, NULL, "begin with the last ones that passed, about a thousand", &past},
	    {"number", 'n', RF_OPTION_INTEGER, "N", "end after so many", &tapping.most},
	};
	const struct rf_program program = {
	    .name = "referat tap",
	    .synopsis = "referat tap [STAGE] [options]",
	    .description =
		"Shows what passes, as it passes, until it is ended: the time, the document, the stage, what "
		"came of it, how long it had waited and how long it took. The broker does not wait for who "
		"looks on: whoever reads too slowly is told how many passed unseen.",
	    .examples = "referat tap\nreferat tap publish/web --json",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	tapping.stage = argv[1];
	tapping.json = given.json;
	tapping.seen = past ? 0 : -1;
	return rf_follow(&(struct rf_follow){.options = &given,
					     .name = "tap",
					     .command = "tap",
					     .arguments = arguments,
					     .take = take,
					     .context = &tapping});
}
