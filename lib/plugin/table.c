/* The functions behind struct referat_host: what a plugin reaches the host by. Nothing a plugin gives is believed:
 * texts may be NULL, and structs may be shorter than ours. */
#include "plugin/call.h"

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/http.h"
#include "plugin/media.h"
#include "plugin/secret.h"

#include <string.h>

static struct rf_call *inside(struct referat_call *face)
{
	return face->data;
}

/* Copies what both sides know of a struct; the rest reads as zero. */
static void copy_known(void *to, size_t to_size, const void *from, size_t from_size)
{
	memset(to, 0, to_size);
	memcpy(to, from, to_size < from_size ? to_size : from_size);
}

static void *host_alloc(struct referat_call *face, size_t size)
{
	return rf_arena_alloc(&inside(face)->arena, size);
}

static const char *secret_value(struct rf_call *call, const char *name)
{
	char *value = NULL;
	struct rf_error error = {0};
	if (rf_secret_read(call->plugin->host->secrets, name, &value, &error)) {
		call->locked = rf_arena_text(&call->arena, error.text);
		return "";
	}
	const char *copy = rf_arena_text(&call->arena, value);
	rf_secret_forget(value);
	return copy;
}

const char *rf_call_option(struct rf_call *call, const char *name)
{
	const struct rf_named *setting = name ? rf_names_find(&call->plugin->settings, name) : NULL;
	if (!setting || !setting->value[0])
		return "";
	return setting->secret ? secret_value(call, setting->value) : setting->value;
}

static const char *host_option(struct referat_call *face, const char *name)
{
	return rf_call_option(inside(face), name);
}

static const char *host_get(struct referat_call *face, const char *name)
{
	return name ? rf_call_value(inside(face), name) : "";
}

static void host_set(struct referat_call *face, const char *name, const char *value)
{
	rf_call_add_attribute(inside(face), name, value);
}

static struct referat_bytes host_part(struct referat_call *face, const char *name)
{
	struct rf_call *call = inside(face);
	struct referat_bytes publisher = call->plugin->host->publisher;
	if (name && !strcmp(name, "publisher") && !rf_call_input(call, name) && publisher.data)
		return (struct referat_bytes){
		    (const uint8_t *)rf_arena_copy(&call->arena, publisher.data, publisher.size), publisher.size};
	return name ? rf_call_input_bytes(call, name) : (struct referat_bytes){0};
}

static void host_add_part(struct referat_call *face, const char *name, const char *type, const void *data, size_t size)
{
	rf_call_add_output(inside(face), name, type, data ? data : "", data ? size : 0);
}

static struct referat_bytes host_rendition(struct referat_call *face, const char *type)
{
	return type ? rf_call_rendition(inside(face), type) : (struct referat_bytes){0};
}

static const char *host_text(struct referat_call *face, const char *key)
{
	const char *text = key ? rf_call_text(inside(face), key) : "";
	return text ? text : rf_arena_text(&inside(face)->arena, key);
}

static struct referat_bytes host_data_file(struct referat_call *face, const char *name)
{
	return rf_call_data_file(inside(face), name);
}

static void host_reason(struct referat_call *face, const char *text)
{
	rf_call_set_reason(inside(face), text);
}

static void host_finding(struct referat_call *face, const char *rule, enum referat_severity severity,
			 const struct referat_place *place, size_t place_size, const char *text)
{
	struct referat_place known = REFERAT_NOWHERE;
	if (place)
		memcpy(&known, place, place_size < sizeof known ? place_size : sizeof known);
	rf_call_add_finding(inside(face), rule, severity, known, text);
}

static void host_published(struct referat_call *face, const char *remote_id, const char *url,
			   const char *remote_revision)
{
	rf_call_set_published(inside(face), remote_id, url, remote_revision);
}

static void host_recipient(struct referat_call *face, const char *address)
{
	rf_call_add_recipient(inside(face), address);
}

enum referat_result rf_call_submit(struct rf_call *call, const struct referat_submission *submission)
{
	const struct rf_host *host = call->plugin->host;
	if (!submission->key || !submission->key[0] || (!submission->path && !submission->data.data)) {
		rf_call_set_fault(call, "submitted a document without a key, or without data and path");
		return REFERAT_FAIL;
	}
	struct referat_submission whole = *submission;
	if (!whole.name)
		whole.name = whole.key;
	if (!whole.type)
		whole.type = rf_media_type(whole.name);
	return host->submit ? host->submit(host->context, &whole) : REFERAT_FAIL;
}

static enum referat_result host_submit(struct referat_call *face, const struct referat_submission *submission,
				       size_t size)
{
	struct referat_submission known;
	copy_known(&known, sizeof known, submission, size);
	return rf_call_submit(inside(face), &known);
}

static void host_http(struct referat_call *face, const struct referat_http *request, size_t size,
		      struct referat_answer *answer, size_t answer_size)
{
	struct rf_call *call = inside(face);
	struct referat_http known;
	copy_known(&known, sizeof known, request, size);
	struct referat_answer full = rf_call_http(call, &known);
	copy_known(answer, answer_size, &full, sizeof full);
}

static int64_t host_now(struct referat_call *face)
{
	return rf_clock_wall(inside(face)->plugin->host->clock);
}

static int64_t host_monotonic(struct referat_call *face)
{
	return rf_clock_monotonic(inside(face)->plugin->host->clock);
}

static void host_progress(struct referat_call *face)
{
	const struct rf_host *host = inside(face)->plugin->host;
	if (host->progress)
		host->progress(host->context);
}

static bool host_stopping(struct referat_call *face)
{
	const struct rf_host *host = inside(face)->plugin->host;
	return host->stopping && host->stopping(host->context);
}

static void host_log(struct referat_call *face, enum referat_level level, const char *message)
{
	static const enum rf_log_level levels[] = {RF_LOG_ERROR, RF_LOG_WARNING, RF_LOG_INFO, RF_LOG_DEBUG};
	const struct rf_call *call = inside(face);
	const struct rf_named *id = rf_names_find(&call->values, "id");
	size_t at = (size_t)level < RF_COUNT(levels) ? (size_t)level : RF_LOG_INFO;
	rf_log(levels[at], id ? id->value : NULL, "%s: %s", call->plugin->descriptor.name, message ? message : "");
}

static void host_refused(struct referat_call *face)
{
	inside(face)->refused = true;
}

static void host_later(struct referat_call *face, int64_t at_us)
{
	inside(face)->later_us = at_us;
}

const struct referat_host rf_host_table = {
    .struct_size = sizeof(struct referat_host),
    .abi_major = REFERAT_ABI_MAJOR,
    .abi_minor = REFERAT_ABI_MINOR,
    .alloc = host_alloc,
    .option = host_option,
    .get = host_get,
    .set = host_set,
    .part = host_part,
    .add_part = host_add_part,
    .rendition = host_rendition,
    .text = host_text,
    .data_file = host_data_file,
    .reason = host_reason,
    .finding = host_finding,
    .published = host_published,
    .recipient = host_recipient,
    .submit = host_submit,
    .http = host_http,
    .now = host_now,
    .monotonic = host_monotonic,
    .progress = host_progress,
    .stopping = host_stopping,
    .log = host_log,
    .refused = host_refused,
    .later = host_later,
};
