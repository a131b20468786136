/* What kind of document a page is: a summary with a title, minutes or an agenda, what is put up on the notice board, or
 * a summary without title. */
#include "parts.h"
#include "structure.h"

enum { TITLE_WITHIN = 40 }; /* paragraphs from the top in which the title is looked for */

static bool find_title(const struct referat_page *page, bool heading, size_t *at, struct title *title)
{
	size_t within = page->n < TITLE_WITHIN ? page->n : TITLE_WITHIN;
	for (*at = 0; *at < within; ++*at) {
		const struct referat_paragraph *paragraph = &page->paragraphs[*at];
		if ((!heading || paragraph->heading) && rf_title_parse(page->call, paragraph, title))
			return true;
	}
	return false;
}

static bool read_summary(const struct referat_page *page, Referat__Document *document)
{
	size_t at;
	struct title title;
	if (!find_title(page, true, &at, &title) && !find_title(page, false, &at, &title))
		return false;
	document->kind = title.kind;
	rf_items_read(page, at, &title, document);
	return true;
}

/* The first heading of the first level; else the first paragraph that is no notice. */
static size_t first_line(const struct referat_page *page)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->paragraphs[i].heading == 1)
			return i;
	size_t first = 0;
	while (first < page->n && rf_notice_role(&page->paragraphs[first]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED)
		first++;
	return first;
}

/* Without a title that we know, only decisions make a text a meeting's. */
static bool read_untitled(const struct referat_page *page, Referat__Document *document)
{
	size_t first = first_line(page);
	if (first == page->n || !rf_is_short_line(&page->paragraphs[first]) ||
	    rf_kind_said(&page->paragraphs[first]) == REFERAT__KIND__AGENDA)
		return false;
	document->kind = REFERAT__KIND__SUMMARY;
	rf_items_read(page, first, &(struct title){.kind = REFERAT__KIND__SUMMARY}, document);
	return rf_count_decisions(document) > 0;
}

bool referat_is_case_number(struct referat_call *call, const char *text)
{
	return rf_is_case_line(text, referat_lower(call, text));
}

enum referat_result referat_read_page(const struct referat_page *page)
{
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.language = (char *)"sv";
	document.has_kind = true;
	document.unread_pages = (uint32_t *)page->unread;
	document.n_unread_pages = page->n_unread;
	enum reading minutes = READING_NOTHING;
	bool summary = read_summary(page, &document);
	if (!summary)
		minutes = rf_minutes_read(page, &document);
	if (minutes == READING_HELD)
		return REFERAT_HOLD;
	if (!summary && !minutes && !rf_posting_read(page, &document) && !rf_cover_alone_read(page, &document) &&
	    !read_untitled(page, &document))
		return referat_because(page->call, REFERAT_FAIL, "%s",
				       referat_say(page->call, "reading.no_meeting", NULL));
	referat_add_message(page->call, "document", "referat.document/1", &document.base);
	return REFERAT_OK;
}
