/* What a document costs the disk on its way through six stages that add nothing: bytes written, by what the kernel
 * counts (/proc/self/io), and syncs, by standing in for libc's. No clock is asked. The goals are of docs/store.md. */
#include "base/error.h"
#include "base/memory.h"
#include "tests/support/rig.h"

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

enum { DOCUMENTS = 1000, DOCUMENT_SIZE = 8 * 1024, STAGES = 6 };

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

struct bytes_rig {
	struct rig *rig;
	struct rf_stage stages[STAGES];
	size_t from[STAGES];
};

static const char *const names[STAGES] = {"ingest", "validate", "summarise", "render", "publish/web", "notify"};

/* The rig's pipeline with a stage more. */
static void start(struct bytes_rig *bytes, unsigned at_a_time)
{
	static const enum rf_stage_kind kinds[STAGES] = {RF_STAGE_INGEST, RF_STAGE_VALIDATE, RF_STAGE_SUMMARISE,
							 RF_STAGE_RENDER, RF_STAGE_PUBLISH,  RF_STAGE_NOTIFY};
	for (size_t i = 0; i < STAGES; i++) {
		bytes->stages[i] = bytes->rig->stages[0];
		bytes->stages[i].name = (char *)names[i];
		bytes->stages[i].kind = kinds[i];
		bytes->stages[i].from = &bytes->from[i];
		bytes->stages[i].n_from = i > 0;
		bytes->from[i] = i ? i - 1 : 0;
	}
	bytes->rig->pipeline.stages = bytes->stages;
	bytes->rig->pipeline.n_stages = STAGES;
	rig_start_core(bytes->rig);
	for (rf_peer peer = 0; peer < STAGES; peer++) {
		rf_autofree char *instance = rf_format("instance-%d", (int)peer);
		struct rf_message hello = rig_hello_message("stage", names[peer], instance);
		rig_receive(bytes->rig, peer, &hello);
		rig_credit(bytes->rig, peer, 2 * at_a_time);
	}
	rig_flush(bytes->rig);
}

static void put_one(struct rig *rig, unsigned number)
{
	char key[32], *text = rf_alloc(DOCUMENT_SIZE + 1);
	snprintf(key, sizeof key, "folder:%05u.txt", number);
	for (size_t i = 0; i < DOCUMENT_SIZE; i++)
		text[i] = (char)('a' + (i * 31 + number) % 26);
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(&put);
	item->source_key = rf_strdup(key);
	rig_add_part(&put, "source", text);
	rig_add_attribute(&put, "name", key + 7);
	rig_receive(rig, 0, &put);
	free(text);
}

/* What a stage was handed it takes in hand and does at once: the round carries all of it out. */
static unsigned work_off(struct rig *rig, rf_peer peer)
{
	unsigned n = 0;
	for (size_t i = 0; i < rig->n_sent; i++) {
		struct rf_message *work = &rig->sent[i].message;
		if (rig->sent[i].taken || rig->sent[i].peer != peer || work->verb != RF_VERB_WORK)
			continue;
		rig->sent[i].taken = true;
		for (size_t j = 0; j < work->header->n_items; j++, n++) {
			struct rig_token token = rig_token_of(work->header->items[j]);
			struct rf_message start = rig_answer(RF_VERB_START, token);
			struct rf_message done = rig_answer(RF_VERB_DONE, token);
			rig_receive(rig, peer, &start);
			rig_receive(rig, peer, &done);
		}
	}
	if (n > 0)
		rig_credit(rig, peer, n);
	return n;
}

/* A round: the source puts a bundle, each stage answers for what it has. */
static unsigned do_round(struct rig *rig, unsigned *put, unsigned at_a_time)
{
	unsigned done = 0;
	for (rf_peer peer = 0; peer < STAGES; peer++)
		done += work_off(rig, peer);
	for (unsigned i = 0; i < at_a_time && *put < DOCUMENTS; i++)
		put_one(rig, (*put)++);
	rig_forget_sent(rig);
	rig_flush(rig);
	return done;
}

struct cost {
	uint64_t log, file; /* bytes of a document: as they were committed, as they were moved into the file */
	unsigned syncs, rounds;
};

static struct cost measure(struct rig *rig, unsigned at_a_time)
{
	struct bytes_rig bytes = {.rig = rig};
	start(&bytes, at_a_time);
	uint64_t before = bytes_written();
	unsigned syncs_before = syncs, put = 0, done = 0;
	struct cost cost = {0};
	for (; done < DOCUMENTS * STAGES; cost.rounds++)
		done += do_round(rig, &put, at_a_time);
	cost.log = (bytes_written() - before) / DOCUMENTS;
	cost.syncs = syncs - syncs_before;
	rf_core_free(rf_steal(rig->core));
	rf_store_close(rf_steal(rig->store)); /* what is in the log is moved into the file */
	cost.file = (bytes_written() - before) / DOCUMENTS - cost.log;
	print_message("%d documents of %d bytes through %d stages, %u at a time: %" PRIu64 " bytes each (log %" PRIu64
		      ", file %" PRIu64 "); %u syncs in %u rounds\n",
		      DOCUMENTS, DOCUMENT_SIZE, STAGES, at_a_time, cost.log + cost.file, cost.log, cost.file,
		      cost.syncs, cost.rounds);
	return cost;
}

/* What is read from the socket in one go when stages are busy: the goal of 25 KB holds. */
static void documents_in_bundles_cost_few_bytes_and_syncs(void **state)
{
	struct cost cost = measure(*state, 16);
	assert_in_range(cost.log + cost.file, DOCUMENT_SIZE, 25000);
	assert_in_range(cost.syncs, DOCUMENTS / 16, cost.rounds + 2);
}

/* A page is written whole for the little that changes in it, and nobody shares the cost. */
static void a_document_that_comes_alone_costs_a_sync_and_more_bytes(void **state)
{
	struct cost cost = measure(*state, 1);
	assert_in_range(cost.log + cost.file, DOCUMENT_SIZE, 60000);
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
