/* One call: what goes in and comes out, and its life. */
#include "plugin/call.h"

#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

enum {
	OUTPUTS_MOST = 64,
	ATTRIBUTES_MOST = 64,
	ATTRIBUTE_MOST = 4096,
	RECIPIENTS_MOST = 1000000,
	RECIPIENT_MOST = 1024,
	NAME_MOST = 255,
	REASON_MOST = 4000,
};

/* ---- names ------------------------------------------------------------------------------------------------------- */

void rf_names_deinit(struct rf_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		free(names->list[i].name);
		free(names->list[i].value);
	}
	free(names->list);
	*names = (struct rf_names){0};
}

struct rf_named *rf_names_find(const struct rf_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->list[i].name, name))
			return &names->list[i];
	return NULL;
}

void rf_names_set(struct rf_names *names, const char *name, const char *value)
{
	struct rf_named *named = rf_names_find(names, name);
	if (!named) {
		names->list = rf_realloc_array(names->list, names->n + 1, sizeof *names->list);
		named = &names->list[names->n++];
		*named = (struct rf_named){.name = rf_strdup(name)};
	}
	char *copy = rf_strdup(value ? value : "");
	free(named->value);
	named->value = copy;
}

/* ---- what goes in ------------------------------------------------------------------------------------------------ */

struct rf_call *rf_call_new(void)
{
	return rf_alloc(sizeof(struct rf_call));
}

/* Forgets what the last run left. */
static void reset(struct rf_call *call)
{
	free(call->outputs);
	free(call->attribute_names);
	free(call->attribute_values);
	free(call->recipients);
	free(call->findings);
	free((void *)call->packed_findings.data);
	rf_unpack_free((ProtobufCMessage *)call->card);
	rf_unpack_free((ProtobufCMessage *)call->document);
	rf_arena_clear(&call->arena);
	for (size_t i = 0; i < call->n_inputs; i++)
		call->inputs[i].copy = NULL;
	struct rf_names values = call->values;
	struct rf_input *inputs = call->inputs;
	size_t n_inputs = call->n_inputs;
	*call = (struct rf_call){.values = values, .inputs = inputs, .n_inputs = n_inputs};
}

void rf_call_free(struct rf_call *call)
{
	if (!call)
		return;
	reset(call);
	rf_names_deinit(&call->values);
	for (size_t i = 0; i < call->n_inputs; i++) {
		free(call->inputs[i].name);
		free(call->inputs[i].type);
	}
	free(call->inputs);
	free(call);
}

void rf_call_set_value(struct rf_call *call, const char *name, const char *value)
{
	rf_names_set(&call->values, name, value);
}

void rf_call_add_part(struct rf_call *call, const char *name, const struct rf_part_view *part)
{
	struct rf_input *input = (struct rf_input *)rf_call_input(call, name);
	if (input) {
		free(input->type);
	} else {
		call->inputs = rf_realloc_array(call->inputs, call->n_inputs + 1, sizeof *call->inputs);
		input = &call->inputs[call->n_inputs++];
		input->name = rf_strdup(name);
	}
	input->type = rf_strdup(part->type ? part->type : "");
	input->bytes = part->bytes;
	input->path = part->path;
	input->copy = NULL;
}

void rf_call_add_input(struct rf_call *call, const char *name, const char *type, struct referat_bytes bytes)
{
	rf_call_add_part(call, name, &(struct rf_part_view){.type = type, .bytes = bytes});
}

const struct rf_input *rf_call_input(const struct rf_call *call, const char *name)
{
	for (size_t i = 0; i < call->n_inputs; i++)
		if (!strcmp(call->inputs[i].name, name))
			return &call->inputs[i];
	return NULL;
}

/* The bytes that come from a stage are a frame: no NUL follows. So a plugin gets a copy, made when it asks. */
struct referat_bytes rf_call_input_bytes(struct rf_call *call, const char *name)
{
	struct rf_input *input = (struct rf_input *)rf_call_input(call, name);
	if (!input)
		return (struct referat_bytes){0};
	if (input->path)
		return input->bytes;
	if (!input->copy)
		input->copy = rf_arena_copy(&call->arena, input->bytes.data, input->bytes.size);
	return (struct referat_bytes){(const uint8_t *)input->copy, input->bytes.size};
}

/* ---- what comes out ---------------------------------------------------------------------------------------------- */

