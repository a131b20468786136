/* The task in hand, from inside the skeleton: what a job is made of, and how it is done from beginning to end. */
#ifndef RF_STAGE_JOB_H
#define RF_STAGE_JOB_H

#include "base/error.h"
#include "stage/blob.h"
#include "stage/parcel.h"
#include "stage/stage.h"
#include "stage/worker.h"

struct rf_job {
	struct rf_worker *worker;
	const Referat__Wire__Item *item; /* what came */
	struct rf_parcel *answer;        /* what goes */
	struct rf_part_view *parts;      /* those that came, then those that were added; what they point to is kept */
	size_t n_parts;
	struct rf_plugin **plugins; /* of the kind that was asked for last */
	void **kept;                /* memory that lives until the job ends */
	size_t n_kept;
	struct rf_blob *blobs; /* that the parts are in */
	size_t n_blobs;
	bool taken_back;            /* somebody else has the task: no answer */
	struct rf_error fault;      /* why the result can't be handed over; "": it can */
	enum referat_result result; /* instead of what `work` returns, when there is a fault */
};

/* Does what is in hand: `work` or `work_together`, and the answers handed over. The parcels are consumed. */
void rf_jobs_do(struct rf_worker *worker, struct rf_parcel *const *tasks, size_t n);

/* effect.c: a call that makes the effect, or asks about it; the caller frees it. */
struct rf_call *rf_job_effect_call(struct rf_job *job, const struct rf_job_effect *effect);
/* What the broker sent along of what stands there; NULL: it knows of nothing. */
const Referat__Wire__Effect *rf_job_known(struct rf_job *job, struct rf_job_effect *effect);

/* Keeps memory (malloc) until the job ends; returns it. */
void *rf_job_keep_memory(struct rf_job *job, void *memory);

#endif
