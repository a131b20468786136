/* For tests of checks: a small document to break a rule in, and what a check finds in it. */
#ifndef TESTS_SUPPORT_FINDINGS_H
#define TESTS_SUPPORT_FINDINGS_H

#include "tests/support/plugin.h"

/* A document with one item of two paragraphs. Stays where it is: its parts point to each other. */
struct sheet {
	Referat__Document document;
	Referat__Item item;
	Referat__Item *items[1];
	Referat__Block blocks[2];
	Referat__Block *block_list[2];
	Referat__Span spans[2][4];
	Referat__Span *span_list[2][4];
	Referat__Meeting meeting;
	Referat__Day day;
};

/* second may be NULL. The texts are borrowed. */
void sheet_init(struct sheet *sheet, const char *heading, const char *first, const char *second);

/* The day of the meeting, ISO. */
void sheet_meet(struct sheet *sheet, const char *day);

/* Makes the label, which stands in the paragraph, a link; href may be NULL. "": an empty label at the beginning. */
void sheet_link(struct sheet *sheet, size_t paragraph, const char *label, const char *href);

/* It finds one thing, which is this one, word for word. */
void assert_finds(struct test_plugin *check, const struct sheet *sheet, const char *rule, Referat__Severity severity,
		  const char *text);
void assert_finds_nothing(struct test_plugin *check, const struct sheet *sheet);

#endif
