/* Minutes and agendas: a cover, then items that begin with their number. Which of the two a page is, is told by what
 * its items say (decisions, or proposals), not by its title. */
#include "structure.h"

#include <stdio.h>
#include <string.h>

enum {
	MOST_KIND_WORDS = 8,
	MOST_TITLE_WORDS = 16,
	COVER_WITHIN = 80, /* paragraphs from the top in which the title is looked for */
	MOST_HEADING = 400,
	MOST_LEAP = 25,  /* between the numbers of two items that follow each other */
	MOST_LISTED = 4, /* paragraphs of an entry in a list of contents */
};

static const struct sign {
	Referat__Kind kind;
	const char *word;
} signs[] = {
    {REFERAT__KIND__AGENDA, "föredragningslista"}, {REFERAT__KIND__AGENDA, "dagordning"},
    {REFERAT__KIND__AGENDA, "ärendelista"},        {REFERAT__KIND__AGENDA, "kallelse"},
    {REFERAT__KIND__MINUTES, "protokoll"},
};

/* The kind that a line of the cover names: the word alone, or in a short line; "Protokoll fört vid sammanträde med …"
 * is a longer one. */
static Referat__Kind kind_of(const struct referat_paragraph *paragraph)
{
	size_t words = rf_starts_with(paragraph->lower, "protokoll ") ? MOST_TITLE_WORDS : MOST_KIND_WORDS;
	if (!rf_is_short_line(paragraph) || rf_count_words(paragraph->text) > words ||
	    strstr(paragraph->lower, "protokollsjuster") || strstr(paragraph->lower, "protokolljuster") ||
	    strstr(paragraph->lower, "föregående protokoll"))
		return REFERAT__KIND__KIND_UNSPECIFIED;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(paragraph->lower, signs[i].word))
			return signs[i].kind;
	return REFERAT__KIND__KIND_UNSPECIFIED;
}

/* ---- where items begin ------------------------------------------------------------------------------------------ */

struct start {
	size_t at; /* the paragraph */
	struct item_number number;
	bool numbered; /* else it is an item of a numbered list, whose number was taken off */
	bool out;
	size_t other; /* the paragraph with the number that another body gave the item; SIZE_MAX: there is none */
};

struct starts {
	struct start *list;
	size_t n;
};

static bool reads_number(const struct referat_paragraph *paragraph, bool bare, struct item_number *number)
{
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return false;
	return (bare ? rf_number_bare(paragraph->text, number) : rf_number_at(paragraph->text, number)) > 0;
}

/* "§§ 221–230", after the item before them: several that are told of together. On the cover they say what the minutes
 * have. */
static bool reads_range(const struct referat_paragraph *paragraph, const struct starts *before,
			struct item_number *number)
{
	struct item_number range;
	if (before->n == 0 || paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH ||
	    !rf_number_range(paragraph->text, &range))
		return false;
	*number = range;
	return range.number == before->list[before->n - 1].number.number + 1;
}

/* All that look so; where some are marked as headings, nothing else is one. */
static void find_candidates(const struct referat_page *page, bool bare, bool listed, struct starts *starts)
{
	struct item_number number;
	bool marked = false;
	for (size_t i = 0; i < page->n && !marked; i++)
		marked = page->paragraphs[i].heading && reads_number(&page->paragraphs[i], bare, &number);
	starts->list = referat_alloc(page->call, (page->n + 1) * sizeof(*starts->list));
	starts->n = 0;
	for (size_t i = 0; i < page->n; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		if (marked && !paragraph->heading)
			continue;
		struct start start = {.at = i, .other = SIZE_MAX};
		bool in_list = paragraph->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM && !marked;
		start.numbered =
		    reads_number(paragraph, bare, &start.number) || reads_range(paragraph, starts, &start.number);
		if (in_list && bare && paragraph->number)
			start = (struct start){
			    .at = i, .number = {.number = paragraph->number}, .numbered = true, .other = SIZE_MAX};
		if (start.numbered || (listed && in_list))
			starts->list[starts->n++] = start;
	}
}

static size_t end_of(const struct referat_page *page, const struct starts *starts, size_t i)
{
	if (i + 1 == starts->n)
		return page->n;
	const struct start *next = &starts->list[i + 1];
	return next->other < next->at ? next->other : next->at;
}

/* "Delårsrapport ......... 12": an entry of a list of contents ends in the number of a page. */
static bool ends_in_page(const char *text)
{
	const char *dots = strstr(text, "....");
	dots = dots ? dots : strstr(text, ". . .");
	dots = dots ? dots : strstr(text, "……");
	return dots != NULL;
}