void rf_call_set_fault(struct rf_call *call, const char *format, ...)
{
	if (call->fault)
		return;
	va_list args;
	va_start(args, format);
	rf_autofree char *text = rf_vformat(format, args);
	va_end(args);
	call->fault = rf_arena_text(&call->arena, text);
}

static bool is_text(const char *text, size_t most)
{
	size_t size = strnlen(text, most + 1);
	return size <= most && rf_text_is_utf8(text, size);
}

static bool name_is_good(struct rf_call *call, const char *what, const char *name)
{
	if (name && name[0] && is_text(name, NAME_MOST))
		return true;
	rf_call_set_fault(call, "gave a %s without a good name (1 to %d bytes of UTF-8)", what, NAME_MOST);
	return false;
}

void rf_call_add_output(struct rf_call *call, const char *name, const char *type, const void *data, size_t size)
{
	if (!name_is_good(call, "part", name) || !name_is_good(call, "type of a part", type))
		return;
	if (size > RF_UNPACK_MOST) {
		rf_call_set_fault(call, "gave part '%s' of %zu bytes; at most %d", name, size, RF_UNPACK_MOST);
		return;
	}
	struct rf_part_view part = {.name = rf_arena_text(&call->arena, name),
				    .type = rf_arena_text(&call->arena, type),
				    .bytes = {(const uint8_t *)rf_arena_copy(&call->arena, data, size), size}};
	for (size_t i = 0; i < call->n_outputs; i++) {
		if (!strcmp(call->outputs[i].name, name)) {
			call->outputs[i] = part;
			return;
		}
	}
	if (call->n_outputs == OUTPUTS_MOST) {
		rf_call_set_fault(call, "gave more than %d parts", OUTPUTS_MOST);
		return;
	}
	call->outputs = rf_realloc_array(call->outputs, call->n_outputs + 1, sizeof *call->outputs);
	call->outputs[call->n_outputs++] = part;
}

void rf_call_add_attribute(struct rf_call *call, const char *name, const char *value)
{
	if (!name_is_good(call, "attribute", name))
		return;
	if (!value || !is_text(value, ATTRIBUTE_MOST)) {
		rf_call_set_fault(call, "gave attribute '%s' a value that is not at most %d bytes of UTF-8", name,
				  ATTRIBUTE_MOST);
		return;
	}
	const char *copy = rf_arena_text(&call->arena, value);
	for (size_t i = 0; i < call->n_attributes; i++) {
		if (!strcmp(call->attribute_names[i], name)) {
			call->attribute_values[i] = copy;
			return;
		}
	}
	if (call->n_attributes == ATTRIBUTES_MOST) {
		rf_call_set_fault(call, "gave more than %d attributes", ATTRIBUTES_MOST);
		return;
	}
	size_t n = call->n_attributes++;
	call->attribute_names = rf_realloc_array(call->attribute_names, n + 1, sizeof *call->attribute_names);
	call->attribute_values = rf_realloc_array(call->attribute_values, n + 1, sizeof *call->attribute_values);
	call->attribute_names[n] = rf_arena_text(&call->arena, name);
	call->attribute_values[n] = copy;
}

void rf_call_add_recipient(struct rf_call *call, const char *address)
{
	if (!address || !address[0] || !is_text(address, RECIPIENT_MOST)) {
		rf_call_set_fault(call, "named a recipient that is not 1 to %d bytes of UTF-8", RECIPIENT_MOST);
		return;
	}
	if (call->n_recipients == RECIPIENTS_MOST) {
		rf_call_set_fault(call, "named more than %d recipients", RECIPIENTS_MOST);
		return;
	}
	size_t n = call->n_recipients++;
	if ((n & (n - 1)) == 0) /* full: n is 0 or a power of two */
		call->recipients = rf_realloc_array(call->recipients, n ? n * 2 : 1, sizeof *call->recipients);
	call->recipients[n] = rf_arena_text(&call->arena, address);
}

void rf_call_set_reason(struct rf_call *call, const char *text)
{
	if (!text || !rf_text_is_utf8(text, strlen(text))) {
		rf_call_set_fault(call, "gave a reason that is not UTF-8");
		return;
	}
	size_t size = strlen(text);
	if (size > REASON_MOST) {
		size = REASON_MOST;
		while (((unsigned char)text[size] & 0xC0) == 0x80)
			size--;
	}
	call->reason = rf_arena_copy(&call->arena, text, size);
}

