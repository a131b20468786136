#include "broker/alerts.h"

#include "base/buffer.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/causes.h"
#include "plugin/language.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ALERTS = 512 };

#define PAUSE_US (300 * RF_SECOND)            /* before a mail that could not be sent is tried again */
#define AGAIN_US (INT64_C(86400) * RF_SECOND) /* before it is told that a cause has grown */

/* ---- rows ---------------------------------------------------------------------------------------------------------
 */

/* A row with strings of its own. */
struct owned_alert {
	struct rf_alert row;
	char *cause, *subject, *text;
};

struct alerts {
	struct owned_alert all[MOST_ALERTS];
	size_t n;
};

static void own(struct owned_alert *alert, const struct rf_alert *row)
{
	alert->row = *row;
	alert->row.cause = alert->cause = rf_strdup(row->cause);
	alert->row.subject = alert->subject = rf_strdup(row->subject);
	alert->row.text = alert->text = rf_strdup(row->text);
}

static int keep_alert(void *context, const struct rf_alert *row)
{
	struct alerts *alerts = context;
	own(&alerts->all[alerts->n++], row);
	return alerts->n == MOST_ALERTS;
}

static void alerts_free(struct alerts **alerts)
{
	for (size_t i = 0; i < (*alerts)->n; i++) {
		free((*alerts)->all[i].cause);
		free((*alerts)->all[i].subject);
		free((*alerts)->all[i].text);
	}
	free(*alerts);
}

#define autoalerts __attribute__((cleanup(alerts_free)))

static int move(struct rf_core *core, struct owned_alert *alert, enum rf_alert_state state, struct rf_error *error)
{
	alert->row.state = state;
	return rf_store_put_alert(core->options.store, &alert->row, error);
}

static struct owned_alert *find(struct alerts *alerts, const char *cause)
{
	for (size_t i = 0; i < alerts->n; i++)
		if (strcmp(alerts->all[i].cause, cause) == 0)
			return &alerts->all[i];
	return NULL;
}

/* ---- what could not be sent ----------------------------------------------------------------------------------------
 */

void rf_unsent_forget(struct rf_core *core, struct rf_unsent *unsent)
{
	HASH_DEL(core->unsent, unsent); /* NOLINT(clang-analyzer-unix.Malloc): as in peers.c */
	free(unsent->cause);
	free(unsent);
}

static struct rf_unsent *unsent_of(const struct rf_core *core, const char *cause)
{
	struct rf_unsent *unsent;
	HASH_FIND_STR(core->unsent, cause, unsent);
	return unsent;
}

static void note_sent(struct rf_core *core, const char *cause, bool told)
{
	struct rf_unsent *unsent = unsent_of(core, cause);
	if (told) {
		if (unsent)
			rf_unsent_forget(core, unsent);
		return;
	}
	if (!unsent) {
		unsent = rf_alloc(sizeof *unsent);
		unsent->cause = rf_strdup(cause);
		HASH_ADD_KEYPTR(hh, core->unsent, unsent->cause, strlen(unsent->cause), unsent);
	}
	unsent->until_us = core->now_us + PAUSE_US;
}

/* ---- who ----------------------------------------------------------------------------------------------------------
 */

struct reader {
	const char *name; /* stands before the colon of a cause */
	const char *address;
	const struct rf_language *language;
};

enum { READERS = 2 };

static void list_readers(const struct rf_core *core, struct reader readers[READERS])
{
	const struct rf_pipeline *pipeline = core->options.pipeline;
	readers[0] = (struct reader){"operator", pipeline->alert_operator, core->options.operator_language};
	readers[1] = (struct reader){"publisher", pipeline->alert_publisher, core->options.language};
}

static const struct reader *reader_of(const struct reader readers[READERS], const char *cause)
{
	for (size_t i = 0; i < READERS; i++) {
		size_t size = strlen(readers[i].name);
		if (strncmp(cause, readers[i].name, size) == 0 && cause[size] == ':')
			return &readers[i];
	}
	return NULL;
}

/* ---- looking ------------------------------------------------------------------------------------------------------
 */

static int raise_alert(struct rf_core *core, const struct reader *reader, const char *name,
		       const struct rf_cause *cause, enum rf_alert_state state, struct rf_error *error)
{
	rf_autofree char *subject = rf_cause_subject(cause, reader->language, core->options.pipeline->name);
	rf_autofree char *text = rf_cause_text(cause, reader->language, core->options.pipeline->name);
	struct rf_alert alert = {
	    .cause = name, .state = state, .since_us = rf_timer_now(core), .subject = subject, .text = text};
	rf_log(RF_LOG_WARNING, NULL, "alert to the %s: %s", reader->name, cause->key);
	return rf_store_put_alert(core->options.store, &alert, error);
}

