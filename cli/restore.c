/* `referat restore BACKUP --state DIR`: a state folder from a backup. What is sent out stays stopped until an operator
 * has looked at what may have been done since the backup was taken. */
#include "base/datetime.h"
#include "base/files.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "store/backup.h"
#include "store/snapshot.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

static int tell_fault(void *context, const char *fault)
{
	(void)context;
	fprintf(stderr, "referat restore: %s\n", fault);
	return 0;
}

/* One of an older version is checked by its digest alone, until the store has been brought to this version. */
static int check(const char *state, const struct rf_manifest *said, const struct rf_manifest *copied,
		 struct rf_error *error)
{
	struct rf_verified verified = {0};
	if (strcmp(said->database, copied->database) != 0 || said->blobs != copied->blobs ||
	    said->blob_bytes != copied->blob_bytes)
		return rf_error_set(error, "the backup is not what its manifest says: it is damaged, or was changed");
	int status = rf_store_verify(state, tell_fault, NULL, &verified, error);
	if (status == 0 && verified.faults > 0)
		return rf_error_set(error, "the backup has %" PRIu64 " faults", verified.faults);
	return status == 0 || status == RF_STORE_OLDER ? 0 : -1;
}

/* What the broker finds when it starts: broker/freeze.c. */
enum frozen { FROZEN = 1, RECONCILING = 2 };

static int freeze(const char *state, enum frozen frozen, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state, "referat.db"), *url = rf_format("sqlite:%s", path);
	struct rf_store *store = NULL;
	if (rf_store_open(url, &store, error) != 0)
		return -1;
	int status = rf_store_begin(store, RF_DURABLE, error);
	if (status == 0)
		status = rf_store_set_setting(store, "frozen", frozen, error);
	if (status == 0)
		status = rf_store_commit(store, error);
	rf_store_close(store);
	return status;
}

/* Made beside, whole and frozen, before it gets its name: what is half done is not taken for a state folder. */
static int restore(const char *backup, const char *state, enum frozen frozen, struct rf_manifest *manifest,
		   struct rf_error *error)
{
	struct rf_manifest copied = {0};
	struct rf_error ignored;
	rf_autofree char *making = rf_format("%s.restoring", state), *above = rf_path_folder(state);
	if (rf_manifest_read(backup, manifest, error) < 0 || rf_folder_is_free(state, error) < 0 ||
	    rf_folder_is_free(making, error) < 0)
		return -1;
	int status = rf_backup_copy(backup, making, &copied, error);
	if (status == 0)
		status = check(making, manifest, &copied, error);
	if (status == 0)
		status = freeze(making, frozen, error);
	if (status == 0 && rename(making, state) < 0)
		status = rf_error_errno(error, "%s", state);
	if (status == 0)
		return rf_folder_sync(above, error);
	rf_snapshot_remove(making, &ignored);
	return -1;
}

int rf_command_restore(int argc, char **argv)
{
	const char *state = NULL;
	bool json = false, reconcile = false;
	const struct rf_option options[] = {
	    {"state", 's', RF_OPTION_TEXT, "DIR", "state folder to make: empty, or not there", &state},
	    {"reconcile", 0, RF_OPTION_FLAG, NULL, "have the targets asked as soon as the pipeline runs", &reconcile},
	    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &json},
	};
	const struct rf_program program = {
	    .name = "referat restore",
	    .synopsis = "referat restore BACKUP --state DIR [options]",
	    .description =
		"Makes a state folder from a backup and checks everything in it. The store is then frozen: when the "
		"pipeline runs, nothing is published and nobody is told, because the store does not know what was "
		"done after the backup was taken. 'referat reconcile' finds out what can be found out (with "
		"--reconcile that begins by itself), and 'referat thaw' lets it go on.",
	    .examples = "referat restore /var/backups/referat/2024-06-20 --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	struct rf_manifest manifest;
	if (!state) {
		rf_error_set(&error, "say with --state which folder to make");
		return rf_command_fail("restore", EX_USAGE, &error);
	}
	umask(0077);
	if (restore(argv[1], state, reconcile ? RECONCILING : FROZEN, &manifest, &error) < 0)
		return rf_command_fail("restore", EX_DATAERR, &error);
	char made[RF_INSTANT_SIZE];
	rf_instant_format(manifest.made_us, made);
	if (json)
		printf("{\"state\": \"restored\", \"made\": \"%s\", \"frozen\": true}\n", made);
	else
		printf("%s is as it was on %s, and frozen: start the pipeline, then 'referat reconcile'\n", state,
		       made);
	return EX_OK;
}
