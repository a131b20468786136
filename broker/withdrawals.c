/* Withdrawal: what a document has made stand somewhere is taken away again.
 *
 * A withdrawal is a revision without a source. Its only tasks are at the publish stages where something of the document
 * stands, or may stand because nobody knows what became of an attempt; they are made at once, and nothing follows them.
 * So taking away is work like any other: done once, retried while a target is down, held or dead where it fails. The
 * revision has the card of the one before it, for who has to find the place.
 *
 * A revision that comes later is held until a person lets it go: a file that is saved again must not bring back what
 * was taken away. Until then the withdrawal goes on. */
#include "base/datetime.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "broker/answers.h"
#include "plugin/language.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ADDRESS = 2048, MOST_STAGES = 64 };

typedef struct json_object json;

/* ---- what holds of a document ------------------------------------------------------------------------------------ */

int rf_withdrawal_is(struct rf_core *core, const char *document, uint32_t revision, bool *is, struct rf_error *error)
{
	rf_autofree char *day = NULL;
	if (rf_attribute_read(core, document, revision, RF_ATTRIBUTE_WITHDRAWN, &day, error) < 0)
		return -1;
	*is = *day;
	return 0;
}

int rf_withdrawal_find(struct rf_core *core, const char *document, uint32_t *revision, struct rf_error *error)
{
	struct rf_revision newest;
	rf_autofree char *before = NULL;
	bool is;
	*revision = 0;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status != 0)
		return status < 0 ? -1 : 0;
	uint32_t number = newest.number;
	if (rf_withdrawal_is(core, document, number, &is, error) < 0 ||
	    rf_attribute_read(core, document, number, RF_ATTRIBUTE_WITHDRAWN_IN, &before, error) < 0)
		return -1;
	*revision = is ? number : (uint32_t)strtoul(before, NULL, 10);
	return 0;
}

int rf_withdrawal_hold(struct rf_core *core, const struct rf_task *about, uint32_t withdrawn, struct rf_error *error)
{
	rf_autofree char *day = NULL, *number = rf_format("%u", withdrawn);
	if (rf_attribute_read(core, about->document, withdrawn, RF_ATTRIBUTE_WITHDRAWN, &day, error) < 0 ||
	    rf_store_set_attribute(core->options.store, about->document, about->revision, RF_ATTRIBUTE_WITHDRAWN_IN,
				   number, error) < 0)
		return -1;
	rf_autofree char *note = rf_language_say(core->options.language, "stage.was-withdrawn", "day", day, NULL);
	return rf_task_hold_unrun(core, about, &(struct rf_end){RF_CODE_WITHDRAWN, note}, error);
}

int rf_withdrawal_lift(struct rf_core *core, const struct rf_task *task, struct rf_error *error)
{
	const struct rf_span older = {0, task->revision - 1};
	const struct rf_end replaced = {"superseded", "a person let a newer revision go"};
	if (rf_store_set_attribute(core->options.store, task->document, task->revision, RF_ATTRIBUTE_WITHDRAWN_IN, "",
				   error) < 0)
		return -1;
	return rf_tasks_supersede(core, task->document, &older, &replaced, error);
}

/* ---- where something stands -------------------------------------------------------------------------------------- */

struct places {
	struct rf_core *core;
	struct rf_core_stage *stages[MOST_STAGES];
	size_t n;
	json *left; /* names of stages that the definition no longer has */
	char *location;
};

static int find_place(void *context, const struct rf_effect *effect)
{
	struct places *places = context;
	struct rf_core_stage *stage = rf_stage_named(places->core, effect->stage);
	bool is_there = effect->standing || effect->intended;
	if (!is_there && !effect->location && !effect->remote_id)
		return 0; /* nor was it ever: what is left of a page that is gone may be given another word */
	if (!stage && is_there && rf_text_starts(effect->stage, "publish"))
		json_object_array_add(places->left, json_object_new_string(effect->stage));
	else if (!stage)
		return 0;
	else if (stage->definition->kind == RF_STAGE_PUBLISH && places->n < MOST_STAGES)
		places->stages[places->n++] = stage;
	else
		return 0;
	if (effect->standing && effect->location && !places->location)
		places->location = rf_strdup(effect->location);
	return 0;
}

