#include "stage/source.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "stage/blob.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_KEY = 512, MOST_NAME = 512, MIB = 1024 * 1024 };

/* Adds to what is complained of in this look. */
static void complain(struct rf_worker *worker, const char *text)
{
	const char *before = worker->complaining;
	char *longer = before ? rf_format("%s; %s", before, text) : rf_strdup(text);
	free(worker->complaining);
	worker->complaining = longer;
}

/* Says what is wrong when it is not what was wrong the last time, and when all is well again. */
static void say_complaint(struct rf_worker *worker)
{
	const char *now = worker->complaining, *before = worker->complaint;
	if (now && (!before || strcmp(now, before) != 0))
		rf_log(RF_LOG_ERROR, NULL, "%s", now);
	else if (now)
		rf_log(RF_LOG_DEBUG, NULL, "the sources still can't be looked into");
	else if (before)
		rf_log(RF_LOG_INFO, NULL, "the sources can be looked into again");
	free(worker->complaint);
	worker->complaint = rf_steal(worker->complaining);
}

enum rf_look rf_sources_look(struct rf_worker *worker)
{
	enum rf_look looked = RF_LOOK_ALL;
	for (size_t i = 0; i < worker->n_plugins; i++) {
		const struct referat_plugin *descriptor = rf_plugin_descriptor(worker->plugins[i]);
		if (descriptor->kind != REFERAT_SOURCE)
			continue;
		worker->source = descriptor->name;
		struct rf_call *call = rf_call_new();
		rf_call_set_value(call, "stage", rf_worker_config(worker)->name);
		rf_call_set_value(call, "state", rf_worker_config(worker)->state);
		enum referat_result result = rf_worker_run(worker, call, worker->plugins[i], descriptor->run);
		if (result == REFERAT_FAIL || result == REFERAT_YIELD) {
			rf_autofree char *text = rf_format("%s: %s", descriptor->name, rf_call_reason(call));
			complain(worker, text);
		}
		if (result == REFERAT_YIELD)
			looked = RF_LOOK_SHUT;
		else if (result == REFERAT_RETRY && looked == RF_LOOK_ALL)
			looked = RF_LOOK_SOME;
		rf_call_free(call);
		worker->source = NULL;
	}
	say_complaint(worker);
	return looked;
}

/* ---- submitting ----------------------------------------------------------------------------------------------------
 */

static void add_attribute(Referat__Wire__Item *item, const char *name, const char *value)
{
	Referat__Wire__Attribute *attribute = rf_alloc(sizeof *attribute);
	referat__wire__attribute__init(attribute);
	attribute->name = rf_strdup(name);
	attribute->value = rf_strdup(value);
	RF_WIRE_ADD(item->attributes, item->n_attributes, attribute);
}

static bool is_text(const char *text, size_t most)
{
	return text && *text && strlen(text) <= most && rf_text_is_utf8(text, strlen(text));
}

/* The two below return 0; NOT_NOW when the broker takes the bytes no more, for the disk may be full, or when the file
 * is being changed; < 0 when it never will. */
enum { NOT_NOW = 10 /* none of files.h */ };

static int add_bytes(struct rf_worker *worker, struct rf_message *put, const char *type, struct rf_frame bytes,
		     struct rf_error *error)
{
	return rf_blob_add_part(worker, put, "source", type, bytes, error) ? NOT_NOW : 0;
}

/* A large file goes to the broker as it is read: no more than pieces of it are in memory. */
static int add_large_file(struct rf_worker *worker, struct rf_message *put, const char *type, const char *path,
			  struct rf_error *error)
{
	int fd;
	uint64_t size;
	int result = rf_file_open(path, &fd, &size, error);
	if (result)
		return result;
	if (size > RF_WIRE_MOST_SOURCE)
		result = rf_error_set(error, "more than %d MiB", RF_WIRE_MOST_SOURCE / MIB);
	else
		result = rf_blob_add_file(worker, put, "source", type, fd, size, error) ? NOT_NOW : 0;
	close(fd);
	return result;
}

static int add_file(struct rf_worker *worker, struct rf_message *put, const char *type, const char *path,
		    struct rf_error *error)
{
	char *data;
	size_t size;
	int result = rf_file_read(path, rf_blob_threshold(worker), &data, &size, error);
	if (result == 0)
		return add_bytes(worker, put, type, rf_frame_adopt(data, size), error);
	if (result == RF_FILE_TOO_LARGE)
		result = add_large_file(worker, put, type, path, error);
	return result == RF_FILE_MISSING ? rf_error_set(error, "the file is gone") : result;
}

static int prepare(struct rf_worker *worker, const struct referat_submission *submission, struct rf_message *put,
		   struct rf_error *error)
{
	if (!is_text(submission->key, MOST_KEY))
		return rf_error_set(error, "the key is empty, longer than %d bytes, or not UTF-8", MOST_KEY);
	if (!submission->data.data && !submission->path)
		return rf_error_set(error, "neither bytes nor a file");
	*put = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(put);
	item->source_key = rf_format("%s:%s", worker->source, submission->key);
	if (is_text(submission->name, MOST_NAME))
		add_attribute(item, "name", submission->name);
	const char *type = is_text(submission->type, MOST_NAME) ? submission->type : "application/octet-stream";
	if (!submission->data.data)
		return add_file(worker, put, type, submission->path, error);
	return add_bytes(worker, put, type, rf_frame_copy(submission->data.data, submission->data.size), error);
}

static enum referat_result outcome_of(const Referat__Wire__Item *ack, const char *name)
{
	switch (ack->outcome) {
	case REFERAT__WIRE__OUTCOME__ACCEPTED:
	case REFERAT__WIRE__OUTCOME__DUPLICATE:
		return REFERAT_OK;
	case REFERAT__WIRE__OUTCOME__FULL:
		return REFERAT_RETRY;
	default:
		rf_log(RF_LOG_ERROR, ack->document, "%s was refused: %s", name,
		       ack->reason && ack->reason->text ? ack->reason->text : "no reason");
		return REFERAT_FAIL;
	}
}

/* Returns the result; the question is what was sent, and the answer. */
static enum referat_result put(struct rf_worker *worker, const struct referat_submission *submission, const char *name,
			       struct rf_question *question)
{
	struct rf_error error;
	int prepared = prepare(worker, submission, &question->message, &error);
	if (prepared) {
		if (rf_handover_stopping(worker->handover))
			return REFERAT_RETRY;
		if (prepared == NOT_NOW) {
			rf_autofree char *text = rf_format("%s waits: %s", name, error.text);
			complain(worker, text);
			return REFERAT_RETRY;
		}
		rf_log(RF_LOG_ERROR, NULL, "%s can't be submitted: %s", name, error.text);
		return REFERAT_FAIL;
	}
	rf_fault_point("before-put");
	if (rf_handover_ask(worker->handover, question))
		return REFERAT_RETRY;
	rf_fault_point("after-put");
	return outcome_of(question->answer.header->items[question->item], name);
}

enum referat_result rf_source_submit(struct rf_worker *worker, const struct referat_submission *submission)
{
	if (!worker->source)
		return REFERAT_FAIL; /* a plugin of another kind */
	const char *name = submission->name ? submission->name : submission->key;
	struct rf_question question = {.kind = RF_QUESTION_REF};
	rf_handover_set_busy(worker->handover, false); /* the broker's time is not the plugin's */
	enum referat_result result = put(worker, submission, name ? name : "a document", &question);
	rf_handover_set_busy(worker->handover, true);
	rf_message_deinit(&question.message);
	rf_message_deinit(&question.answer);
	return result;
}
