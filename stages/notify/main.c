/* referat-notify: tells each recipient of a document, once. Minor changes, old meetings and quiet revisions tell
 * nobody.
 */
#include "stages/notify/shown.h"

#include "base/buffer.h"
#include "base/datetime.h"
#include "base/log.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "wire/message.h"

#include <string.h>

enum { MOST_NAMED = 10 };

static const char *const needs[] = {"card", "rendition/*", "publication/*"};

static bool is_recent(struct rf_job *job)
{
	const struct referat_bytes packed = rf_job_part(job, "card");
	const char *zone = rf_job_publisher(job)->time_zone;
	ProtobufCMessage *message;
	struct rf_date today, day;
	if (rf_job_notify_within(job) == 0 || !packed.data ||
	    rf_unpack(&referat__card__descriptor, packed.data, packed.size, &message, NULL))
		return true;
	const Referat__Card *card = (const Referat__Card *)message;
	bool known = card->day && rf_date_parse(card->day, &day) &&
		     rf_instant_date(rf_clock_wall(rf_job_clock(job)), zone ? zone : "UTC", &today);
	rf_unpack_free(message);
	return !known || (rf_date_days(today) - rf_date_days(day)) * 86400 * RF_SECOND <= rf_job_notify_within(job);
}

/* *unknown: it is held, because it may have been sent. */
static enum referat_result tell(struct rf_job *job, struct rf_plugin *channel, const char *recipient, bool *unknown)
{
	char who[RF_DIGEST_TEXT_SIZE];
	char digest[RF_DIGEST_TEXT_SIZE];
	struct rf_digest sum = rf_digest_of(recipient, strlen(recipient));
	rf_digest_format(&sum, who);
	rf_autofree char *key =
	    rf_format("%s:%s:%u:%.16s", rf_job_stage(job), rf_job_document(job), rf_job_major(job), who);
	rf_job_digest(job, key, digest);
	struct rf_job_effect effect = {.key = key, .digest = digest, .recipient = recipient};
	enum referat_result result = rf_job_act(job, channel, &effect);
	*unknown = effect.unknown;
	if (result == REFERAT_OK)
		rf_job_report_now(job, &effect);
	return result;
}

/* As much of an address as a person needs to find it again in a mail server's log: the text stands in lists. */
static void add_masked(struct rf_buffer *list, const char *recipient)
{
	const char *domain = strrchr(recipient, '@');
	if (list->size > 0)
		rf_buffer_format(list, ", ");
	rf_buffer_format(list, "%.1s…%s", recipient, domain ? domain : "");
}

/* Those of whom nobody knows whether they were told are one case for a person, however many they are. */
static enum referat_result hold_unknown(struct rf_job *job, size_t n, const struct rf_buffer *who)
{
	rf_autofree char *count = rf_format("%zu", n);
	const char *text = rf_job_say(job, "stage.unknown-recipients", "count", count, "recipients", who->data, NULL);
	return rf_job_because(job, REFERAT_HOLD, RF_CODE_UNKNOWN_EFFECT, "%s", text);
}

/* What one recipient's server refuses for ever is no fault of the others. Whoever could not be told now is told when
 * the task comes again; those who were are not told twice. */
static enum referat_result tell_all(struct rf_job *job, struct rf_plugin *channel, const char *const *recipients,
				    size_t n)
{
	enum referat_result all = REFERAT_OK;
	size_t n_refused = 0, n_unknown = 0;
	rf_autobuffer struct rf_buffer who = RF_BUFFER_INIT;
	for (size_t i = 0; i < n && all != REFERAT_YIELD && !rf_job_taken_back(job); i++) {
		bool unknown;
		enum referat_result result = tell(job, channel, recipients[i], &unknown);
		n_refused += result == REFERAT_FAIL;
		if (unknown && ++n_unknown <= MOST_NAMED)
			add_masked(&who, recipients[i]);
		if (result == REFERAT_YIELD || result == REFERAT_RETRY || (result == REFERAT_HOLD && all == REFERAT_OK))
			all = result;
	}
	if (n_refused > 0)
		rf_log(RF_LOG_WARNING, rf_job_document(job), "%zu of %zu recipients were refused", n_refused, n);
	if (all == REFERAT_HOLD && n_unknown > 0)
		return hold_unknown(job, n_unknown, &who);
	if (all == REFERAT_OK && n_refused == n && n > 0)
		return REFERAT_FAIL; /* the reason is that of the last */
	return all;
}

static enum referat_result notify(struct rf_job *job)
{
	struct rf_plugin *const *channels;
	if (rf_job_plugins(job, REFERAT_CHANNEL, &channels) != 1)
		return rf_job_because(job, REFERAT_FAIL, "definition", "a notify stage has one channel");
	if (rf_job_quiet(job) || !is_recent(job))
		return REFERAT_OK;
	struct rf_call *call = rf_job_call(job);
	enum referat_result result = rf_job_run(job, call, channels[0], rf_plugin_descriptor(channels[0])->recipients);
	result = rf_job_end(job, call, channels[0], result);
	const char *const *recipients;
	if (result == REFERAT_OK && rf_call_recipients(call, &recipients) > 0)
		result = look_whether_shown(job, call);
	if (result == REFERAT_OK) {
		size_t n = rf_call_recipients(call, &recipients);
		result = tell_all(job, channels[0], recipients, n);
	}
	rf_call_free(call);
	return result;
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "notify",
	    .description = "Tells each recipient of a document, once for each major change.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work = notify,
	};
	return rf_stage_main(&program, argc, argv);
}
