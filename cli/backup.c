/* `referat backup DIR`: a copy of the store at one moment, checked when it has been written. */
#include "store/backup.h"
#include "base/datetime.h"
#include "base/files.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/snapshots.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

static int tell_fault(void *context, const char *fault)
{
	(void)context;
	fprintf(stderr, "referat backup: %s\n", fault);
	return 0;
}

/* What was written is read again from the beginning to the end. */
static int verify(const char *folder, struct rf_error *error)
{
	struct rf_verified verified;
	int status = rf_store_verify(folder, tell_fault, NULL, &verified, error);
	if (status == 0 && verified.faults > 0)
		return rf_error_set(
		    error, "the backup has %" PRIu64 " faults, and so has the store: see 'referat store check'",
		    verified.faults);
	return status == 0 ? 0 : -1;
}

static int back_up(const struct rf_client_options *given, const char *folder, struct rf_manifest *manifest,
		   struct rf_error *error)
{
	struct rf_clock clock = rf_clock_system();
	struct rf_taken taken;
	if (rf_folder_is_free(folder, error) < 0 || rf_snapshot_take(given, &taken, error) < 0)
		return -1;
	*manifest = (struct rf_manifest){.made_us = rf_clock_wall(&clock)};
	int status = rf_backup_copy(taken.folder, folder, manifest, error);
	rf_snapshot_give_back(&taken);
	if (status == 0)
		status = verify(folder, error);
	return status == 0 ? rf_manifest_write(folder, manifest, error) : -1;
}

static void print_backup(const char *folder, const struct rf_manifest *manifest, bool json)
{
	if (!json) {
		printf("%s: %" PRIu64 " bytes of database, %" PRIu64 " blobs of %" PRIu64 " bytes; checked\n", folder,
		       manifest->database_bytes, manifest->blobs, manifest->blob_bytes);
		return;
	}
	char made[RF_INSTANT_SIZE];
	rf_instant_format(manifest->made_us, made);
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "folder", json_object_new_string(folder));
	json_object_object_add(answer, "made", json_object_new_string(made));
	json_object_object_add(answer, "database", json_object_new_string(manifest->database));
	json_object_object_add(answer, "database_bytes", json_object_new_int64((int64_t)manifest->database_bytes));
	json_object_object_add(answer, "blobs", json_object_new_int64((int64_t)manifest->blobs));
	json_object_object_add(answer, "blob_bytes", json_object_new_int64((int64_t)manifest->blob_bytes));
	rf_answer_print(answer);
	json_object_put(answer);
}

int rf_command_backup(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {RF_CLIENT_OPTIONS(given)};
	const struct rf_program program = {
	    .name = "referat backup",
	    .synopsis = "referat backup DIR [options]",
	    .description =
		"Copies the store as it is at one moment, documents, tasks, blobs and who was told what, into a new "
		"folder, while the pipeline works, and reads it again to check it. The manifest is written last: a "
		"folder without manifest.json is no backup. 'referat restore' makes a state folder of it.\n\n"
		"Definition, publisher file, secrets and the inbox lie elsewhere: back them up as well. A backup "
		"has what documents said when it was taken, also of those that are erased later.",
	    .examples = "referat backup /var/backups/referat/2024-06-20",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	umask(0077);
	struct rf_error error;
	struct rf_manifest manifest;
	if (back_up(&given, argv[1], &manifest, &error) < 0)
		return rf_command_fail("backup", EX_UNAVAILABLE, &error);
	print_backup(argv[1], &manifest, given.json);
	return EX_OK;
}
