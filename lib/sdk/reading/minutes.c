/* Minutes and agendas: a cover, then items that begin with their number. Which of the two a page is, is told by what
 * its items say (decisions, or proposals), not by its title. */
#include "cover.h"
#include "lines.h"
#include "parts.h"
#include "starts.h"

#include <referat/merge.h>
#include <stdio.h>
#include <string.h>

enum {
	MOST_KIND_WORDS = 8,
	MOST_TITLE_WORDS = 16,
	COVER_WITHIN = 80, /* paragraphs from the top in which the title is looked for */
};

static const struct sign {
	Referat__Kind kind;
	const char *word;
} signs[] = {
    {REFERAT__KIND__AGENDA, "föredragningslista"},
    {REFERAT__KIND__AGENDA, "dagordning"},
    {REFERAT__KIND__AGENDA, "ärendelista"},
    {REFERAT__KIND__AGENDA, "kallelse"},
};

/* "Protokoll", "sammanträdesprotokoll", "protokollsutdrag"; "protokollet" and who adjusts it only speak of it. */
static bool names_minutes(const char *lower)
{
	static const char *const others[] = {"et", "sjuster", "juster"};
	for (const char *at = strstr(lower, "protokoll"); at; at = strstr(at + 1, "protokoll")) {
		const char *rest = at + strlen("protokoll");
		bool other = false;
		for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
			other = other || rf_starts_with(rest, others[i]);
		if (!other)
			return true;
	}
	return false;
}

/* The kind that a line of the cover names: the word alone, or in a short line; "Protokoll fört vid sammanträde med …"
 * is a longer one. */
Referat__Kind rf_kind_said(const struct referat_paragraph *paragraph)
{
	size_t words = rf_starts_with(paragraph->lower, "protokoll ") ? MOST_TITLE_WORDS : MOST_KIND_WORDS;
	if (!rf_is_short_line(paragraph) || rf_count_words(paragraph->text) > words ||
	    rf_number_at(paragraph->text, NULL) || strstr(paragraph->lower, "ande av ") ||
	    strstr(paragraph->lower, "föregående protokoll"))
		return REFERAT__KIND__KIND_UNSPECIFIED;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(paragraph->lower, signs[i].word))
			return signs[i].kind;
	return names_minutes(paragraph->lower) ? REFERAT__KIND__MINUTES : REFERAT__KIND__KIND_UNSPECIFIED;
}

/* ---- the text of an item ---------------------------------------------------------------------------------------- */

/* What stands after the last item, or between items, and belongs to none: signatures, the notice, lists of votes. */
static bool ends_items(const struct referat_paragraph *paragraph)
{
	static const char *const starts[] = {"anslag/bevis",        "anslagsbevis",         "bevis om",
					     "omröstningslista nr", "voteringslista",       "underskrifter",
					     "vid protokollet",     "protokollet justeras", "närvarolista",
					     "deltagarlista",       "uppropslista",         "signatursida",
					     "anslag och bevis"};
	if (!rf_is_short_line(paragraph) && !rf_ends_with(paragraph->text, ":"))
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (rf_starts_with(paragraph->lower, starts[i]))
			return true;
	return strcmp(paragraph->lower, "anslag") == 0 || strcmp(paragraph->lower, "bevis") == 0;
}

/* Headings above several items. */
static bool is_group(const struct referat_paragraph *paragraph)
{
	static const char *const groups[] = {"sekretessärenden",
					     "remissärenden",
					     "beslutsärenden",
					     "bordlagda ärenden",
					     "anmälningsärenden",
					     "informationsärenden",
					     "övriga ärenden",
					     "övriga frågor",
					     "delegationsärenden",
					     "individärenden",
					     "valärenden",
					     "motioner",
					     "interpellationer",
					     "medborgarförslag",
					     "ärenden till kommunfullmäktige",
					     "ärenden för beslut",
					     "ärenden för information"};
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (strcmp(paragraph->lower, groups[i]) == 0)
			return true;
	return false;
}

/* "2. godkänna avtalet": a number that was typed, where a list goes on or begins. Returns its size; 0: there is none.
 */
