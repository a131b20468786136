/* The cover of minutes: whose meeting, when and where, who was there, who adjusts the minutes, which paragraphs they
 * have, when the notice was put up. What is printed on every page is read, too. */
#include "cover.h"

#include <string.h>

/* ---- place and time --------------------------------------------------------------------------------------------- */

/* The next clock from a position: "13.00", "09:15"; its size in *size. */
static const char *find_clock(const char *text, size_t *size)
{
	for (const char *at = text; *at; at++) {
		size_t hours = strspn(at, "0123456789");
		if (hours >= 1 && hours <= 2 && (at[hours] == '.' || at[hours] == ':') &&
		    strspn(at + hours + 1, "0123456789") == 2 && (at == text || at[-1] != '.')) {
			*size = hours + 3;
			return at;
		}
		if (hours > 1)
			at += hours - 1;
	}
	return NULL;
}

static char *clock_text(struct referat_call *call, const char *at)
{
	size_t digits = strspn(at, "0123456789");
	int hours = at[0] - '0';
	if (digits == 2)
		hours = hours * 10 + (at[1] - '0');
	int minutes = (at[digits + 1] - '0') * 10 + (at[digits + 2] - '0');
	return hours <= 24 && minutes <= 59 ? (char *)referat_format(call, "%02d:%02d", hours, minutes) : NULL;
}

static void read_where(struct referat_call *call, const struct referat_paragraph *line, size_t value,
		       Referat__Meeting *meeting)
{
	const char *text = line->text + value;
	size_t size;
	const char *first = find_clock(text, &size);
	if (strstr(line->lower, "ajourner")) {
		char **list = referat_alloc(call, (meeting->n_adjournments + 1) * sizeof(*list));
		for (size_t i = 0; i < meeting->n_adjournments; i++)
			list[i] = meeting->adjournments[i];
		list[meeting->n_adjournments++] = rf_text_copy(call, text, strlen(text));
		meeting->adjournments = list;
		return;
	}
	if (!meeting->location) {
		size_t end = strcspn(text, ",");
		const char *clock = strstr(line->lower + value, " kl");
		if (clock && (size_t)(clock - (line->lower + value)) < end)
			end = (size_t)(clock - (line->lower + value));
		bool place = end > 2 && referat_is_capital(text) && (!first || (size_t)(first - text) > end);
		meeting->location = place ? rf_text_copy(call, text, end) : NULL;
	}
	if (!first || meeting->start)
		return;
	meeting->start = clock_text(call, first);
	const char *second = find_clock(first + size, &size);
	meeting->end = second ? clock_text(call, second) : NULL;
}

/* ---- the cover -------------------------------------------------------------------------------------------------- */

static char *day_text(struct referat_call *call, const struct referat_paragraph *line, size_t from)
{
	struct referat_date date;
	if (!referat_date_find(line->lower, from, &date) || !date.year || !date.day)
		return NULL;
	return (char *)referat_format(call, "%04d-%02d-%02d", date.year, date.month, date.day);
}

struct cover {
	const struct referat_page *page;
	Referat__Meeting *meeting;
	Referat__Posting posting;
	struct list people, adjusters;
	bool signed_below; /* what follows are signatures: names that were told above */
};

/* Not "…", nor "(2)", the number of a page. */
static bool says_name(const char *text)
{
	return referat_is_capital(text) && strlen(text) > 2;
}

/* What begins with a word belongs to the next field: "Kommunkontoret Underskrift …". */
static void cut_at(char *text, const char *word)
{
	char *found = strstr(text, word);
	if (found)
		*found = '\0';
}

/* "26 – 38 Maria Exempel Ordförande": who signed stands behind the numbers of the paragraphs. */
static void cut_at_name(char *text)
{
	bool numbers = (*text >= '0' && *text <= '9') || rf_starts_with(text, "§");
	for (char *at = numbers ? strchr(text, ' ') : NULL; at; at = strchr(at + 1, ' '))
		if (referat_is_capital(at + 1) && strcspn(at + 1, " ") > 1) {
			*at = '\0';
			return;
		}
}

static void read_value(struct cover *cover, const struct referat_paragraph *line, size_t value, enum field field)
{
	struct referat_call *call = cover->page->call;
	char *text = rf_text_copy(call, line->text + value, strlen(line->text + value));
	switch (field) {
	case FIELD_WHERE:
		read_where(call, line, value, cover->meeting);
		break;
	case FIELD_MEMBERS:
	case FIELD_SUBSTITUTES:
	case FIELD_PRESENT_SUBSTITUTES:
	case FIELD_OFFICIALS:
		rf_people_read(cover->page, line, value, field, &cover->people);
		break;
	case FIELD_ADJUSTERS:
		if (says_name(text) && cover->adjusters.n < 8 && !(cover->signed_below && cover->adjusters.n > 0))
			rf_list_add(call, &cover->adjusters, text);
		break;
	case FIELD_ADJUSTED:
		cover->posting.adjusted =
		    cover->posting.adjusted ? cover->posting.adjusted : day_text(call, line, value);
		break;
	case FIELD_PARAGRAPHS:
		cut_at_name(text);
		if (*text && !cover->meeting->paragraphs && strpbrk(text, "0123456789"))
			cover->meeting->paragraphs = text;
		break;
	case FIELD_UP:
		cover->posting.up = cover->posting.up ? cover->posting.up : day_text(call, line, value);
		break;
	case FIELD_DOWN:
		cover->posting.down = cover->posting.down ? cover->posting.down : day_text(call, line, value);
		break;
	case FIELD_KEPT:
		cut_at(text, " Underskrift");
		cut_at(text, " Sista da");
		cover->posting.kept_at = cover->posting.kept_at || !*text ? cover->posting.kept_at : text;
		break;
	default:
		break;
	}
}

