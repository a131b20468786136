/* Reads plain text: lines become paragraphs; <referat/reading.h> does the rest. */
#ifndef READER_TEXT_H
#define READER_TEXT_H

#include <referat/reading.h>
#include <referat/swedish.h>

/* Parts a text into paragraphs: blank lines do, wrapped lines are joined, bullets and numbers make list items. HOLD: a
 * line or the text is too long; the reason is set. */
enum referat_result page_read(struct referat_call *call, const char *text, struct referat_page *page);

#endif
