/* Whose meeting it is: the name of a body in a short line of the cover, or of the head of every page. */
#include "cover.h"

#include <string.h>

enum { COMPANY_WITHIN = 12 }; /* lines from the top in which a company is named */

struct name {
	const struct referat_paragraph *line;
	size_t start, end;
};

/* "pensionärsrådet"; "kommunalrådet" is a person. */
static bool is_council_of_some(const char *word, size_t size)
{
	static const char end[] = "srådet";
	static const char *const others[] = {"landstings", "oppositions"};
	size_t length = strlen(end);
	if (size <= length || memcmp(word + size - length, end, length) != 0)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (memcmp(word, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

static bool is_board_word(const char *word, size_t size)
{
	static const char *const ends[] = {"beredningen", "beredning",   "kommittén",
					   "kommitté",    "direktionen", "revisionen"};
	if (rf_is_body(word, size))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && memcmp(word + size - end, ends[i], end) == 0)
			return true;
	}
	return is_council_of_some(word, size);
}

/* "nämnden" alone is only half a name: "Tekniska nämnden". */
static size_t whole_name_start(const char *lower, size_t at, size_t size)
{
	static const char *const halves[] = {"nämnden", "nämnd", "utskottet", "utskott", "styrelsen", "beredningen"};
	bool half = false;
	for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++)
		half = half || (strlen(halves[i]) == size && memcmp(lower + at, halves[i], size) == 0);
	size_t start = at;
	for (size_t words = 0; half && start > 0 && words < 3; words++) {
		size_t word = start - 1;
		while (word > 0 && lower[word - 1] != ' ')
			word--;
		size_t length = start - 1 - word;
		if (memmem(lower + word, length, "kommun", 6) || memmem(lower + word, length, "protokoll", 9) ||
		    memmem(lower + word, length, "stad", 4) || length < 3)
			break;
		start = word;
	}
	return start;
}

/* What belongs to the name before its word: "barn- och", "kommunstyrelsens". */
static size_t name_start(const char *lower, size_t at, size_t word_size)
{
	size_t start = whole_name_start(lower, at, word_size);
	while (start > 0) {
		size_t end = start - 1; /* the space */
		size_t word = end;
		while (word > 0 && lower[word - 1] != ' ')
			word--;
		size_t size = end - word;
		bool municipality = memmem(lower + word, size, "kommun,", 7) || memmem(lower + word, size, "stad,", 5);
		bool joins = size > 1 && (lower[end - 1] == '-' || lower[end - 1] == ',') && !municipality;
		bool and = (size == 3 && memcmp(lower + word, "och", 3) == 0) || (size == 1 && lower[word] == '&');
		bool adjective = size == 9 && memcmp(lower + word, "kommunala", 9) == 0;
		bool owner = size > 1 && lower[end - 1] == 's' && rf_is_body(lower + word, size - 1);
		if (!joins && !and&&!owner && !adjective)
			break;
		if (and) { /* the word before "och" belongs to it */
			while (word > 0 && lower[word - 1] == ' ')
				word--;
			while (word > 0 && lower[word - 1] != ' ')
				word--;
		}
		start = word;
	}
	return start;
}

/* "Barn- och skolnämnd Norra Exempelby": behind the indefinite form, what it is called stands. */
static size_t district_end(const char *text, const char *lower, size_t end)
{
	enum { MOST_WORDS = 2 };
	static const char *const stops[] = {"sammanträde", "protokoll", "kallelse", "datum", "sid", "kommun"};
	size_t last = end;
	size_t form = strlen("nämnd");
	bool indefinite = end >= form && memcmp(lower + end - form, "nämnd", form) == 0;
	for (size_t words = 0; indefinite && words < MOST_WORDS && lower[last] == ' '; words++) {
		size_t at = last + 1;
		size_t size = strcspn(lower + at, " ,.:;()");
		size_t second = at + 1 + ((unsigned char)text[at] >= 0x80);
		bool stop = !referat_is_capital(text + at) || size < 3 || text[second] != lower[second];
		for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
			stop = stop || rf_starts_with(lower + at, stops[i]) ||
			       rf_starts_with(lower + at + size + 1, "kommun");
		if (stop)
			break;
		last = at + size;
	}
	return last;
}

