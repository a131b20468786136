/* Findings: the place that a check gives as numbers becomes words that a publisher finds it by. */
#include "plugin/call.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"

#include <string.h>

enum { FINDINGS_MOST = 1000, TEXT_MOST = 4000 };

static const Referat__Document *document_of(struct rf_call *call)
{
	if (!call->document_read) {
		call->document_read = true;
		const struct rf_input *input = rf_call_input(call, "document");
		ProtobufCMessage *message = NULL;
		if (input &&
		    !rf_unpack(&referat__document__descriptor, input->bytes.data, input->bytes.size, &message, NULL))
			call->document = (Referat__Document *)message;
	}
	return call->document;
}

static const Referat__Item *item_at(const Referat__Document *document, int32_t index)
{
	return document && index >= 0 && (size_t)index < document->n_items ? document->items[index] : NULL;
}

static const Referat__Block *block_at(const Referat__Document *document, struct referat_place place)
{
	if (!document || place.block < 0)
		return NULL;
	const Referat__Item *item = item_at(document, place.item);
	size_t n = item ? item->n_blocks : place.item < 0 ? document->n_lead : 0;
	Referat__Block **blocks = item ? item->blocks : document->lead;
	return (size_t)place.block < n ? blocks[place.block] : NULL;
}

/* Where it stands in the source; 0: not known. */
struct source_place {
	const char *part; /* NULL: not known, or the only one */
	uint32_t line, page;
};

/* From the block, or the item, where the check did not give the line. */
static struct source_place source_of(const Referat__Document *document, struct referat_place place)
{
	if (place.line > 0)
		return (struct source_place){.line = (uint32_t)place.line,
					     .page = place.page > 0 ? (uint32_t)place.page : 0};
	const Referat__Block *block = block_at(document, place);
	const Referat__Item *item = item_at(document, place.item);
	const Referat__Place *from = block ? block->place : item ? item->heading_place : NULL;
	return (struct source_place){.part = from ? from->part : NULL,
				     .line = from && from->has_line ? from->line : 0,
				     .page = from && from->has_page ? from->page : 0};
}

/* Appends the text of the language file with its one {{name}} replaced. */
static void add_words(struct rf_call *call, struct rf_buffer *out, const char *key, const char *name, const char *value)
{
	const char *text = rf_call_text(call, key);
	rf_autofree char *mark = rf_format("{{%s}}", name);
	const char *at = text ? strstr(text, mark) : NULL;
	if (!at)
		return;
	if (out->size)
		rf_buffer_add_text(out, ", ");
	rf_buffer_add(out, text, (size_t)(at - text));
	rf_buffer_add_text(out, value);
	rf_buffer_add_text(out, at + strlen(mark));
}

/* What people call the file that a part lies in, of a document that has several; NULL: it has one. */
static const char *file_of(struct rf_call *call, const char *part)
{
	if (!part || !*rf_call_value(call, "piece.order"))
		return NULL;
	const char *piece = strchr(part, '/');
	const char *name = rf_call_value(call, piece ? rf_arena_format(&call->arena, "name.%s", piece + 1) : "name");
	return *name ? name : NULL;
}

static char *in_words(struct rf_call *call, const Referat__Document *document, struct referat_place place,
		      struct source_place source, const char *text)
{
	rf_autobuffer struct rf_buffer where = RF_BUFFER_INIT;
	const Referat__Item *item = item_at(document, place.item);
	if (item && item->number)
		add_words(call, &where, "host.place.item", "number", item->number);
	if (source.page) {
		rf_autofree char *number = rf_format("%u", (unsigned)source.page);
		add_words(call, &where, "host.place.page", "page", number);
	}
	if (source.line) {
		rf_autofree char *number = rf_format("%u", (unsigned)source.line);
		add_words(call, &where, "host.place.line", "line", number);
	}
	const char *file = file_of(call, source.part);
	if (file)
		add_words(call, &where, "host.place.file", "file", file);
	if (!where.size)
		return rf_arena_text(&call->arena, text);
	return rf_arena_format(&call->arena, "%s (%s)", text, where.data);
}

static Referat__Place *as_message(struct rf_call *call, struct referat_place place, struct source_place source)
{
	if (place.item < 0 && place.block < 0 && !source.line)
		return NULL;
	Referat__Place *message = rf_arena_alloc(&call->arena, sizeof *message);
	referat__place__init(message);
	bool in_document = place.item >= 0 || place.block >= 0;
	message->part = rf_arena_text(&call->arena, in_document ? "document" : source.part ? source.part : "source");
	message->has_item = place.item >= 0;
	message->item = place.item >= 0 ? (uint32_t)place.item : 0;
	message->has_block = place.block >= 0;
	message->block = place.block >= 0 ? (uint32_t)place.block : 0;
	message->has_line = source.line > 0;
	message->line = source.line;
	message->has_page = source.page > 0;
	message->page = source.page;
	message->has_start = message->has_end = place.start >= 0 && place.end >= place.start;
	message->start = message->has_start ? (uint32_t)place.start : 0;
	message->end = message->has_end ? (uint32_t)place.end : 0;
	return message;
}

static bool is_good(struct rf_call *call, const char *rule, enum referat_severity severity, const char *text)
{
	if (!rule || !rule[0] || !text || strlen(rule) > 255 || strlen(text) > TEXT_MOST ||
	    !rf_text_is_utf8(rule, strlen(rule)) || !rf_text_is_utf8(text, strlen(text))) {
		rf_call_set_fault(call, "reported a finding whose rule or text is missing, too long or not UTF-8");
		return false;
	}
	if (severity < REFERAT_NOTE || severity > REFERAT_FORBIDDEN) {
		rf_call_set_fault(call, "reported a finding of severity %d, which is none", (int)severity);
		return false;
	}
	return true;
}

/* Beyond the bound further findings say nothing new: the document is held or not by those that are there. The most
 * severe is never the one that is left out. */
static Referat__Finding *slot_for(struct rf_call *call, enum referat_severity severity)
{
	if (call->n_findings < FINDINGS_MOST) {
		call->findings = rf_realloc_array(call->findings, call->n_findings + 1, sizeof *call->findings);
		return &call->findings[call->n_findings++];
	}
	Referat__Finding *last = &call->findings[call->n_findings - 1];
	return (int)severity > (int)last->severity ? last : NULL;
}

void rf_call_add_finding(struct rf_call *call, const char *rule, enum referat_severity severity,
			 struct referat_place place, const char *text)
{
	if (!is_good(call, rule, severity, text))
		return;
	Referat__Finding *finding = slot_for(call, severity);
	if (!finding)
		return;
	const Referat__Document *document = document_of(call);
	struct source_place source = source_of(document, place);
	referat__finding__init(finding);
	finding->rule = rf_arena_text(&call->arena, rule);
	finding->has_severity = true;
	finding->severity = (Referat__Severity)severity;
	finding->text = in_words(call, document, place, source, text);
	finding->place = as_message(call, place, source);
}
