#include "cli/reasons.h"

#include "base/buffer.h"
#include "base/text.h"
#include "cli/question.h"

#include <inttypes.h>
#include <string.h>

struct writing {
	struct rf_buffer *text;
	const char *document, *state;
	const char *now;  /* instant */
	int64_t revision; /* the newest */
};

/* "09:12:05" of today, else "2024-04-17 09:12:05". */
static void add_time(const struct writing *writing, const char *instant)
{
	enum { DAY = 10, CLOCK = 11, CLOCK_SIZE = 8 };
	if (strlen(instant) < CLOCK + CLOCK_SIZE)
		return;
	if (strncmp(instant, writing->now, DAY) != 0)
		rf_buffer_format(writing->text, "%.*s ", DAY, instant);
	rf_buffer_format(writing->text, "%.*s", CLOCK_SIZE, instant + CLOCK);
}

static void add_command(const struct writing *writing, const char *command, const char *options)
{
	rf_buffer_format(writing->text, "`referat %s %s%s", command, writing->document, options);
	if (writing->state)
		rf_buffer_format(writing->text, " --state %s", writing->state);
	rf_buffer_add_char(writing->text, '`');
}

static void add_cause(const struct writing *writing, const char *before, json_object *task)
{
	const char *reason = rf_answer_text(task, "reason");
	const char *cause = *reason ? reason : rf_answer_text(task, "code");
	size_t size = strlen(cause);
	while (size > 0 && strchr(". \n", cause[size - 1])) /* our own sentence goes on, or ends, here */
		size--;
	if (size > 0)
		rf_buffer_format(writing->text, "%s%.*s", before, (int)size, cause);
}

/* ---- where it is ------------------------------------------------------------------------------------------------- */

static void add_destination(const struct writing *writing, json_object *task)
{
	json_object *destination;
	if (!json_object_object_get_ex(task, "destination", &destination))
		return;
	rf_buffer_format(writing->text, "; %s does not work, and nothing is sent there before ",
			 rf_answer_text(destination, "name"));
	add_time(writing, rf_answer_text(destination, "next"));
	if (rf_answer_number(destination, "asked"))
		rf_buffer_add_text(writing->text, ", as it asked for");
	rf_buffer_format(writing->text, " ('referat resume %s' tries it at once)", rf_answer_text(task, "stage"));
}

static void tell_waiting(const struct writing *writing, json_object *task)
{
	rf_buffer_add_text(writing->text, ", waiting for a process of the stage");
	if (rf_answer_number(task, "workers") == 0)
		rf_buffer_add_text(writing->text, ", of which none is connected");
	add_destination(writing, task);
	add_cause(writing, "; last: ", task);
}

static void tell_in_hand(const struct writing *writing, json_object *task)
{
	rf_buffer_format(writing->text, ", in hand, attempt %" PRId64, rf_answer_number(task, "attempts") + 1);
}

static void tell_delayed(const struct writing *writing, json_object *task)
{
	int64_t failures = rf_answer_number(task, "failures");
	if (failures > 0)
		rf_buffer_format(writing->text, ", failed %" PRId64 " of at most %" PRId64 " times, next ", failures,
				 rf_answer_number(task, "most_failures") + 1);
	else
		rf_buffer_add_text(writing->text, ", not before ");
	add_time(writing, rf_answer_text(task, "next"));
	add_destination(writing, task);
	add_cause(writing, "; last: ", task);
}

static void tell_held(const struct writing *writing, json_object *task)
{
	rf_buffer_add_text(writing->text, ", held for a person to decide");
	add_cause(writing, ": ", task);
	if (rf_text_starts(rf_answer_text(task, "code"), "forbidden/")) {
		rf_buffer_add_text(writing->text, ". It can't be released: the publisher takes out what must not be "
						  "published, and saves the file again");
		return;
	}
	rf_buffer_add_text(writing->text, ". To let it go on as it is: ");
	add_command(writing, "release", " --reason '...'");
	rf_buffer_add_text(writing->text, "; to run the stage again: ");
	add_command(writing, "retry", "");
}

static void tell_dead(const struct writing *writing, json_object *task)
{
	int64_t attempts = rf_answer_number(task, "attempts");
	rf_buffer_format(writing->text, ", given up after %" PRId64 " attempt%s", attempts, attempts == 1 ? "" : "s");
	add_cause(writing, ": ", task);
	rf_buffer_add_text(writing->text, ". All that happened: ");
	add_command(writing, "trace", "");
	rf_buffer_add_text(writing->text, "; when the cause is gone: ");
	add_command(writing, "retry", "");
}

