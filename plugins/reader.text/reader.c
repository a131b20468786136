/* reader.text: plain text, as a page is saved or a summary is written, into a document. */
#include <referat/reading.h>

static enum referat_result run(struct referat_call *call)
{
	if (*referat_get(call, "type") && !referat_type_is(call, "text/plain"))
		return REFERAT_NOT_FOUND;
	const char *text;
	struct referat_page page;
	enum referat_result result = referat_source_text(call, NULL, &text);
	if (result == REFERAT_OK)
		result = referat_lines_page(call, text, &page);
	return result == REFERAT_OK ? referat_read_page(&page) : result;
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
    .summary = "reads plain text: summaries as they are published, and simple minutes",
    .accepts = "text/plain",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .run = run,
};
