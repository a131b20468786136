/* Messages: there and back; what is not one is refused with a reason, and frees all it was given. */
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rf_frame text_frame(const char *text)
{
	return rf_frame_copy(text, strlen(text));
}

static struct rf_message sample(void)
{
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	Referat__Wire__Item *item = rf_message_add_item(&message);
	item->document = rf_strdup("abcdefghij23");
	item->token = rf_alloc(sizeof *item->token);
	referat__wire__token__init(item->token);
	item->token->has_task = true;
	item->token->task = 5;
	rf_message_add_part(&message, "source", "text/plain", text_frame("Protokoll"));
	rf_message_add_part(&message, "document", "referat.document/1", text_frame(""));
	rf_message_add_item(&message);
	rf_message_add_part(&message, "source", "text/plain", text_frame("Kallelse"));
	return message;
}

/* The frames of a message as they would come off a socket. frames has room for all of them. */
static size_t frames_of(struct rf_message *message, struct rf_frame *frames)
{
	struct rf_error error = {{0}};
	if (rf_message_encode(message, frames, &error))
		fail_msg("%s", error.text);
	for (size_t i = 0; i < message->n_frames; i++)
		frames[2 + i] = rf_frame_copy(message->frames[i].data, message->frames[i].size);
	return 2 + message->n_frames;
}

static void a_message_goes_there_and_back(void **state)
{
	(void)state;
	struct rf_message message = sample();
	struct rf_frame frames[8];
	size_t n = frames_of(&message, frames);
	rf_message_deinit(&message);
	assert_int_equal(n, 5);
	assert_int_equal(rf_message_decode(frames, n, &message, NULL), 0);
	assert_int_equal(message.verb, RF_VERB_WORK);
	assert_int_equal(message.header->n_items, 2);
	assert_int_equal(message.header->items[0]->token->task, 5);
	assert_int_equal(message.header->items[0]->parts[0]->size, 9);
	assert_int_equal(message.n_frames, 3);
	assert_memory_equal(message.frames[2].data, "Kallelse", 8);
	rf_message_deinit(&message);
}

static void a_header_that_was_not_made_is_sent_empty(void **state)
{
	(void)state;
	struct rf_message message = {.verb = RF_VERB_PING};
	struct rf_frame frames[2];
	assert_int_equal(frames_of(&message, frames), 2);
	assert_int_equal(frames[1].size, 0);
	rf_message_deinit(&message);
	assert_int_equal(rf_message_decode(frames, 2, &message, NULL), 0);
	assert_non_null(message.header);
	rf_message_deinit(&message);
}

/* Changes the sample, then expects that decoding refuses it. */
static void refused(size_t (*change)(struct rf_frame *frames, size_t n), const char *why)
{
	struct rf_message message = sample();
	struct rf_frame frames[RF_WIRE_MOST_FRAMES + 1] = {{0}};
	size_t n = frames_of(&message, frames);
	rf_message_deinit(&message);
	n = change(frames, n);
	struct rf_error error = {{0}};
	assert_int_equal(rf_message_decode(frames, n, &message, &error), -1);
	if (!strstr(error.text, why))
		fail_msg("'%s' does not say '%s'", error.text, why);
}

static void replace(struct rf_frame *frame, const void *data, size_t size)
{
	rf_frame_deinit(frame);
	*frame = rf_frame_copy(data, size);
}

static size_t other_magic(struct rf_frame *frames, size_t n)
{
	replace(&frames[0], "XF\1\5", 4);
	return n;
}

static size_t other_version(struct rf_frame *frames, size_t n)
{
	replace(&frames[0], "RF\2\5", 4);
	return n;
}

static size_t no_verb(struct rf_frame *frames, size_t n)
{
	replace(&frames[0], "RF\1\0", 4);
	return n;
}

static size_t unknown_verb(struct rf_frame *frames, size_t n)
{
	replace(&frames[0], "RF\1\377", 4);
	return n;
}

