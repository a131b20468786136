/* `referat store check`: is everything in the store, and as it was written? */
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/snapshots.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static int add_fault(void *context, const char *fault)
{
	json_object_array_add(context, json_object_new_string(fault));
	return 0;
}

/* A store that is in use is checked by a snapshot of it. */
static int check(const struct rf_client_options *given, json_object *faults, struct rf_verified *verified,
		 struct rf_error *error)
{
	rf_autofree char *state = NULL;
	int status = rf_snapshot_find_store(given, &state, error);
	if (status == 0)
		return rf_store_verify(state, add_fault, faults, verified, error) == 0 ? 0 : -1;
	struct rf_taken taken;
	if (status != RF_STORE_BUSY || rf_snapshot_take(given, &taken, error) < 0)
		return -1;
	status = rf_store_verify(taken.folder, add_fault, faults, verified, error);
	rf_snapshot_give_back(&taken);
	return status == 0 ? 0 : -1;
}

static void print_check(json_object *faults, const struct rf_verified *verified, bool json)
{
	if (json) {
		json_object *answer = json_object_new_object();
		json_object_object_add(answer, "faults", json_object_get(faults));
		json_object_object_add(answer, "blobs", json_object_new_int64((int64_t)verified->blobs));
		rf_answer_print(answer);
		json_object_put(answer);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(faults); i++)
		puts(json_object_get_string(json_object_array_get_idx(faults, i)));
	if (verified->faults == 0)
		printf("the store is sound: pages, rows, counts, every part, %" PRIu64 " blobs\n", verified->blobs);
	else
		printf("%" PRIu64 " faults: what is named is lost, unless a backup has it; the rest is sound\n",
		       verified->faults);
}

int rf_command_store(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {RF_CLIENT_OPTIONS(given)};
	const struct rf_program program = {
	    .name = "referat store",
	    .synopsis = "referat store check [options]",
	    .description =
		"Reads all of the store and says what is wrong: damaged pages and indexes, rows that belong to "
		"nothing, counts that do not add up, parts and blobs whose bytes do not fit their SHA-256. A store "
		"in use is checked by a snapshot, and nobody waits. Exit status 65 when anything is wrong.",
	    .examples = "referat store check --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	if (strcmp(argv[1], "check") != 0) {
		rf_error_set(&error, "'%s' is not known; there is 'referat store check'", argv[1]);
		return rf_command_fail("store", EX_USAGE, &error);
	}
	json_object *faults = json_object_new_array();
	struct rf_verified verified = {0};
	status = check(&given, faults, &verified, &error);
	if (status == 0)
		print_check(faults, &verified, given.json);
	json_object_put(faults);
	if (status < 0)
		return rf_command_fail("store", EX_UNAVAILABLE, &error);
	return verified.faults == 0 ? EX_OK : EX_DATAERR;
}
