/* What a document costs the processor on its way through the broker's core and the store: instructions, counted by
 * callgrind, which runs this program once more. No clock is asked, and the machine's load changes nothing. */
#include "base/memory.h"
#include "tests/support/passage.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	AT_A_TIME = 16,
	DOCUMENT_SIZE = 512, /* small: SHA-256 costs what the processor makes of it, and is not what is guarded */
	FEW = 64,
	MANY = 192,
	MOST_INSTRUCTIONS = 94000, /* of a hop: what it was when this was written, 81,304, and 15 % */
};

static const char *own_path;

/* What runs under callgrind. */
static int pass(const char *documents)
{
	void *state = NULL;
	if (rig_setup_unstarted(&state) != 0)
		return 1;
	struct passage passage = {.rig = state, .at_a_time = AT_A_TIME, .size = DOCUMENT_SIZE};
	passage_start(&passage);
	passage_run(&passage, (unsigned)strtoul(documents, NULL, 10));
	return rig_teardown(&state);
}

static uint64_t instructions(unsigned documents)
{
	rf_autofree char *command =
	    rf_format("OPENSSL_ia32cap=0 valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' pass %u 2>&1",
		      own_path, documents);
	FILE *output = popen(command, "r"); /* NOLINT(cert-env33-c): the path is this program's own */
	uint64_t n = 0;
	char line[512];
	assert_non_null(output);
	while (fgets(line, sizeof line, output)) {
		const char *collected = strstr(line, "Collected : ");
		if (collected)
			n = strtoull(collected + strlen("Collected : "), NULL, 10);
	}
	assert_int_equal(pclose(output), 0);
	return n;
}

/* Of a document and stage: handed out, answered, moved on. What starting costs is in both, and drops out. */
static void a_hop_costs_few_instructions(void **state)
{
	(void)state;
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
	skip(); /* valgrind can't run it */
#endif
	uint64_t hop = (instructions(MANY) - instructions(FEW)) / ((MANY - FEW) * PASSAGE_STAGES);
	print_message("%d at a time: %" PRIu64 " instructions for a hop\n", AT_A_TIME, hop);
	assert_in_range(hop, 1, MOST_INSTRUCTIONS);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "pass") == 0)
		return pass(argv[2]);
	own_path = argv[0];
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hop_costs_few_instructions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
