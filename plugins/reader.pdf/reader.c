/* reader.pdf: the text of a PDF into a document. */
#include "reader.h"

enum referat_result hold(struct referat_call *call, const char *key)
{
	return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, key, NULL));
}

static enum referat_result read_pages(struct referat_call *call, PopplerDocument *document)
{
	struct pages pages = {.call = call};
	struct referat_page page;
	enum referat_result result = lines_read(call, document, &pages);
	if (result != REFERAT_OK)
		return result;
	furniture_mark(&pages);
	columns_part(&pages);
	struct referat_flow *flow = referat_flow_new(call);
	paragraphs_read(&pages, flow);
	result = referat_flow_page(flow, &page);
	page.unread = pages.unread;
	page.n_unread = pages.n_unread;
	return result == REFERAT_OK ? referat_read_page(&page) : result;
}

static enum referat_result refuse(struct referat_call *call, const GError *error)
{
	bool locked = g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
	return hold(call, locked ? "reader.pdf.encrypted" : "reader.pdf.damaged");
}

static enum referat_result run(struct referat_call *call)
{
	if (!referat_type_is(call, "application/pdf"))
		return REFERAT_NOT_FOUND;
	struct referat_bytes source = referat_part(call, "source");
	if (source.size > (uint64_t)referat_option_number(call, "max_size"))
		return hold(call, "reader.pdf.too_large");
	GError *error = NULL;
	GBytes *bytes = g_bytes_new_static(source.data, source.size);
	PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
	enum referat_result result = document ? read_pages(call, document) : refuse(call, error);
	g_clear_error(&error);
	if (document)
		g_object_unref(document);
	g_bytes_unref(bytes);
	return result;
}

static const struct referat_option options[] = {
    {"max_size", REFERAT_SIZE, .fallback = "300MiB", .min = 1, .max = 1024 * 1024 * 1024,
     .help = "a larger file is held, unread"},
    {"pictures", REFERAT_CHOICE, .fallback = "hold", .choices = "hold|next",
     .help = "pages without text: hold the document, or let the next reader look (reader.ocr)"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_READER,
    .name = "reader.pdf",
    .version = REFERAT_VERSION,
    .summary = "reads PDF files that have text; pages that are pictures are told of",
    .accepts = "application/pdf",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .run = run,
};
