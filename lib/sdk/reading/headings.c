/* What a line says by itself: whether it is a heading, a label, a link, a caption. */
#include "structure.h"

#include <string.h>

enum {
	MOST_HEADING = 150, /* characters */
	MOST_QUESTION = 100,
};

enum label rf_label_of(const struct referat_paragraph *paragraph)
{
	size_t size = strlen(paragraph->lower);
	size_t label_size;
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return LABEL_NONE;
	enum label label = rf_label_at(paragraph->lower, size, &label_size);
	return label_size == size ? label : LABEL_NONE;
}

static size_t count_characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

bool rf_is_short_line(const struct referat_paragraph *paragraph)
{
	const char *text = paragraph->text;
	size_t length = count_characters(text);
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH || length > MOST_HEADING)
		return false;
	if (rf_ends_with(text, "m.m.") || rf_ends_with(text, "m.fl."))
		return true;
	char last = text[strlen(text) - 1];
	if (last == '?')
		return length <= MOST_QUESTION;
	return !strchr(".:;,!", last);
}

/* Is all of the text one link? */
static bool is_whole_link(const struct referat_paragraph *paragraph)
{
	for (size_t i = 0; i < paragraph->n_spans; i++) {
		const Referat__Span *span = paragraph->spans[i];
		if (span->kind == REFERAT__SPAN_KIND__LINK && span->start == 0 && span->end == strlen(paragraph->text))
			return true;
	}
	return false;
}

/* "Läs mer om …", "www.exempelby.se": the label of a link. */
bool rf_is_link_line(const struct referat_paragraph *paragraph)
{
	static const char *const starts[] = {"läs mer", "läs hela", "läs om",  "se mer",  "länk till",
					     "till ",   "www.",     "http://", "https://"};
	if (!rf_is_short_line(paragraph))
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (rf_starts_with(paragraph->lower, starts[i]))
			return true;
	return is_whole_link(paragraph);
}

static bool is_caption(const struct referat_paragraph *paragraph)
{
	static const char *const starts[] = {"foto:", "bild:", "fotograf:", "illustration:", "karta:", "bildtext:"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (rf_starts_with(paragraph->lower, starts[i]) || strstr(paragraph->lower, " foto:"))
			return true;
	return false;
}

/* "Nämnden antog planen. Enligt den ska", before a list: a sentence that goes on, or that has one before it. */
static bool is_open_sentence(const struct referat_paragraph *paragraph)
{
	static const char *const ends[] = {" ska", " att", " är", " för", " av", " och", " följande", " bland annat"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (rf_ends_with(paragraph->lower, ends[i]))
			return true;
	for (const char *stop = strstr(paragraph->text, ". "); stop; stop = strstr(stop + 1, ". "))
		if (referat_is_capital(stop + 2) && stop > paragraph->text + 1 && stop[-2] != '.' && stop[-2] != ' ')
			return true;
	return false;
}

bool rf_looks_like_heading(const struct referat_paragraph *paragraph)
{
	return rf_is_short_line(paragraph) && !is_open_sentence(paragraph) && !rf_notice_role(paragraph) &&
	       !rf_is_link_line(paragraph) && !is_caption(paragraph) && rf_label_of(paragraph) == LABEL_NONE;
}
