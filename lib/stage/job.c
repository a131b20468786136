#include "stage/job.h"

#include "base/datetime.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "document/unpack.h"
#include "plugin/language.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_REASON = 8192, MOST_ATTRIBUTES = 64 };

void *rf_job_keep_memory(struct rf_job *job, void *memory)
{
	job->kept = rf_realloc_array(job->kept, job->n_kept + 1, sizeof(void *));
	return job->kept[job->n_kept++] = memory;
}

static char *keep_text(struct rf_job *job, const char *text)
{
	return rf_job_keep_memory(job, rf_strdup(text));
}

static Referat__Wire__Item *answer_of(const struct rf_job *job)
{
	return rf_parcel_item(job->answer);
}

/* ---- what came --------------------------------------------------------------------------------------------------- */

const char *rf_job_document(const struct rf_job *job)
{
	return job->item->document;
}

const char *rf_job_stage(const struct rf_job *job)
{
	return rf_worker_config(job->worker)->name;
}

uint32_t rf_job_major(const struct rf_job *job)
{
	return job->item->major;
}

bool rf_job_quiet(const struct rf_job *job)
{
	return job->item->quiet;
}

const struct rf_clock *rf_job_clock(const struct rf_job *job)
{
	return job->worker->clock;
}

const Referat__Publisher *rf_job_publisher(const struct rf_job *job)
{
	return job->worker->publisher;
}

int64_t rf_job_notify_within(const struct rf_job *job)
{
	return rf_worker_config(job->worker)->notify_within_us;
}

const char *rf_job_verify(const struct rf_job *job)
{
	const char *verify = rf_worker_config(job->worker)->verify;
	return verify ? verify : "never";
}

const char *rf_job_attribute(const struct rf_job *job, const char *name)
{
	const char *value = rf_item_attribute(job->item, name);
	return value ? value : "";
}

size_t rf_job_plugins(struct rf_job *job, enum referat_kind kind, struct rf_plugin *const **plugins)
{
	struct rf_plugin **of_kind =
	    rf_job_keep_memory(job, rf_realloc_array(NULL, job->worker->n_plugins, sizeof(void *)));
	size_t n = 0;
	for (size_t i = 0; i < job->worker->n_plugins; i++)
		if (rf_plugin_descriptor(job->worker->plugins[i])->kind == kind)
			of_kind[n++] = job->worker->plugins[i];
	*plugins = of_kind;
	return n;
}

static struct rf_part_view *find_part(const struct rf_job *job, const char *name)
{
	for (size_t i = 0; i < job->n_parts; i++)
		if (strcmp(job->parts[i].name, name) == 0)
			return &job->parts[i];
	return NULL;
}

struct referat_bytes rf_job_part(const struct rf_job *job, const char *name)
{
	const struct rf_part_view *part = find_part(job, name);
	return part ? part->bytes : (struct referat_bytes){NULL, 0};
}

const char *rf_job_part_type(const struct rf_job *job, const char *name)
{
	const struct rf_part_view *part = find_part(job, name);
	return part ? part->type : "";
}

size_t rf_job_parts_below(struct rf_job *job, const char *prefix, const char *const **names)
{
	const char **found = rf_job_keep_memory(job, rf_realloc_array(NULL, job->n_parts + 1, sizeof *found));
	size_t n = 0;
	for (size_t i = 0; i < job->n_parts; i++)
		if (rf_text_starts(job->parts[i].name, prefix))
			found[n++] = job->parts[i].name;
	*names = found;
	return n;
}

/* All of it is borrowed from what came or goes, or kept. */
static void set_part(struct rf_job *job, struct rf_part_view set)
{
	struct rf_part_view *part = find_part(job, set.name);
	if (!part) {
		job->parts = rf_realloc_array(job->parts, job->n_parts + 1, sizeof *job->parts);
		part = &job->parts[job->n_parts++];
	}
	*part = set;
}

static int open_blob(struct rf_job *job, const Referat__Wire__Part *part, struct rf_part_view *view,
		     struct rf_error *error)
{
	struct rf_blob blob;
	if (rf_blob_open(job->worker, part, &blob, error))
		return -1;
	job->blobs = rf_realloc_array(job->blobs, job->n_blobs + 1, sizeof *job->blobs);
	job->blobs[job->n_blobs++] = blob;
	view->bytes = (struct referat_bytes){blob.bytes.data, blob.bytes.size};
	view->path = blob.path;
	return 0;
}

