/* `referat submit`: gives documents to a running pipeline, past the inbox. A document that was taken is on the disk. */
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/question.h"
#include "cli/upload.h"
#include "plugin/media.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_BYTES = RF_WIRE_MOST_SOURCE, MOST_NAME = 512 }; /* as of a source */

struct submit {
	struct rf_client_options given;
	const char *name, *key;
	bool quiet, wait;
	int64_t embargo_us;
	struct rf_client *client;
	json_object *documents; /* what came of each, for --json */
};

/* ---- the bytes -----------------------------------------------------------------------------------------------------
 */

static int read_standard_input(char **data, size_t *size, struct rf_error *error)
{
	rf_autofree char *read_bytes = rf_alloc(MOST_BYTES + 1);
	size_t n = fread(read_bytes, 1, MOST_BYTES + 1, stdin);
	if (ferror(stdin))
		return rf_error_errno(error, "standard input");
	if (n > MOST_BYTES)
		return RF_FILE_TOO_LARGE;
	*data = rf_steal(read_bytes);
	*size = n;
	return 0;
}

static int read_bytes(const char *file, struct rf_frame *bytes, struct rf_error *error)
{
	char *data;
	size_t size;
	int result = strcmp(file, "-") == 0 ? read_standard_input(&data, &size, error)
					    : rf_file_read(file, MOST_BYTES, &data, &size, error);
	if (result == RF_FILE_MISSING)
		return rf_error_set(error, "there is no file %s", file);
	if (result == RF_FILE_TOO_LARGE)
		return rf_error_set(error, "%s has more than %d MiB", file, MOST_BYTES / (1024 * 1024));
	if (result < 0)
		return -1;
	*bytes = rf_frame_adopt(data, size);
	return 0;
}

/* ---- giving it -----------------------------------------------------------------------------------------------------
 */

static int name_of(const struct submit *submit, const char *file, const char **name, struct rf_error *error)
{
	const char *slash = strrchr(file, '/');
	*name = submit->name ? submit->name : slash ? slash + 1 : file;
	if (!submit->name && strcmp(file, "-") == 0)
		return rf_error_set(error,
				    "say with --name what standard input is called: its ending tells the format");
	size_t length = strlen(*name);
	if (length == 0 || length > MOST_NAME || !rf_text_is_utf8(*name, length))
		return rf_error_set(error, "a name has 1 to %d bytes of UTF-8", MOST_NAME);
	return 0;
}

static int give(struct submit *submit, const char *file, struct rf_upload_answer *answer, const char **name,
		struct rf_error *error)
{
	struct rf_frame bytes;
	if (name_of(submit, file, name, error) < 0 || read_bytes(file, &bytes, error) < 0)
		return EX_NOINPUT;
	rf_autofree char *key = rf_format("submit:%s", submit->key ? submit->key : *name);
	const struct rf_upload upload = {.source_key = key,
					 .name = *name,
					 .type = rf_media_type(*name),
					 .quiet = submit->quiet,
					 .due_us = submit->embargo_us};
	return rf_upload(submit->client, &upload, &bytes, answer, error) < 0 ? EX_UNAVAILABLE : EX_OK;
}

static void note(struct submit *submit, const char *file, const struct rf_upload_answer *answer, const char *said,
		 const struct rf_outcome *outcome)
{
	json_object *entry = json_object_new_object();
	json_object_object_add(entry, "file", json_object_new_string(file));
	json_object_object_add(entry, "outcome", json_object_new_string(said));
	if (*answer->document) {
		json_object_object_add(entry, "document", json_object_new_string(answer->document));
		json_object_object_add(entry, "revision", json_object_new_int64(answer->revision));
	}
	if (*answer->reason)
		json_object_object_add(entry, "reason", json_object_new_string(answer->reason));
	if (outcome)
		rf_outcome_add(outcome, entry);
	json_object_array_add(submit->documents, entry);
}

static int follow(struct submit *submit, const char *file, const struct rf_upload_answer *answer, const char *said)
{
	struct rf_outcome outcome;
	struct rf_error error;
	if (rf_outcome_await(submit->client, answer->document, &outcome, &error) < 0)
		return rf_command_fail("submit", EX_UNAVAILABLE, &error);
	if (submit->given.json)
		note(submit, file, answer, said, &outcome);
	else
		rf_outcome_print(&outcome, answer->document);
	int status = rf_outcome_status(&outcome);
	rf_outcome_deinit(&outcome);
	return status;
}

