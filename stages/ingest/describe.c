#include "stages/ingest/describe.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/publisher.h"
#include "stages/ingest/paragraphs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- boards ---------------------------------------------------------------------------------------------------- */

static bool is_called(const Referat__BoardEntry *board, const char *folded, const char *day)
{
	for (size_t i = 0; i < board->n_names; i++) {
		if (!board->names[i]->name || !rf_dated_name_holds(board->names[i], day))
			continue;
		rf_autofree char *name = rf_text_fold(board->names[i]->name);
		if (strcmp(name, folded) == 0)
			return true;
	}
	return false;
}

const char *find_board(const Referat__Publisher *publisher, const char *name, const char *day)
{
	rf_autofree char *folded = rf_text_fold(name);
	const char *found = NULL;
	for (size_t i = 0; i < publisher->n_boards; i++) {
		if (!is_called(publisher->boards[i], folded, day))
			continue;
		if (found)
			return NULL;
		found = publisher->boards[i]->id;
	}
	return found;
}

static const char *day_of(const Referat__Document *document)
{
	return document->meeting && document->meeting->day ? document->meeting->day->date : NULL;
}

bool resolve_board(const Referat__Publisher *publisher, Referat__Document *document)
{
	Referat__Board *board = document->board;
	if (!board || board->id || !board->name)
		return false;
	board->id = rf_strdup(find_board(publisher, board->name, day_of(document)));
	return board->id != NULL;
}

/* ---- attributes and subject -------------------------------------------------------------------------------------- */

/* "BOARD_NOTICE" is "board-notice": as `when:` in a definition writes it. NULL: not known. The caller frees. */
static char *kind_word(const Referat__Document *document)
{
	const ProtobufCEnumValue *value =
	    document->kind ? protobuf_c_enum_descriptor_get_value(&referat__kind__descriptor, (int)document->kind)
			   : NULL;
	char *word = value ? rf_strdup(value->name) : NULL;
	for (char *c = word; c && *c; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return word;
}

/* A guess is worse than nothing here: two documents of one subject are judged by each other. */
char *meeting_key(const Referat__Document *document)
{
	const Referat__Meeting *meeting = document->meeting;
	rf_autofree char *kind = kind_word(document);
	if (!document->board || !document->board->id || !kind || !day_of(document) ||
	    meeting->day->sureness == REFERAT__SURENESS__DOUBTFUL)
		return NULL;
	return rf_format("%s/%s/%s/%u", document->board->id, day_of(document), kind,
			 meeting->has_sequence ? meeting->sequence : 1);
}

static char *paragraphs_of(const Referat__Document *document)
{
	return paragraphs_read(document->meeting ? document->meeting->paragraphs : NULL);
}

/* Minutes may be adjusted and published in several files, each with its own paragraphs: these are pieces of one
 * document. What is not minutes, and says so too, is another subject. */
static void set_subject(struct rf_job *job, const Referat__Document *document, const Referat__Document *source)
{
	rf_autofree char *meeting = meeting_key(document), *piece = paragraphs_of(source);
	if (!meeting)
		return;
	bool is_piece = document->kind == REFERAT__KIND__MINUTES && piece;
	rf_autofree char *key =
	    rf_format("%s%s%s", meeting, piece && !is_piece ? "/" : "", piece && !is_piece ? piece : "");
	rf_job_set_subject(job, key, is_piece ? piece : NULL);
}

/* Tells one correction from another without repeating what it says. The caller frees. */
static char *correction_id(const Referat__Change *correction)
{
	rf_autofree char *text =
	    rf_format("%s\n%s", correction->date ? correction->date : "", correction->note ? correction->note : "");
	char id[RF_DIGEST_TEXT_SIZE];
	struct rf_digest digest = rf_digest_of(text, strlen(text));
	rf_digest_format(&digest, id);
	return rf_format("%.16s", id);
}

void describe(struct rf_job *job, const Referat__Document *document, const Referat__Document *source)
{
	rf_autofree char *kind = kind_word(document), *paragraphs = paragraphs_of(document);
	rf_autofree char *correction = document->correction ? correction_id(document->correction) : NULL;
	rf_job_set_attribute(job, "title", document->title);
	rf_job_set_attribute(job, "board", document->board ? document->board->name : NULL);
	rf_job_set_attribute(job, "board_id", document->board ? document->board->id : NULL);
	rf_job_set_attribute(job, "day", day_of(document));
	rf_job_set_attribute(job, "kind", kind);
	rf_job_set_attribute(job, "paragraphs", paragraphs);
	rf_job_set_attribute(job, "correction", correction ? "true" : NULL);
	rf_job_set_attribute(job, "correction_id", correction);
	rf_job_set_attribute(job, "completed", document->completion ? document->completion->paragraphs : NULL);
	set_subject(job, document, source);
}
