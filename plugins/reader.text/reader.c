/* reader.text: plain text, as a page is saved or a summary is written, into a document. */
#include "reader.h"

#include <string.h>
#include <strings.h>

enum { TITLE_WITHIN = 40 }; /* paragraphs from the top in which the title is looked for */

static bool read_summary(const struct page *page, Referat__Document *document)
{
	size_t within = page->n < TITLE_WITHIN ? page->n : TITLE_WITHIN;
	for (size_t i = 0; i < within; i++) {
		struct title title;
		if (title_parse(page->call, &page->paragraphs[i], &title)) {
			document->kind = title.kind;
			items_read(page, i, &title, document);
			return true;
		}
	}
	return false;
}

/* Without a title that we know, only decisions make a text a meeting's. */
static bool read_untitled(const struct page *page, Referat__Document *document)
{
	size_t first = 0;
	while (first < page->n && notice_role(&page->paragraphs[first]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED)
		first++;
	if (first == page->n || !is_short_line(&page->paragraphs[first]))
		return false;
	document->kind = REFERAT__KIND__SUMMARY;
	items_read(page, first, &(struct title){.kind = REFERAT__KIND__SUMMARY}, document);
	return count_decisions(document) > 0;
}

static enum referat_result run(struct referat_call *call)
{
	const char *type = referat_get(call, "type");
	size_t name = strcspn(type, "; ");
	if (name > 0 && (name != strlen("text/plain") || strncasecmp(type, "text/plain", name) != 0))
		return REFERAT_NOT_FOUND;

	struct referat_bytes source = referat_part(call, "source");
	if (source.size > (uint64_t)referat_option_number(call, "max_size"))
		return referat_because(
		    call, REFERAT_HOLD, "%s",
		    referat_say(call, "reader.text.too_large", "most", referat_option(call, "max_size"), NULL));
	const char *text;
	enum referat_result result = decode(call, source, &text);
	if (result != REFERAT_OK)
		return result;
	struct page page;
	result = page_read(call, text, &page);
	if (result != REFERAT_OK)
		return result;

	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.language = (char *)"sv";
	document.has_kind = true;
	if (!read_summary(&page, &document) && !minutes_read(&page, &document) && !read_untitled(&page, &document))
		return referat_because(call, REFERAT_FAIL, "%s", referat_say(call, "reader.text.no_meeting", NULL));
	referat_add_message(call, "document", "referat.document/1", &document.base);
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"max_size", REFERAT_SIZE, .fallback = "4MiB", .min = 1, .max = 64 * 1024 * 1024,
     .help = "a larger file is held, unread"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_READER,
    .name = "reader.text",
    .version = REFERAT_VERSION,
    .summary = "Reads plain text: summaries as they are published, and simple minutes.",
    .accepts = "text/plain",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .run = run,
};
