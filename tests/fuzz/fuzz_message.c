/* Messages as they come off a socket. The input is their frames, each after its size in three bytes, the highest first:
 * what can be decoded is encoded to the same message. */
#include "base/error.h"
#include "tests/fuzz/target.h"
#include "wire/message.h"

#include <string.h>

static size_t split(const uint8_t *data, size_t size, struct rf_frame *frames, size_t most)
{
	size_t n = 0;
	while (size >= 3 && n < most) {
		size_t length = (size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2];
		if (length > size - 3)
			length = size - 3;
		frames[n++] = rf_frame_copy(data + 3, length);
		data += 3 + length;
		size -= 3 + length;
	}
	return n;
}

static void go_back_and_there(struct rf_message *message)
{
	struct rf_error error = {0};
	struct rf_frame frames[RF_WIRE_MOST_FRAMES];
	FUZZ_ASSERT(rf_message_encode(message, frames, &error) == 0);
	for (size_t i = 0; i < message->n_frames; i++)
		frames[2 + i] = rf_frame_copy(message->frames[i].data, message->frames[i].size);
	struct rf_message again;
	FUZZ_ASSERT(rf_message_decode(frames, 2 + message->n_frames, &again, &error) == 0);
	FUZZ_ASSERT(again.verb == message->verb && again.n_frames == message->n_frames &&
		    again.header->n_items == message->header->n_items);
	rf_message_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rf_frame frames[RF_WIRE_MOST_FRAMES + 1];
	size_t n = split(data, size, frames, RF_WIRE_MOST_FRAMES + 1);
	struct rf_error error = {0};
	struct rf_message message;
	if (rf_message_decode(frames, n, &message, &error)) {
		FUZZ_ASSERT(error.text[0] != '\0');
		return 0;
	}
	go_back_and_there(&message);
	rf_message_deinit(&message);
	return 0;
}
