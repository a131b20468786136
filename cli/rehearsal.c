#include "cli/rehearsal.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"
#include "plugin/process.h"
#include "store/store.h"

#include <ftw.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MOST = 64 * 1024 * 1024, SAID_MOST = 1024 * 1024, OPEN_MOST = 8, FOUND_ALL_IN = 2 };

static const char rendition_prefix[] = "rendition/";

/* ---- the folder -------------------------------------------------------------------------------------------------- */

static char *make_folder(struct rf_error *error)
{
	const char *place = getenv("TMPDIR");
	char *folder = rf_format("%s/referat-test-XXXXXX", place && *place ? place : "/tmp");
	if (mkdtemp(folder))
		return folder;
	rf_error_errno(error, "can't make the folder %s", folder);
	free(folder);
	return NULL;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind, (void)walk;
	remove(path);
	return 0;
}

static void remove_folder(char *folder)
{
	nftw(folder, remove_entry, OPEN_MOST, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

static int write_text(const char *folder, const char *name, const char *text, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(folder, name);
	return rf_file_write(path, text, strlen(text), false, error);
}

/* The input under its own name, for a reader may look at its ending. */
static int copy_input(const char *inbox, const char *input, struct rf_error *error)
{
	rf_autofree char *data = NULL;
	size_t size = 0;
	int status = rf_file_read(input, INPUT_MOST, &data, &size, error);
	if (status == RF_FILE_MISSING)
		return rf_error_set(error, "there is no file %s", input);
	if (status == RF_FILE_TOO_LARGE)
		return rf_error_set(error, "%s has more than %d bytes", input, INPUT_MOST);
	const char *slash = strrchr(input, '/');
	rf_autofree char *path = rf_path_join(inbox, slash ? slash + 1 : input);
	if (status || rf_folder_make(inbox, error))
		return -1;
	return rf_file_write(path, data, size, false, error);
}

static int fill_folder(const struct rf_pipeline *pipeline, const char *folder, const char *input,
		       struct rf_error *error)
{
	rf_autofree char *inbox = rf_path_join(folder, "inbox");
	rf_autofree char *secrets = rf_path_join(folder, "secrets");
	rf_autofree char *definition = rf_rehearsal_definition(pipeline, "publisher.yaml", inbox);
	if (access(pipeline->secrets, F_OK) == 0 && symlink(pipeline->secrets, secrets))
		return rf_error_errno(error, "can't make the link %s", secrets);
	if (write_text(folder, "pipeline.yaml", definition, error) ||
	    write_text(folder, "publisher.yaml", pipeline->publisher_text, error))
		return -1;
	return copy_input(inbox, input, error);
}

/* ---- what became of it ------------------------------------------------------------------------------------------- */

static char *text_at(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, name, &value);
	return rf_strdup(value ? json_object_get_string(value) : "");
}

static int note_rendition(void *context, const struct rf_part *part)
{
	struct rf_rehearsal *rehearsal = context;
	if (!rf_text_starts(part->name, rendition_prefix))
		return 0;
	rehearsal->renditions =
	    rf_realloc_array(rehearsal->renditions, rehearsal->n_renditions + 1, sizeof *rehearsal->renditions);
	rehearsal->renditions[rehearsal->n_renditions++] =
	    (struct rf_rendition){.name = rf_strdup(part->name + strlen(rendition_prefix)), .data = rf_strdup("")};
	return 0;
}

static int read_renditions(struct rf_store *store, const struct rf_revision *revision, struct rf_rehearsal *rehearsal,
			   struct rf_error *error)
{
	for (size_t i = 0; i < rehearsal->n_renditions; i++) {
		struct rf_rendition *rendition = &rehearsal->renditions[i];
		rf_autofree char *name = rf_format("%s%s", rendition_prefix, rendition->name);
		struct rf_part part;
		if (rf_store_get_part(store, revision->document, revision->number, name, &part, error))
			return -1;
		if (!part.data)
			return rf_error_set(error, "%s is too large for a test", name);
		free(rendition->data);
		rendition->data = rf_memdup(part.data, part.size);
		rendition->size = part.size;
	}
	return 0;
}

/* A document that was not read has none. */
static int read_document(struct rf_store *store, const struct rf_revision *revision, struct rf_rehearsal *rehearsal,
			 struct rf_error *error)
{
	struct rf_part part;
	ProtobufCMessage *message = NULL;
	int status = rf_store_get_part(store, revision->document, revision->number, "document", &part, error);
	if (status)
		return status < 0 ? -1 : 0;
	if (!part.data)
		return rf_error_set(error, "the document is too large for a test");
	if (rf_unpack(&referat__document__descriptor, part.data, part.size, &message, error))
		return -1;
	rehearsal->document = (Referat__Document *)message;
	return 0;
}

static int take_attribute(void *context, const char *name, const char *value)
{
	struct rf_rehearsal *rehearsal = context;
	if (strcmp(name, "board_id") == 0) {
		free(rehearsal->board_id);
		rehearsal->board_id = rf_strdup(value);
	}
	return 0;
}

static int read_revision(struct rf_store *store, const char *document, struct rf_rehearsal *rehearsal,
			 struct rf_error *error)
{
	struct rf_revision newest;
	if (rf_store_get_revision(store, document, 0, &newest, error))
		return -1;
	const struct rf_revision revision = {.document = document, .number = newest.number};
	if (rf_store_each_part(store, document, revision.number, note_rendition, rehearsal, error) ||
	    rf_store_each_attribute(store, document, revision.number, take_attribute, rehearsal, error) ||
	    read_renditions(store, &revision, rehearsal, error))
		return -1;
	return read_document(store, &revision, rehearsal, error);
}

static int read_store(const char *folder, const char *document, struct rf_rehearsal *rehearsal, struct rf_error *error)
{
	rf_autofree char *url = rf_format("sqlite:%s/state/referat.db", folder);
	struct rf_store *store = NULL;
	if (rf_store_open(url, &store, error))
		return -1;
	int status = read_revision(store, document, rehearsal, error);
	rf_store_close(store);
	return status;
}

/* From what `referat run --once --json` says at its end. */
static int read_result(const char *folder, const char *output, struct rf_rehearsal *rehearsal, struct rf_error *error)
{
	struct json_object *result = json_tokener_parse(output);
	struct json_object *documents = NULL;
	json_object_object_get_ex(result, "documents", &documents);
	struct json_object *document = documents ? json_object_array_get_idx(documents, 0) : NULL;
	int status = -1;
	if (!document) {
		rf_error_set(error,
			     "the input was not taken: its name is one that programs give to files of their own");
	} else {
		rf_autofree char *id = text_at(document, "document");
		rehearsal->status = text_at(document, "status");
		rehearsal->code = text_at(document, "code");
		rehearsal->reason = text_at(document, "reason");
		rehearsal->board_id = rf_strdup("");
		status = read_store(folder, id, rehearsal, error);
	}
	json_object_put(result);
	return status;
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

static int run(const char *folder, const char *plugins, int64_t limit_us, struct rf_rehearsal *rehearsal,
	       struct rf_error *error)
{
	rf_autofree char *program = rf_format("%s/bin/referat", rf_install_prefix());
	rf_autofree char *definition = rf_path_join(folder, "pipeline.yaml");
	rf_autofree char *state = rf_path_join(folder, "state");
	const char *const argv[] = {program,  "run",     definition, "--once",
				    "--json", "--state", state,      plugins ? "--plugins" : NULL,
				    plugins,  NULL};
	const struct rf_process process = {.argv = argv, .output_most = SAID_MOST, .limit_us = limit_us};
	struct rf_process_result result;
	char ending[128];
	if (rf_process_run(&process, &result, error))
		return -1;
	int status;
	if (result.timed_out || result.too_much || result.signal || result.exit_status > FOUND_ALL_IN)
		status = rf_error_set(error, "the pipeline %s: %s",
				      rf_process_ending(&result, limit_us, ending, sizeof ending), result.errors);
	else
		status = read_result(folder, result.output, rehearsal, error);
	rf_process_result_deinit(&result);
	return status;
}

int rf_rehearse(const struct rf_pipeline *pipeline, const char *input, const char *plugins, int64_t limit_us,
		struct rf_rehearsal *rehearsal, struct rf_error *error)
{
	*rehearsal = (struct rf_rehearsal){0};
	char *folder = make_folder(error);
	if (!folder)
		return -1;
	int status = fill_folder(pipeline, folder, input, error);
	if (status == 0)
		status = run(folder, plugins, limit_us, rehearsal, error);
	remove_folder(folder);
	if (status)
		rf_rehearsal_deinit(rehearsal);
	return status;
}

void rf_rehearsal_deinit(struct rf_rehearsal *rehearsal)
{
	for (size_t i = 0; i < rehearsal->n_renditions; i++) {
		free(rehearsal->renditions[i].name);
		free(rehearsal->renditions[i].data);
	}
	free(rehearsal->renditions);
	rf_unpack_free((ProtobufCMessage *)rehearsal->document);
	free(rehearsal->status);
	free(rehearsal->code);
	free(rehearsal->reason);
	free(rehearsal->board_id);
	*rehearsal = (struct rf_rehearsal){0};
}
