/* referat-validate: runs every check on a document. What they find goes with the document; an error holds it. */
#include "stage/stage.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "wire/message.h"

#include <stdlib.h>

static const char *const needs[] = {"document", "source"};

static int add_findings(struct referat_bytes packed, Referat__Findings *all, struct rf_error *error)
{
	ProtobufCMessage *message;
	if (!packed.data)
		return 0;
	if (rf_unpack(&referat__findings__descriptor, packed.data, packed.size, &message, error))
		return -1;
	Referat__Findings *found = (Referat__Findings *)message;
	all->findings =
	    rf_realloc_array(all->findings, all->n_findings + found->n_findings, sizeof(Referat__Finding *));
	for (size_t i = 0; i < found->n_findings; i++)
		all->findings[all->n_findings++] = found->findings[i];
	found->n_findings = 0;
	rf_unpack_free(message);
	return 0;
}

static enum referat_result run_check(struct rf_job *job, struct rf_plugin *check, Referat__Findings *all)
{
	struct rf_call *call = rf_job_call(job);
	enum referat_result result = rf_job_run(job, call, check, rf_plugin_descriptor(check)->run);
	struct rf_error error;
	result = rf_job_end(job, call, check, result);
	if (result == REFERAT_OK) {
		rf_job_keep(job, call);
		if (add_findings(rf_call_findings(call), all, &error))
			result = rf_job_because(job, REFERAT_FAIL, "findings", "%s", error.text);
	}
	rf_call_free(call);
	return result;
}

static bool holds(const Referat__Finding *finding)
{
	return finding->severity == REFERAT__SEVERITY__ERROR || finding->severity == REFERAT__SEVERITY__FORBIDDEN;
}

/* Holds the document, with what is wrong in the checks' own words. */
static enum referat_result judge(struct rf_job *job, const Referat__Findings *all)
{
	rf_autobuffer struct rf_buffer reason = RF_BUFFER_INIT;
	const char *rule = NULL;
	bool forbidden = false;
	for (size_t i = 0; i < all->n_findings; i++) {
		const Referat__Finding *finding = all->findings[i];
		if (!holds(finding))
			continue;
		bool worse = finding->severity == REFERAT__SEVERITY__FORBIDDEN && !forbidden;
		forbidden |= worse;
		if (!rule || worse)
			rule = finding->rule ? finding->rule : "finding";
		rf_buffer_format(&reason, "%s%s", reason.size ? "\n" : "", finding->text ? finding->text : "");
	}
	if (!rule)
		return REFERAT_OK;
	rf_autofree char *code = rf_format("%s%s", forbidden ? RF_CODE_FORBIDDEN : "", rule);
	return rf_job_because(job, REFERAT_HOLD, code, "%s", reason.data);
}

static enum referat_result validate(struct rf_job *job)
{
	struct rf_plugin *const *checks;
	size_t n = rf_job_plugins(job, REFERAT_CHECK, &checks);
	Referat__Findings all = REFERAT__FINDINGS__INIT;
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < n && result == REFERAT_OK; i++)
		result = run_check(job, checks[i], &all);
	if (result == REFERAT_OK) {
		rf_job_add_message(job, "findings", "referat.findings/1", &all.base);
		result = judge(job, &all);
	}
	for (size_t i = 0; i < all.n_findings; i++)
		rf_unpack_free(&all.findings[i]->base);
	free(all.findings);
	return result;
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "validate",
	    .description =
		"Runs every check of the stage on a document. A finding that is an error holds the document until "
		"a person decides.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work = validate,
	};
	return rf_stage_main(&program, argc, argv);
}
