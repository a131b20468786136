#include "broker/causes.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "plugin/language.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 20 /* documents that a mail names */ };

#define HELD_TOO_LONG_US (INT64_C(86400) * RF_SECOND)
#define DOWN_TOO_LONG_US (INT64_C(1800) * RF_SECOND)

static struct rf_cause *add(struct rf_causes *causes, const char *kind, const char *about)
{
	if (causes->n == RF_MOST_CAUSES)
		return NULL;
	struct rf_cause *cause = &causes->all[causes->n++];
	*cause = (struct rf_cause){.key = *about ? rf_format("%s:%s", kind, about) : rf_strdup(kind),
				   .about = rf_strdup(about),
				   .list = rf_strdup(""),
				   .why = rf_strdup("")};
	return cause;
}

void rf_causes_deinit(struct rf_causes *causes)
{
	for (size_t i = 0; i < causes->n; i++) {
		free(causes->all[i].key);
		free(causes->all[i].about);
		free(causes->all[i].list);
		free(causes->all[i].why);
	}
	causes->n = 0;
}

/* ---- documents ----------------------------------------------------------------------------------------------------
 */

struct waiting {
	const char *stage;     /* that they wait in */
	int64_t changed_by_us; /* only those that have been so since then */
	int64_t newest_us;     /* since when the last of them has been so */
	struct rf_buffer list;
	uint64_t n;
};

static int add_document(void *context, const struct rf_task *task)
{
	struct waiting *waiting = context;
	if (task->changed_us > waiting->changed_by_us)
		return 0;
	if (task->changed_us > waiting->newest_us)
		waiting->newest_us = task->changed_us;
	if (waiting->n++ < LISTED)
		rf_buffer_format(&waiting->list, "  %s\n", task->document);
	return 0;
}

static int find_waiting(struct rf_core *core, struct rf_causes *causes, const char *kind, enum rf_task_state state,
			int64_t for_us, struct rf_error *error)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		struct waiting waiting = {.stage = core->stages[i].definition->name,
					  .changed_by_us = rf_timer_now(core) - for_us,
					  .list = RF_BUFFER_INIT};
		struct rf_task_filter filter = {.states = 1U << state, .stage = waiting.stage};
		int status = rf_store_each_task(core->options.store, &filter, add_document, &waiting, error);
		struct rf_cause *cause = status == 0 && waiting.n > 0 ? add(causes, kind, waiting.stage) : NULL;
		if (cause) {
			free(cause->list);
			cause->list = rf_buffer_take(&waiting.list);
			cause->n = waiting.n;
			cause->grown_us = waiting.newest_us + for_us;
		}
		rf_buffer_deinit(&waiting.list);
		if (status < 0)
			return -1;
	}
	return 0;
}

/* ---- destinations -------------------------------------------------------------------------------------------------
 */

static void find_down(struct rf_core *core, struct rf_causes *causes)
{
	for (const struct rf_breaker *breaker = core->breakers; breaker; breaker = breaker->hh.next) {
		if (!breaker->open || (!breaker->refused && core->now_us - breaker->opened_us < DOWN_TOO_LONG_US))
			continue;
		struct rf_cause *cause = add(causes, breaker->refused ? "credentials" : "down", breaker->name);
		if (cause && breaker->why) {
			free(cause->why);
			cause->why = rf_strdup(breaker->why);
		}
	}
}

void rf_causes_restore(struct rf_core *core, const char *key, int64_t since_us)
{
	bool refused = rf_text_starts(key, "credentials:");
	if (!refused && !rf_text_starts(key, "down:"))
		return;
	const char *destination = strchr(key, ':') + 1;
	struct rf_core_stage *stage = rf_stage_named(core, destination);
	if (stage)
		rf_breaker_restore(core, stage, destination, refused, rf_timer_now(core) - since_us + DOWN_TOO_LONG_US);
}

/* ---- the whole ----------------------------------------------------------------------------------------------------
 */

/* The clock begins with the first look where no document came yet. */
static int find_silence(struct rf_core *core, struct rf_causes *causes, struct rf_error *error)
{
	int64_t longest_us = core->options.pipeline->alert_silent_us, last_us;
	if (longest_us == 0)
		return 0;
	int status = rf_store_get_setting(core->options.store, RF_LAST_ARRIVAL, &last_us, error);
	if (status == RF_STORE_NONE)
		return rf_store_set_setting(core->options.store, RF_LAST_ARRIVAL, rf_timer_now(core), error);
	if (status < 0)
		return -1;
	int64_t silent_us = rf_timer_now(core) - last_us;
	struct rf_cause *cause = silent_us >= longest_us ? add(causes, "silent", "") : NULL;
	if (cause)
		cause->n = (uint64_t)(silent_us / (86400 * RF_SECOND));
	return 0;
}

int rf_causes_find(struct rf_core *core, struct rf_causes *causes, struct rf_error *error)
{
	rf_intake_look_at_disk(core);
	if (core->disk_short)
		add(causes, "disk", "");
	find_down(core, causes);
	if (find_waiting(core, causes, "dead", RF_TASK_DEAD, 0, error) < 0 ||
	    find_waiting(core, causes, "held", RF_TASK_HELD, HELD_TOO_LONG_US, error) < 0)
		return -1;
	return find_silence(core, causes, error);
}

/* ---- words --------------------------------------------------------------------------------------------------------
 */

static char *say(const struct rf_cause *cause, const char *part, const struct rf_language *language,
		 const char *pipeline)
{
	rf_autofree char *kind = rf_strndup(cause->key, strcspn(cause->key, ":"));
	rf_autofree char *key = rf_format("alert.%s.%s", kind, part), *n = rf_format("%" PRIu64, cause->n);
	return rf_language_say(language, key, "pipeline", pipeline, "about", cause->about, "n", n, "list", cause->list,
			       "why", cause->why, NULL);
}

char *rf_cause_subject(const struct rf_cause *cause, const struct rf_language *language, const char *pipeline)
{
	return say(cause, "subject", language, pipeline);
}

char *rf_cause_text(const struct rf_cause *cause, const struct rf_language *language, const char *pipeline)
{
	return say(cause, "text", language, pipeline);
}