/* Where people are sent instead: an address, or that of another document. The caller frees; left as it is: nowhere. */
static int find_replacement(struct rf_core *core, const char *document, const char *given, char **address,
			    struct rf_error *error)
{
	if (!given || !*given)
		return 0;
	*address = rf_strdup(given);
	if (rf_text_starts(given, "https://") || rf_text_starts(given, "http://")) {
		bool plain = strlen(given) <= MOST_ADDRESS && !strpbrk(given, " \t\r\n\"<>");
		return plain ? 0 : (rf_error_set(error, "'%.80s' is not a web address", given), RF_REFUSED);
	}
	uint32_t withdrawn;
	struct places places = {.core = core, .left = json_object_new_array()};
	int status = rf_withdrawal_find(core, given, &withdrawn, error);
	if (status == 0)
		status = rf_store_each_effect(core->options.store, given, find_place, &places, error);
	json_object_put(places.left);
	free(*address);
	*address = places.location;
	if (status < 0)
		return -1;
	if (*address && !withdrawn && strcmp(given, document) != 0)
		return 0;
	rf_error_set(error,
		     "document %s can't take its place: it is not published; publish it first, or give an address",
		     given);
	return RF_REFUSED;
}

/* ---- the revision ------------------------------------------------------------------------------------------------ */

struct withdrawal {
	const char *document;
	uint32_t revision; /* its own */
	json *arguments;
	char *replacement, *day;
};

/* The caller frees. */
static char *today(const struct rf_core *core)
{
	const Referat__Publisher *publisher = core->options.pipeline->publisher;
	const char *zone = publisher && publisher->time_zone ? publisher->time_zone : "UTC";
	struct rf_date date;
	if (!rf_instant_date(rf_clock_wall(core->options.clock), zone, &date))
		rf_instant_date(rf_clock_wall(core->options.clock), "UTC", &date);
	return rf_format("%04d-%02d-%02d", date.year, date.month, date.day);
}

struct copying {
	char *names[8], *values[8];
	size_t n;
};

static int copy_attribute(void *context, const char *name, const char *value)
{
	static const char *const kept[] = {"name", "title", "board", "board_id", "day", "kind"};
	struct copying *copying = context;
	for (size_t i = 0; i < RF_COUNT(kept); i++)
		if (strcmp(name, kept[i]) == 0) {
			copying->names[copying->n] = rf_strdup(name);
			copying->values[copying->n++] = rf_strdup(value);
		}
	return 0;
}

/* What people know the document by. */
static int copy_names(struct rf_core *core, const struct withdrawal *withdrawal, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct copying copying = {.n = 0};
	int status = rf_store_each_attribute(store, withdrawal->document, withdrawal->revision - 1, copy_attribute,
					     &copying, error);
	for (size_t i = 0; i < copying.n; i++) {
		if (status == 0)
			status = rf_store_set_attribute(store, withdrawal->document, withdrawal->revision,
							copying.names[i], copying.values[i], error);
		free(copying.names[i]);
		free(copying.values[i]);
	}
	return status;
}

/* The newest there is. A withdrawal of a withdrawal finds it in the one before. */
static int copy_card(struct rf_core *core, const struct withdrawal *withdrawal, struct rf_error *error)
{
	struct rf_part card;
	int status = RF_STORE_NONE;
	for (uint32_t number = withdrawal->revision - 1; number > 0 && status == RF_STORE_NONE; number--)
		status = rf_store_get_part(core->options.store, withdrawal->document, number, "card", &card, error);
	if (status != 0)
		return status < 0 ? -1 : 0;
	card.revision = withdrawal->revision;
	return rf_store_put_part(core->options.store, &card, error);
}

static int set(struct rf_core *core, const struct withdrawal *withdrawal, const char *name, const char *value,
	       struct rf_error *error)
{
	if (!value || !*value)
		return 0;
	return rf_store_set_attribute(core->options.store, withdrawal->document, withdrawal->revision, name, value,
				      error);
}

