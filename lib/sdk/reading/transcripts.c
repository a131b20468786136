/* Transcripts of minutes have each page on one line: cover, numbers, headings and labels follow each other without a
 * break. Such a text is told by its cover, and is broken where a field of the cover, an item or a label begins. Numbers
 * without a sign begin items only in the order of the paragraphs that the cover names. */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LONG_LINE = 200,  /* bytes; a shorter one is broken as it is */
	MOST_GAP = 3,     /* between the numbers of two items that follow each other */
	MOST_RANGE = 400, /* paragraphs of a meeting */
	FRONT = 40        /* bytes in which an item's number stands, and what follows it begins */
};

/* As they are written on covers: a capital, then small letters, or capitals. */
static const char *const fields[] = {"Plats och tid",
				     "Tid och plats",
				     "Beslutande",
				     "Ej tjänstgörande ersättare",
				     "Övriga deltagande",
				     "Övriga närvarande",
				     "Utses att justera",
				     "Justeringens plats och tid",
				     "Underskrifter",
				     "Paragrafer",
				     "Justerade paragrafer",
				     "ANSLAG/BEVIS",
				     "BEVIS OM ANSLAG",
				     "Organ",
				     "Datum för anslags uppsättande",
				     "Datum för anslags nedtagande",
				     "Förvaringsplats för protokollet",
				     "Innehållsförteckning"};

static const char *const labels[] = {"Beslut",
				     "Kommunfullmäktiges beslut",
				     "Kommunstyrelsens beslut",
				     "Nämndens beslut",
				     "Arbetsutskottets förslag",
				     "Kommunstyrelsens förslag",
				     "Förslag till beslut",
				     "Ärendebeskrivning",
				     "Beskrivning av ärendet",
				     "Sammanfattning av ärendet",
				     "Ärendet",
				     "Bakgrund",
				     "Beslutsunderlag",
				     "Yrkanden",
				     "Yrkande",
				     "Beslutsgång",
				     "Propositionsordning",
				     "Dagens sammanträde",
				     "Omröstning",
				     "Votering",
				     "Reservation",
				     "Reservationer",
				     "Särskilt yttrande",
				     "Protokollsanteckning",
				     "Beslutet skickas till",
				     "Expedieras till"};

/* Begins one of the words here? Its size; 0: none does. What follows begins with a capital or a digit. */
static size_t word_at(const char *at, const char *const *words, size_t n)
{
	size_t longest = 0;
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(words[i]);
		if (size <= longest || strncmp(at, words[i], size) != 0 || at[size] != ' ')
			continue;
		bool goes_on = at[size + 1] >= '0' && at[size + 1] <= '9';
		if (goes_on || referat_is_capital(at + size + 1) || rf_starts_with(at + size + 1, "§"))
			longest = size;
	}
	return longest;
}

#define WORD_AT(at, words) word_at(at, words, sizeof(words) / sizeof(*(words)))

struct transcript {
	struct referat_call *call;
	char *text;
	size_t n;
	unsigned first, last; /* paragraphs that the cover names; 0: it names none */
	unsigned next;        /* the number that the next item has at least */
};

/* "Paragrafer 61-64", "Justerade paragrafer 132 – 142". */
static void read_range(struct transcript *transcript, const char *line, size_t size)
{
	static const char *const words[] = {"aragrafer §§ ", "aragrafer § ", "aragrafer §", "aragrafer "};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = memmem(line, size, words[i], strlen(words[i]));
		if (!at)
			continue;
		char *end;
		unsigned long first = strtoul(at + strlen(words[i]), &end, 10);
		end += strspn(end, " -");
		end += rf_starts_with(end, "–") ? strlen("–") : 0;
		unsigned long last = strtoul(end, NULL, 10);
		if (first > 0 && last >= first && last - first <= MOST_RANGE) {
			transcript->first = transcript->next = (unsigned)first;
			transcript->last = (unsigned)last;
			return;
		}
	}
}

/* Does an item begin here: "§ 62 Dnr …", or the next number and a heading? */
static bool begins_item(struct transcript *transcript, const char *line, const char *at)
{
	static const char *const references[] = {" enligt ", " i ", " av ", " till ", " se ", " och ", " från ", ", "};
	struct item_number number;
	bool sign = rf_starts_with(at, "§ ") || (rf_starts_with(at, "§") && at[2] >= '0' && at[2] <= '9');
	bool digit = *at >= '0' && *at <= '9';
	if (!sign && !digit)
		return false;
	for (size_t i = 0; i < sizeof(references) / sizeof(*references) && sign; i++) {
		size_t size = strlen(references[i]);
		if ((size_t)(at - line) >= size && memcmp(at - size, references[i], size) == 0)
			return false;
	}
	char front[FRONT + 1];
	snprintf(front, sizeof(front), "%.*s", (int)strcspn(at, "\n"), at);
	size_t size = sign ? rf_number_at(front, &number) : rf_number_bare(front, &number);
	if (!size || !referat_is_capital(at + size + strspn(at + size, " ")))
		return false;
	if (transcript->first == 0)
		return sign;
	bool in = number.number >= transcript->next && number.number <= transcript->next + MOST_GAP &&
		  number.number <= transcript->last;
	transcript->next = in ? number.number + 1 : transcript->next;
	return in;
}

static void add(struct transcript *transcript, char c)
{
	transcript->text[transcript->n++] = c;
}

/* Copies a line with breaks. The cover is broken at its fields, any other page at items and labels. */
static void break_line(struct transcript *transcript, const char *line, size_t size)
{
	bool cover = memmem(line, size, "Beslutande ", strlen("Beslutande ")) != NULL;
	size_t label = 0; /* bytes of a label that are still to be copied */
	for (size_t i = 0; i < size; i++) {
		bool begins = i > 0 && line[i - 1] == ' ' && label == 0;
		size_t word = 0;
		if (begins)
			word = cover ? WORD_AT(line + i, fields) : WORD_AT(line + i, labels);
		if (word || (begins && !cover && begins_item(transcript, line, line + i)))
			transcript->text[transcript->n - 1] = RF_SOFT_BREAK;
		if (word && !cover)
			label = word + 1;
		add(transcript, line[i]);
		if (label && --label == 0)
			transcript->text[transcript->n - 1] = RF_SOFT_BREAK;
	}
}

/* A cover on one line. */
static bool is_cover(const char *line, size_t size)
{
	static const char *const words[] = {"Beslutande ", "ustera", "tid"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!memmem(line, size, words[i], strlen(words[i])))
			return false;
	return size >= LONG_LINE && (memmem(line, size, "Paragraf", 8) || memmem(line, size, "paragraf", 8) ||
				     memmem(line, size, "ANSLAG", 6));
}

const char *rf_transcript_break(struct referat_call *call, const char *text)
{
	struct transcript transcript = {.call = call};
	bool found = false;
	for (const char *at = text; *at && !found; at += strspn(at, "\n")) {
		size_t size = strcspn(at, "\n");
		found = is_cover(at, size);
		if (found)
			read_range(&transcript, at, size);
		at += size;
	}
	if (!found)
		return text;
	transcript.text = referat_alloc(call, strlen(text) + 1);
	for (const char *at = text; *at;) {
		size_t size = strcspn(at, "\n");
		break_line(&transcript, at, size);
		at += size;
		if (*at)
			add(&transcript, *at++);
	}
	add(&transcript, '\0');
	return transcript.text;
}
