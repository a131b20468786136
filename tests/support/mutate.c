#include "tests/support/mutate.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t next_random(struct test_mutator *mutator)
{
	mutator->seed = mutator->seed * 1664525 + 1013904223;
	return mutator->seed >> 8;
}

/* Changes a text in a few places: bytes turned, cut out, doubled. */
static void mutate(struct test_mutator *mutator, struct rf_buffer *text)
{
	unsigned changes = 1 + next_random(mutator) % 8;
	while (changes-- > 0 && text->size > 0) {
		size_t at = next_random(mutator) % text->size;
		size_t left = text->size - at;
		size_t size = 1 + next_random(mutator) % (left < 64 ? left : 64);
		const char *piece = mutator->pieces[next_random(mutator) % mutator->n_pieces];
		switch (next_random(mutator) % 4) {
		case 0:
			text->data[at] = (char)next_random(mutator);
			break;
		case 1:
			memmove(text->data + at, text->data + at + size, left - size);
			text->size -= size;
			break;
		case 2: {
			rf_autofree char *copy = rf_memdup(text->data + at, size);
			rf_buffer_add(text, copy, size);
			break;
		}
		default:
			if (strlen(piece) <= left)
				memcpy(text->data + at, piece, strlen(piece));
		}
	}
}

static void try_bytes(struct test_plugin *reader, struct referat_bytes bytes)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(reader, "source", reader->descriptor->accepts, bytes, &result);
	if (result == REFERAT_OK)
		rf_unpack_free(test_unpack(&referat__document__descriptor, test_output(call, "document")));
	else
		assert_true(rf_call_reason(call)[0] != '\0');
	rf_call_free(call);
}

void test_mutated(struct test_plugin *reader, struct test_mutator *mutator, const char *sample, int rounds)
{
	struct referat_bytes source = test_sample_bytes(sample);
	for (int round = 0; round < rounds; round++) {
		rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
		rf_buffer_add(&text, source.data, source.size);
		mutate(mutator, &text);
		try_bytes(reader, (struct referat_bytes){(const uint8_t *)text.data, text.size});
	}
	free((void *)source.data);
}