static void tell_ended(const struct writing *writing, json_object *task)
{
	rf_buffer_format(writing->text, ", %s", rf_answer_text(task, "state"));
	add_cause(writing, ": ", task);
}

static void add_task(const struct writing *writing, json_object *task)
{
	static const struct {
		const char *state;
		void (*tell)(const struct writing *writing, json_object *task);
	} states[] = {{"ready", tell_waiting},   {"leased", tell_waiting}, {"started", tell_in_hand},
		      {"delayed", tell_delayed}, {"held", tell_held},      {"dead", tell_dead}};
	int64_t revision = rf_answer_number(task, "revision");
	if (revision != writing->revision)
		rf_buffer_format(writing->text, "Revision %" PRId64 ", which is not finished either: ", revision);
	rf_buffer_format(writing->text, "In %s since ", rf_answer_text(task, "stage"));
	add_time(writing, rf_answer_text(task, "since"));
	const char *state = rf_answer_text(task, "state");
	void (*tell)(const struct writing *, json_object *) = tell_ended;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i].state, state) == 0)
			tell = states[i].tell;
	tell(writing, task);
	rf_buffer_add_text(writing->text, ". ");
}

/* ---- what was done outside --------------------------------------------------------------------------------------- */

static void add_published(const struct writing *writing, json_object *page)
{
	const char *url = rf_answer_text(page, "url");
	rf_buffer_format(writing->text, "Published by %s since ", rf_answer_text(page, "stage"));
	add_time(writing, rf_answer_text(page, "since"));
	rf_buffer_format(writing->text, "%s%s. ", *url ? ": " : "", url);
}

static void add_told(const struct writing *writing, json_object *answer)
{
	int64_t told = rf_answer_number(answer, "told"), unknown = rf_answer_number(answer, "maybe_told");
	if (told > 0)
		rf_buffer_format(writing->text, "%" PRId64 " %s told. ", told,
				 told == 1 ? "recipient was" : "recipients were");
	if (unknown > 0)
		rf_buffer_format(writing->text, "Of %" PRId64 " it is not known whether they were told. ", unknown);
}

static json_object *list_of(json_object *answer, const char *name)
{
	json_object *list;
	return json_object_object_get_ex(answer, name, &list) && json_object_is_type(list, json_type_array) ? list
													    : NULL;
}

static size_t length_of(json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

/* Nothing of it is open: how it ended. */
static const char *ending_of(const char *status)
{
	static const struct {
		const char *status, *text;
	} endings[] = {
	    {"withdrawn",
	     "It was withdrawn, and stands nowhere any more; 'referat erase' takes out of the store what it "
	     "says. "},
	    {"deleted", "It was given up with 'referat delete'. "},
	    {"erased", "It was erased: nothing of what it said is left. "},
	    {"superseded", "Something newer goes on in its place; 'referat list' says what. "},
	};
	for (size_t i = 0; i < RF_COUNT(endings); i++)
		if (strcmp(endings[i].status, status) == 0)
			return endings[i].text;
	return "All stages are done: there is nothing to do. ";
}

char *rf_reasons_text(json_object *answer, const char *state)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	const struct writing writing = {&text, rf_answer_text(answer, "document"), state, rf_answer_text(answer, "now"),
					rf_answer_number(answer, "revision")};
	const char *title = rf_answer_text(answer, "title");
	json_object *tasks = list_of(answer, "tasks"), *published = list_of(answer, "published");
	rf_buffer_format(&text, "%s (%s), revision %" PRId64 ": ", writing.document,
			 *title ? title : rf_answer_text(answer, "name"), writing.revision);
	for (size_t i = 0; i < length_of(tasks); i++)
		add_task(&writing, json_object_array_get_idx(tasks, i));
	for (size_t i = 0; i < length_of(published); i++)
		add_published(&writing, json_object_array_get_idx(published, i));
	add_told(&writing, answer);
	if (length_of(tasks) == 0)
		rf_buffer_add_text(&text, ending_of(rf_answer_text(answer, "status")));
	rf_buffer_add_text(&text, "(Times are UTC.)");
	return rf_buffer_take(&text);
}
