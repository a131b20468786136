/* referat-summarise: lets the summarisers condense a document. What they wrote goes with it, also when a person is to
 * read it first. */
#include "stage/stage.h"

#include "base/memory.h"

static const char *const needs[] = {"document", "findings"};

static enum referat_result summarise(struct rf_job *job)
{
	return rf_job_run_all(job, REFERAT_SUMMARISER);
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "summarise",
	    .description = "Condenses a document into a summary whose every sentence says where it comes from.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work = summarise,
	};
	return rf_stage_main(&program, argc, argv);
}