/* More documents than there were when it was told, and a day has passed: one mail a day, however many they are. */
static bool has_grown(const struct rf_core *core, const struct rf_cause *cause, const struct rf_alert *told)
{
	return told->state == RF_ALERT_TOLD && cause->grown_us > told->since_us &&
	       rf_timer_now(core) - told->since_us >= AGAIN_US;
}

/* Of what is wrong now, what nobody was told. */
static int raise_new(struct rf_core *core, const struct reader *reader, const struct rf_causes *causes,
		     struct alerts *alerts, struct rf_error *error)
{
	for (size_t i = 0; i < causes->n && reader->address; i++) {
		rf_autofree char *name = rf_format("%s:%s", reader->name, causes->all[i].key);
		struct owned_alert *alert = find(alerts, name);
		int status = 0;
		if (!alert && alerts->n + i < MOST_ALERTS)
			status = raise_alert(core, reader, name, &causes->all[i], RF_ALERT_RAISED, error);
		else if (alert && has_grown(core, &causes->all[i], &alert->row))
			status = raise_alert(core, reader, name, &causes->all[i], RF_ALERT_AGAIN, error);
		else if (alert && alert->row.state == RF_ALERT_OVER)
			status = move(core, alert, RF_ALERT_TOLD, error);
		if (status < 0)
			return -1;
	}
	return 0;
}

static bool is_current(const struct rf_causes *causes, const char *cause)
{
	const char *key = strchr(cause, ':');
	for (size_t i = 0; key && i < causes->n; i++)
		if (strcmp(causes->all[i].key, key + 1) == 0)
			return true;
	return false;
}

/* What was wrong and is not any more: who was told of it is told so, who was not is told nothing. */
static int end_old(struct rf_core *core, const struct reader readers[READERS], const struct rf_causes *causes,
		   struct alerts *alerts, struct rf_error *error)
{
	for (size_t i = 0; i < alerts->n; i++) {
		struct owned_alert *alert = &alerts->all[i];
		const struct reader *reader = reader_of(readers, alert->cause);
		bool wanted = reader && reader->address;
		int status = 0;
		if (wanted && is_current(causes, alert->cause))
			continue;
		if (alert->row.state == RF_ALERT_RAISED || !wanted) {
			note_sent(core, alert->cause, true); /* it need not be */
			status = rf_store_drop_alert(core->options.store, alert->cause, error);
		} else if (alert->row.state == RF_ALERT_TOLD || alert->row.state == RF_ALERT_AGAIN) {
			status = move(core, alert, RF_ALERT_OVER, error);
		}
		if (status < 0)
			return -1;
	}
	return 0;
}

/* What was on its way when the last broker ended may have arrived, and nobody is told twice. A destination that did not
 * work is not taken for mended before something got through. */
static int take_up(struct rf_core *core, struct alerts *alerts, struct rf_error *error)
{
	for (size_t i = 0; i < alerts->n; i++) {
		struct owned_alert *alert = &alerts->all[i];
		int status = 0;
		if (alert->row.state == RF_ALERT_TELLING || alert->row.state == RF_ALERT_TELLING_AGAIN)
			status = move(core, alert, RF_ALERT_TOLD, error);
		else if (alert->row.state == RF_ALERT_TELLING_OVER)
			status = rf_store_drop_alert(core->options.store, alert->cause, error);
		if (status < 0)
			return -1;
		const char *key = strchr(alert->cause, ':');
		if (key)
			rf_causes_restore(core, key + 1, alert->row.since_us);
	}
	return 0;
}

static int look(struct rf_core *core, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct reader readers[READERS];
	autoalerts struct alerts *alerts = rf_alloc(sizeof *alerts);
	__attribute__((cleanup(rf_causes_deinit))) struct rf_causes causes = {.n = 0};
	list_readers(core, readers);
	if (rf_store_each_alert(store, keep_alert, alerts, error) < 0)
		return -1;
	if (!core->alerts_taken_up && take_up(core, alerts, error) < 0)
		return -1;
	core->alerts_taken_up = true;
	if (rf_causes_find(core, &causes, error) < 0)
		return -1;
	for (size_t i = 0; i < READERS; i++)
		if (raise_new(core, &readers[i], &causes, alerts, error) < 0)
			return -1;
	return end_old(core, readers, &causes, alerts, error);
}

static int in_transaction(struct rf_core *core, int (*act)(struct rf_core *core, struct rf_error *error),
			  struct rf_error *error)
{
	core->now_us = rf_clock_monotonic(core->options.clock);
	if (rf_store_begin(core->options.store, RF_DURABLE, error) < 0 || act(core, error) < 0)
		return -1;
	return rf_store_commit(core->options.store, error);
}

