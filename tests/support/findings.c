#include "tests/support/findings.h"

#include "base/memory.h"
#include "document/unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add_block(struct sheet *sheet, size_t index, const char *text)
{
	Referat__Block *block = &sheet->blocks[index];
	referat__block__init(block);
	block->has_kind = true;
	block->kind = REFERAT__BLOCK_KIND__PARAGRAPH;
	block->text = (char *)text;
	block->spans = sheet->span_list[index];
	sheet->block_list[index] = block;
	sheet->item.n_blocks = index + 1;
}

void sheet_init(struct sheet *sheet, const char *heading, const char *first, const char *second)
{
	referat__document__init(&sheet->document);
	referat__item__init(&sheet->item);
	sheet->item.heading = (char *)heading;
	sheet->item.blocks = sheet->block_list;
	sheet->items[0] = &sheet->item;
	sheet->document.items = sheet->items;
	sheet->document.n_items = 1;
	add_block(sheet, 0, first);
	if (second)
		add_block(sheet, 1, second);
}

void sheet_meet(struct sheet *sheet, const char *day)
{
	referat__meeting__init(&sheet->meeting);
	referat__day__init(&sheet->day);
	sheet->day.date = (char *)day;
	sheet->meeting.day = &sheet->day;
	sheet->document.meeting = &sheet->meeting;
}

void sheet_link(struct sheet *sheet, size_t paragraph, const char *label, const char *href)
{
	Referat__Block *block = &sheet->blocks[paragraph];
	assert_true(block->n_spans < RF_COUNT(sheet->spans[0]));
	const char *found = strstr(block->text, label);
	assert_non_null(found);
	Referat__Span *span = &sheet->spans[paragraph][block->n_spans];
	referat__span__init(span);
	span->has_kind = span->has_start = span->has_end = true;
	span->kind = REFERAT__SPAN_KIND__LINK;
	span->start = (uint32_t)(found - block->text);
	span->end = span->start + (uint32_t)strlen(label);
	span->href = (char *)href;
	sheet->span_list[paragraph][block->n_spans++] = span;
}

void assert_finds(struct test_plugin *check, const struct sheet *sheet, const char *rule, Referat__Severity severity,
		  const char *text)
{
	Referat__Findings *findings = test_check(check, &sheet->document);
	if (!findings) {
		fail_msg("%s was not found", rule);
		return;
	}
	for (size_t i = 1; i < findings->n_findings; i++)
		print_message("besides: %s\n", findings->findings[i]->text);
	assert_string_equal(findings->findings[0]->text, text);
	assert_string_equal(findings->findings[0]->rule, rule);
	assert_int_equal(findings->findings[0]->severity, severity);
	assert_int_equal(findings->n_findings, 1);
	rf_unpack_free(&findings->base);
}

void assert_finds_nothing(struct test_plugin *check, const struct sheet *sheet)
{
	Referat__Findings *findings = test_check(check, &sheet->document);
	if (findings)
		fail_msg("found: %s", findings->findings[0]->text);
}