static int open_parts(struct rf_job *job, const struct rf_parcel *task, struct rf_error *error)
{
	size_t frame = 0;
	for (size_t i = 0; i < job->item->n_parts; i++) {
		const Referat__Wire__Part *part = job->item->parts[i];
		struct rf_part_view view = {.name = part->name, .type = part->type ? part->type : ""};
		if (!part->blob) {
			const struct rf_frame *body = &task->message.frames[frame++];
			view.bytes = (struct referat_bytes){body->data, body->size};
		} else if (open_blob(job, part, &view, error)) {
			return -1;
		}
		set_part(job, view);
	}
	return 0;
}

/* ---- running plugins -----------------------------------------------------------------------------------------------
 */

static void set_number(struct rf_call *call, const char *name, uint64_t number)
{
	rf_autofree char *text = rf_format("%llu", (unsigned long long)number);
	rf_call_set_value(call, name, text);
}

struct rf_call *rf_job_call(struct rf_job *job)
{
	struct rf_call *call = rf_call_new();
	const Referat__Wire__Item *lists[] = {job->item, answer_of(job)};
	for (size_t i = 0; i < RF_COUNT(lists); i++)
		for (size_t j = 0; j < lists[i]->n_attributes; j++) {
			const Referat__Wire__Attribute *attribute = lists[i]->attributes[j];
			if (attribute->name && attribute->value)
				rf_call_set_value(call, attribute->name, attribute->value);
		}
	rf_call_set_value(call, "id", job->item->document);
	set_number(call, "revision", job->item->revision);
	set_number(call, "major", job->item->major);
	rf_call_set_value(call, "stage", rf_job_stage(job));
	rf_call_set_value(call, "state", rf_worker_config(job->worker)->state);
	if (job->item->source_key)
		rf_call_set_value(call, "key", job->item->source_key);
	const struct rf_part_view *source = find_part(job, "source");
	if (source)
		rf_call_set_value(call, "type", source->type);
	for (size_t i = 0; i < job->n_parts; i++)
		rf_call_add_part(call, job->parts[i].name, &job->parts[i]);
	return call;
}

void rf_job_lend(const struct rf_job *job, struct rf_call *call, const char *name, const char *part)
{
	const struct rf_part_view *view = find_part(job, part);
	if (view)
		rf_call_add_part(call, name, view);
}

enum referat_result rf_job_run(struct rf_job *job, struct rf_call *call, struct rf_plugin *plugin,
			       referat_function function)
{
	return rf_worker_run(job->worker, call, plugin, function);
}

void rf_job_keep(struct rf_job *job, const struct rf_call *call)
{
	const struct rf_part_view *parts;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		rf_job_add_part(job, parts[i].name, parts[i].type, parts[i].bytes.data, parts[i].bytes.size);
	const char *const *names;
	const char *const *values;
	n = rf_call_attributes(call, &names, &values);
	for (size_t i = 0; i < n; i++)
		rf_job_set_attribute(job, names[i], values[i]);
}

enum referat_result rf_job_end(struct rf_job *job, const struct rf_call *call, const struct rf_plugin *plugin,
			       enum referat_result result)
{
	if (result == REFERAT_OK)
		return result;
	const char *name = rf_plugin_descriptor(plugin)->name;
	const char *reason = rf_call_reason(call);
	int64_t after_us = rf_call_retry_after(call);
	if (rf_call_later(call) > 0) {
		answer_of(job)->has_due = answer_of(job)->has_waits = answer_of(job)->waits = true;
		answer_of(job)->due = rf_call_later(call);
	} else if (after_us > 0) {
		answer_of(job)->has_due = true;
		answer_of(job)->due = rf_clock_wall(job->worker->clock) + after_us;
	}
	if (result == REFERAT_NOT_FOUND || result == REFERAT_UNKNOWN)
		result = REFERAT_FAIL; /* not an end that a task can have */
	return rf_job_because(job, result, rf_call_was_refused(call) ? RF_CODE_CREDENTIALS : name, "%s",
			      *reason ? reason : "the plugin gave no reason");
}

