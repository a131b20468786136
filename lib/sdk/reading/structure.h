/* From paragraphs to a document. The title says whose meeting it was and when (title); what belongs to the page and not
 * to the matter is set apart (notices); headings part the rest into items (items; minutes, for minutes and agendas), in
 * whose sentences the decisions are looked for (decisions, with verbs and subjects).
 *
 * All memory is the call's. Texts are UTF-8 in NFC without control characters; `lower` is a text in lower case with
 * every byte where it was. */
#ifndef REFERAT_SDK_STRUCTURE_H
#define REFERAT_SDK_STRUCTURE_H

#include "labels.h"

#include <referat/message.h>
#include <referat/reading.h>
#include <referat/swedish.h>

enum {
	MOST_ITEMS = 1000,
	MOST_TOKENS = 160, /* words of a sentence that are looked at */
};

/* ---- texts ------------------------------------------------------------------------------------------------------ */

/* A list of pointers that grows in the call's memory. */
struct list {
	void **items;
	size_t n, capacity;
};
void rf_list_add(struct referat_call *call, struct list *list, void *item);

bool rf_starts_with(const char *text, const char *start);
bool rf_ends_with(const char *text, const char *end);
char *rf_text_copy(struct referat_call *call, const char *text, size_t size);
size_t rf_count_words(const char *text);

/* A text in NFC: decomposed letters (a + ring) become one (å). NULL when it is no text. */
const char *rf_text_compose(struct referat_call *call, const char *text);

/* The character that is shown for c: no-break spaces and tabs are spaces. 0: c shows nothing and would only hide words
 * (soft hyphen, zero width, byte order mark, and those that turn the direction of writing). */
int32_t rf_character_shown(int32_t c);
bool rf_character_ends_line(int32_t c);
bool rf_character_controls(int32_t c);

/* ---- title ------------------------------------------------------------------------------------------------------ */

struct title {
	Referat__Kind kind;
	const char *board;    /* NULL: not said */
	int year, month, day; /* 0: not said */
	bool extra;           /* an extra meeting */
};

/* Is the paragraph the title of a person's summary of a meeting? */
bool rf_title_parse(struct referat_call *call, const struct referat_paragraph *paragraph, struct title *title);

/* Does a word name a deciding body ("socialnämnden", "kommunfullmäktige")? In lower case, with its size. */
bool rf_is_body(const char *word, size_t size);

/* Finds the day of the meeting in the title and the lead. NULL: neither says it. */
Referat__Day *rf_meeting_day(struct referat_call *call, const struct title *title,
			     const struct referat_paragraph *title_line, size_t n_lead, Referat__Block **lead);

/* Whose meeting it is. */
struct meeting {
	const char *board;    /* in lower case; NULL: not known */
	int year, month, day; /* 0: not known */
	bool minutes;         /* in minutes, what is said of the matter may be decided by it */
};
void rf_meeting_set_day(struct meeting *meeting, const Referat__Day *day); /* NULL: what is there stays */

Referat__Day *rf_day_new(struct referat_call *call, int year, int month, int day, Referat__Sureness sureness);

/* ---- notices ---------------------------------------------------------------------------------------------------- */

/* What a paragraph says about the page; NOTICE_UNSPECIFIED: nothing, it belongs to the matter. */
Referat__NoticeRole rf_notice_role(const struct referat_paragraph *paragraph);

/* The first paragraph, at or after `from`, from which on there are only notices; page->n when there are none. */
size_t rf_notices_tail(const struct referat_page *page, size_t from);

/* Adds the paragraphs [from, to) to the notices: neighbours of one role become one notice. A line "Rättelse DAY: …"
 * also becomes the document's correction. The age notice is dropped: it says how old the page was when it was saved,
 * and whoever writes the page knows better. */
void rf_notices_read(const struct referat_page *page, size_t from, size_t to, bool before_items,
		     Referat__Document *document, struct list *notices);

/* ---- headings --------------------------------------------------------------------------------------------------- */

/* Parts the lines inside a cell of a TABLE_ROW, from the flow until the layout is taken. */
#define RF_CELL_BREAK '\v'

/* Gives the paragraphs with tables that only lay out made into what they say (layout.c). */
void rf_layout_take(struct referat_call *call, const struct list *paragraphs, struct list *out);

enum label rf_label_of(const struct referat_paragraph *paragraph); /* "Beslut", "Bakgrund" … standing alone on a line */

bool rf_is_short_line(
    const struct referat_paragraph *paragraph); /* it may be a heading, a caption or a link: no sentence */
bool rf_is_link_line(const struct referat_paragraph *paragraph);       /* it is the label of a link */
bool rf_looks_like_heading(const struct referat_paragraph *paragraph); /* as far as its own words tell */

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

enum number_form {
	NUMBER_SIGN,  /* "§ 54", "KS § 54", "54 §", "Paragraf 54" */
	NUMBER_NAMED, /* "Ärende 5" */
	NUMBER_BODY,  /* "TN 181" */
	NUMBER_BARE,  /* "54 Heading", "54." */
	NUMBER_FORMS,
};

struct item_number {
	unsigned number;
	char letter; /* "116 a"; 0: none */
	size_t size; /* of what is printed */
	enum number_form form;
};