static bool has_number_after(const struct starts *starts, size_t i)
{
	for (size_t k = i + 1; k < starts->n; k++)
		if (starts->list[k].number.number == starts->list[i].number.number &&
		    starts->list[k].number.letter == starts->list[i].number.letter)
			return true;
	return false;
}

/* Nothing but a heading and a case number stands there. */
static bool is_thin(const struct referat_page *page, size_t from, size_t to)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		if (rf_label_of(paragraph) != LABEL_NONE || paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
			return false;
		if (i > from && rf_ends_with(paragraph->text, ".") && !ends_in_page(paragraph->text))
			return false;
		n++;
	}
	return n <= MOST_LISTED;
}

/* Lists of contents have all numbers once more: those that only list are taken out. */
static void take_out_contents(const struct referat_page *page, struct starts *starts)
{
	bool before = false;
	for (size_t i = 0; i < starts->n; i++) {
		struct start *start = &starts->list[i];
		size_t end = end_of(page, starts, i);
		bool dots = false;
		for (size_t k = start->at; k < end && k < start->at + 3; k++)
			dots = dots || ends_in_page(page->paragraphs[k].text);
		bool thin = dots || is_thin(page, start->at, end);
		/* the last entry has what stands before the first item below it */
		bool last = before && i + 1 < starts->n && starts->list[i + 1].number.number < start->number.number;
		start->out = (thin || last) && (has_number_after(starts, i) || dots);
		before = start->out;
	}
}

static void close_up(struct starts *starts)
{
	size_t n = 0;
	for (size_t i = 0; i < starts->n; i++)
		if (!starts->list[i].out)
			starts->list[n++] = starts->list[i];
	starts->n = n;
}

/* Is the number a committee's: "KSAU § 133", "Au § 21", "Arbetsutskottet § 9"? */
static bool is_committees(const struct referat_page *page, const struct start *start)
{
	const char *lower = page->paragraphs[start->at].lower;
	size_t size = strcspn(lower, " §");
	bool committee = size >= 2 && memcmp(lower + size - 2, "au", 2) == 0;
	return start->number.form == NUMBER_SIGN && (committee || memmem(lower, size, "utskott", 7));
}

/* "KSAU § 133" above "KS § 151": the committee prepared the item, and has a number for it in minutes of its own. */
static void join_chains(const struct referat_page *page, struct starts *starts)
{
	for (size_t i = 0; i + 1 < starts->n; i++) {
		struct start *first = &starts->list[i];
		struct start *second = &starts->list[i + 1];
		const struct referat_paragraph *lines = &page->paragraphs[first->at];
		bool near = second->at == first->at + 1 && rf_is_number_line(lines[0].text, lines[0].lower) &&
			    rf_is_number_line(lines[1].text, lines[1].lower);
		if (!near || is_committees(page, first) == is_committees(page, second))
			continue;
		bool prepared_first = is_committees(page, first);
		struct start *own = prepared_first ? second : first;
		struct start *other = prepared_first ? first : second;
		own->other = other->at;
		other->out = true;
	}
	close_up(starts);
}

/* Does a label or a case number follow, as after the number of an item? */
static bool is_strong(const struct referat_page *page, const struct start *start)
{
	enum { NEAR = 4 };
	struct case_number found;
	const struct referat_paragraph *first = &page->paragraphs[start->at];
	if (first->heading || rf_case_find(first->text, first->lower, &found))
		return true;
	for (size_t i = start->at + 1; i < page->n && i <= start->at + NEAR; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		enum label label = rf_label_at(paragraph->lower, strlen(paragraph->lower), NULL);
		if (label || rf_is_case_line(paragraph->text, paragraph->lower))
			return true;
	}
	return false;
}

/* What is no item: the same number again (the item goes on), a number from a text ("§ 61 i stadgan"). */
static void take_out_strays(const struct referat_page *page, struct starts *starts)
{
	unsigned current = 0;
	char letter = 0;
	for (size_t i = 0; i < starts->n; i++) {
		struct start *start = &starts->list[i];
		unsigned number = start->number.number;
		if (!start->numbered)
			continue;
		bool again = number == current && start->number.letter == letter;
		bool back = number < current && !is_strong(page, start);
		bool leaps = false;
		for (size_t k = i + 1; current && number > current + MOST_LEAP && k < starts->n && !leaps; k++)
			leaps = starts->list[k].number.number > current && starts->list[k].number.number < number;
		start->out = again || back || leaps;
		if (!start->out) {
			current = number;
			letter = start->number.letter;
		}
	}
}

