/* Where items begin in a transcript. The sign of paragraphs is lost there, and numbers stand everywhere; those of items
 * follow each other. Of all numbers that may be one, the chain is taken that has most to speak for it. */
#include "transcripts.h"

#include <string.h>

enum {
	MOST_GAP = 6, /* between the numbers of two items that follow each other; some are lost */
	MOST_CANDIDATES = 4000,
	FRONT = 40, /* bytes in which an item's number stands, and what follows it begins */
};

struct candidate {
	const char *at;
	unsigned number;
	unsigned weight;
	unsigned best;  /* of the chain that ends here */
	size_t before;  /* the candidate before it in that chain; SIZE_MAX: it is the first */
	size_t members; /* of that chain */
};

struct candidates {
	struct candidate *list;
	size_t n;
};

/* "enligt § 5", "kl 13", "Bilaga 2": what stands before a number that is none of an item. */
static bool is_reference(const char *text, const char *at)
{
	static const char *const words[] = {" enligt ", " i ",  " av ",  " till ", " se ",      " och ",   " från ",
					    ", ",       " kl ", " kl. ", " kap ",  " kap. ",    " punkt ", " bilaga ",
					    " Bilaga ", " nr ", " nr. ", " den ",  " klockan ", "§§ ",     " sid ",
					    " sida ",   " - ",  " – ",   " mot ",  " ärende ",  " rum ",   " plan "};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t size = strlen(words[i]);
		if ((size_t)(at - text) >= size && memcmp(at - size, words[i], size) == 0)
			return true;
	}
	return false;
}

/* Does a sentence, a body's name or a case number end before the number? */
static bool follows_end(const char *text, const char *at)
{
	if (at - text < 2)
		return true;
	const char *end = at - 1; /* the space */
	if (strchr(".!?:)_", end[-1]))
		return true;
	const char *word = end;
	while (word > text && word[-1] != ' ')
		word--;
	size_t size = (size_t)(end - word);
	char lower[64];
	for (size_t i = 0; i < size && i < sizeof(lower); i++)
		lower[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] | 0x20 : word[i]);
	bool body = size < sizeof(lower) && rf_is_body(lower, size);
	bool number = memchr(word, '/', size) && strcspn(word, "0123456789") < size;
	return body || number;
}

/* "Bo Exempel (S)": a person, in a list of those present. */
static bool is_person(const char *text)
{
	for (const char *at = text; referat_is_capital(at);) {
		at += strcspn(at, " ");
		at += *at == ' ';
		if (*at == '(')
			return strcspn(at, ")") <= 5;
	}
	return false;
}

/* Does a word with a capital stand before, as where names end? */
static bool follows_name(const char *text, const char *at)
{
	const char *word = at > text ? at - 1 : text;
	while (word > text && word[-1] != ' ')
		word--;
	return referat_is_capital(word);
}

/* How much speaks for an item that begins here; 0: none does. */
static unsigned weigh(const struct transcript *transcript, const struct transcript_page *page, const char *at,
		      struct item_number *number)
{
	char front[FRONT + 1] = {0};
	size_t left = page->size - (size_t)(at - page->text);
	memcpy(front, at, left < FRONT ? left : FRONT);
	bool sign = rf_starts_with(front, "§");
	size_t size = sign ? rf_number_at(front, number) : rf_number_bare(front, number);
	const char *rest = front + size + strspn(front + size, " ");
	bool goes_on = referat_is_capital(rest) || rf_starts_with(rest, "§");
	if (!size || !goes_on || is_reference(page->text, at) || is_person(rest))
		return 0;
	if (transcript->first && (number->number < transcript->first || number->number > transcript->last))
		return 0;
	if (sign || number->form == NUMBER_BODY)
		return (at == page->text ? 4 : 3) - (number->form == NUMBER_BODY && !sign);
	if (at == page->text)
		return 3;
	if (follows_end(page->text, at))
		return 2;
	return transcript->agenda || follows_name(page->text, at) ? 1 : 0;
}

static void find_candidates(const struct transcript *transcript, struct candidates *candidates)
{
	for (size_t i = 0; i < transcript->n; i++) {
		const struct transcript_page *page = &transcript->pages[i];
		if ((page->cover || page->contents) && transcript->n > 1 && !transcript->agenda)
			continue;
		for (size_t at = 0; at < page->size && candidates->n < MOST_CANDIDATES; at++) {
			struct item_number number;
			bool begins = at == 0 || page->text[at - 1] == ' ';
			unsigned weight = begins ? weigh(transcript, page, page->text + at, &number) : 0;
			if (weight)
				candidates->list[candidates->n++] = (struct candidate){.at = page->text + at,
										       .number = number.number,
										       .weight = weight,
										       .best = weight,
										       .before = SIZE_MAX,
										       .members = 1};
		}
	}
}

/* The last candidate of the chain with the most weight; SIZE_MAX: there is none. */
static size_t find_chain(struct candidates *candidates)
{
	enum { BACK = 400 };
	size_t last = SIZE_MAX;
	for (size_t i = 0; i < candidates->n; i++) {
		struct candidate *own = &candidates->list[i];
		for (size_t k = i > BACK ? i - BACK : 0; k < i; k++) {
			const struct candidate *other = &candidates->list[k];
			bool next = own->number > other->number && own->number - other->number <= MOST_GAP;
			if (next && other->best + own->weight > own->best) {
				own->best = other->best + own->weight;
				own->before = k;
				own->members = other->members + 1;
			}
		}
		if (last == SIZE_MAX || own->best > candidates->list[last].best)
			last = i;
	}
	return last;
}

const char **rf_transcript_items(const struct transcript *transcript)
{
	enum { ALONE = 3 }; /* the weight that one number needs where no other follows it, if it is not the first */
	struct candidates candidates = {
	    .list = referat_alloc(transcript->call, MOST_CANDIDATES * sizeof(*candidates.list))};
	find_candidates(transcript, &candidates);
	size_t at = find_chain(&candidates);
	size_t n = at == SIZE_MAX ? 0 : candidates.list[at].members;
	if (n == 1 && candidates.list[at].weight < ALONE && candidates.list[at].number != transcript->first)
		n = 0;
	const char **items = referat_alloc(transcript->call, (n + 1) * sizeof(*items));
	for (size_t i = n; i > 0; i--) {
		items[i - 1] = candidates.list[at].at;
		at = candidates.list[at].before;
	}
	return items;
}
