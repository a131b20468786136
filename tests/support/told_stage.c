#include "tests/support/told_stage.h"

#include "base/memory.h"
#include "stage/job.h"

#include <signal.h>
#include <string.h>
#include <time.h>

void test_rest(int ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	nanosleep(&time, NULL);
}

static enum referat_result act(struct rf_job *job)
{
	struct rf_plugin *const *channels;
	if (rf_job_plugins(job, REFERAT_CHANNEL, &channels) != 1)
		return rf_job_because(job, REFERAT_FAIL, "no-channel", "the channel is not there");
	struct rf_job_effect effect = {.key = "notify:doc:0:1", .digest = "d1", .recipient = "a@example.org"};
	enum referat_result result = rf_job_act(job, channels[0], &effect);
	if (result == REFERAT_OK) {
		rf_job_report_now(job, &effect);
		rf_job_set_attribute(job, "remote_id", effect.remote_id);
	}
	return result;
}

static enum referat_result work(struct rf_job *job)
{
	const struct referat_bytes source = rf_job_part(job, "source");
	rf_autofree char *what = rf_strndup((const char *)source.data, source.size < 16 ? source.size : 16);
	if (strcmp(what, "slow") == 0)
		test_rest(600);
	if (strcmp(what, "very slow") == 0)
		test_rest(4000);
	if (strcmp(what, "retry") == 0)
		return rf_job_because(job, REFERAT_RETRY, "busy", "the %s is busy", "printer");
	if (strcmp(what, "yield") == 0)
		return rf_job_because(job, REFERAT_YIELD, "down", "the printer is down");
	if (strcmp(what, "fail") == 0)
		return rf_job_because(job, REFERAT_FAIL, "broken", "the printer is broken");
	if (strcmp(what, "hang") == 0) {
		rf_handover_set_busy(job->worker->handover, true);
		test_rest(60000);
	}
	if (strcmp(what, "crash") == 0)
		raise(SIGSEGV);
	if (strcmp(what, "act") == 0)
		return act(job);
	if (strcmp(what, "large") == 0) {
		rf_autofree void *large = rf_alloc(TOLD_LARGE);
		rf_job_add_part(job, "rendition/large", "text/plain", large, TOLD_LARGE);
		return REFERAT_OK;
	}
	rf_job_add_part(job, "document", "referat.document/1", "first", 5);
	rf_job_add_part(job, "document", "referat.document/1", source.data, source.size);
	rf_job_set_attribute(job, "title", rf_job_document(job));
	if (strcmp(what, "hold") == 0)
		return rf_job_because(job, REFERAT_HOLD, "approve", "släpp det");
	return REFERAT_OK;
}

static const char *const needs[] = {"source", "rendition/*"};
const struct rf_stage_program told_stage = {
    .name = "test", .description = "A stage.", .needs = needs, .n_needs = RF_COUNT(needs), .work = work};