int rf_alerts_look(struct rf_core *core, struct rf_error *error)
{
	const struct rf_pipeline *pipeline = core->options.pipeline;
	if (!pipeline->alert_operator && !pipeline->alert_publisher)
		return 0;
	return in_transaction(core, look, error);
}

/* ---- telling ------------------------------------------------------------------------------------------------------
 */

void rf_alert_mail_deinit(struct rf_alert_mail *mail)
{
	free(mail->cause);
	free(mail->to);
	free(mail->subject);
	free(mail->key);
	free(mail->text);
	*mail = (struct rf_alert_mail){0};
}

static void write_mail(const struct rf_core *core, const struct owned_alert *alert, const struct reader *reader,
		       bool over, struct rf_alert_mail *mail)
{
	char since[RF_INSTANT_SIZE];
	rf_instant_format(alert->row.since_us, since);
	mail->cause = rf_strdup(alert->cause);
	mail->key = rf_format("%s:%" PRId64 "%s", alert->cause, alert->row.since_us, over ? ":over" : "");
	mail->to = rf_strdup(reader->address);
	mail->subject = over ? rf_language_say(reader->language, "alert.over.subject", "subject", alert->subject, NULL)
			     : rf_strdup(alert->subject);
	mail->text = over ? rf_language_say(reader->language, "alert.over.text", "subject", alert->subject, "since",
					    since, "pipeline", core->options.pipeline->name, NULL)
			  : rf_strdup(alert->text);
}

/* While the mail is on its way. */
static enum rf_alert_state telling(enum rf_alert_state state)
{
	switch (state) {
	case RF_ALERT_OVER:
		return RF_ALERT_TELLING_OVER;
	case RF_ALERT_AGAIN:
		return RF_ALERT_TELLING_AGAIN;
	default:
		return RF_ALERT_TELLING;
	}
}

static bool may_be_sent(const struct rf_core *core, const struct owned_alert *alert, const struct reader *reader)
{
	const struct rf_unsent *unsent = unsent_of(core, alert->cause);
	return reader && reader->address && (!unsent || unsent->until_us <= core->now_us) &&
	       (alert->row.state == RF_ALERT_OVER || alert->row.state == RF_ALERT_RAISED ||
		alert->row.state == RF_ALERT_AGAIN);
}

static int take(struct rf_core *core, struct rf_alert_mail *mail, struct rf_error *error)
{
	struct reader readers[READERS];
	autoalerts struct alerts *alerts = rf_alloc(sizeof *alerts);
	list_readers(core, readers);
	if (rf_store_each_alert(core->options.store, keep_alert, alerts, error) < 0)
		return -1;
	for (size_t i = 0; i < alerts->n; i++) {
		struct owned_alert *alert = &alerts->all[i];
		const struct reader *reader = reader_of(readers, alert->cause);
		bool over = alert->row.state == RF_ALERT_OVER;
		if (!may_be_sent(core, alert, reader))
			continue;
		if (move(core, alert, telling(alert->row.state), error) < 0)
			return -1;
		write_mail(core, alert, reader, over, mail);
		return 0;
	}
	return RF_STORE_NONE;
}

int rf_alerts_take(struct rf_core *core, struct rf_alert_mail *mail, struct rf_error *error)
{
	*mail = (struct rf_alert_mail){0};
	core->now_us = rf_clock_monotonic(core->options.clock);
	if (rf_store_begin(core->options.store, RF_DURABLE, error) < 0)
		return -1;
	int status = take(core, mail, error);
	if (status < 0 || rf_store_commit(core->options.store, error) < 0)
		return -1;
	return status;
}

static int settle(struct rf_core *core, struct owned_alert *alert, bool told, struct rf_error *error)
{
	bool over = alert->row.state == RF_ALERT_TELLING_OVER;
	if (over && told)
		return rf_store_drop_alert(core->options.store, alert->cause, error);
	if (told)
		return move(core, alert, RF_ALERT_TOLD, error);
	bool again = alert->row.state == RF_ALERT_TELLING_AGAIN;
	return move(core, alert, over ? RF_ALERT_OVER : again ? RF_ALERT_AGAIN : RF_ALERT_RAISED, error);
}

int rf_alerts_settle(struct rf_core *core, const char *cause, bool told, struct rf_error *error)
{
	autoalerts struct alerts *alerts = rf_alloc(sizeof *alerts);
	core->now_us = rf_clock_monotonic(core->options.clock);
	note_sent(core, cause, told);
	if (rf_store_begin(core->options.store, RF_DURABLE, error) < 0 ||
	    rf_store_each_alert(core->options.store, keep_alert, alerts, error) < 0)
		return -1;
	struct owned_alert *alert = find(alerts, cause);
	if (alert && settle(core, alert, told, error) < 0)
		return -1;
	return rf_store_commit(core->options.store, error);
}
