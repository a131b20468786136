/* Parts that are too large for a message: to the broker, and from it. */
#include "base/digest.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/stand_in.h"
#include "tests/support/told_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void say_blob(struct stand_in *broker)
{
	struct rf_message message = rf_message_make(RF_VERB_BLOB_DATA);
	message.header->blob = rf_alloc(sizeof *message.header->blob);
	referat__wire__blob__init(message.header->blob);
	message.header->blob->has_handle = true;
	message.header->blob->handle = 5;
	stand_in_say(broker, &message);
}

/* Returns the size of the chunk. One that is waited for is answered. */
static size_t hear_chunk(struct stand_in *broker, size_t offset, bool *waits)
{
	struct rf_message message = stand_in_hear(broker, RF_VERB_BLOB_CHUNK);
	assert_int_equal(message.header->blob->handle, 5);
	assert_int_equal(message.header->blob->offset, offset);
	size_t size = message.frames[0].size;
	*waits = message.header->blob->size > 0;
	rf_message_deinit(&message);
	if (*waits)
		say_blob(broker);
	return size;
}

static void a_large_part_goes_ahead_as_a_blob(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "large");
	struct rf_message message = stand_in_hear(broker, RF_VERB_BLOB_BEGIN);
	assert_int_equal(message.header->blob->size, TOLD_LARGE);
	rf_message_deinit(&message);
	say_blob(broker);
	size_t unheard = 0;
	for (size_t offset = 0; offset < TOLD_LARGE;) {
		bool waits;
		size_t size = hear_chunk(broker, offset, &waits);
		offset += size;
		unheard = waits ? 0 : unheard + size;
		assert_in_range(unheard, 0, 8 * 1024 * 1024);
	}
	message = stand_in_hear(broker, RF_VERB_BLOB_END);
	rf_autofree char *name = rf_strdup(message.header->blob->name);
	message.verb = RF_VERB_BLOB_DATA;
	stand_in_say(broker, &message);
	message = stand_in_hear(broker, RF_VERB_DONE);
	const Referat__Wire__Part *part = message.header->items[0]->parts[0];
	assert_string_equal(part->blob, name);
	assert_int_equal(part->size, TOLD_LARGE);
	assert_int_equal(message.n_frames, 0);
	rf_message_deinit(&message);
}

/* Gives a task whose source is a blob with the digest of these bytes. */
static void give_blob(struct stand_in *broker, uint64_t number, const char *bytes)
{
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	struct rf_digest digest = rf_digest_of(bytes, strlen(bytes));
	stand_in_add_task(&message, number, "");
	Referat__Wire__Item *item = message.header->items[0];
	rf_unpack_free(&item->parts[0]->base);
	item->n_parts = 0;
	rf_frame_deinit(&message.frames[0]);
	message.n_frames = 0;
	rf_message_add_blob(&message, "source", "text/plain", &digest, strlen(bytes));
	stand_in_say(broker, &message);
}

static void a_part_that_is_a_blob_is_read_from_its_file(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	struct rf_digest digest = rf_digest_of("slow", 4);
	char name[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, name);
	rf_autofree char *folder = rf_format("%s/%.2s", broker->folder, name);
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	assert_int_equal(mkdir(folder, 0755), 0);
	static const struct {
		const char *bytes; /* of the file; NULL: there is none */
		enum rf_verb verb;
	} files[] = {{"slow", RF_VERB_DONE}, {"fast", RF_VERB_RETRY}, {"slower", RF_VERB_RETRY}, {NULL, RF_VERB_RETRY}};
	for (size_t i = 0; i < RF_COUNT(files); i++) {
		unlink(path);
		if (files[i].bytes)
			assert_int_equal(rf_file_write(path, files[i].bytes, strlen(files[i].bytes), false, NULL), 0);
		give_blob(broker, i + 1, "slow");
		struct rf_message message = stand_in_hear(broker, files[i].verb);
		if (files[i].verb == RF_VERB_RETRY)
			assert_string_equal(message.header->items[0]->reason->code, "blob");
		stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
		rf_message_deinit(&message);
	}
	rmdir(folder);
}

/* Hears that the stage asks for bytes from an offset, and sends these. */
static void send_bytes(struct stand_in *broker, uint64_t offset, const char *bytes)
{
	struct rf_message message = stand_in_hear(broker, RF_VERB_BLOB_READ);
	assert_int_equal(message.header->blob->offset, offset);
	message.verb = RF_VERB_BLOB_DATA;
	rf_message_add_frame(&message, rf_frame_copy(bytes, strlen(bytes)));
	stand_in_say(broker, &message);
}

static void on_another_machine_a_blob_comes_through_the_broker(void **state)
{
	struct stand_in *broker = *state;
	stand_in_pass_over(broker, RF_VERB_HELLO);
	struct rf_message message;
	stand_in_make_welcome(&message); /* names no folder */
	stand_in_say(broker, &message);
	give_blob(broker, 1, "in two pieces");
	send_bytes(broker, 0, "in two");
	send_bytes(broker, 6, " pieces");
	message = stand_in_hear(broker, RF_VERB_DONE);
	assert_int_equal(message.frames[0].size, 13);
	assert_memory_equal(message.frames[0].data, "in two pieces", 13);
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	give_blob(broker, 2, "in two pieces");
	send_bytes(broker, 0, "more bytes than there are");
	message = stand_in_hear(broker, RF_VERB_RETRY);
	assert_string_equal(message.header->items[0]->reason->code, "blob");
	rf_message_deinit(&message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STAND_IN_TEST(a_large_part_goes_ahead_as_a_blob),
	    STAND_IN_TEST(a_part_that_is_a_blob_is_read_from_its_file),
	    STAND_IN_TEST(on_another_machine_a_blob_comes_through_the_broker),
	};
	return cmocka_run_group_tests_name("stage-blobs", tests, NULL, NULL);
}