static int submit_file(struct submit *submit, const char *file)
{
	static const char *const words[] = {[RF_UPLOAD_ACCEPTED] = "accepted",
					    [RF_UPLOAD_DUPLICATE] = "duplicate",
					    [RF_UPLOAD_FULL] = "full",
					    [RF_UPLOAD_REFUSED] = "refused"};
	static const int statuses[] = {[RF_UPLOAD_ACCEPTED] = EX_OK,
				       [RF_UPLOAD_DUPLICATE] = EX_OK,
				       [RF_UPLOAD_FULL] = EX_TEMPFAIL,
				       [RF_UPLOAD_REFUSED] = EX_DATAERR};
	struct rf_upload_answer answer = {.outcome = RF_UPLOAD_ACCEPTED};
	struct rf_error error;
	const char *name = file;
	int status = give(submit, file, &answer, &name, &error);
	if (status != EX_OK)
		return rf_command_fail("submit", status, &error);
	bool taken = answer.outcome == RF_UPLOAD_ACCEPTED || answer.outcome == RF_UPLOAD_DUPLICATE;
	bool json = submit->given.json;
	if (answer.outcome == RF_UPLOAD_ACCEPTED && !json)
		printf("%s is document %s, revision %u\n", name, answer.document, answer.revision);
	else if (answer.outcome == RF_UPLOAD_DUPLICATE && !json)
		printf("%s is known: document %s, revision %u has the same bytes\n", name, answer.document,
		       answer.revision);
	else if (answer.outcome == RF_UPLOAD_FULL)
		fprintf(stderr,
			"referat submit: %s was not taken: too many documents are open, or the disk is short; "
			"try again later\n",
			name);
	else if (answer.outcome == RF_UPLOAD_REFUSED)
		fprintf(stderr, "referat submit: %s was refused: %s\n", name, answer.reason);
	if (taken && submit->wait)
		return follow(submit, file, &answer, words[answer.outcome]);
	if (json)
		note(submit, file, &answer, words[answer.outcome], NULL);
	return statuses[answer.outcome];
}

/* ---- the command ---------------------------------------------------------------------------------------------------
 */

static int carry_out(struct submit *submit, char **files)
{
	struct rf_error error;
	if (files[1] && (submit->name || submit->key)) {
		rf_error_set(&error, "--name and --key are of one file");
		return rf_command_fail("submit", EX_USAGE, &error);
	}
	if (rf_client_open(&submit->given, &submit->client, &error) < 0)
		return rf_command_fail("submit", EX_NOINPUT, &error);
	submit->documents = json_object_new_array();
	int status = EX_OK;
	for (; *files; files++) {
		int one = submit_file(submit, *files);
		status = status == EX_OK ? one : status;
	}
	if (submit->given.json) {
		json_object *answer = json_object_new_object();
		json_object_object_add(answer, "documents", json_object_get(submit->documents));
		rf_answer_print(answer);
		json_object_put(answer);
	}
	json_object_put(submit->documents);
	rf_client_close(submit->client);
	return status;
}

int rf_command_submit(int argc, char **argv)
{
	struct submit submit = {.given = RF_CLIENT_INIT};
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(submit.given),
	    {"name", 0, RF_OPTION_TEXT, "NAME", "what it is called; its ending tells the format; default: the file's",
	     &submit.name},
	    {"key", 0, RF_OPTION_TEXT, "KEY",
	     "what names it for ever: the same key again is its next revision; "
	     "default: its name",
	     &submit.key},
	    {"quiet", 'q', RF_OPTION_FLAG, NULL, "publish it and tell nobody", &submit.quiet},
	    {"embargo", 0, RF_OPTION_INSTANT, "TIME", "nothing is done with it before: 2024-06-20T09:00:00Z",
	     &submit.embargo_us},
	    {"wait", 'w', RF_OPTION_FLAG, NULL, "until it is published, held or given up", &submit.wait},
	};
	const struct rf_program program = {
	    .name = "referat submit",
	    .synopsis = "referat submit FILE... [options]",
	    .description =
		"Gives documents to a running pipeline; '-' is standard input. What was taken is on the disk before "
		"this says so. Submitting the same bytes again changes nothing.\n\n"
		"Exit status: 0 taken (with --wait: published, or through); 75 the pipeline is full: again later; 65 "
		"refused, or with --wait given up; 77 with --wait: held, a person decides.",
	    .examples = "referat submit protokoll.txt --wait\n"
			"referat submit arkiv/*.txt --quiet\n"
			"pandoc protokoll.docx -t markdown | referat submit - --name protokoll.md",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = SIZE_MAX,
	};
	int status = rf_command_read(&program, argc, argv);
	return status == RF_COMMAND_GO ? carry_out(&submit, argv + 1) : status;
}
