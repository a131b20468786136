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

static bool is_marked(const struct referat_page *page, const struct start *start)
{
	return page->paragraphs[start->at].heading > 0;
}

/* All that look so. Returns whether some are marked as headings; items of lists are none then. */
static bool all_candidates(const struct referat_page *page, bool bare, bool listed, struct starts *starts)
{
	struct item_number number;
	bool marked = false;
	for (size_t i = 0; i < page->n && !marked; i++)
		marked = page->paragraphs[i].heading && reads_number(&page->paragraphs[i], bare, &number);
	starts->list = referat_alloc(page->call, (page->n + 1) * sizeof(*starts->list));
	starts->n = 0;
	for (size_t i = 0; i < page->n; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
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
	return marked;
}

size_t rf_starts_end(const struct referat_page *page, const struct starts *starts, size_t i)
{
	if (i + 1 == starts->n)
		return page->n;
	const struct start *next = &starts->list[i + 1];
	return next->other < next->at ? next->other : next->at;
}

static void close_up(struct starts *starts)
{
	size_t n = 0;
	for (size_t i = 0; i < starts->n; i++)
		if (!starts->list[i].out)
			starts->list[n++] = starts->list[i];
	starts->n = n;
}

/* "Delårsrapport ......... 12", "Delårsrapport … 12", "Delårsrapport . 12": an entry of a list of contents ends in the
 * number of a page. */
static bool ends_in_page(const char *text)
{
	if (strstr(text, "....") || strstr(text, ". . .") || strstr(text, "……"))
		return true;
	size_t end = strlen(text);
	while (end > 0 && strchr("0123456789", text[end - 1]))
		end--;
	bool page = text[end] != '\0';
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return page && end > 3 &&
	       (memcmp(text + end - 2, " .", 2) == 0 || memcmp(text + end - 3, "...", 3) == 0 ||
		memcmp(text + end - 3, "…", 3) == 0);
}

/* A line that stands on covers, and below no item. */
static bool is_cover_line(const struct referat_paragraph *paragraph)
{
	static const char *const starts[] = {"utses att justera",   "utsedd att justera", "underskrifter",
					     "anslag/bevis",        "anslagsbevis",       "justeringens plats",
					     "justerade paragraf",  "ej tjänstgörande",   "tjänstgörande ersättare",
					     "innehållsförteckning"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (rf_starts_with(paragraph->lower, starts[i]))
			return true;
	return false;
}

/* "§ 91 Familjerättssekreterare Jenny Sund": who was there for which paragraph. The cover goes on below it. */
static bool stands_on_cover(const struct referat_page *page, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (is_cover_line(&page->paragraphs[i]))
			return true;
	return false;
}

static bool has_number_after(const struct starts *starts, size_t i)
{
	for (size_t k = i + 1; k < starts->n; k++)
		if (starts->list[k].number.number == starts->list[i].number.number &&
		    starts->list[k].number.letter == starts->list[i].number.letter)
			return true;
	return false;
}

/* Do numbers that are no larger follow? Then they begin anew. */
static bool is_before_more(const struct starts *starts, size_t i)
{
	for (size_t k = i + 1; k < starts->n; k++)
		if (starts->list[k].number.number <= starts->list[i].number.number)
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

/* What stands above an entry of the cover, and says no more, is one, too. */
static void take_out_above(const struct referat_page *page, struct starts *starts)
{
	for (size_t i = starts->n; i-- > 1;) {
		struct start *above = &starts->list[i - 1];
		if (starts->list[i].out && is_thin(page, above->at, starts->list[i].at))
			above->out = true;
	}
}

/* Does a list of contents begin above? */
static bool is_in_contents(const struct referat_page *page, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		const char *lower = page->paragraphs[i].lower;
		if (strcmp(lower, "innehåll") == 0 || rf_starts_with(lower, "innehållsförteckning"))
			return true;
	}
	return false;
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
		bool listed = is_before_more(starts, i) && is_in_contents(page, start->at);
		start->out = (thin || last) && (has_number_after(starts, i) || dots || listed);
		before = start->out;
	}
}

static void take_out_cover(const struct referat_page *page, struct starts *starts)
{
	for (size_t i = 0; i + 1 < starts->n; i++)
		starts->list[i].out =
		    stands_on_cover(page, starts->list[i].at, starts->list[i + 1].at) && is_before_more(starts, i);
	take_out_above(page, starts);
	close_up(starts);
}

/* Is the number a committee's: "KSAU § 133", "Au § 21", "Arbetsutskottet § 9"? */
static bool is_committees(const struct referat_page *page, const struct start *start)
{
	const char *lower = page->paragraphs[start->at].lower;
	size_t size = strcspn(lower, " §");
	bool committee = size >= 2 && memcmp(lower + size - 2, "au", 2) == 0;
	return start->number.form == NUMBER_SIGN && (committee || memmem(lower, size, "utskott", 7));
}

static bool is_number_at(const struct referat_page *page, size_t at)
{
	return rf_is_number_line(page->paragraphs[at].text, page->paragraphs[at].lower);
}

/* Two lines with numbers, below each other; a line with a case number may stand between them. */
static bool is_chain(const struct referat_page *page, size_t first, size_t second)
{
	const struct referat_paragraph *between = &page->paragraphs[first + 1];
	bool near = second == first + 1 || (second == first + 2 && rf_is_case_line(between->text, between->lower));
	return near && is_number_at(page, first) && is_number_at(page, second);
}

/* "KSAU § 133" above "KS § 151": the committee prepared the item, and has a number for it in minutes of its own. */
static void join_chains(const struct referat_page *page, struct starts *starts)
{
	for (size_t i = 0; i + 1 < starts->n; i++) {
		struct start *first = &starts->list[i];
		struct start *second = &starts->list[i + 1];
		if (!is_chain(page, first->at, second->at) || is_committees(page, first) == is_committees(page, second))
			continue;
		bool prepared_first = is_committees(page, first);
		struct start *own = prepared_first ? second : first;
		struct start *other = prepared_first ? first : second;
		own->other = other->at;
		other->out = true;
	}
	close_up(starts);
}

/* "Au § 34" above what the committee said, inside an item that the board numbers itself. */
static void take_out_committees(const struct referat_page *page, struct starts *starts)
{
	size_t own = 0;
	for (size_t i = 0; i < starts->n; i++)
		own += starts->list[i].number.form == NUMBER_SIGN && !is_committees(page, &starts->list[i]);
	for (size_t i = 1; i < starts->n && own > 0; i++)
		starts->list[i].out = is_committees(page, &starts->list[i]) && 2 * own >= starts->n;
	close_up(starts);
}

/* "Ärende nr 16 utgår", inside an item: where the items have a sign, that only names one of the agenda. */
static void take_out_named(struct starts *starts)
{
	size_t signs = 0;
	for (size_t i = 0; i < starts->n; i++)
		signs += starts->list[i].number.form == NUMBER_SIGN;
	for (size_t i = 0; i < starts->n; i++)
		starts->list[i].out = starts->list[i].number.form == NUMBER_NAMED && 2 * signs >= starts->n;
	close_up(starts);
}

/* "Dnr SN-2019-7" above "§ 80": the case number belongs to the item whose number follows it, when the item has none of
 * its own, and what stands above has one or is the cover. */
static void join_cases(const struct referat_page *page, struct starts *starts)
{
	enum { NEAR = 3 };
	for (size_t i = 0; i < starts->n; i++) {
		struct start *start = &starts->list[i];
		struct case_number found;
		const struct referat_paragraph *lines = &page->paragraphs[start->at];
		size_t before = i > 0 ? starts->list[i - 1].at + 1 : 0;
		bool above = start->at > before && start->other == SIZE_MAX &&
			     rf_is_case_line(lines[-1].text, lines[-1].lower) &&
			     !rf_case_find(lines->text, lines->lower, &found);
		for (size_t k = 1; k <= NEAR && above && start->at + k < page->n; k++)
			above = !rf_is_case_line(lines[k].text, lines[k].lower);
		if (above)
			start->other = start->at - 1;
	}
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

static bool is_number(const struct start *one, const struct start *other)
{
	return one->number.number == other->number.number && one->number.letter == other->number.letter;
}

/* The start with the same number that is marked as a heading, or the first one below i that is; NULL: none. */
static const struct start *find_marked(const struct referat_page *page, const struct starts *starts, size_t i,
				       bool same)
{
	for (size_t k = same ? 0 : i + 1; k < starts->n; k++)
		if (is_marked(page, &starts->list[k]) && (!same || is_number(&starts->list[k], &starts->list[i])))
			return &starts->list[k];
	return NULL;
}

/* A number without a mark, where others are marked: its line may have got no style ("§ 12 Dnr KS 2024/3", above the
 * heading). It begins an item when it looks so and belongs between its neighbours, and nothing marked has it. */
static bool fits_between(const struct referat_page *page, const struct starts *starts, size_t i,
			 const struct start *before)
{
	enum { MOST_GAP = 3 };
	const struct start *start = &starts->list[i];
	const struct referat_paragraph *line = &page->paragraphs[start->at];
	if (!start->numbered || find_marked(page, starts, i, true))
		return false;
	const struct start *after = find_marked(page, starts, i, false);
	unsigned number = start->number.number;
	bool behind = before && number >= before->number.number && number <= before->number.number + MOST_GAP;
	bool ahead = after && number <= after->number.number && after->number.number <= number + MOST_GAP;
	if (before ? !behind || (after && number > after->number.number) : !ahead)
		return false;
	return rf_is_number_line(line->text, line->lower) ||
	       rf_number_range(line->text, &(struct item_number){0}) > 0 || is_strong(page, start);
}

static void take_out_unmarked(const struct referat_page *page, struct starts *starts, bool bare)
{
	const struct start *before = NULL;
	for (size_t i = 0; i < starts->n; i++) {
		struct start *start = &starts->list[i];
		start->out = !is_marked(page, start) && (bare || !fits_between(page, starts, i, before));
		before = start->out ? before : start;
	}
	close_up(starts);
}

static void find_candidates(const struct referat_page *page, bool bare, bool listed, struct starts *starts)
{
	if (all_candidates(page, bare, listed, starts))
		take_out_unmarked(page, starts, bare);
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

/* Numbers without a sign are items only when they make a run, or are marked. */
static void keep_run(const struct referat_page *page, struct starts *starts)
{
	enum { RUN_GAP = 3, MARKED_GAP = 8 };
	bool marked = false;
	for (size_t i = 0; i < starts->n; i++)
		marked = marked || is_marked(page, &starts->list[i]);
	unsigned most_gap = marked ? MARKED_GAP : RUN_GAP;
	size_t best = 0;
	size_t best_from = 0;
	for (size_t i = 0; i < starts->n;) {
		size_t n = 1;
		size_t last = i;
		for (size_t k = i + 1; k < starts->n; k++) {
			unsigned gap = starts->list[k].number.number - starts->list[last].number.number;
			if (starts->list[k].number.number > starts->list[last].number.number && gap <= most_gap) {
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
		bool in = i >= best_from && (last == 0 || (number > last && number - last <= most_gap));
		starts->list[i].out = !in || (best < 2 && !is_marked(page, &starts->list[i]));
		last = in ? number : last;
	}
}

static bool is_among(const struct starts *starts, unsigned number)
{
	for (size_t i = 0; i < starts->n; i++)
		if (starts->list[i].number.number == number)
			return true;
	return false;
}

/* An agenda lists all its items, and tells more ("Ärende 3") only of those that somebody prepared: the others stand in
 * the list alone. */
static void add_listed(const struct referat_page *page, struct starts *starts)
{
	struct starts listed;
	struct starts all = {.list = referat_alloc(page->call, (page->n + 1) * sizeof(*all.list))};
	for (size_t i = 0; i < starts->n; i++)
		if (starts->list[i].number.form != NUMBER_NAMED)
			return;
	find_candidates(page, true, false, &listed);
	keep_run(page, &listed);
	close_up(&listed);
	for (size_t i = 0; i < listed.n; i++)
		if (listed.list[i].at < starts->list[0].at && !is_among(starts, listed.list[i].number.number))
			all.list[all.n++] = listed.list[i];
	for (size_t i = 0; i < starts->n; i++)
		all.list[all.n++] = starts->list[i];
	*starts = all;
}

void rf_starts_find(const struct referat_page *page, Referat__Kind title, struct starts *starts)
{
	find_candidates(page, false, false, starts);
	join_chains(page, starts);
	take_out_committees(page, starts);
	take_out_named(starts);
	take_out_cover(page, starts);
	take_out_contents(page, starts);
	close_up(starts);
	take_out_strays(page, starts);
	close_up(starts);
	join_cases(page, starts);
	if (starts->n > 0 && title == REFERAT__KIND__AGENDA)
		add_listed(page, starts);
	if (starts->n > 0 || !title)
		return;
	find_candidates(page, true, false, starts);
	take_out_contents(page, starts);
	close_up(starts);
	keep_run(page, starts);
	close_up(starts);
	if (starts->n == 0 && title == REFERAT__KIND__AGENDA)
		find_candidates(page, false, true, starts);
}