/* The item's number at the front of a text, in any form but the bare one; its size in bytes, 0: there is none. number:
 * NULL: not wanted. The text's letters may be of any case. */
size_t rf_number_at(const char *text, struct item_number *number);
size_t rf_number_bare(const char *text, struct item_number *number);
size_t rf_number_range(const char *text, struct item_number *number); /* "§§ 12–14": the first of them */

/* A case number in a text: "Dnr KS 2018/14", "(KS/2018:298)", "SLK-2024-00078" alone. It is the text [start, end);
 * [from, to) is what is taken away with it: label, brackets. False: there is none. */
struct case_number {
	size_t start, end, from, to;
	bool labelled;
};
bool rf_case_find(const char *text, const char *lower, struct case_number *found);
bool rf_is_number_line(const char *text, const char *lower); /* nothing but an item's number, and perhaps its case's */
bool rf_is_case_line(const char *text, const char *lower);   /* nothing but case numbers and their labels */

/* ---- items ------------------------------------------------------------------------------------------------------ */

Referat__Block *rf_block_new(struct referat_call *call, Referat__BlockKind kind,
			     const struct referat_paragraph *paragraph);
Referat__Place *rf_place_new(struct referat_call *call, const struct referat_paragraph *paragraph);
void rf_place_source(Referat__Place *place, const Referat__Place *source); /* line and page; NULL: not known */
Referat__Place *rf_place_in_block(struct referat_call *call, const Referat__Item *item, unsigned index, unsigned block,
				  struct referat_range range);

/* Reads board, day, lead, notices and items of a summary; title_at is its title's paragraph. Where headings are marked,
 * those of the first level that has text part the items; else short lines do. */
void rf_items_read(const struct referat_page *page, size_t title_at, const struct title *title,
		   Referat__Document *document);

size_t rf_count_decisions(const Referat__Document *document);

enum reading { READING_NOTHING, READING_DONE, READING_HELD /* the call has the reason */ };

/* Reads minutes or an agenda: title, board and day from the cover, numbered items. NOTHING: it is neither. HELD: it is
 * minutes of several meetings. */
enum reading rf_minutes_read(const struct referat_page *page, Referat__Document *document);

/* Are the fields of a cover there? A title or a notice alone has only some of them. */
bool rf_has_cover(const struct referat_page *page);

/* Reads minutes of which only the cover is there, or in which no item could be told. False: no cover is there. */
bool rf_cover_alone_read(const struct referat_page *page, Referat__Document *document);

/* Reads a notice about minutes, or an announcement of a meeting. False: it is neither. */
bool rf_posting_read(const struct referat_page *page, Referat__Document *document);

struct section;

/* ---- decisions -------------------------------------------------------------------------------------------------- */

struct token {
	const char *word; /* in lower case, not NUL-ended */
	size_t size;
	size_t start; /* in the sentence */
};
bool rf_token_is(const struct token *token, const char *word);
bool rf_token_in(const struct token *token, const char *words); /* words separated by spaces */
size_t rf_tokens_read(const char *lower, size_t size, struct token tokens[MOST_TOKENS]);

enum form { FORM_INFINITIVE = 1, FORM_PAST = 2, FORM_PASSIVE = 4, FORM_PRESENT = 8, FORM_PERFECT = 16, FORM_NOUN = 32 };

/* What the verb at tokens[at] does, when it is one of the forms (a set of enum form). False: it is no verb of decision.
 */
bool rf_verb_at(const struct token *tokens, size_t n, size_t at, unsigned forms, Referat__Outcome *outcome);

/* Is the board of this meeting what the verb says something of (or, for a passive verb, is no other body)? */
bool rf_own_subject(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb);
bool rf_own_passive(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb);
bool rf_is_own_body(const struct meeting *meeting, const struct token *token);

/* Does the verb tell of an earlier decision ("I januari beslutade nämnden …")? lower is the sentence. */
bool rf_is_earlier(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t n, size_t verb);

/* Looks for the decisions of an item, and fills them in. */
void rf_decisions_find(struct referat_call *call, const struct meeting *meeting, Referat__Item *item, unsigned index,
		       const struct section *sections, size_t n_sections);

/* ---- parts of an item ------------------------------------------------------------------------------------------- */

/* The blocks below a label, or before the first one. */
struct section {
	enum label label;
	bool proposes;      /* LABEL_DECISION: what was decided is a proposal to … */
	const char *target; /* … in lower case; NULL: not said */
	size_t caption;     /* the label's block; SIZE_MAX: there is none */
	size_t from, to;    /* blocks */
};

/* Parts the blocks of an item by their labels; returns how many sections there are. */
size_t rf_sections_read(struct referat_call *call, const struct meeting *meeting, const Referat__Item *item,
			const struct section **sections);

/* Fills in what minutes say beside the decisions: proposals, votes, reservations, dispatch … */
void rf_details_read(struct referat_call *call, Referat__Item *item, unsigned index, const struct section *sections,
		     size_t n_sections);

/* What an item is for residents: a matter, routine … */
Referat__Weight rf_weight_of(struct referat_call *call, const Referat__Item *item);

/* Board, day, people and notice from what stands before the first item, and on every page. */
void rf_cover_read(const struct referat_page *page, size_t to, Referat__Document *document);

#endif
