/* Whose municipality it is: "Exempelby kommun" in a line of the cover, on one line or two, in capitals or not; "Region
 * Exempel"; or in the path of a page. */
#include "cover.h"

#include <string.h>

enum { MOST_WORDS = 3 /* of a municipality's name */ };

static const char *const kinds[] = {"kommun", "stad", "stads", "gymnasieförbund", "kommunalförbund"};

const struct referat_paragraph *rf_cover_line(const struct referat_page *page, size_t i)
{
	return i < page->n_heads ? &page->heads[i] : &page->paragraphs[i - page->n_heads];
}

static bool is_kind(const char *word, size_t size)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i]) == size && memcmp(kinds[i], word, size) == 0)
			return true;
	return false;
}

/* "EXEMPELBY KOMMUN" is printed so, but not called so: its words begin with a capital, "kommun" does not. */
static char *written_name(struct referat_call *call, const char *text, size_t size)
{
	char *name = rf_text_copy(call, text, size);
	const char *lower = referat_lower(call, name);
	bool small = false;
	for (size_t i = 0; i < size; i++)
		small = small || (name[i] >= 'a' && name[i] <= 'z');
	for (size_t at = 0; at < size && !small; at += strspn(name + at, " ")) {
		size_t word = strcspn(name + at, " ");
		size_t first = is_kind(lower + at, word) ? 0 : 1 + ((unsigned char)name[at] >= 0x80);
		memcpy(name + at + first, lower + at + first, word - first);
		at += word;
	}
	return name;
}

/* ---- in a line -------------------------------------------------------------------------------------------------- */

static bool is_capitals(const char *text, const char *lower, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] == lower[i] && text[i] >= 'a' && text[i] <= 'z')
			return false;
	return true;
}

/* In capitals, at the front of a longer line, it is one, too: "2 EXEMPELBY KOMMUN PROTOKOLL 2(12) Socialnämnden". */
static bool read_line(struct referat_call *call, const struct referat_paragraph *line, Referat__Document *document)
{
	size_t from = strspn(line->lower, "0123456789 ");
	bool shortish = from == 0 && rf_count_words(line->text) <= MOST_NAME_WORDS;
	size_t value;
	if (rf_field_of(line, &value) == FIELD_BODY) /* "Organ: Exempelby kommun, socialnämnden" */
		from = value;
	if (!referat_is_capital(line->text + from))
		return false;
	size_t words = 0;
	for (size_t at = from; line->lower[at] && words < MOST_WORDS; at += strspn(line->lower + at, " ,")) {
		size_t size = strcspn(line->lower + at, " ,");
		words++;
		size_t end = at + size;
		if (words > 1 && is_kind(line->lower + at, size) &&
		    (shortish || is_capitals(line->text + from, line->lower + from, end - from))) {
			document->municipality = written_name(call, line->text + from, end - from);
			return true;
		}
		at = end;
	}
	return false;
}

/* "Region Exempel", "Region Exempels län", alone or before what the page is. */
static bool read_region(struct referat_call *call, const struct referat_paragraph *line, Referat__Document *document)
{
	size_t at = strlen("region ");
	if (!rf_starts_with(line->lower, "region ") || !referat_is_capital(line->text + at) ||
	    rf_count_words(line->text) > MOST_NAME_WORDS)
		return false;
	size_t end = at + strcspn(line->lower + at, " ");
	if (rf_is_body(line->lower + at, end - at))
		return false;
	if (rf_starts_with(line->lower + end, " län"))
		end += strlen(" län");
	document->municipality = written_name(call, line->text, end);
	return true;
}

/* Words that begin what stands beside the name. */
static bool is_beside(const char *lower)
{
	static const char *const words[] = {"sammanträd", "protokoll", "kallelse", "sida", "datum", "blad"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (rf_starts_with(lower, words[i]))
			return true;
	return (*lower >= '0' && *lower <= '9') || rf_is_body(lower, strcspn(lower, " "));
}

/* "NORRA EXEMPELS" above "KOMMUN". */
static bool read_two_lines(struct referat_call *call, const struct referat_paragraph *above,
			   const struct referat_paragraph *line, Referat__Document *document)
{
	size_t kind = strcspn(line->lower, " ");
	if (!is_kind(line->lower, kind) ||
	    (line->lower[kind] && !is_beside(line->lower + kind + strspn(line->lower + kind, " "))))
		return false;
	size_t end = 0;
	size_t words = 0;
	for (size_t at = 0; above->lower[at]; words++) {
		size_t size = strcspn(above->lower + at, " ");
		if (!referat_is_capital(above->text + at) || is_beside(above->lower + at))
			break;
		end = at + size;
		at = end + strspn(above->lower + end, " ");
	}
	if (words == 0 || words >= MOST_WORDS)
		return false;
	const char *both = referat_format(call, "%.*s %.*s", (int)end, above->text, (int)kind, line->text);
	document->municipality = written_name(call, both, strlen(both));
	return true;
}

/* ---- in a path -------------------------------------------------------------------------------------------------- */

/* The next part of "Hem > Exempelby kommun > Kommunstyrelsen"; NULL: there is none. */
static const char *next_part(const char *part, size_t *size)
{
	const char *mark = strstr(part, " > ");
	const char *next = mark ? mark + strlen(" > ") : NULL;
	const char *end = next ? strstr(next, " > ") : NULL;
	if (next)
		*size = end ? (size_t)(end - next) : strlen(next);
	return next;
}

static const char *municipality_part(const struct referat_paragraph *line, size_t *size)
{
	for (const char *part = next_part(line->lower, size); part; part = next_part(part, size)) {
		size_t word = *size;
		while (word > 0 && part[word - 1] != ' ')
			word--;
		if (word > 0 && is_kind(part + word, *size - word))
			return part;
	}
	return NULL;
}

const char *rf_path_board(const struct referat_paragraph *path, size_t *size)
{
	size_t unused;
	const char *part = municipality_part(path, &unused);
	const char *board = part ? next_part(part, size) : NULL;
	size_t after_size;
	const char *after = board ? next_part(board, &after_size) : NULL;
	bool meeting = after && (rf_starts_with(after, "sammanträd") || rf_starts_with(after, "protokoll") ||
				 rf_starts_with(after, "möte"));
	return meeting ? path->text + (board - path->lower) : NULL;
}

bool rf_is_meeting_path(const struct referat_paragraph *line)
{
	size_t size;
	return municipality_part(line, &size) && rf_path_board(line, &size);
}

const struct referat_paragraph *rf_municipality_read(const struct referat_page *page, size_t to,
						     Referat__Document *document)
{
	size_t n = page->n_heads + (to < COVER_LINES ? to : COVER_LINES);
	for (size_t i = 0; i < n; i++) {
		const struct referat_paragraph *line = rf_cover_line(page, i);
		size_t size;
		const char *part = municipality_part(line, &size);
		if (part) {
			document->municipality = rf_text_copy(page->call, line->text + (part - line->lower), size);
			return line;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct referat_paragraph *line = rf_cover_line(page, i);
		if (read_line(page->call, line, document) || read_region(page->call, line, document) ||
		    (i > 0 && read_two_lines(page->call, rf_cover_line(page, i - 1), line, document)))
			return NULL;
	}
	return NULL;
}
