/* The skeleton that every stage program calls: it speaks with the broker, loads the plugins, and calls `work` for one
 * task after the other. A stage says its name, the parts it needs, and what it does with them.
 *
 * Two threads (stage/handover.h): the loop thread keeps the broker informed, whatever a plugin does; the work thread
 * runs `work` (or `work_together`), and with it all plugin calls, one at a time. A plugin call that takes longer than
 * the stage's max_runtime ends the process (abort), and whoever waits for it charges the task in hand.
 *
 * Everything below `rf_stage_main` is for `work`, on the work thread. Texts that it returns live until `work` returns;
 * those given to it are copied. */
#ifndef RF_STAGE_STAGE_H
#define RF_STAGE_STAGE_H

#include "base/digest.h"
#include "plugin/host.h"

#include <referat/document.pb-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_job; /* a task in hand: what came with it, and what is to go back */

struct rf_stage_program {
	const char *name;         /* "validate": the program is referat-validate */
	const char *description;  /* for --help: what it does */
	const char *const *needs; /* parts: exact names, or "rendition/" and a star */
	size_t n_needs;
	bool runs_sources; /* its source plugins are run every second or so, between tasks */
	/* One of the two: a task by itself, or as many as wait, at most RF_STAGE_TOGETHER, to share what is done once
	 * for all: where its plugin has a flush and a lookup, else one. Each has its result; what one ends with is
	 * nothing to the others. A crash is charged to all of them, and each is then worked on alone. */
	enum referat_result (*work)(struct rf_job *job);
	void (*work_together)(struct rf_job *const *jobs, size_t n, enum referat_result *results);
};
enum { RF_STAGE_TOGETHER = 16 };

/* The whole of a stage's main: reads the command line, works until it is told to end. Returns the exit status. */
int rf_stage_main(const struct rf_stage_program *program, int argc, char **argv);

/* ---- what came ------------------------------------------------------------------------------------------------- */

const char *rf_job_document(const struct rf_job *job); /* its id */
const char *rf_job_stage(const struct rf_job *job);    /* the instance: "publish/web" */
uint32_t rf_job_major(const struct rf_job *job);       /* number of the document's major change */
bool rf_job_quiet(const struct rf_job *job);           /* tell nobody */
const struct rf_clock *rf_job_clock(const struct rf_job *job);
const Referat__Publisher *rf_job_publisher(const struct rf_job *job);
int64_t rf_job_notify_within(const struct rf_job *job); /* microseconds; 0: all are told */
const char *rf_job_verify(const struct rf_job *job);    /* what a page must show before anybody is told: "text" */

/* What a stage before, or the broker, said of the revision; "" when nothing. */
const char *rf_job_attribute(const struct rf_job *job, const char *name);

/* The stage's plugins in the order of the definition, those of one kind. Returns how many. */
size_t rf_job_plugins(struct rf_job *job, enum referat_kind kind, struct rf_plugin *const **plugins);

/* Parts, those that `work` added after those that came. data is NULL when there is none of that name. */
struct referat_bytes rf_job_part(const struct rf_job *job, const char *name);
const char *rf_job_part_type(const struct rf_job *job, const char *name); /* "" when there is none */
/* The parts whose names begin with the prefix, as they came. Returns how many. */
size_t rf_job_parts_below(struct rf_job *job, const char *prefix, const char *const **names);

/* ---- running plugins ------------------------------------------------------------------------------------------- */

/* A call that has all parts and attributes, and the values id, revision, stage, state, key, type, major. The caller
 * frees it (rf_call_free) before `work` returns. */
struct rf_call *rf_job_call(struct rf_job *job);
/* One of the parts stands in the call under another name, in place of what stands there. */
void rf_job_lend(const struct rf_job *job, struct rf_call *call, const char *name, const char *part);
enum referat_result rf_job_run(struct rf_job *job, struct rf_call *call, struct rf_plugin *plugin,
			       referat_function function);
/* Runs the functions `run` of all plugins of the kind, in order, and takes over what they return, until one of them
 * does not say OK: that is then the end of the task. */
