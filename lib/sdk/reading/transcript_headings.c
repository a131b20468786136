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

/* The size of "Dnr KS 2016/14 ", with which a heading ends; 0: no case number stands here. */
static size_t case_at(const char *text, size_t size)
{
	size_t at = strlen("Dnr ");
	if (size <= at || memcmp(text, "Dnr ", at) != 0)
		return 0;
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

/* Where the text begins behind an item's heading: at a capital after a small word, when a sentence follows. 0: it can't
 * be told. */
size_t rf_transcript_heading_end(const char *text, size_t size)
{
	enum { MOST_HEADING = 200 };
	size_t before = 0; /* the word before */
	for (size_t at = 0; at < size && at < MOST_HEADING;) {
		size_t word = strcspn(text + at, " \n");
		if (at + word > size)
			break;
		bool small = text[before] >= 'a' && text[before] <= 'z';
		size_t length = at > before + 1 ? at - 1 - before : 0;
		bool stop = length > 0 && text[at - 2] == '.';
		bool capital = referat_is_capital(text + at) && !(word > 1 && referat_is_capital(text + at + 1));
		size_t number = at > 0 ? case_at(text + at, size - at) : 0;
		if (number)
			return at + number < size ? at + number : 0;
		bool opens = before == 0 && at > 0 && opens_text(text + at, word);
		if (at > 0 && capital &&
		    (stop || opens || (small && length > 1 && !leads_to_name(text + before, length))))
			return memchr(text + at, '.', size - at) ? at : 0;
		before = at;
		at += word;
		at += strspn(text + at, " ");
	}
	return 0;
}
