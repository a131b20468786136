/* referat-ingest: lets sources find documents, and readers turn their bytes into documents. A document is stored before
 * it is read (PUT), and comes back as a task: a file that kills its reader is charged like any other. */
#include "stages/ingest/describe.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <string.h>

static const char *const needs[] = {"source"};

enum { MOST_FORMS = 4 /* that a document takes on its way: a scan, text */ };

/* A call in which the part stands in the place of the source. */
static struct rf_call *call_on(struct rf_job *job, const char *part)
{
	struct rf_call *call = rf_job_call(job);
	rf_call_set_value(call, "type", rf_job_part_type(job, part));
	rf_job_lend(job, call, "source", part);
	return call;
}

/* Readers are asked in order; the first that knows the format decides. */
static enum referat_result read_part(struct rf_job *job, const char *part)
{
	struct rf_plugin *const *readers;
	size_t n = rf_job_plugins(job, REFERAT_READER, &readers);
	for (size_t i = 0; i < n; i++) {
		struct rf_call *call = call_on(job, part);
		enum referat_result result = rf_job_run(job, call, readers[i], rf_plugin_descriptor(readers[i])->run);
		bool knows = result != REFERAT_NOT_FOUND;
		if (knows) {
			rf_job_keep(job, call);
			result = rf_job_end(job, call, readers[i], result);
		}
		rf_call_free(call);
		if (knows)
			return result;
	}
	return rf_job_because(job, REFERAT_FAIL, "no-reader", "%s", rf_job_say(job, "stage.no-reader", NULL));
}

/* A reader may give the document in another form, as the part `converted`, in place of reading it: the text of a scan,
 * a newer format. Then the readers are asked about that. */
static enum referat_result read_source(struct rf_job *job)
{
	const char *part = "source";
	struct rf_digest last = {{0}};
	for (int form = 0; form < MOST_FORMS; form++) {
		enum referat_result result = read_part(job, part);
		const struct referat_bytes converted = rf_job_part(job, "converted");
		if (result != REFERAT_OK || rf_job_part(job, "document").data || !converted.data)
			return result;
		struct rf_digest digest = rf_digest_of(converted.data, converted.size);
		if (memcmp(&digest, &last, sizeof digest) == 0)
			break;
		last = digest;
		part = "converted";
	}
	return rf_job_because(job, REFERAT_FAIL, "no-document", "the readers convert the document, and none reads it");
}

/* A source that can't have the document's bytes gives the reason in their place. */
static enum referat_result hold_unreadable(struct rf_job *job)
{
	const struct referat_bytes reason = rf_job_part(job, "source");
	return rf_job_because(job, REFERAT_HOLD, "unreadable", "%.*s", (int)reason.size, (const char *)reason.data);
}

static enum referat_result ingest(struct rf_job *job)
{
	if (strcmp(rf_job_part_type(job, "source"), REFERAT_UNREADABLE) == 0)
		return hold_unreadable(job);
	enum referat_result result = read_source(job);
	const struct referat_bytes packed = rf_job_part(job, "document");
	ProtobufCMessage *message;
	struct rf_error error;
	if (result != REFERAT_OK)
		return result;
	if (!packed.data)
		return rf_job_because(job, REFERAT_FAIL, "no-document",
				      "the reader returned neither a part 'document' nor one 'converted'");
	if (rf_unpack(&referat__document__descriptor, packed.data, packed.size, &message, &error))
		return rf_job_because(job, REFERAT_FAIL, "document", "what the reader returned: %s", error.text);
	if (describe(job, (Referat__Document *)message))
		rf_job_add_message(job, "document", "referat.document/1", message);
	rf_unpack_free(message);
	return REFERAT_OK;
}

int main(int argc, char **argv)
{
	const struct rf_stage_program program = {
	    .name = "ingest",
	    .description =
		"Takes documents from the sources, and reads them: bytes in, a document with its structure out.",
	    .needs = needs,
	    .n_needs = RF_COUNT(needs),
	    .runs_sources = true,
	    .work = ingest,
	};
	return rf_stage_main(&program, argc, argv);
}