enum referat_result rf_job_run_all(struct rf_job *job, enum referat_kind kind);
/* Takes over the parts and attributes that the call returned. */
void rf_job_keep(struct rf_job *job, const struct rf_call *call);
/* Says what a call ended with, as the reason of the task: `return rf_job_end(job, call, plugin, result)`. */
enum referat_result rf_job_end(struct rf_job *job, const struct rf_call *call, const struct rf_plugin *plugin,
			       enum referat_result result);

/* ---- what goes back -------------------------------------------------------------------------------------------- */

/* A part again replaces the one of that name. The bytes are copied. */
void rf_job_add_part(struct rf_job *job, const char *name, const char *type, const void *data, size_t size);
/* As though it had not been added; one that came is not seen any more. */
void rf_job_drop_part(struct rf_job *job, const char *name);
void rf_job_add_message(struct rf_job *job, const char *name, const char *type, const ProtobufCMessage *message);
void rf_job_set_attribute(struct rf_job *job, const char *name, const char *value); /* "" and NULL: not set */
/* What the document is about; piece: which part of that the source has, when there may be others; NULL: all of it, or
 * that is not known. */
void rf_job_set_subject(struct rf_job *job, const char *key, const char *piece);
/* The reason of what is not OK; code is a word. Returns the result. */
enum referat_result rf_job_because(struct rf_job *job, enum referat_result result, const char *code, const char *format,
				   ...) __attribute__((format(printf, 4, 5)));
/* A text of the stage for the publisher, from the language file, with {{name}} filled in by pairs up to NULL. */
const char *rf_job_say(struct rf_job *job, const char *key, ...) __attribute__((sentinel));

/* ---- acting outside -------------------------------------------------------------------------------------------- */

/* SHA-256 over the card and the renditions, in the order of their names, and over the salt. */
void rf_job_digest(const struct rf_job *job, const char *salt, char digest[RF_DIGEST_TEXT_SIZE]);

/* One effect: done once, whatever happens (docs/protocol.md, 6). */
struct rf_job_effect {
	const char *key;
	const char *digest;    /* of what is to stand there */
	const char *recipient; /* channels; NULL: none */
	/* Set when it stands there; "" when not known. */
	const char *remote_id, *location, *remote_revision;
	bool withdraws; /* takes away what stands there, with the plugin's withdraw; done again when in doubt */
	bool unknown;   /* set: it may stand there; neither the target nor the definition says, so it is held */
};

/* Makes the effect with the plugin's put (withdraw), unless it stands there already; asks the target first where an
 * earlier attempt was not heard of again. REFERAT_OK: it stands there. Else the reason of the task is set. */
enum referat_result rf_job_act(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect);

/* The same for n jobs of one document each, at most RF_STAGE_TOGETHER: the broker is asked about all at once, and the
 * plugin makes all of it durable at once, if it has a flush. effects[i] and results[i] are those of jobs[i]. */
void rf_jobs_act(struct rf_job *const *jobs, size_t n, struct rf_plugin *plugin, struct rf_job_effect *effects,
		 enum referat_result *results);

/* The broker only wants to know what stands at the target (`referat drift`): nothing may be done. */
bool rf_job_compares(const struct rf_job *job);
/* Asks the plugin for that, with its compare, else its lookup. REFERAT_OK, REFERAT_NOT_FOUND, REFERAT_HOLD as compare
 * says them; any other: nobody can tell, and the reason of the task says why. */
enum referat_result rf_job_compare(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect);

/* The broker only wants to know which requests would go out now (`referat publish --dry-run`). */
bool rf_job_previews(const struct rf_job *job);
/* Lets a copy of the plugin make the effect: what it asks the target is sent, what it would change there is not. Says
 * what came of it as attributes of the answer. */
void rf_job_preview(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect);

bool rf_job_taken_back(const struct rf_job *job); /* somebody else has the task: return soon, with anything */

/* The effect stands there: tells the broker, either now, waiting until that is durable (more effects follow), or with
 * the task's DONE. */
void rf_job_report_now(struct rf_job *job, const struct rf_job_effect *effect);
void rf_job_report_at_end(struct rf_job *job, const struct rf_job_effect *effect);

#endif
