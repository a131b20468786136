/* referat-publish: makes documents stand at their target, each once, and takes them away again. */
#include "stage/stage.h"

#include "base/memory.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

static const char *const needs[] = {"card", "rendition/*"};

static void add_publication(struct rf_job *job, const struct rf_job_effect *effect)
{
	const char *stage = rf_job_stage(job);
	const char *slash = strchr(stage, '/');
	rf_autofree char *name = rf_format("publication/%s", slash ? slash + 1 : "publish");
	Referat__Publication publication = REFERAT__PUBLICATION__INIT;
	publication.target = (char *)stage;
	publication.digest = (char *)effect->digest;
	if (*effect->remote_id)
		publication.remote_id = (char *)effect->remote_id;
	if (*effect->location)
		publication.url = (char *)effect->location;
	if (*effect->remote_revision)
		publication.remote_revision = (char *)effect->remote_revision;
	rf_job_add_message(job, name, "referat.publication/1", &publication.base);
}

/* What is to be at the target, and under which name. */
struct wish {
	char *key;
	char *word;  /* where it is withdrawn: when, and what else may be said; "" where it is not */
	bool purges; /* and nothing else is to be left */
	char digest[RF_DIGEST_TEXT_SIZE];
};

static void wish_init(struct wish *wish, const struct rf_job *job)
{
	const char *day = rf_job_attribute(job, "withdrawn");
	wish->key = rf_format("%s:%s", rf_job_stage(job), rf_job_document(job));
	wish->word = *day ? rf_format("withdrawn\n%s\n%s\n%s", day, rf_job_attribute(job, "withdrawn.reason"),
				      rf_job_attribute(job, "withdrawn.replacement"))
			  : rf_strdup("");
	const char *purge = rf_job_attribute(job, RF_ATTRIBUTE_PURGE);
	rf_autofree char *salt = *purge ? rf_format("%s\npurged %s", wish->word, purge) : rf_strdup(wish->word);
	wish->purges = *purge;
	rf_job_digest(job, salt, wish->digest);
}

static void wish_deinit(struct wish *wish)
{
	free(wish->key);
	free(wish->word);
}

static struct rf_job_effect effect_of(const struct wish *wish)
{
	return (struct rf_job_effect){.key = wish->key, .digest = wish->digest, .withdraws = *wish->word};
}

/* Says as an attribute how what stands there compares with what was published. A target without a compare of its own
 * does not know whether a page is gone or another one. */
static enum referat_result compare(struct rf_job *job, struct rf_plugin *target, const struct wish *wish)
{
	struct rf_job_effect effect = effect_of(wish);
	bool knows = rf_plugin_descriptor(target)->compare;
	const char *found = "unknown";
	switch (rf_job_compare(job, target, &effect)) {
	case REFERAT_OK:
		found = "same";
		break;
	case REFERAT_NOT_FOUND:
		found = effect.withdraws ? "same" : knows ? "missing" : "differs";
		break;
	case REFERAT_HOLD:
		found = effect.withdraws ? "still-there" : "changed";
		break;
	default:
		break;
	}
	rf_job_set_attribute(job, RF_ATTRIBUTE_FOUND, found);
	return REFERAT_OK;
}

static enum referat_result preview(struct rf_job *job, struct rf_plugin *target, const struct wish *wish)
{
	struct rf_job_effect effect = effect_of(wish);
	rf_job_preview(job, target, &effect);
	return REFERAT_OK;
}

/* What needs no act; REFERAT_NOT_FOUND: it needs one. */
static enum referat_result end_at_once(struct rf_job *job, struct rf_plugin *target, const struct wish *wish)
{
	if (!target)
		return rf_job_because(job, REFERAT_FAIL, "definition", "a publish stage has one target");
	if (rf_job_previews(job))
		return preview(job, target, wish);
	if (rf_job_compares(job))
		return compare(job, target, wish);
	if (*wish->word && !rf_plugin_descriptor(target)->withdraw)
		return rf_job_because(job, REFERAT_HOLD, "no-withdraw", "%s",
				      rf_job_say(job, "stage.no-withdraw", "stage", rf_job_stage(job), NULL));
	return REFERAT_NOT_FOUND;
}

/* It is done, and durable. A target that does not purge may have kept what a person has to look for there. */
static enum referat_result finish(struct rf_job *job, const struct rf_plugin *target, const struct wish *wish,
				  const struct rf_job_effect *effect)
{
	if (!effect->withdraws)
		add_publication(job, effect);
	if (!wish->purges || (rf_plugin_descriptor(target)->capabilities & REFERAT_CAN_PURGE)) {
		rf_job_report_at_end(job, effect);
		return REFERAT_OK;
	}
	rf_job_report_now(job, effect);
	return rf_job_because(job, REFERAT_HOLD, RF_CODE_NO_PURGE, "%s",
			      rf_job_say(job, "stage.no-purge", "stage", rf_job_stage(job), NULL));
}

/* Puts them there and takes them away, all at once: so the target waits for its disk once. */
static void act(struct rf_job *const *jobs, size_t n, struct rf_plugin *target, const struct wish *wishes,
		enum referat_result *results)
{
	struct rf_job_effect effects[RF_STAGE_TOGETHER];
	for (size_t i = 0; i < n; i++)
		effects[i] = effect_of(&wishes[i]);
	rf_jobs_act(jobs, n, target, effects, results);
	for (size_t i = 0; i < n; i++)
		if (results[i] == REFERAT_OK)
			results[i] = finish(jobs[i], target, &wishes[i], &effects[i]);
}

static void publish(struct rf_job *const *jobs, size_t n, enum referat_result *results)
{
	struct rf_plugin *const *targets;
	struct rf_plugin *target = rf_job_plugins(jobs[0], REFERAT_TARGET, &targets) == 1 ? targets[0] : NULL;
	struct rf_job *acting[RF_STAGE_TOGETHER];
	struct wish wishes[RF_STAGE_TOGETHER]; /* of those that act, which come first */
	enum referat_result acted[RF_STAGE_TOGETHER];
	size_t n_acting = 0;
	for (size_t i = 0; i < n; i++) {
		wish_init(&wishes[n_acting], jobs[i]);
		results[i] = end_at_once(jobs[i], target, &wishes[n_acting]);
		if (results[i] == REFERAT_NOT_FOUND)
			acting[n_acting++] = jobs[i];
		else
			wish_deinit(&wishes[n_acting]);
	}
	if (n_acting > 0)
		act(acting, n_acting, target, wishes, acted);
	for (size_t i = 0, next = 0; i < n && next < n_acting; i++)
		if (acting[next] == jobs[i])
			results[i] = acted[next++];
	for (size_t i = 0; i < n_acting; i++)
		wish_deinit(&wishes[i]);
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "publish",
	    .description =
		"Makes a document stand at its target (a site, a CMS), once, replaces what stands there when "
		"the document has changed, and takes it away when the document is withdrawn.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work_together = publish,
	};
	return rf_stage_main(&program, argc, argv);
}
