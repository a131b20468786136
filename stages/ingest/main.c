/* referat-ingest: lets sources find documents, and readers turn their bytes into documents. A document is stored before
 * it is read (PUT), and comes back as a task: a file that kills its reader is charged like any other. Minutes that came
 * in several files are read from all of them. */
#include "stages/ingest/describe.h"
#include "stages/ingest/pieces.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

static const char *const needs[] = {"source", "source/*"};

enum { MOST_FORMS = 4 /* that a document takes on its way: a scan, text */ };

/* What people call the file that the part has: "name" says it of the source, "name.20-22" of "source/20-22". */
static const char *file_name(const struct rf_job *job, const char *part)
{
	const char *piece = strchr(part, '/');
	rf_autofree char *attribute = piece ? rf_format("name.%s", piece + 1) : rf_strdup("name");
	const char *name = rf_job_attribute(job, attribute);
	return *name ? name : part;
}

/* A call in which the part stands in the place of the source. */
static struct rf_call *call_on(struct rf_job *job, const char *part)
{
	struct rf_call *call = rf_job_call(job);
	rf_call_set_value(call, "type", rf_job_part_type(job, part));
	rf_job_lend(job, call, "source", part);
	if (strchr(part, '/'))
		rf_call_set_value(call, "name", file_name(job, part));
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
static enum referat_result read_forms(struct rf_job *job, const char *part)
{
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

/* *document: what was read; the caller frees it (rf_unpack_free). Only where the result is OK. */
static enum referat_result read_file(struct rf_job *job, const char *part, Referat__Document **document)
{
	enum referat_result result = read_forms(job, part);
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
	*document = (Referat__Document *)message;
	return result;
}

/* A source that can't have the document's bytes gives the reason in their place. */
static enum referat_result hold_unreadable(struct rf_job *job)
{
	const struct referat_bytes reason = rf_job_part(job, "source");
	return rf_job_because(job, REFERAT_HOLD, "unreadable", "%.*s", (int)reason.size, (const char *)reason.data);
}

static enum referat_result ingest_one(struct rf_job *job)
{
	Referat__Document *document = NULL;
	enum referat_result result = read_file(job, "source", &document);
	if (result != REFERAT_OK)
		return result;
	bool changed = resolve_board(rf_job_publisher(job), document);
	describe(job, document, document);
	if (changed)
		rf_job_add_message(job, "document", "referat.document/1", &document->base);
	rf_unpack_free(&document->base);
	return REFERAT_OK;
}

/* ---- several files ------------------------------------------------------------------------------------------------
 */

/* All but the first, which is the source, are put out of the way again: the job has one document. */
static enum referat_result read_piece(struct rf_job *job, struct piece *piece)
{
	enum referat_result result = read_file(job, piece->part, &piece->document);
	if (result != REFERAT_OK)
		return result;
	resolve_board(rf_job_publisher(job), piece->document);
	if (strcmp(piece->part, "source") == 0)
		return REFERAT_OK;
	piece_mark(piece);
	rf_job_drop_part(job, "document");
	rf_job_drop_part(job, "converted");
	return REFERAT_OK;
}

/* Let go as it is, the page would lose what the other files say. */
static enum referat_result hold_stranger(struct rf_job *job, const char *last, const char *other)
{
	return rf_job_because(job, REFERAT_HOLD, RF_CODE_FORBIDDEN "other-meeting", "%s",
			      rf_job_say(job, "stage.piece-elsewhere", "this", file_name(job, last), "other",
					 file_name(job, other), NULL));
}

/* What is newer is not for a program to say. */
static enum referat_result hold_different(struct rf_job *job, const struct referat_difference *difference)
{
	const char *number = difference->kept->number ? difference->kept->number : "";
	return rf_job_because(job, REFERAT_HOLD, "pieces-differ", "%s",
			      rf_job_say(job, "stage.pieces-differ", "paragraph", number, "this",
					 file_name(job, item_part(difference->kept)), "other",
					 file_name(job, item_part(difference->other)), NULL));
}

static enum referat_result join(struct rf_job *job, const struct piece *pieces, size_t n)
{
	size_t stranger = pieces_stranger(pieces, n);
	if (stranger != SIZE_MAX) {
		describe(job, pieces[0].document, pieces[0].document);
		return hold_stranger(job, pieces[0].part, pieces[stranger ? stranger : 1].part);
	}
	struct rf_arena arena = {NULL};
	struct referat_merge merge;
	bool agree = pieces_merge(pieces, n, rf_job_attribute(job, "piece.added"), &arena, &merge);
	describe(job, &merge.together, pieces[0].document);
	rf_job_add_message(job, "document", "referat.document/1", &merge.together.base);
	enum referat_result result = agree ? REFERAT_OK : hold_different(job, &merge.difference);
	rf_arena_clear(&arena);
	return result;
}

/* In the order in which the files came, the last first; what is not in it comes behind. */
static void sort_pieces(struct piece *pieces, size_t n, const char *order)
{
	for (size_t i = 1; i < n; i++) {
		struct piece piece = pieces[i];
		size_t at = i;
		for (; at > 0 && rf_text_find_word(order, pieces[at - 1].part) > rf_text_find_word(order, piece.part);
		     at--)
			pieces[at] = pieces[at - 1];
		pieces[at] = piece;
	}
}

static enum referat_result ingest_several(struct rf_job *job, const char *const *others, size_t n_others)
{
	size_t n = n_others + 1;
	struct piece *pieces = rf_realloc_array(NULL, n, sizeof *pieces);
	for (size_t i = 0; i < n; i++)
		pieces[i] = (struct piece){.part = i ? others[i - 1] : "source"};
	sort_pieces(pieces + 1, n - 1, rf_job_attribute(job, "piece.order"));
	enum referat_result result = REFERAT_OK;
	for (size_t i = n; i > 0 && result == REFERAT_OK; i--)
		result = read_piece(job, &pieces[i - 1]);
	if (result == REFERAT_OK)
		result = join(job, pieces, n);
	for (size_t i = 0; i < n; i++)
		if (pieces[i].document)
			rf_unpack_free(&pieces[i].document->base);
	free(pieces);
	return result;
}

static enum referat_result ingest(struct rf_job *job)
{
	if (strcmp(rf_job_part_type(job, "source"), REFERAT_UNREADABLE) == 0)
		return hold_unreadable(job);
	const char *const *others;
	size_t n = rf_job_parts_below(job, "source/", &others);
	return n > 0 ? ingest_several(job, others, n) : ingest_one(job);
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