static size_t long_frame_0(struct rf_frame *frames, size_t n)
{
	replace(&frames[0], "RF\1\5x", 5);
	return n;
}

static size_t large_header(struct rf_frame *frames, size_t n)
{
	rf_frame_deinit(&frames[1]);
	frames[1] = rf_frame_adopt(rf_alloc(RF_WIRE_MOST_HEADER + 1), RF_WIRE_MOST_HEADER + 1);
	return n;
}

static size_t large_frame(struct rf_frame *frames, size_t n)
{
	rf_frame_deinit(&frames[2]);
	frames[2] = rf_frame_adopt(rf_alloc(RF_WIRE_MOST_FRAME + 1), RF_WIRE_MOST_FRAME + 1);
	return n;
}

static size_t large_part(struct rf_frame *frames, size_t n)
{
	rf_frame_deinit(&frames[2]);
	frames[2] = rf_frame_adopt(rf_alloc(RF_WIRE_MOST_PART + 1), RF_WIRE_MOST_PART + 1);
	return n;
}

static size_t one_frame(struct rf_frame *frames, size_t n)
{
	for (size_t i = 1; i < n; i++)
		rf_frame_deinit(&frames[i]);
	n = 1;
	return n;
}

static size_t missing_frame(struct rf_frame *frames, size_t n)
{
	rf_frame_deinit(&frames[--n]);
	return n;
}

static size_t further_frame(struct rf_frame *frames, size_t n)
{
	frames[n++] = text_frame("more");
	return n;
}

static size_t far_too_many_frames(struct rf_frame *frames, size_t n)
{
	while (n < RF_WIRE_MOST_FRAMES + 1)
		frames[n++] = text_frame("");
	return n;
}

static size_t other_bytes(struct rf_frame *frames, size_t n)
{
	replace(&frames[2], "protokoll", 9);
	return n;
}

static size_t other_size(struct rf_frame *frames, size_t n)
{
	replace(&frames[2], "Protokoll.", 10);
	return n;
}

static size_t damaged_header(struct rf_frame *frames, size_t n)
{
	replace(&frames[1], "\x0a\x7f", 2);
	return n;
}

static size_t too_many_items(struct rf_frame *frames, size_t n)
{
	uint8_t items[2 * (RF_WIRE_MOST_ITEMS + 1)] = {0};
	for (size_t i = 0; i < sizeof items; i += 2)
		items[i] = 0x0a;
	replace(&frames[1], items, sizeof items);
	while (n > 2)
		n = missing_frame(frames, n);
	return n;
}

/* One item with parts that carry a name and the name of a blob. */
static size_t too_many_parts(struct rf_frame *frames, size_t n)
{
	static const uint8_t part[] = {0x2a, 0x06, 0x0a, 0x01, 'a', 0x2a, 0x01, 'b'};
	uint8_t header[3 + sizeof part * (RF_WIRE_MOST_PARTS + 1)] = {0x0a, 0x88, 0x04};
	assert_int_equal(sizeof header - 3, 0x88 - 0x80 + (0x04 << 7));
	for (size_t i = 3; i < sizeof header; i += sizeof part)
		memcpy(header + i, part, sizeof part);
	replace(&frames[1], header, sizeof header);
	while (n > 2)
		n = missing_frame(frames, n);
	return n;
}

static size_t nameless_part(struct rf_frame *frames, size_t n)
{
	static const uint8_t header[] = {0x0a, 0x02, 0x2a, 0x00};
	replace(&frames[1], header, sizeof header);
	while (n > 3)
		n = missing_frame(frames, n);
	return n;
}

static void what_is_not_a_message_is_refused(void **state)
{
	(void)state;
	refused(other_magic, "protocol");
	refused(other_version, "version 2");
	refused(no_verb, "no verb has number 0");
	refused(unknown_verb, "no verb has number 255");
	refused(long_frame_0, "protocol");
	refused(one_frame, "at least 2");
	refused(far_too_many_frames, "more than 1026");
	refused(damaged_header, "damaged");
}