/* "nämnden för kultur och fritid": what the board is for, until the line says something else. */
static size_t name_end(const char *lower, size_t end)
{
	static const char *const stops[] = {"sammanträde", "protokoll", "kallelse", "den", "sida",
					    "datum",       "–",         "-",        "|"};
	if (!rf_starts_with(lower + end, " för "))
		return end;
	size_t at = end + strlen(" för ");
	size_t last = end;
	while (lower[at]) {
		size_t size = strcspn(lower + at, " ");
		bool stop = (lower[at] >= '0' && lower[at] <= '9') || lower[at] == '(';
		for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
			stop = stop || (strlen(stops[i]) == size && memcmp(lower + at, stops[i], size) == 0) ||
			       (size > 8 && rf_starts_with(lower + at, stops[i]));
		if (stop)
			break;
		last = at + size;
		at = last + strspn(lower + last, " ");
	}
	return last;
}

/* "Exempelbys socialnämnd": before the indefinite form, whose it is stands. */
static size_t place_start(const struct referat_paragraph *line, size_t start, size_t end)
{
	size_t form = strlen("nämnd");
	if (end < form || memcmp(line->lower + end - form, "nämnd", form) != 0 || start < 3 ||
	    line->lower[start - 2] != 's')
		return start;
	size_t word = start - 1;
	while (word > 0 && line->lower[word - 1] != ' ')
		word--;
	return referat_is_capital(line->text + word) && !is_board_word(line->lower + word, start - 2 - word) ? word
													     : start;
}

/* The name of a body in a short line; in minutes of the council's, "kommunfullmäktiges sammanträde". */
static bool find_name(const struct referat_paragraph *line, size_t from, struct name *name)
{
	const char *lower = line->lower;
	for (size_t at = from; lower[at];) {
		size_t size = strcspn(lower + at, " ,.:;()");
		size_t plain = size > 1 && lower[at + size - 1] == 's' ? size - 1 : size;
		bool whole = is_board_word(lower + at, size);
		if (whole || is_board_word(lower + at, plain)) {
			size_t end = at + (whole ? size : plain);
			size_t next = at + size + strspn(lower + at + size, " ");
			size_t next_size = strcspn(lower + next, " ,.:;()");
			if (!whole && next_size > 0 && is_board_word(lower + next, next_size))
				end = next + next_size; /* "kommunstyrelsens arbetsutskott" */
			size_t start = name_start(lower, at, whole ? size : plain);
			size_t district = district_end(line->text, lower, end);
			*name = (struct name){.line = line,
					      .start = place_start(line, start, end),
					      .end = district > end ? district : name_end(lower, end)};
			return true;
		}
		at += size;
		at += strspn(lower + at, " ,.:;()");
	}
	return false;
}

static bool is_board_line(const struct referat_paragraph *line)
{
	static const char *const others[] = {"från kommunstyrelsen",
					     "justera",
					     "anslag",
					     "ledamöter",
					     "beslut",
					     "förslag",
					     "motion",
					     "svar på",
					     "val av",
					     "information",
					     "ersättare",
					     "yttrande",
					     "skrivelse",
					     "ordförande"};
	if (rf_count_words(line->text) > MOST_NAME_WORDS || rf_ends_with(line->text, ".") ||
	    rf_starts_with(line->lower, "till ") || line->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strstr(line->lower, others[i]))
			return false;
	return true;
}

/* "KOMMUNSTYRELSEN" is printed so, but not called so. */
static char *written_name(struct referat_call *call, const struct name *name)
{
	size_t size = name->end - name->start;
	char *text = rf_text_copy(call, name->line->text + name->start, size);
	const char *lower = name->line->lower + name->start;
	bool small = false;
	for (size_t i = 0; i < size; i++)
		small = small || (text[i] == lower[i] && ((text[i] >= 'a' && text[i] <= 'z')));
	if (!small)
		memcpy(text, lower, size);
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	else if ((unsigned char)text[0] == 0xC3 && (unsigned char)text[1] >= 0xA0)
		text[1] = (char)((unsigned char)text[1] - 0x20);
	return text;
}

static void set_board(struct referat_call *call, const struct name *name, Referat__Document *document)
{
	document->board = referat_alloc(call, sizeof(*document->board));
	referat__board__init(document->board);
	document->board->name = written_name(call, name);
	document->board->place = rf_place_new(call, name->line);
}