enum referat_result rf_job_run_all(struct rf_job *job, enum referat_kind kind)
{
	struct rf_plugin *const *plugins;
	size_t n = rf_job_plugins(job, kind, &plugins);
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < n && result == REFERAT_OK; i++) {
		struct rf_call *call = rf_job_call(job);
		result = rf_job_run(job, call, plugins[i], rf_plugin_descriptor(plugins[i])->run);
		rf_job_keep(job, call);
		result = rf_job_end(job, call, plugins[i], result);
		rf_call_free(call);
	}
	return result;
}

/* ---- what goes back ------------------------------------------------------------------------------------------------
 */

static void fault(struct rf_job *job, enum referat_result result, const struct rf_error *error)
{
	if (*job->fault.text)
		return;
	job->fault = *error;
	job->result = result;
}

void rf_job_drop_part(struct rf_job *job, const char *name)
{
	struct rf_part_view *part = find_part(job, name);
	rf_message_remove_part(&job->answer->message, name);
	if (part)
		memmove(part, part + 1, (size_t)(&job->parts[--job->n_parts] - part) * sizeof *part);
}

void rf_job_add_part(struct rf_job *job, const char *name, const char *type, const void *data, size_t size)
{
	struct rf_error error;
	rf_message_remove_part(&job->answer->message, name); /* that an earlier plugin put there */
	if (answer_of(job)->n_parts == RF_WIRE_MOST_PARTS) {
		rf_error_set(&error, "more than %d parts", RF_WIRE_MOST_PARTS);
		fault(job, REFERAT_FAIL, &error);
		return;
	}
	uint8_t *copy = rf_job_keep_memory(job, rf_memdup(data, size));
	set_part(job, (struct rf_part_view){
			  .name = keep_text(job, name), .type = keep_text(job, type), .bytes = {copy, size}});
	if (rf_blob_add_part(job->worker, &job->answer->message, name, type, rf_frame_copy(data, size), &error))
		fault(job, REFERAT_RETRY, &error);
}

void rf_job_add_message(struct rf_job *job, const char *name, const char *type, const ProtobufCMessage *message)
{
	rf_autofree uint8_t *data = NULL;
	size_t size = rf_pack(message, &data);
	rf_job_add_part(job, name, type, data, size);
}

void rf_job_set_attribute(struct rf_job *job, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	Referat__Wire__Item *item = answer_of(job);
	if (item->n_attributes == MOST_ATTRIBUTES && !rf_item_attribute(item, name)) {
		struct rf_error error;
		rf_error_set(&error, "more than %d attributes", MOST_ATTRIBUTES);
		fault(job, REFERAT_FAIL, &error);
		return;
	}
	rf_item_set_attribute(item, name, value);
}

void rf_job_set_subject(struct rf_job *job, const char *key, const char *piece)
{
	free(answer_of(job)->subject_key);
	free(answer_of(job)->piece);
	answer_of(job)->subject_key = rf_strdup(key);
	answer_of(job)->piece = rf_strdup(piece);
}

/* Cuts on a character's border. */
static char *cut(const char *text, size_t most)
{
	size_t length = strlen(text);
	if (length > most)
		for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
			;
	return rf_strndup(text, length);
}

static void set_reason(struct rf_job *job, const char *code, const char *text)
{
	Referat__Wire__Item *item = answer_of(job);
	if (item->reason)
		rf_unpack_free(&item->reason->base);
	item->reason = rf_alloc(sizeof *item->reason);
	referat__wire__reason__init(item->reason);
	item->reason->code = rf_strdup(code);
	item->reason->text = cut(text, MOST_REASON);
}

enum referat_result rf_job_because(struct rf_job *job, enum referat_result result, const char *code, const char *format,
				   ...)
{
	va_list args;
	va_start(args, format);
	rf_autofree char *text = rf_vformat(format, args);
	va_end(args);
	set_reason(job, code, text);
	return result;
}

const char *rf_job_say(struct rf_job *job, const char *key, ...)
{
	va_list pairs;
	va_start(pairs, key);
	char *text = rf_language_vsay(job->worker->language, key, pairs);
	va_end(pairs);
	return rf_job_keep_memory(job, text);
}

/* ---- from beginning to end -----------------------------------------------------------------------------------------
 */

static enum rf_verb verb_of(enum referat_result result)
{
	switch (result) {
	case REFERAT_OK:
		return RF_VERB_DONE;
	case REFERAT_RETRY:
	case REFERAT_YIELD:
		return RF_VERB_RETRY;
	case REFERAT_HOLD:
		return RF_VERB_HOLD;
	default:
		return RF_VERB_FAIL;
	}
}

