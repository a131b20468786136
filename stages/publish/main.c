/* referat-publish: makes a document stand at its target, once, and takes it away again. */
#include "stage/stage.h"

#include "base/memory.h"
#include "wire/message.h"

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

static enum referat_result put(struct rf_job *job, struct rf_plugin *target, const char *key)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	rf_job_digest(job, "", digest);
	struct rf_job_effect effect = {.key = key, .digest = digest};
	enum referat_result result = rf_job_act(job, target, &effect);
	if (result == REFERAT_OK) {
		rf_job_report_at_end(job, &effect);
		add_publication(job, &effect);
	}
	return result;
}

/* What is to stand there where it is withdrawn: when, and what else may be said; "" where it is not. The caller frees.
 */
static char *withdrawal_word(const struct rf_job *job)
{
	const char *day = rf_job_attribute(job, "withdrawn");
	return *day ? rf_format("withdrawn\n%s\n%s\n%s", day, rf_job_attribute(job, "withdrawn.reason"),
				rf_job_attribute(job, "withdrawn.replacement"))
		    : rf_strdup("");
}

static enum referat_result withdraw(struct rf_job *job, struct rf_plugin *target, const char *key, const char *word)
{
	if (!rf_plugin_descriptor(target)->withdraw)
		return rf_job_because(job, REFERAT_HOLD, "no-withdraw", "%s",
				      rf_job_say(job, "stage.no-withdraw", "stage", rf_job_stage(job), NULL));
	char digest[RF_DIGEST_TEXT_SIZE];
	rf_job_digest(job, word, digest);
	struct rf_job_effect effect = {.key = key, .digest = digest, .withdraws = true};
	enum referat_result result = rf_job_act(job, target, &effect);
	if (result == REFERAT_OK)
		rf_job_report_at_end(job, &effect);
	return result;
}

/* Says as an attribute how what stands there compares with what was published. A target without a compare of its own
 * does not know whether a page is gone or another one. */
static enum referat_result compare(struct rf_job *job, struct rf_plugin *target, const char *key, const char *word)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	rf_job_digest(job, word, digest);
	struct rf_job_effect effect = {.key = key, .digest = digest, .withdraws = *word};
	bool knows = rf_plugin_descriptor(target)->compare;
	const char *found = "unknown";
	switch (rf_job_compare(job, target, &effect)) {
	case REFERAT_OK:
		found = "same";
		break;
	case REFERAT_NOT_FOUND:
		found = *word ? "same" : knows ? "missing" : "differs";
		break;
	case REFERAT_HOLD:
		found = *word ? "still-there" : "changed";
		break;
	default:
		break;
	}
	rf_job_set_attribute(job, RF_ATTRIBUTE_FOUND, found);
	return REFERAT_OK;
}

static enum referat_result publish(struct rf_job *job)
{
	struct rf_plugin *const *targets;
	if (rf_job_plugins(job, REFERAT_TARGET, &targets) != 1)
		return rf_job_because(job, REFERAT_FAIL, "definition", "a publish stage has one target");
	rf_autofree char *key = rf_format("%s:%s", rf_job_stage(job), rf_job_document(job));
	rf_autofree char *word = withdrawal_word(job);
	if (rf_job_compares(job))
		return compare(job, targets[0], key, word);
	return *word ? withdraw(job, targets[0], key, word) : put(job, targets[0], key);
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
	    .work = publish,
	};
	return rf_stage_main(&program, argc, argv);
}
