#include "tests/support/record.h"

#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *name_of(const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
	return found ? found->name : "?";
}

static void describe_spans(FILE *out, const Referat__Block *block)
{
	for (size_t i = 0; i < block->n_spans; i++) {
		const Referat__Span *span = block->spans[i];
		fprintf(out, "    %s \"%.*s\"%s%s\n", name_of(&referat__span_kind__descriptor, span->kind),
			(int)(span->end - span->start), block->text + span->start, span->href ? " " : "",
			span->href ? span->href : "");
	}
}

/* A paragraph is told of only when there is something to tell. */
static void describe_block(FILE *out, const Referat__Block *block)
{
	if (block->kind != REFERAT__BLOCK_KIND__PARAGRAPH) {
		fprintf(out, "    %s", name_of(&referat__block_kind__descriptor, block->kind));
		if (block->level > 1)
			fprintf(out, " %u", block->level);
		fprintf(out, " %s\n", block->text);
	}
	describe_spans(out, block);
}

static void describe_decision(FILE *out, const Referat__Decision *decision)
{
	fprintf(out, "    %s block %u: %s\n",
		decision->has_outcome ? name_of(&referat__outcome__descriptor, decision->outcome) : "-",
		decision->place->block, decision->text);
	if (decision->by_reference)
		fprintf(out, "      by reference: %s\n", decision->resolved_text ? decision->resolved_text : "-");
	if (decision->resolved_clause)
		fprintf(out, "      which is: %s\n", decision->resolved_clause);
}

static void describe_item(FILE *out, const Referat__Item *item)
{
	fprintf(out, "  item %s%s%s%s%s: %zu blocks%s\n", item->number ? item->number : "", item->number ? " " : "",
		item->heading, item->case_number ? ", dnr " : "", item->case_number ? item->case_number : "",
		item->n_blocks, item->sureness == REFERAT__SURENESS__DOUBTFUL ? ", doubtful" : "");
	for (size_t i = 0; i < item->n_blocks; i++)
		describe_block(out, item->blocks[i]);
	for (size_t i = 0; i < item->n_decisions; i++)
		describe_decision(out, item->decisions[i]);
}

char *test_record(const Referat__Document *document)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	const Referat__Day *day = document->meeting ? document->meeting->day : NULL;
	fprintf(out, "%s: %s\n", name_of(&referat__kind__descriptor, document->kind), document->title);
	fprintf(out, "board %s\n", document->board ? document->board->name : "-");
	fprintf(out, "day %s %s%s\n", day ? day->date : "-",
		day ? name_of(&referat__sureness__descriptor, day->sureness) : "",
		document->meeting && document->meeting->extra ? ", extra" : "");
	for (size_t i = 0; i < document->n_lead; i++) {
		fprintf(out, "lead %s\n", document->lead[i]->text);
		describe_spans(out, document->lead[i]);
	}
	for (size_t i = 0; i < document->n_items; i++)
		describe_item(out, document->items[i]);
	for (size_t i = 0; i < document->n_notices; i++) {
		const Referat__Notice *notice = document->notices[i];
		fprintf(out, "%s %s", notice->before_items ? "before" : "after",
			name_of(&referat__notice_role__descriptor, notice->role));
		for (size_t k = 0; k < notice->n_blocks; k++)
			fprintf(out, " | %s", notice->blocks[k]->text);
		fprintf(out, "\n");
		for (size_t k = 0; k < notice->n_blocks; k++)
			describe_spans(out, notice->blocks[k]);
	}
	if (document->correction)
		fprintf(out, "correction %s: %s\n", document->correction->date, document->correction->note);
	fclose(out);
	return text;
}

void test_record_golden(struct test_plugin *reader, const char *sample, const char *golden)
{
	struct referat_bytes source = test_sample_bytes(sample);
	Referat__Document *document = test_read(reader, source);
	free((void *)source.data);
	assert_non_null(document);
	rf_autofree char *record = test_record(document);
	rf_unpack_free(&document->base);
	test_golden(golden, record, strlen(record));
}
