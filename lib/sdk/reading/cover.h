/* The cover of minutes, line by line: a field ("Plats och tid", "Utses att justera") and its value, which may stand on
 * the lines below. */
#ifndef REFERAT_SDK_COVER_H
#define REFERAT_SDK_COVER_H

#include "structure.h"

enum field {
	FIELD_NONE,
	FIELD_BODY,
	FIELD_DAY,
	FIELD_WHERE, /* place and time */
	FIELD_MEMBERS,
	FIELD_SUBSTITUTES,
	FIELD_PRESENT_SUBSTITUTES,
	FIELD_OFFICIALS,
	FIELD_ADJUSTERS,
	FIELD_ADJUSTED,
	FIELD_PARAGRAPHS,
	FIELD_UP,
	FIELD_DOWN,
	FIELD_KEPT,
	FIELD_OTHER,
};

/* The field that a line begins; *value: where its value begins. */
enum field rf_field_of(const struct referat_paragraph *paragraph, size_t *value);

/* The same for line i of a list: "Justeringens", with "plats och tid" on the line below, is one label. */
enum field rf_field_at(const struct referat_paragraph *list, size_t i, size_t *value);

/* Where another field begins in the line, after `from`; the line's size: none does. */
size_t rf_field_next(const struct referat_paragraph *paragraph, size_t from);

enum {
	COVER_LINES = 40,    /* paragraphs from the top in which board and municipality are named */
	MOST_NAME_WORDS = 9, /* of a line that names them */
};

/* Line i: first the heads of pages, then the paragraphs. */
const struct referat_paragraph *rf_cover_line(const struct referat_page *page, size_t i);

/* The name of the municipality. Returns the line with the path of a page ("Hem > Exempelby kommun > Kommunstyrelsen")
 * that names it; NULL: another line does, or none. */
const struct referat_paragraph *rf_municipality_read(const struct referat_page *page, size_t to,
						     Referat__Document *document);
bool rf_is_meeting_path(const struct referat_paragraph *line); /* it ends in a meeting */
const char *rf_path_board(const struct referat_paragraph *path, size_t *size);

/* The name of the board and of the municipality; what is printed on every page is believed most. */
void rf_board_read(const struct referat_page *page, size_t to, Referat__Document *document);

/* The day of the meeting: not that of the adjustment, nor of the notice. */
void rf_meeting_day_read(const struct referat_page *page, size_t to, Referat__Meeting *meeting);

/* Adds the people whom a line names to a list of Referat__Participant. */
void rf_people_read(const struct referat_page *page, const struct referat_paragraph *line, size_t from,
		    enum field field, struct list *people);

#endif
