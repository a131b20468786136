/* Where items begin: numbers with a sign ("§ 54"), else those that make a run. What lists them, on the cover or in a
 * list of contents, and what only names a paragraph is taken out. */
#include "starts.h"

#include <string.h>

enum {
	MOST_LEAP = 25,  /* between the numbers of two items that follow each other */
	MOST_LISTED = 4, /* paragraphs of an entry in a list of contents */
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

size_t rf_starts_end(const struct referat_page *page, const struct starts *starts, size_t i)
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
		size_t end = rf_starts_end(page, starts, i);
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

void rf_starts_find(const struct referat_page *page, Referat__Kind title, struct starts *starts)
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
