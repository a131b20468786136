/* Unpacking: what is good comes through, everything else is refused with a reason and without a leak. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int unpack(const void *data, size_t size, struct rf_error *error)
{
	ProtobufCMessage *message = NULL;
	int result = rf_unpack(&referat__document__descriptor, data, size, &message, error);
	rf_unpack_free(message);
	return result;
}

/* A document with two items, packed. */
static size_t sample(uint8_t **data)
{
	Referat__Place place = REFERAT__PLACE__INIT;
	place.has_line = 1;
	place.line = 7;
	Referat__Block block = REFERAT__BLOCK__INIT;
	block.text = (char *)"Nämnden beslutar att godkänna förslaget.";
	block.has_kind = 1;
	block.kind = REFERAT__BLOCK_KIND__PARAGRAPH;
	block.place = &place;
	Referat__Block *blocks[] = {&block, &block};
	Referat__Item item = REFERAT__ITEM__INIT;
	item.number = (char *)"§ 54";
	item.heading = (char *)"Detaljplan";
	item.n_blocks = RF_COUNT(blocks);
	item.blocks = blocks;
	Referat__Item *items[] = {&item, &item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.title = (char *)"Protokoll";
	document.n_items = RF_COUNT(items);
	document.items = items;
	return rf_pack(&document.base, data);
}

static void a_message_comes_through(void **state)
{
	(void)state;
	rf_autofree uint8_t *data = NULL;
	size_t size = sample(&data);
	ProtobufCMessage *message = NULL;
	assert_int_equal(rf_unpack(&referat__document__descriptor, data, size, &message, NULL), 0);
	const Referat__Document *document = (const Referat__Document *)message;
	assert_int_equal(document->n_items, 2);
	assert_string_equal(document->items[1]->number, "§ 54");
	assert_int_equal(document->items[1]->blocks[0]->place->line, 7);
	rf_unpack_free(message);
}

static void nothing_is_an_empty_message(void **state)
{
	(void)state;
	assert_int_equal(unpack(NULL, 0, NULL), 0);
	rf_unpack_free(NULL);
}

static void a_text_with_a_nul_inside_is_refused(void **state)
{
	(void)state;
	static const uint8_t data[] = {0x1a, 0x03, 'a', 0x00, 'b'}; /* title */
	struct rf_error error = {{0}};
	assert_int_equal(unpack(data, sizeof data, &error), -1);
	assert_non_null(strstr(error.text, "title"));
}

static void a_text_that_is_not_utf8_is_refused_at_any_depth(void **state)
{
	(void)state;
	static const uint8_t data[] = {0x3a, 0x05, 0x1a, 0x03, 'a', 0xc3, 0x28}; /* items[0].heading */
	struct rf_error error = {{0}};
	assert_int_equal(unpack(data, sizeof data, &error), -1);
	assert_non_null(strstr(error.text, "heading"));
}

static void bytes_that_are_cut_off_or_damaged_are_refused(void **state)
{
	(void)state;
	static const uint8_t text[] = {0x1a, 0x05, 'a'};
	static const uint8_t length[] = {0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
	static const uint8_t endless[] = {0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
	static const uint8_t group[] = {0x0b, 0x0c};
	static const uint8_t field_zero[] = {0x82, 0x00, 0x00};
	assert_int_equal(unpack(text, sizeof text, NULL), -1);
	assert_int_equal(unpack(length, sizeof length, NULL), -1);
	assert_int_equal(unpack(endless, sizeof endless, NULL), -1);
	assert_int_equal(unpack(group, sizeof group, NULL), -1);
	assert_int_equal(unpack(field_zero, sizeof field_zero, NULL), -1);
}

static void an_unknown_field_is_kept_out_of_the_way(void **state)
{
	(void)state;
	static const uint8_t data[] = {0xfa, 0x7f, 0x02, 0xff, 0x00, 0x1a, 0x01, 'a'};
	assert_int_equal(unpack(data, sizeof data, NULL), 0);
}

static void a_size_over_the_bound_is_refused_before_it_is_read(void **state)
{
	(void)state;
	struct rf_error error = {{0}};
	assert_int_equal(unpack("", (size_t)RF_UNPACK_MOST + 1, &error), -1);
	assert_non_null(strstr(error.text, "more than"));
}

/* Two bytes make an item of two hundred: the budget stops it. */
static void bytes_that_ask_for_much_memory_are_refused(void **state)
{
	(void)state;
	enum { N = 100000 };
	rf_autofree uint8_t *data = rf_alloc(2 * (size_t)N);
	for (size_t i = 0; i < N; i++)
		data[2 * i] = 0x3a; /* an empty item */
	struct rf_error error = {{0}};
	assert_int_equal(unpack(data, 2 * (size_t)N, &error), -1);
	assert_non_null(strstr(error.text, "memory"));
}

/* A long list of short lines is what real minutes have: the budget leaves room for it. */
static void a_long_document_of_short_lines_is_accepted(void **state)
{
	(void)state;
	static const uint8_t block[] = {0x32, 0x0c, 0x08, 0x01, 0x1a, 0x02, 'J',
					'a',  0x2a, 0x04, 0x18, 0x07, 0x30, 0x01};
	rf_autobuffer struct rf_buffer data = RF_BUFFER_INIT;
	for (int i = 0; i < 50000; i++)
		rf_buffer_add(&data, block, sizeof block);
	assert_int_equal(unpack(data.data, data.size, NULL), 0);
}

/* Each copy of a message field is merged with those before: what that costs stays bounded. */
static void a_message_repeated_many_times_is_bounded(void **state)
{
	(void)state;
	enum { N = 20000 };
	static const uint8_t meeting[] = {0x2a, 0x03, 0x22, 0x01, 'x'};
	rf_autobuffer struct rf_buffer data = RF_BUFFER_INIT;
	for (int i = 0; i < N; i++)
		rf_buffer_add(&data, meeting, sizeof meeting);
	unpack(data.data, data.size, NULL); /* either is right, as long as it ends */
}

static void mutated_messages_never_crash(void **state)
{
	(void)state;
	rf_autofree uint8_t *data = NULL;
	size_t size = sample(&data);
	uint32_t random = 20240417;
	for (int round = 0; round < 5000; round++) {
		rf_autofree uint8_t *mutant = rf_memdup(data, size);
		for (int i = 0; i < 1 + round % 4; i++) {
			random = random * 1664525 + 1013904223;
			mutant[(random >> 8) % size] = (uint8_t)(random >> 24);
		}
		unpack(mutant, round % 3 ? size : (random >> 4) % size, NULL);
	}
}

static void random_bytes_never_crash(void **state)
{
	(void)state;
	uint32_t random = 7;
	for (int round = 0; round < 5000; round++) {
		uint8_t bytes[64];
		for (size_t i = 0; i < sizeof bytes; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(random >> 24);
		}
		unpack(bytes, sizeof bytes, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_message_comes_through),
	    cmocka_unit_test(nothing_is_an_empty_message),
	    cmocka_unit_test(a_text_with_a_nul_inside_is_refused),
	    cmocka_unit_test(a_text_that_is_not_utf8_is_refused_at_any_depth),
	    cmocka_unit_test(bytes_that_are_cut_off_or_damaged_are_refused),
	    cmocka_unit_test(an_unknown_field_is_kept_out_of_the_way),
	    cmocka_unit_test(a_size_over_the_bound_is_refused_before_it_is_read),
	    cmocka_unit_test(bytes_that_ask_for_much_memory_are_refused),
	    cmocka_unit_test(a_long_document_of_short_lines_is_accepted),
	    cmocka_unit_test(a_message_repeated_many_times_is_bounded),
	    cmocka_unit_test(mutated_messages_never_crash),
	    cmocka_unit_test(random_bytes_never_crash),
	};
	return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
