/* What a document costs the disk on its way through six stages that add nothing: bytes written, by what the kernel
 * counts (/proc/self/io), and syncs, by standing in for libc's. No clock is asked. The goals are of docs/store.md. */
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
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

enum { DOCUMENTS = 1000, DOCUMENT_SIZE = 8 * 1024 };

static unsigned syncs;

int fdatasync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fsync, fd);
}

static uint64_t bytes_written(void)
{
	static const char name[] = "wchar: ";
	FILE *file = fopen("/proc/self/io", "re");
	uint64_t bytes = 0;
	char line[128];
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, name, sizeof name - 1) == 0)
			bytes = strtoull(line + sizeof name - 1, NULL, 10);
	if (file)
		fclose(file);
	return bytes;
}

struct cost {
	uint64_t log, file; /* bytes of a document: as they were committed, as they were moved into the file */
	unsigned syncs, rounds;
};

static struct cost measure(struct rig *rig, unsigned at_a_time)
{
	struct passage passage = {.rig = rig, .at_a_time = at_a_time, .size = DOCUMENT_SIZE};
	passage_start(&passage);
	uint64_t before = bytes_written();
	unsigned syncs_before = syncs;
	struct cost cost = {.rounds = passage_run(&passage, DOCUMENTS)};
	cost.log = (bytes_written() - before) / DOCUMENTS;
	cost.syncs = syncs - syncs_before;
	rf_core_free(rf_steal(rig->core));
	rf_store_close(rf_steal(rig->store)); /* what is in the log is moved into the file */
	cost.file = (bytes_written() - before) / DOCUMENTS - cost.log;
	print_message("%d documents of %d bytes through %d stages, %u at a time: %" PRIu64 " bytes each (log %" PRIu64
		      ", file %" PRIu64 "); %u syncs in %u rounds\n",
		      DOCUMENTS, DOCUMENT_SIZE, PASSAGE_STAGES, at_a_time, cost.log + cost.file, cost.log, cost.file,
		      cost.syncs, cost.rounds);
	return cost;
}

/* What is read from the socket in one go when stages are busy: within the goal of 25 KB. */
static void documents_in_bundles_cost_few_bytes_and_syncs(void **state)
{
	struct cost cost = measure(*state, 16);
	assert_in_range(cost.log + cost.file, DOCUMENT_SIZE, 24000);
	assert_in_range(cost.syncs, DOCUMENTS / 16, cost.rounds + 2);
}

/* A page is written whole for the little that changes in it, and nobody shares the cost. */
static void a_document_that_comes_alone_costs_a_sync_and_more_bytes(void **state)
{
	struct cost cost = measure(*state, 1);
	assert_in_range(cost.log + cost.file, DOCUMENT_SIZE, 57000);
	assert_in_range(cost.syncs, DOCUMENTS, DOCUMENTS + 8);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(documents_in_bundles_cost_few_bytes_and_syncs),
	    TEST(a_document_that_comes_alone_costs_a_sync_and_more_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