static bool shows_reason(const struct withdrawal *withdrawal)
{
	json *show;
	return json_object_object_get_ex(withdrawal->arguments, "show_reason", &show) && json_object_get_boolean(show);
}

static int add_revision(struct rf_core *core, const struct withdrawal *withdrawal, const struct rf_revision *newest,
			struct rf_error *error)
{
	const struct rf_revision added = {.document = withdrawal->document,
					  .number = withdrawal->revision,
					  .major = newest->major,
					  .quiet = true,
					  .source_key = "",
					  .name = newest->name,
					  .received_us = rf_clock_wall(core->options.clock)};
	const char *reason = shows_reason(withdrawal) ? rf_json_get(withdrawal->arguments, "reason") : NULL;
	core->wrote = true;
	if (rf_store_add_revision(core->options.store, &added, error) < 0 || copy_names(core, withdrawal, error) < 0 ||
	    copy_card(core, withdrawal, error) < 0 ||
	    set(core, withdrawal, RF_ATTRIBUTE_WITHDRAWN, withdrawal->day, error) < 0 ||
	    set(core, withdrawal, RF_ATTRIBUTE_WHY, reason, error) < 0 ||
	    set(core, withdrawal, RF_ATTRIBUTE_REPLACEMENT, withdrawal->replacement, error) < 0)
		return -1;
	return rf_json_is(withdrawal->arguments, "purge")
		   ? rf_purge_set(core, withdrawal->document, withdrawal->revision, error)
		   : rf_purge_carry(core, withdrawal->document, withdrawal->revision, error);
}

/* ---- the act ----------------------------------------------------------------------------------------------------- */

static int take_away(struct rf_core *core, const struct withdrawal *withdrawal, json *answer, struct rf_error *error)
{
	struct places places = {.core = core, .left = json_object_new_array()};
	json_object_object_add(answer, "left", places.left);
	int status = rf_store_each_effect(core->options.store, withdrawal->document, find_place, &places, error);
	for (size_t i = 0; i < places.n && status == 0; i++)
		status = rf_task_add(core, withdrawal->document, withdrawal->revision, places.stages[i],
				     (struct rf_turn){0}, error);
	free(places.location);
	rf_json_number(answer, "revision", withdrawal->revision);
	rf_json_number(answer, "tasks", places.n);
	return status;
}

static int withdraw(struct rf_core *core, struct withdrawal *withdrawal, json *answer, struct rf_error *error)
{
	struct rf_revision newest;
	int status = rf_store_get_revision(core->options.store, withdrawal->document, 0, &newest, error);
	if (status == RF_STORE_NONE) {
		rf_error_set(error, "there is no document %s", withdrawal->document);
		return RF_REFUSED;
	}
	if (status < 0)
		return -1;
	rf_autofree char *name = rf_strdup(newest.name);
	newest.name = name;
	withdrawal->revision = newest.number + 1;
	status = find_replacement(core, withdrawal->document, rf_json_get(withdrawal->arguments, "replacement"),
				  &withdrawal->replacement, error);
	if (status != 0)
		return status;
	withdrawal->day = today(core);
	const struct rf_span all = {0, newest.number};
	const struct rf_end over = {"withdrawn", "the document was withdrawn"};
	const struct rf_task about = {.document = withdrawal->document, .revision = withdrawal->revision};
	if (rf_tasks_supersede(core, withdrawal->document, &all, &over, error) < 0 ||
	    add_revision(core, withdrawal, &newest, error) < 0 ||
	    rf_control_note(core, &about, "withdrawn", withdrawal->arguments, error) < 0)
		return -1;
	rf_log(RF_LOG_INFO, withdrawal->document, "withdrawn, revision %u", withdrawal->revision);
	return take_away(core, withdrawal, answer, error);
}

int rf_act_withdraw(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct withdrawal withdrawal = {.document = rf_json_get(arguments, "document"), .arguments = arguments};
	if (!withdrawal.document) {
		rf_error_set(error, "which document? the argument is missing");
		return RF_REFUSED;
	}
	int status = withdraw(core, &withdrawal, answer, error);
	free(withdrawal.replacement);
	free(withdrawal.day);
	return status;
}