static void drop_parts(struct rf_parcel *answer)
{
	struct rf_parcel *bare = rf_parcel_new(answer->message.verb, NULL);
	Referat__Wire__Item *from = rf_parcel_item(answer);
	Referat__Wire__Item *to = rf_parcel_item(bare);
	to->token = rf_steal(from->token);
	to->reason = rf_steal(from->reason);
	to->has_due = from->has_due;
	to->due = from->due;
	to->has_waits = from->has_waits;
	to->waits = from->waits;
	to->effects = rf_steal(from->effects);
	to->n_effects = from->n_effects;
	from->n_effects = 0;
	struct rf_message message = answer->message;
	answer->message = bare->message;
	bare->message = message;
	rf_parcel_free(bare);
}

/* Makes the answer fit the result: what comes back another time brings its parts then. */
static void seal(struct rf_job *job, enum referat_result result)
{
	if (*job->fault.text) {
		result = job->result;
		set_reason(job, "result", job->fault.text);
	}
	if (result != REFERAT_OK && !answer_of(job)->reason)
		set_reason(job, "unknown", "no reason was given");
	if (verb_of(result) == RF_VERB_RETRY)
		drop_parts(job->answer);
	job->answer->message.verb = verb_of(result);
	Referat__Wire__Item *item = answer_of(job);
	if (result == REFERAT_YIELD) {
		item->has_yield = item->yield = true;
		item->destination = rf_strdup(rf_job_stage(job));
	}
	if (verb_of(result) == RF_VERB_RETRY)
		rf_log(RF_LOG_INFO, job->item->document, "%s: later again: %s", rf_job_stage(job), item->reason->text);
}

/* The task can't be worked on while a part of it can't be had. */
static int job_init(struct rf_job *job, struct rf_worker *worker, struct rf_parcel *task, enum referat_result *result)
{
	*job = (struct rf_job){
	    .worker = worker,
	    .item = rf_parcel_item(task),
	    .answer = rf_parcel_new(RF_VERB_DONE, rf_parcel_item(task)->token),
	};
	struct rf_error error;
	int opened = open_parts(job, task, &error);
	if (opened)
		*result = rf_job_because(job, REFERAT_RETRY, "blob", "%s", error.text);
	return opened;
}

/* Returns the answer; NULL: none is wanted. */
static struct rf_parcel *job_end(struct rf_job *job, enum referat_result result)
{
	seal(job, result);
	for (size_t i = 0; i < job->n_kept; i++)
		free(job->kept[i]);
	free(job->kept);
	free(job->parts);
	for (size_t i = 0; i < job->n_blobs; i++)
		rf_blob_close(&job->blobs[i]);
	free(job->blobs);
	if (job->taken_back)
		rf_parcel_free(rf_steal(job->answer));
	return job->answer;
}

/* Those that can be worked on, together or one. */
static void work(const struct rf_stage_program *program, struct rf_job *const *jobs, size_t n,
		 enum referat_result *results)
{
	if (program->work_together && n > 0)
		program->work_together(jobs, n, results);
	for (size_t i = 0; i < n && !program->work_together; i++)
		results[i] = program->work(jobs[i]);
}

void rf_jobs_do(struct rf_worker *worker, struct rf_parcel *const *tasks, size_t n)
{
	struct rf_job jobs[RF_HANDOVER_TOGETHER];
	struct rf_job *ready[RF_HANDOVER_TOGETHER];
	enum referat_result unready[RF_HANDOVER_TOGETHER] = {REFERAT_OK};
	enum referat_result results[RF_HANDOVER_TOGETHER] = {REFERAT_OK};
	struct rf_parcel *answers[RF_HANDOVER_TOGETHER];
	size_t n_ready = 0;
	rf_handover_start(worker->handover);
	rf_fault_point("task-begun");
	for (size_t i = 0; i < n; i++)
		if (job_init(&jobs[i], worker, tasks[i], &unready[i]) == 0)
			ready[n_ready++] = &jobs[i];
	work(worker->program, ready, n_ready, results);
	for (size_t i = 0, next = 0; i < n; i++) {
		bool was_ready = next < n_ready && ready[next] == &jobs[i];
		answers[i] = job_end(&jobs[i], was_ready ? results[next++] : unready[i]);
	}
	rf_fault_point("task-worked");
	rf_handover_finish(worker->handover, tasks, answers, n);
}
