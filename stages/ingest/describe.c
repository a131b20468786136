#include "stages/ingest/describe.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/publisher.h"

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

static bool resolve_board(const Referat__Publisher *publisher, Referat__Document *document, const char *day)
{
	Referat__Board *board = document->board;
	if (!board || board->id || !board->name)
		return false;
	board->id = rf_strdup(find_board(publisher, board->name, day));
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

/* "§§ 20–22" is "20-22", "§ 20" is "20": minutes may be adjusted and published in several documents, each with its own
 * paragraphs. NULL when the document does not say which it has. The caller frees. */
static char *paragraph_range(const char *printed)
{
	enum { MOST_DIGITS = 6 };
	static const char digits[] = "0123456789";
	const char *first = NULL, *last = NULL;
	for (const char *c = printed ? printed : ""; *c; c++)
		if (isdigit((unsigned char)*c) && (c == printed || !isdigit((unsigned char)c[-1]))) {
			first = first ? first : c;
			last = c;
		}
	if (!first || strspn(first, digits) > MOST_DIGITS || strspn(last, digits) > MOST_DIGITS)
		return NULL;
	rf_autofree char *from = rf_format("%.*s", (int)strspn(first, digits), first);
	rf_autofree char *to = rf_format("%.*s", (int)strspn(last, digits), last);
	return strcmp(from, to) == 0 ? rf_strdup(from) : rf_format("%s-%s", from, to);
}

/* A guess is worse than nothing here: two documents of one subject are judged by each other. */
static void set_subject(struct rf_job *job, const Referat__Document *document, const char *kind, const char *range)
{
	const Referat__Meeting *meeting = document->meeting;
	if (!document->board || !document->board->id || !kind || !meeting || !meeting->day || !meeting->day->date ||
	    meeting->day->sureness == REFERAT__SURENESS__DOUBTFUL)
		return;
	rf_autofree char *key =
	    rf_format("%s/%s/%s/%u%s%s", document->board->id, meeting->day->date, kind,
		      meeting->has_sequence ? meeting->sequence : 1, range ? "/" : "", range ? range : "");
	rf_job_set_subject(job, key);
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

bool describe(struct rf_job *job, Referat__Document *document)
{
	const char *day = document->meeting && document->meeting->day ? document->meeting->day->date : NULL;
	bool changed = resolve_board(rf_job_publisher(job), document, day);
	rf_autofree char *kind = kind_word(document);
	rf_autofree char *range = paragraph_range(document->meeting ? document->meeting->paragraphs : NULL);
	rf_autofree char *correction = document->correction ? correction_id(document->correction) : NULL;
	rf_job_set_attribute(job, "title", document->title);
	rf_job_set_attribute(job, "board", document->board ? document->board->name : NULL);
	rf_job_set_attribute(job, "board_id", document->board ? document->board->id : NULL);
	rf_job_set_attribute(job, "day", day);
	rf_job_set_attribute(job, "kind", kind);
	rf_job_set_attribute(job, "paragraphs", range);
	rf_job_set_attribute(job, "correction", correction ? "true" : NULL);
	rf_job_set_attribute(job, "correction_id", correction);
	set_subject(job, document, kind, range);
	return changed;
}