static void what_is_too_large_is_refused(void **state)
{
	(void)state;
	refused(large_header, "the header has 1048577 bytes");
	refused(large_frame, "frame 2 has 4194305 bytes");
	refused(large_part, "part 'source' has 1048577 bytes");
	refused(too_many_items, "17 items");
	refused(too_many_parts, "65 parts");
}

static void frames_that_do_not_fit_the_parts_are_refused(void **state)
{
	(void)state;
	refused(missing_frame, "missing");
	refused(further_frame, "1 frames belong to no part");
	refused(other_bytes, "SHA-256");
	refused(other_size, "its header says 9");
	refused(nameless_part, "no name");
}

static void a_part_that_is_a_blob_has_no_frame(void **state)
{
	(void)state;
	struct rf_message message = sample();
	message.header->items[0]->parts[0]->blob = rf_strdup("0123");
	struct rf_error error = {{0}};
	struct rf_frame head[2];
	assert_int_equal(rf_message_encode(&message, head, &error), -1);
	assert_non_null(strstr(error.text, "1 frames belong to no part"));
	rf_message_deinit(&message);
}

static void a_chunk_carries_its_bytes_without_items(void **state)
{
	(void)state;
	struct rf_message message = rf_message_make(RF_VERB_BLOB_CHUNK);
	struct rf_frame head[2];
	assert_int_equal(rf_message_encode(&message, head, NULL), -1);
	rf_message_add_frame(&message, text_frame("bytes"));
	struct rf_frame frames[3];
	size_t n = frames_of(&message, frames);
	rf_message_deinit(&message);
	assert_int_equal(rf_message_decode(frames, n, &message, NULL), 0);
	assert_int_equal(message.n_frames, 1);
	rf_message_deinit(&message);
}

static void mutated_messages_never_crash(void **state)
{
	(void)state;
	struct rf_message message = sample();
	struct rf_frame good[8];
	size_t n = frames_of(&message, good);
	rf_message_deinit(&message);
	assert_int_equal(n, 5);
	uint32_t random = 1968;
	for (int round = 0; round < 5000; round++) {
		struct rf_frame frames[8] = {{0}};
		for (size_t i = 0; i < n; i++)
			frames[i] = rf_frame_copy(good[i].data, good[i].size);
		for (int i = 0; i <= round % 3; i++) {
			random = random * 1664525 + 1013904223;
			struct rf_frame *frame = &frames[round % 8 ? 1 : (random >> 9) % 5];
			if (frame->size)
				((uint8_t *)frame->owner)[(random >> 12) % frame->size] = (uint8_t)(random >> 24);
		}
		if (rf_message_decode(frames, n, &message, NULL) == 0)
			rf_message_deinit(&message);
	}
	for (size_t i = 0; i < n; i++)
		rf_frame_deinit(&good[i]);
}

static void verbs_have_names(void **state)
{
	(void)state;
	for (int verb = 1; verb <= RF_VERB_LAST; verb++)
		assert_string_not_equal(rf_verb_name((enum rf_verb)verb), "?");
	assert_string_equal(rf_verb_name(RF_VERB_NONE), "?");
	assert_string_equal(rf_verb_name((enum rf_verb)(RF_VERB_LAST + 1)), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_message_goes_there_and_back),
	    cmocka_unit_test(a_header_that_was_not_made_is_sent_empty),
	    cmocka_unit_test(what_is_not_a_message_is_refused),
	    cmocka_unit_test(what_is_too_large_is_refused),
	    cmocka_unit_test(frames_that_do_not_fit_the_parts_are_refused),
	    cmocka_unit_test(a_part_that_is_a_blob_has_no_frame),
	    cmocka_unit_test(a_chunk_carries_its_bytes_without_items),
	    cmocka_unit_test(mutated_messages_never_crash),
	    cmocka_unit_test(verbs_have_names),
	};
	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