/* "Sekreterare Eva Ek § 47-59", with "Paragrafer" below: in columns a value may stand higher than its label. NULL: none
 * does. */
static char *range_above(const struct cover *cover, size_t i)
{
	const char *above = i > 0 ? cover->page->paragraphs[i - 1].text : "";
	const char *range = strstr(above, "§");
	bool only = range && strspn(range, "§ 0123456789,-–") == strlen(range) && strpbrk(range, "0123456789");
	return only ? rf_text_copy(cover->page->call, range, strlen(range)) : NULL;
}

/* "Sekreterare Eva Ek Paragrafer §§ 47-59", "… Paragrafer 47–59, 61": the label ends a column. NULL: it is not there.
 */
static char *range_within(const struct cover *cover, const struct referat_paragraph *line)
{
	static const char label[] = " paragrafer ";
	const char *at = strstr(line->lower, label);
	size_t start = at ? (size_t)(at - line->lower) + strlen(label) : 0;
	bool range = at && (rf_starts_with(line->lower + start, "§") || strspn(line->lower + start, "0123456789") > 0);
	return range ? rf_text_copy(cover->page->call, line->text + start, strlen(line->text + start)) : NULL;
}

/* What stands in line i between two of its labels. */
static void read_part(struct cover *cover, size_t i, size_t from, size_t to, enum field *field)
{
	const struct referat_paragraph *line = &cover->page->paragraphs[i];
	struct referat_paragraph part = *line;
	while (to > from && line->text[to - 1] == ' ')
		to--;
	part.text = rf_text_copy(cover->page->call, line->text + from, to - from);
	part.lower = rf_text_copy(cover->page->call, line->lower + from, to - from);
	size_t value;
	enum field begun = from == 0 ? rf_field_at(cover->page->paragraphs, i, &value) : rf_field_of(&part, &value);
	if (begun != FIELD_NONE)
		*field = begun;
	else
		value = 0;
	cover->signed_below = cover->signed_below || strstr(part.lower, "underskrift");
	struct referat_paragraph rest = {.text = part.text + value, .lower = part.lower + value};
	size_t unused;
	enum field second = value > 0 ? rf_field_of(&rest, &unused) : FIELD_NONE;
	if (second != FIELD_NONE && second != *field)
		*field = FIELD_OTHER; /* a column of labels: which value is whose can't be told */
	read_value(cover, &part, value, *field);
	if (begun == FIELD_PARAGRAPHS && !part.text[value] && !cover->meeting->paragraphs)
		cover->meeting->paragraphs = range_above(cover, i);
	bool one_value = *field == FIELD_PARAGRAPHS || *field == FIELD_KEPT;
	if (one_value && part.text[value])
		*field = FIELD_NONE;
}

static void read_fields(struct cover *cover, size_t to)
{
	enum field field = FIELD_NONE;
	for (size_t i = 0; i < to; i++) {
		const struct referat_paragraph *line = &cover->page->paragraphs[i];
		for (size_t from = 0; line->text[from];) {
			size_t next = rf_field_next(line, from);
			read_part(cover, i, from, next, &field);
			from = next;
		}
		if (!cover->meeting->paragraphs)
			cover->meeting->paragraphs = range_within(cover, line);
	}
}

void rf_cover_read(const struct referat_page *page, size_t to, Referat__Document *document)
{
	struct cover cover = {.page = page, .meeting = referat_alloc(page->call, sizeof(*cover.meeting))};
	referat__meeting__init(cover.meeting);
	referat__posting__init(&cover.posting);
	rf_board_read(page, to, document);
	rf_meeting_day_read(page, to, cover.meeting);
	read_fields(&cover, to);
	Referat__Meeting *meeting = cover.meeting;
	meeting->participants = (Referat__Participant **)cover.people.items;
	meeting->n_participants = cover.people.n;
	meeting->adjusters = (char **)cover.adjusters.items;
	meeting->n_adjusters = cover.adjusters.n;
	if (cover.posting.up || cover.posting.down || cover.posting.adjusted || cover.posting.kept_at) {
		meeting->posting = referat_alloc(page->call, sizeof(*meeting->posting));
		*meeting->posting = cover.posting;
	}
	bool known = meeting->day || meeting->start || meeting->location || meeting->n_participants ||
		     meeting->n_adjusters || meeting->paragraphs || meeting->posting;
	document->meeting = known ? meeting : NULL;
}