static size_t typed_number(const char *text, const struct list *blocks)
{
	unsigned listed = 0;
	while (listed < blocks->n && ((const Referat__Block *)blocks->items[blocks->n - 1 - listed])->kind ==
					 REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		listed++;
	char printed[16];
	int size = snprintf(printed, sizeof(printed), "%u. ", listed + 1);
	return strncmp(text, printed, (size_t)size) == 0 ? (size_t)size : 0;
}

/* A label and what follows it on the same line are two blocks. */
static void add_blocks(const struct referat_page *page, const struct referat_paragraph *paragraph, struct list *blocks)
{
	struct referat_call *call = page->call;
	size_t size = strlen(paragraph->lower);
	size_t label_size = 0;
	bool plain = paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH;
	bool label = plain && rf_label_at(paragraph->lower, size, &label_size) != LABEL_NONE;
	size_t typed = plain && !label && !paragraph->heading ? typed_number(paragraph->text, blocks) : 0;
	if (typed) {
		struct referat_paragraph item = *paragraph;
		item.text = rf_text_copy(call, paragraph->text + typed, size - typed);
		item.spans = NULL;
		item.n_spans = 0;
		rf_list_add(call, blocks, rf_block_new(call, REFERAT__BLOCK_KIND__NUMBERED_ITEM, &item));
		return;
	}
	if (!label || label_size >= size) {
		bool heading = label || paragraph->heading;
		Referat__BlockKind kind = heading ? REFERAT__BLOCK_KIND__SUBHEADING : paragraph->kind;
		rf_list_add(call, blocks, rf_block_new(call, kind, paragraph));
		return;
	}
	struct referat_paragraph part = *paragraph;
	size_t end = label_size;
	while (end > 0 && strchr(" :", paragraph->text[end - 1]))
		end--;
	part.text = rf_text_copy(call, paragraph->text, end);
	part.spans = NULL;
	part.n_spans = 0;
	rf_list_add(call, blocks, rf_block_new(call, REFERAT__BLOCK_KIND__SUBHEADING, &part));
	part.text = rf_text_copy(call, paragraph->text + label_size, size - label_size);
	size_t number = typed_number(part.text, blocks);
	part.text += number;
	rf_list_add(call, blocks,
		    rf_block_new(call, number ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : paragraph->kind, &part));
}

static void read_blocks(const struct referat_page *page, size_t from, size_t to, Referat__Item *item)
{
	enum { WITHIN = 2, WITHIN_NAMED = 4 }; /* paragraphs below the heading in which its case number stands */
	struct list blocks = {0};
	for (size_t i = from; i < to && !ends_items(&page->paragraphs[i]); i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		size_t within = rf_starts_with(paragraph->lower, "dnr") ? WITHIN_NAMED : WITHIN;
		if (!item->case_number && i < from + within && rf_is_case_line(paragraph->text, paragraph->lower)) {
			rf_head_add_case(page, paragraph, item);
			continue;
		}
		add_blocks(page, paragraph, &blocks);
	}
	item->blocks = (Referat__Block **)blocks.items;
	item->n_blocks = blocks.n;
}

static Referat__Item *read_item(const struct referat_page *page, const struct start *start, size_t end,
				const struct meeting *meeting, unsigned index)
{
	Referat__Item *item = referat_alloc(page->call, sizeof(*item));
	referat__item__init(item);
	size_t from = rf_head_read(page, start, end, item);
	read_blocks(page, from, end, item);
	const struct section *sections;
	size_t n_sections = rf_sections_read(page->call, meeting, item, &sections);
	rf_decisions_find(page->call, meeting, item, index, sections, n_sections);
	rf_details_read(page->call, item, index, sections, n_sections);
	item->has_weight = true;
	item->weight = rf_weight_of(page->call, item);
	return item;
}

static void read_items(const struct referat_page *page, const struct starts *starts, Referat__Document *document)
{
	struct meeting meeting = {.minutes = true};
	const char *group = NULL;
	struct list items = {0};
	if (document->board)
		meeting.board = referat_lower(page->call, document->board->name);
	rf_meeting_set_day(&meeting, document->meeting ? document->meeting->day : NULL);
	for (size_t i = 0; i < starts->n && items.n < MOST_ITEMS; i++) {
		size_t end = rf_starts_end(page, starts, i);
		const struct referat_paragraph *last = &page->paragraphs[end - 1];
		bool grouped = i + 1 < starts->n && end - 1 > starts->list[i].at && is_group(last);
		Referat__Item *item =
		    read_item(page, &starts->list[i], grouped ? end - 1 : end, &meeting, (unsigned)items.n);
		item->group = (char *)group;
		group = grouped ? last->text : group;
		rf_list_add(page->call, &items, item);
	}
	document->items = (Referat__Item **)items.items;
	document->n_items = items.n;
}

/* ---- the kind --------------------------------------------------------------------------------------------------- */

/* The line that says what it is, on the cover or on every page; NULL: none does. */
static const struct referat_paragraph *find_title(const struct referat_page *page, size_t to)
{
	size_t within = to < COVER_WITHIN ? to : COVER_WITHIN;
	const struct referat_paragraph *found = NULL;
	for (size_t i = 0; i < page->n_heads + within; i++) {
		const struct referat_paragraph *line =
		    i < page->n_heads ? &page->heads[i] : &page->paragraphs[i - page->n_heads];
		Referat__Kind kind = rf_kind_said(line);
		if (kind == REFERAT__KIND__MINUTES)
			return line;
		found = found || !kind ? found : line;
	}
	return found;
}

/* A title without the number of its page ("SAMMANTRÄDESPROTOKOLL    Sida 2 (77)"), and with single spaces. */
static char *title_text(struct referat_call *call, const struct referat_paragraph *title)
{
	enum { MOST_WORDS = 4 };
	size_t end = strlen(title->text);
	size_t words = 0;
	for (size_t at = end; at > 1 && words < MOST_WORDS; at--) {
		if (title->lower[at - 1] != ' ' || title->lower[at] == ' ')
			continue;
		words++;
		if (rf_is_page_number(title->lower + at, strlen(title->lower + at)))
			end = at - 1;
	}
	char *own = rf_text_copy(call, title->text, end);
	size_t n = 0;
	for (size_t i = 0; own[i]; i++)
		if (own[i] != ' ' || (n > 0 && own[n - 1] != ' '))
			own[n++] = own[i];
	own[n - (n > 0 && own[n - 1] == ' ')] = '\0';
	return own;
}

static unsigned fields_before(const struct referat_page *page, size_t to)
{
	unsigned fields = 0;
	for (size_t i = 0; i < to && i < COVER_WITHIN; i++) {
		size_t value;
		fields |= 1U << rf_field_of(&page->paragraphs[i], &value);
	}
	return fields;
}

/* What the document says that it is, before a paragraph; a cover says so without the word, too: it tells who adjusts
 * which paragraphs. */
static Referat__Kind kind_before(const struct referat_page *page, size_t to)
{
	const struct referat_paragraph *title = find_title(page, to);
	if (title)
		return rf_kind_said(title);
	for (size_t i = 0; i < to && i < COVER_WITHIN; i++)
		if (rf_cover_begins(page, i))
			return REFERAT__KIND__MINUTES;
	unsigned fields = fields_before(page, to);
	if (fields & 1U << FIELD_PARAGRAPHS && fields & (1U << FIELD_ADJUSTERS | 1U << FIELD_ADJUSTED))
		return REFERAT__KIND__MINUTES;
	for (size_t i = 0; i < to && i < COVER_WITHIN; i++)
		if (rf_is_meeting_path(&page->paragraphs[i]))
			return REFERAT__KIND__AGENDA; /* unless its items tell of decisions */
	return REFERAT__KIND__KIND_UNSPECIFIED;
}

/* Standing orders and the like have numbered paragraphs, too, and speak of decisions and reservations. */
static bool is_rules(const struct referat_page *page, size_t first)
{
	enum { WITHIN = 12 };
	static const char *const words[] = {
	    "arbetsordning",   "reglemente", "delegationsordning",  "delegeringsordning",   "bolagsordning",
	    "förbundsordning", "stadgar",    "författningssamling", "ordningsföreskrifter", "föreskrifter"};
	for (size_t i = 0; i < page->n && i <= first && i < WITHIN; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
			if (rf_is_short_line(&page->paragraphs[i]) && strstr(page->paragraphs[i].lower, words[k]))
				return true;
	return false;
}

/* What decides is minutes; what only proposes is an agenda, whatever its title says. */
static Referat__Kind kind_by_items(const struct referat_page *page, const struct starts *starts, Referat__Kind title,
				   const char *board)
{
	size_t decided = 0;
	size_t proposed = 0;
	for (size_t i = starts->list[0].at; i < page->n; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		size_t end;
		enum label label = rf_label_of(paragraph);
		if (!label && paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH) /* "Nämndens beslut: Planen antas." */
			label = rf_label_at(paragraph->lower, strlen(paragraph->lower), &end);
		if (label == LABEL_PROPOSAL && board)
			label = rf_label_in(page->call, paragraph->lower, board).label;
		decided += label == LABEL_DECISION || label == LABEL_DISPATCH || label == LABEL_RESERVATION ||
			   label == LABEL_VOTE;
		proposed += label == LABEL_PROPOSAL;
	}
	if (decided > 0 && starts->list[0].numbered)
		return REFERAT__KIND__MINUTES;
	if (proposed > 0 && decided == 0)
		return REFERAT__KIND__AGENDA;
	return title;
}

static bool read_part(const struct referat_page *page, Referat__Document *document)
{
	struct starts starts;
	rf_starts_find(page, kind_before(page, page->n), &starts);
	if (starts.n == 0)
		return false;
	size_t first = starts.list[0].at;
	const struct referat_paragraph *title = find_title(page, first);
	Referat__Kind said = kind_before(page, first);
	if (!said && is_rules(page, first))
		return false;
	rf_cover_read(page, first, document);
	const char *board = document->board ? referat_lower(page->call, document->board->name) : NULL;
	document->kind = kind_by_items(page, &starts, said, board);
	if (!document->kind)
		return false;
	document->title = title ? title_text(page->call, title) : NULL;
	read_items(page, &starts, document);
	if (document->kind == REFERAT__KIND__AGENDA) {
		for (size_t i = 0; i < document->n_items; i++)
			document->items[i]->n_decisions = 0;
		referat_items_sort(document);
	}
	return true;
}

enum reading rf_minutes_read(const struct referat_page *page, Referat__Document *document)
{
	struct referat_page parts[MOST_PARTS];
	Referat__Document *documents = referat_alloc(page->call, MOST_PARTS * sizeof(*documents));
	size_t n = rf_parts_find(page, parts);
	size_t read = 0;
	for (size_t i = 0; i < n; i++) {
		documents[read] = *document;
		read += read_part(&parts[i], &documents[read]);
	}
	Referat__Document *together;
	enum reading reading = rf_parts_join(page->call, documents, read, &together);
	if (reading == READING_DONE)
		*document = *together;
	return reading;
}

bool rf_has_cover(const struct referat_page *page)
{
	unsigned fields = fields_before(page, page->n);
	bool meeting = fields & (1U << FIELD_WHERE | 1U << FIELD_DAY | 1U << FIELD_BODY);
	bool adjusted = fields & (1U << FIELD_ADJUSTERS | 1U << FIELD_ADJUSTED | 1U << FIELD_PARAGRAPHS);
	return meeting && adjusted && (fields & 1U << FIELD_MEMBERS);
}

bool rf_cover_alone_read(const struct referat_page *page, Referat__Document *document)
{
	const struct referat_paragraph *title = find_title(page, page->n);
	bool begins = false;
	for (size_t i = 0; i < page->n && i < COVER_WITHIN && !begins; i++)
		begins = rf_cover_begins(page, i);
	if (!(begins || rf_has_cover(page)) || (title && rf_kind_said(title) != REFERAT__KIND__MINUTES))
		return false;
	document->kind = REFERAT__KIND__MINUTES;
	document->title = title ? title_text(page->call, title) : NULL;
	rf_cover_read(page, page->n, document);
	return true;
}