/* "Hamnsunds socialnämnd": behind a label, what stands before the word belongs to the name, too. */
static void take_whole_value(struct name *name, size_t value)
{
	enum { MOST_BEFORE = 60 };
	const char *lower = name->line->lower + value;
	size_t before = name->start > value ? name->start - value : 0;
	if (before == 0 || before > MOST_BEFORE || strcspn(lower, "0123456789,.:;(") < before ||
	    memmem(lower, before, "kommun", 6) || memmem(lower, before, "stad", 4) ||
	    !referat_is_capital(name->line->text + value))
		return;
	name->start = value;
}

static size_t word_before(const char *text, size_t at)
{
	size_t end = at > 0 && text[at - 1] == ' ' ? at - 1 : at;
	while (end > 0 && text[end - 1] != ' ')
		end--;
	return end;
}

/* "Protokoll fört vid styrelsemöte i Lillviks Bostäder AB": the capitalised words beside "AB". */
static bool find_company(const struct referat_paragraph *line, struct name *name)
{
	const char *text = line->text;
	if (!strstr(line->lower, "styrels") && !strstr(line->lower, "protokoll"))
		return false;
	for (const char *at = strstr(text, "AB"); at; at = strstr(at + 1, "AB")) {
		size_t start = (size_t)(at - text);
		size_t end = start + 2;
		bool whole = (start == 0 || text[start - 1] == ' ') && (!text[end] || strchr(" ,.", text[end]));
		if (!whole)
			continue;
		while (start > 0 && referat_is_capital(text + word_before(text, start)) &&
		       !rf_starts_with(text + word_before(text, start), "Protokoll"))
			start = word_before(text, start);
		if (start == (size_t)(at - text)) /* "AB Lillviks Bostäder" */
			while (text[end] == ' ' && referat_is_capital(text + end + 1))
				end += 1 + strcspn(text + end + 1, " ,.");
		*name = (struct name){.line = line, .start = start, .end = end};
		return end - start > 3;
	}
	return false;
}

static void read_name(const struct referat_page *page, size_t to, Referat__Document *document)
{
	struct name name;
	size_t within = to < COVER_LINES ? to : COVER_LINES;
	for (size_t i = 0; i < within; i++) { /* "Organ: Kommunstyrelsen" */
		size_t value;
		if (rf_field_of(&page->paragraphs[i], &value) != FIELD_BODY)
			continue;
		struct referat_paragraph rest = {.text = page->paragraphs[i].text + value,
						 .lower = page->paragraphs[i].lower + value};
		size_t unused;
		if (rf_field_of(&rest, &unused) != FIELD_NONE)
			continue; /* a column of labels */
		size_t line = page->paragraphs[i].lower[value] ? i : i + 1;
		size_t from = line == i ? value : 0;
		if (line < within && find_name(&page->paragraphs[line], from, &name)) {
			take_whole_value(&name, from);
			set_board(page->call, &name, document);
			return;
		}
	}
	for (size_t i = 0; i < page->n_heads + within; i++) {
		const struct referat_paragraph *line = rf_cover_line(page, i);
		if (i < page->n_heads + COMPANY_WITHIN && find_company(line, &name)) {
			set_board(page->call, &name, document);
			return;
		}
	}
	for (size_t i = 0; i < page->n_heads + within; i++) {
		const struct referat_paragraph *line = rf_cover_line(page, i);
		size_t value; /* "Nämnd/styrelse" names none */
		bool field = rf_field_of(line, &value) == FIELD_BODY;
		if (is_board_line(line) && find_name(line, field ? value : 0, &name)) {
			set_board(page->call, &name, document);
			return;
		}
	}
}

void rf_board_read(const struct referat_page *page, size_t to, Referat__Document *document)
{
	size_t board_size = 0;
	const struct referat_paragraph *path = rf_municipality_read(page, to, document);
	const char *board = path ? rf_path_board(path, &board_size) : NULL;
	if (board) {
		size_t start = (size_t)(board - path->text);
		set_board(page->call, &(struct name){.line = path, .start = start, .end = start + board_size},
			  document);
		return;
	}
	read_name(page, to, document);
}
