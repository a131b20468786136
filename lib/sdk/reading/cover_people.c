/* Who took part: names with parties, and officials. */
#include "cover.h"

#include <string.h>

enum { MOST_PEOPLE = 400 };

static Referat__Part part_of(enum field field)
{
	switch (field) {
	case FIELD_MEMBERS:
		return REFERAT__PART__MEMBER;
	case FIELD_SUBSTITUTES:
		return REFERAT__PART__SUBSTITUTE;
	case FIELD_PRESENT_SUBSTITUTES:
		return REFERAT__PART__SUBSTITUTE_PRESENT;
	default:
		return REFERAT__PART__OFFICIAL;
	}
}

/* The size of "(S)", "(KD)", "(-)" at a bracket; 0: it is something else. */
static size_t party_size(const char *text)
{
	enum { MOST_PARTY = 10 };
	size_t end = strcspn(text, ")");
	if (text[end] != ')' || end < 2 || end > MOST_PARTY)
		return 0;
	for (size_t i = 1; i < end; i++)
		if ((text[i] >= '0' && text[i] <= '9') || text[i] == ' ' || text[i] == ',')
			return 0;
	return end + 1;
}

/* Where the name before a position begins: capitalised words, with "von" and "af" between. */
static size_t person_start(const char *text, size_t end)
{
	size_t start = end;
	for (size_t at = end; at > 0;) {
		size_t word = at;
		while (word > 0 && text[word - 1] != ' ')
			word--;
		size_t size = at - word;
		bool particle = (size == 3 && memcmp(text + word, "von", 3) == 0) ||
				(size == 2 && (memcmp(text + word, "af", 2) == 0 || memcmp(text + word, "de", 2) == 0));
		if (size == 0 || (!referat_is_capital(text + word) && !particle) || text[at - 1] == ',' ||
		    text[at - 1] == ':' || text[at - 1] == ')')
			break;
		start = word;
		at = word > 0 ? word - 1 : 0;
		if (word > 0 && text[word - 1] != ' ')
			break;
	}
	return start;
}

static void add_person(const struct referat_page *page, struct list *people, const struct referat_paragraph *line,
		       const char *name, const char *party, Referat__Part part)
{
	if (people->n >= MOST_PEOPLE || !*name)
		return;
	Referat__Participant *person = referat_alloc(page->call, sizeof(*person));
	referat__participant__init(person);
	person->name = (char *)name;
	person->party = (char *)party;
	person->has_part = true;
	person->part = part;
	person->place = rf_place_new(page->call, line);
	rf_list_add(page->call, people, person);
}

void rf_people_read(const struct referat_page *page, const struct referat_paragraph *line, size_t from,
		    enum field field, struct list *people)
{
	const char *text = line->text;
	bool elected = false;
	for (size_t at = from; text[at]; at++) {
		size_t party = text[at] == '(' ? party_size(text + at) : 0;
		if (!party)
			continue;
		size_t end = at;
		while (end > from && text[end - 1] == ' ')
			end--;
		size_t start = person_start(text, end);
		if (start < from)
			start = from;
		add_person(page, people, line, rf_text_copy(page->call, text + start, end - start),
			   rf_text_copy(page->call, text + at + 1, party - 2), part_of(field));
		elected = true;
		at += party - 1;
	}
	if (!elected && field == FIELD_OFFICIALS && text[from] && referat_is_capital(text + from)) {
		size_t size = strcspn(text + from, ",");
		add_person(page, people, line, rf_text_copy(page->call, text + from, size), NULL,
			   REFERAT__PART__OFFICIAL);
	}
}
