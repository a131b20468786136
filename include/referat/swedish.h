/* What plugins that read Swedish need: words, sentences and dates in UTF-8 text. A plugin that includes this links ICU.
 * All positions are bytes. */
#ifndef REFERAT_SWEDISH_H
#define REFERAT_SWEDISH_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct referat_range {
	size_t start, end; /* bytes into the text; end is one past the last */
};

/* A copy in lower case with every character where it was: ASCII and the letters of Latin-1 (å, ä, ö, é …) are folded,
 * all else is left. So a position in the copy is a position in the text. */
char *referat_lower(struct referat_call *, const char *text);

/* Does the text begin with a capital letter of Latin-1? */
bool referat_is_capital(const char *text);

/* The sentences of a text, without the space between them, in order. Abbreviations ("bl.a.", "kl.", "nr"), initials and
 * ordinals end none. Returns how many there are. */
size_t referat_sentences(struct referat_call *, const char *text, const struct referat_range **sentences);

/* The next identity number from a position on: personnummer, samordningsnummer (the day plus 60) and interim numbers (a
 * letter for the first digit of the birth number), in the ways people and programs write and break them. False: there
 * is none. */
bool referat_identity_number(const char *text, size_t from, struct referat_range *where);

/* The next word from a position on: letters and digits, with what joins them inside ("SIP:s", "17,5"). False: there is
 * none. */
bool referat_word_find(const char *text, size_t from, struct referat_range *word);

struct referat_date {
	int year, month, day; /* 0: not said */
	size_t start, end;    /* where it stands */
};

/* Finds the next date in a lower-case text (referat_lower) from a position on: "den 17 april 2024", "17 april", "april
 * 2024", "april", "2024-04-17". A day that the month hasn't got makes no date. False: there is none. */
bool referat_date_find(const char *lower, size_t from, struct referat_date *date);

/* The same, but with what no calendar has: "31 april", "2024-02-30". A day that is written as 0 is -1. */
bool referat_date_find_written(const char *lower, size_t from, struct referat_date *date);

/* Has the month that day? A year that is not said may be a leap year. */
bool referat_date_exists(const struct referat_date *date);

/* "april" for 4. */
const char *referat_month_name(int month);

#ifdef __cplusplus
}
#endif
#endif