/* Numbers without a sign are items only when they make a run. */
static void keep_run(struct starts *starts)
{
	enum { MOST_GAP = 3 };
	size_t best = 0;
	size_t best_from = 0;
	for (size_t i = 0; i < starts->n;) {
		size_t n = 1;
		size_t last = i;
		for (size_t k = i + 1; k < starts->n; k++) {
			unsigned gap = starts->list[k].number.number - starts->list[last].number.number;
			if (starts->list[k].number.number > starts->list[last].number.number && gap <= MOST_GAP) {
				last = k;
				n++;
			}
		}
		if (n > best) {
			best = n;
			best_from = i;
		}
		i++;
		if (i > 64)
			break; /* a run begins near the first number */
	}
	unsigned last = 0;
	for (size_t i = 0; i < starts->n; i++) {
		unsigned number = starts->list[i].number.number;
		bool in = i >= best_from && (last == 0 || (number > last && number - last <= MOST_GAP));
		starts->list[i].out = !in || best < 2;
		last = in ? number : last;
	}
}

static void find_starts(const struct referat_page *page, Referat__Kind title, struct starts *starts)
{
	find_candidates(page, false, false, starts);
	join_chains(page, starts);
	take_out_contents(page, starts);
	close_up(starts);
	take_out_strays(page, starts);
	close_up(starts);
	if (starts->n > 0 || !title)
		return;
	find_candidates(page, true, false, starts);
	take_out_contents(page, starts);
	close_up(starts);
	keep_run(starts);
	close_up(starts);
	if (starts->n == 0)
		find_candidates(page, false, title == REFERAT__KIND__AGENDA, starts);
}

/* ---- number, heading and case number ---------------------------------------------------------------------------- */

/* A text without a range, and with single spaces. */
static char *text_without(struct referat_call *call, const char *text, size_t from, size_t to)
{
	char *own = referat_alloc(call, strlen(text) + 1);
	size_t n = 0;
	for (size_t i = 0; text[i]; i++) {
		if (i >= from && i < to)
			continue;
		bool space = text[i] == ' ' || text[i] == '\t';
		if (space && (n == 0 || own[n - 1] == ' '))
			continue;
		own[n++] = space ? ' ' : text[i];
	}
	while (n > 0 && strchr(" ,", own[n - 1]))
		n--;
	own[n] = '\0';
	return own;
}

struct head {
	struct referat_call *call;
	Referat__Item *item;
	const char *heading; /* so far; "" */
	const struct referat_paragraph *place;
};

static void add_case(struct head *head, const char *text, size_t start, size_t end)
{
	char *number = text_without(head->call, rf_text_copy(head->call, text + start, end - start), 0, 0);
	head->item->case_number = head->item->case_number
				      ? (char *)referat_format(head->call, "%s, %s", head->item->case_number, number)
				      : number;
}

/* Takes the case number out of a text of the head; what is left belongs to the heading. */
static const char *take_case(struct head *head, const char *text)
{
	struct case_number found;
	if (!rf_case_find(text, referat_lower(head->call, text), &found))
		return text_without(head->call, text, 0, 0);
	add_case(head, text, found.start, found.end);
	return text_without(head->call, text, found.from, found.to);
}

static bool is_case_line(const struct referat_paragraph *paragraph)
{
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && rf_is_case_line(paragraph->text, paragraph->lower);
}

static void take_case_line(struct head *head, const struct referat_paragraph *paragraph)
{
	struct case_number found;
	rf_case_find(paragraph->text, paragraph->lower, &found);
	add_case(head, paragraph->text, found.start, strlen(paragraph->text));
}

static bool ends_head(const struct referat_paragraph *paragraph)
{
	return rf_label_at(paragraph->lower, strlen(paragraph->lower), NULL) != LABEL_NONE;
}

/* A second line of the heading: short, no sentence, and the text begins after it. */
static bool continues_heading(const struct referat_page *page, size_t at, size_t end)
{
	const struct referat_paragraph *line = &page->paragraphs[at];
	if (at + 1 >= end || line->kind != REFERAT__BLOCK_KIND__PARAGRAPH || ends_head(line) ||
	    !rf_is_short_line(line) || line->line != page->paragraphs[at - 1].last_line + 1)
		return false;
	return ends_head(line + 1) || is_case_line(line + 1);
}

