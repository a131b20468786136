/* Where the heading of an item ends in a transcript: nothing parts it from the text. */
#include "transcripts.h"

#include <string.h>

/* After such a word a capital begins a name, not the text. */
static bool leads_to_name(const char *word, size_t size)
{
	static const char *const words[] = {
	    "av",         "från",     "till",   "för",    "i",         "på",          "om",       "och",
	    "samt",       "med",      "mot",    "vid",    "inom",      "angående",    "gällande", "avs",
	    "ang",        "avseende", "enligt", "mellan", "kvarteret", "fastigheten", "bolaget",  "föreningen",
	    "stiftelsen", "del",      "hos",    "över",   "åt"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
			return true;
	return word[size - 1] == '-' || word[size - 1] == ',' || (word[0] >= '0' && word[0] <= '9') || word[0] == '(';
}

/* A word that begins a sentence, behind a heading of one word: "Inledning Ordföranden förklarade …". */
static bool opens_text(const char *word, size_t size)
{
	static const char *const words[] = {"Ordföranden", "Ordförande", "Att",      "Till",   "Det",
					    "Den",         "Vid",        "Efter",    "Enligt", "Från",
					    "Närvarande",  "Närvaron",   "Följande", "Inga"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
			return true;
	return false;
}

/* The size of "KS 2017/883 "; 0: none stands here. */
static size_t board_case_at(const char *text, size_t size)
{
	enum { MOST_BOARD = 5, YEAR = 4 };
	size_t board = 0;
	while (board < size && text[board] >= 'A' && text[board] <= 'Z')
		board++;
	if (board < 2 || board > MOST_BOARD || board + YEAR + 2 > size || text[board] != ' ' ||
	    memcmp(text, "EU ", 3) == 0)
		return 0;
	size_t at = board + 1;
	size_t year = strspn(text + at, "0123456789");
	if (year != YEAR || text[at + year] != '/')
		return 0;
	at += year + 1 + strspn(text + at + year + 1, "0123456789");
	return at < size && text[at] == ' ' ? at + 1 : 0;
}

/* The size of "Dnr KS 2016/14 ", with which a heading ends; 0: no case number stands here. */
static size_t case_at(const char *text, size_t size)
{
	size_t at = strlen("Dnr ");
	if (size <= at || memcmp(text, "Dnr ", at) != 0)
		return board_case_at(text, size);
	for (size_t words = 0; words < 3 && at < size; words++) {
		size_t word = strcspn(text + at, " \n");
		bool digits = strcspn(text + at, "0123456789") < word;
		bool board = word <= 4 && referat_is_capital(text + at) && words == 0;
		if (!digits && !board)
			break;
		at += word;
		at += at < size && text[at] == ' ';
	}
	return at;
}

/* Does the heading's first word come again, with which its text begins? "Årsredovisning 2018 Årsredovisning för …" */
static bool begins_again(const char *text, size_t at, size_t word)
{
	enum { LEAST = 6 };
	size_t first = strcspn(text, " \n");
	return at > first + 1 && first >= LEAST && word == first && memcmp(text, text + at, word) == 0;
}

/* "Tn 30 beslutar …", "beslutar att …", "s beslut …": the name of the board is lost in some transcripts, with which the
 * text began. */
static bool begins_ruling(const char *text, size_t word)
{
	enum { MOST_BOARD = 3 };
	const char *next = text + word + (text[word] == ' ');
	bool board = word >= 2 && word <= MOST_BOARD && referat_is_capital(text) && memcmp(text, "Nr", 2) != 0 &&
		     memcmp(text, "Del", 3) != 0;
	if (board && next[0] >= '0' && next[0] <= '9') {
		const char *rest = next + strspn(next, "0123456789");
		return *rest == ' ';
	}
	return rf_starts_with(text, "beslutar att ") || rf_starts_with(text, "s beslut ");
}

static bool is_small(const char *text)
{
	return (*text >= 'a' && *text <= 'z') || (*text == '\xC3' && !referat_is_capital(text));
}

/* Does the word at a place begin the text, after the word before it? */
static bool begins_text(const char *text, size_t before, size_t at, size_t word)
{
	if (begins_again(text, at, word))
		return true;
	return !referat_is_capital(text + before) && begins_ruling(text + at, word);
}

/* Does a word with a capital begin a sentence there? */
static bool begins_sentence(const char *text, size_t before, size_t at, size_t word)
{
	if (!referat_is_capital(text + at) || (word > 1 && referat_is_capital(text + at + 1)))
		return false;
	size_t length = at > before + 1 ? at - 1 - before : 0;
	bool stop = length > 0 && text[at - 2] == '.';
	bool opens = before == 0 && opens_text(text + at, word);
	return stop || opens || (is_small(text + before) && length > 1 && !leads_to_name(text + before, length));
}

static size_t end_of_heading(const char *text, size_t size)
{
	enum { MOST_HEADING = 200 };
	size_t before = 0; /* the word before */
	for (size_t at = 0; at < size && at < MOST_HEADING;) {
		size_t word = strcspn(text + at, " \n");
		if (at + word > size)
			break;
		size_t number = at > 0 ? case_at(text + at, size - at) : 0;
		if (number)
			return at + number < size ? at + number : 0;
		if (at > 0 && begins_text(text, before, at, word))
			return at;
		if (at > 0 && begins_sentence(text, before, at, word))
			return memchr(text + at, '.', size - at) ? at : 0;
		before = at;
		at += word;
		at += strspn(text + at, " ");
	}
	return 0;
}

/* Where the text begins behind an item's heading: at a capital after a small word, when a sentence follows. 0: it can't
 * be told. */
size_t rf_transcript_heading_end(const char *text, size_t size)
{
	size_t front = case_at(text, size); /* "Dnr KS 2016/14 Ny avgift …" */
	size_t end = end_of_heading(text + front, size - front);
	return end ? front + end : 0;
}
