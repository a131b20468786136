/* A stage that adds nothing, under the name of each of the six: the skeleton (lib/stage) with all its promises, and no
 * work. Each gets the document; the last one counts it on the pipe $BENCH_PIPE. */
#include "base/memory.h"
#include "bench/client.h"
#include "stage/stage.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

static const char *const needs[] = {"source"};
static int arrivals = -1;

static enum referat_result pass(struct rf_job *job)
{
	if (rf_job_part(job, "source").size == 0)
		return rf_job_because(job, REFERAT_FAIL, "empty", "the document did not come");
	if (arrivals >= 0)
		bench_arrived(arrivals, 1);
	return REFERAT_OK;
}

int main(int argc, char **argv)
{
	const char *name = strchr(basename(argv[0]), '-') + 1; /* of referat-NAME */
	const char *path = getenv("BENCH_PIPE");
	if (path && strcmp(name, "notify") == 0)
		arrivals = open(path, O_RDWR | O_CLOEXEC);
	const struct rf_stage_program program = {
	    .name = name,
	    .description = "Passes documents on, for measuring.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .work = pass,
	};
	return rf_stage_main(&program, argc, argv);
}