static bool may_be_heading(const struct referat_paragraph *paragraph)
{
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && !ends_head(paragraph) &&
	       strlen(paragraph->text) <= MOST_HEADING &&
	       (!rf_ends_with(paragraph->text, ".") || rf_is_short_line(paragraph));
}

/* Number, case number and heading: on one line, or on lines of their own. Returns the paragraph after them. */
static size_t read_head(const struct referat_page *page, const struct start *start, size_t end, Referat__Item *item)
{
	const struct referat_paragraph *paragraph = &page->paragraphs[start->at];
	struct head head = {.call = page->call, .item = item, .heading = "", .place = paragraph};
	size_t size = start->numbered ? start->number.size : 0;
	if (start->numbered && !size)
		item->number = (char *)referat_format(page->call, "%u", start->number.number);
	if (size) {
		size_t printed = paragraph->text[size - 1] == '.' || paragraph->text[size - 1] == ':' ? size - 1 : size;
		item->number = rf_text_copy(page->call, paragraph->text, printed);
	}
	const char *rest = paragraph->text + size;
	rest += strspn(rest, ".: ");
	if (rf_starts_with(rest, "– ") || rf_starts_with(rest, "- "))
		rest += strcspn(rest, " ") + 1;
	head.heading = take_case(&head, rest);
	if (start->other != SIZE_MAX)
		take_case(&head, page->paragraphs[start->other].text);
	size_t at = start->at + 1;
	for (; at < end; at++) {
		const struct referat_paragraph *next = &page->paragraphs[at];
		if (at == start->other)
			continue;
		if (is_case_line(next) && (!item->case_number || !*head.heading)) {
			take_case_line(&head, next);
		} else if (!*head.heading && may_be_heading(next)) {
			head.heading = take_case(&head, next->text);
			head.place = next;
		} else if (*head.heading && continues_heading(page, at, end)) {
			head.heading = referat_format(page->call, "%s %s", head.heading, take_case(&head, next->text));
		} else {
			break;
		}
	}
	item->heading = rf_text_copy(page->call, head.heading, strlen(head.heading));
	item->heading_place = rf_place_new(page->call, head.place);
	item->has_sureness = true;
	item->sureness = *item->heading ? REFERAT__SURENESS__READ : REFERAT__SURENESS__DOUBTFUL;
	return at;
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
	rf_list_add(call, blocks, rf_block_new(call, paragraph->kind, &part));
}

static void read_blocks(const struct referat_page *page, size_t from, size_t to, Referat__Item *item)
{
	struct list blocks = {0};
	for (size_t i = from; i < to && !ends_items(&page->paragraphs[i]); i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		if (!item->case_number && i < from + 2 && is_case_line(paragraph)) {
			struct head head = {.call = page->call, .item = item};
			take_case_line(&head, paragraph);
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
	size_t from = read_head(page, start, end, item);
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
		size_t end = end_of(page, starts, i);
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
		Referat__Kind kind = kind_of(line);
		if (kind == REFERAT__KIND__MINUTES)
			return line;
		found = found || !kind ? found : line;
	}
	return found;
}

/* What decides is minutes; what only proposes is an agenda, whatever its title says. */
static Referat__Kind kind_by_items(const struct referat_page *page, const struct starts *starts, Referat__Kind title)
{
	size_t decided = 0;
	size_t proposed = 0;
	for (size_t i = starts->list[0].at; i < page->n; i++) {
		enum label label = rf_label_of(&page->paragraphs[i]);
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

bool rf_minutes_read(const struct referat_page *page, Referat__Document *document)
{
	struct starts starts;
	const struct referat_paragraph *title = find_title(page, page->n);
	Referat__Kind said = title ? kind_of(title) : REFERAT__KIND__KIND_UNSPECIFIED;
	find_starts(page, said, &starts);
	if (starts.n == 0)
		return false;
	size_t first = starts.list[0].at;
	title = find_title(page, first);
	said = title ? kind_of(title) : REFERAT__KIND__KIND_UNSPECIFIED;
	document->kind = kind_by_items(page, &starts, said);
	if (!document->kind)
		return false;
	document->title = title ? rf_text_copy(page->call, title->text, strlen(title->text)) : NULL;
	rf_cover_read(page, first, document);
	read_items(page, &starts, document);
	if (document->kind == REFERAT__KIND__AGENDA)
		for (size_t i = 0; i < document->n_items; i++)
			document->items[i]->n_decisions = 0;
	return true;
}