void rf_call_set_published(struct rf_call *call, const char *remote_id, const char *url, const char *remote_revision)
{
	const char *texts[] = {remote_id, url, remote_revision};
	for (size_t i = 0; i < RF_COUNT(texts); i++) {
		if (texts[i] && !is_text(texts[i], ATTRIBUTE_MOST)) {
			rf_call_set_fault(call, "reported an effect with a text that is not at most %d bytes of UTF-8",
					  ATTRIBUTE_MOST);
			return;
		}
	}
	call->published =
	    (struct rf_published){rf_arena_text(&call->arena, remote_id), rf_arena_text(&call->arena, url),
				  rf_arena_text(&call->arena, remote_revision)};
}

static Referat__Findings as_message(const struct rf_call *call, Referat__Finding **pointers)
{
	for (size_t i = 0; i < call->n_findings; i++)
		pointers[i] = &call->findings[i];
	Referat__Findings findings = REFERAT__FINDINGS__INIT;
	findings.n_findings = call->n_findings;
	findings.findings = pointers;
	return findings;
}

static void pack_findings(struct rf_call *call)
{
	if (!call->n_findings)
		return;
	rf_autofree Referat__Finding **pointers = rf_alloc(call->n_findings * sizeof(Referat__Finding *));
	Referat__Findings findings = as_message(call, pointers);
	uint8_t *data = NULL;
	size_t size = rf_pack(&findings.base, &data);
	call->packed_findings = (struct referat_bytes){data, size};
}

const char *rf_call_reason(const struct rf_call *call)
{
	return call->reason ? call->reason : "";
}

size_t rf_call_outputs(const struct rf_call *call, const struct rf_part_view **parts)
{
	*parts = call->outputs;
	return call->n_outputs;
}

size_t rf_call_attributes(const struct rf_call *call, const char *const **names, const char *const **values)
{
	*names = call->attribute_names;
	*values = call->attribute_values;
	return call->n_attributes;
}

size_t rf_call_recipients(const struct rf_call *call, const char *const **addresses)
{
	*addresses = call->recipients;
	return call->n_recipients;
}

bool rf_call_was_refused(const struct rf_call *call)
{
	return call->refused || call->locked;
}

int64_t rf_call_retry_after(const struct rf_call *call)
{
	return call->retry_after_us;
}

int64_t rf_call_later(const struct rf_call *call)
{
	return call->later_us;
}

struct rf_published rf_call_published(const struct rf_call *call)
{
	struct rf_published published = call->published;
	if (!published.remote_id)
		published = (struct rf_published){"", "", ""};
	return published;
}

struct referat_bytes rf_call_findings(const struct rf_call *call)
{
	return call->packed_findings;
}

/* ---- the call itself --------------------------------------------------------------------------------------------- */

/* What the plugin answered, corrected by what the host knows better. */
static enum referat_result settle(struct rf_call *call, enum referat_result result)
{
	const char *name = call->plugin->descriptor.name;
	if (result < REFERAT_OK || result > REFERAT_UNKNOWN)
		rf_call_set_fault(call, "returned %d, which is no result", (int)result);
	if (call->fault) {
		call->reason = rf_arena_format(&call->arena, "plugin %s broke a rule: it %s", name, call->fault);
		return REFERAT_FAIL;
	}
	if (result != REFERAT_OK && call->locked) {
		call->reason = call->locked;
		return REFERAT_YIELD;
	}
	bool wants_reason = result != REFERAT_OK && result != REFERAT_NOT_FOUND;
	if (wants_reason && !call->reason)
		call->reason = rf_arena_format(&call->arena, "plugin %s gave no reason", name);
	if (result != REFERAT_RETRY && result != REFERAT_YIELD && result != REFERAT_UNKNOWN)
		call->retry_after_us = 0;
	if (result != REFERAT_UNKNOWN)
		call->later_us = 0;
	return result;
}

enum referat_result rf_call_run(struct rf_call *call, struct rf_plugin *plugin, referat_function function)
{
	reset(call);
	call->plugin = plugin;
	if (!function) {
		call->reason = rf_arena_format(&call->arena, "plugin %s does not do this", plugin->descriptor.name);
		return REFERAT_FAIL;
	}
	call->face = (struct referat_call){sizeof call->face, &rf_host_table, plugin->state, call};
	enum referat_result result = function(&call->face);
	plugin->state = call->face.state;
	pack_findings(call);
	return settle(call, result);
}
