/* referat-render: runs the writers in the order of the definition. A later writer sees what earlier ones wrote. */
#include "stage/stage.h"

#include "base/memory.h"

static const char *const needs[] = {"document", "summary", "findings"};

static enum referat_result render(struct rf_job *job)
{
	return rf_job_run_all(job, REFERAT_WRITER);
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "render",
	    .description = "Writes a document's renditions (pages, mails) and its card.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work = render,
	};
	return rf_stage_main(&program, argc, argv);
}
