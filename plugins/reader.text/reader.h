/* Reads the plain text of a meeting's page into a document. Bytes become a text (decode), the text paragraphs (lines);
 * the title says whose meeting it was and when (title); what belongs to the page and not to the matter is set apart
 * (notices); headings part the rest into items (items; minutes, for minutes and agendas), in whose sentences the
 * decisions are looked for (decisions, with verbs and subjects).
 *
 * All memory is the call's. Texts are UTF-8 in NFC without control characters; `lower` is a text in lower case with
 * every byte where it was. */
#ifndef READER_TEXT_H
#define READER_TEXT_H

#include <referat/document.pb-c.h>
#include <referat/message.h>
#include <referat/plugin.h>
#include <referat/swedish.h>

enum {
	MOST_LINE = 64 * 1024, /* bytes of a line */
	MOST_PARAGRAPHS = 20000,
	MOST_ITEMS = 1000,
	MOST_TOKENS = 160, /* words of a sentence that are looked at */
};

/* ---- decode ----------------------------------------------------------------------------------------------------- */

/* Gives the text of the bytes: UTF-8, or Windows-1252 when it can't be UTF-8; in NFC; lines end with '\n'; no-break
 * spaces are spaces, soft hyphens and other characters without width are gone. FAIL, HOLD: the reason is set. */
enum referat_result decode(struct referat_call *call, struct referat_bytes source, const char **text);

/* ---- lines ------------------------------------------------------------------------------------------------------ */

struct paragraph {
	Referat__BlockKind kind; /* PARAGRAPH, LIST_ITEM or NUMBERED_ITEM */
	unsigned level;          /* of list items, from 1 */
	const char *text;        /* without bullet or number */
	const char *lower;
	unsigned line, last_line; /* in the source, from 1 */
};

struct page {
	struct referat_call *call;
	struct paragraph *paragraphs;
	size_t n;
};

/* Parts a text into paragraphs. Wrapped lines are joined. HOLD: a line or the text is too long; the reason is set. */
enum referat_result page_read(struct referat_call *call, const char *text, struct page *page);

/* A list of pointers that grows in the call's memory. */
struct list {
	void **items;
	size_t n, capacity;
};
void list_add(struct referat_call *call, struct list *list, void *item);

bool starts_with(const char *text, const char *start);
bool ends_with(const char *text, const char *end);
char *copy(struct referat_call *call, const char *text, size_t size);
size_t count_words(const char *text);
bool is_capital(const char *text); /* does it begin with a capital letter? */

/* ---- title ------------------------------------------------------------------------------------------------------ */

struct title {
	Referat__Kind kind;
	const char *board;    /* NULL: not said */
	int year, month, day; /* 0: not said */
	bool extra;           /* an extra meeting */
};

/* Is the paragraph the title of a person's summary of a meeting? */
bool title_parse(struct referat_call *call, const struct paragraph *paragraph, struct title *title);

/* Does a word name a deciding body ("socialnämnden", "kommunfullmäktige")? In lower case, with its size. */
bool is_body(const char *word, size_t size);

/* Finds the day of the meeting in the title and the lead. NULL: neither says it. */
Referat__Day *meeting_day(struct referat_call *call, const struct title *title, const struct paragraph *title_line,
			  size_t n_lead, Referat__Block **lead);

struct meeting {
	const char *board;    /* in lower case; NULL: not known */
	int year, month, day; /* 0: not known */
};
void set_day(struct meeting *meeting, const Referat__Day *day); /* NULL: what is there stays */

Referat__Day *new_day(struct referat_call *call, int year, int month, int day, Referat__Sureness sureness);

/* ---- notices ---------------------------------------------------------------------------------------------------- */

/* What a paragraph says about the page; NOTICE_UNSPECIFIED: nothing, it belongs to the matter. */
Referat__NoticeRole notice_role(const struct paragraph *paragraph);

/* The first paragraph, at or after `from`, from which on there are only notices; page->n when there are none. */
size_t notices_tail(const struct page *page, size_t from);

/* Adds the paragraphs [from, to) to the notices: neighbours of one role become one notice. A line "Rättelse DAY: …"
 * also becomes the document's correction. The age notice is dropped: it says how old the page was when it was saved,
 * and whoever writes the page knows better. */
void notices_read(const struct page *page, size_t from, size_t to, bool before_items, Referat__Document *document,
		  struct list *notices);

/* ---- items ------------------------------------------------------------------------------------------------------ */

Referat__Block *new_block(struct referat_call *call, Referat__BlockKind kind, const struct paragraph *paragraph);
Referat__Place *new_place(struct referat_call *call, const struct paragraph *paragraph);

/* Reads board, day, lead, notices and items of a summary; title_at is its title's paragraph. */
void items_read(const struct page *page, size_t title_at, const struct title *title, Referat__Document *document);

bool is_short_line(const struct paragraph *paragraph); /* it may be a heading, a caption or a link: no sentence */
size_t count_decisions(const Referat__Document *document);

/* Reads minutes or an agenda: title, board and day from the cover, numbered items. False: it is neither. */
bool minutes_read(const struct page *page, Referat__Document *document);

enum label { LABEL_NONE, LABEL_DECISION, LABEL_OTHER };
enum label label_of(const struct paragraph *paragraph); /* "Beslut", "Bakgrund" … standing alone on a line */

/* ---- decisions -------------------------------------------------------------------------------------------------- */

struct token {
	const char *word; /* in lower case, not NUL-ended */
	size_t size;
	size_t start; /* in the sentence */
};
bool token_is(const struct token *token, const char *word);
bool token_in(const struct token *token, const char *words); /* words separated by spaces */
size_t tokens_read(const char *lower, size_t size, struct token tokens[MOST_TOKENS]);

enum form { FORM_INFINITIVE = 1, FORM_PAST = 2, FORM_PASSIVE = 4, FORM_PRESENT = 8, FORM_PERFECT = 16, FORM_NOUN = 32 };

/* What the verb at tokens[at] does, when it is one of the forms (a set of enum form). False: it is no verb of decision.
 */
bool verb_at(const struct token *tokens, size_t n, size_t at, unsigned forms, Referat__Outcome *outcome);

/* Is the board of this meeting what the verb says something of (or, for a passive verb, is no other body)? */
bool own_subject(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb);
bool own_passive(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb);
bool is_own_body(const struct meeting *meeting, const struct token *token);

/* Does the verb tell of an earlier decision ("I januari beslutade nämnden …")? lower is the sentence. */
bool is_earlier(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t n, size_t verb);

/* Looks for the decisions of an item, and fills them in. */
void decisions_find(struct referat_call *call, const struct meeting *meeting, Referat__Item *item, unsigned index);

#endif
