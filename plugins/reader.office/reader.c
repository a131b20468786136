/* reader.office: what Word, LibreOffice and the like save, into a document. */
#include "reader.h"

#include <libxml/parser.h>

static const char docx[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
static const char odt[] = "application/vnd.oasis.opendocument.text";

enum referat_result hold(struct referat_call *call, const char *key)
{
	return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, key, NULL));
}

/* Reads the source of that kind into the flow; all trees are gone when it returns. */
static enum referat_result read_source(struct referat_call *call, struct referat_bytes source,
				       struct referat_flow *flow)
{
	struct package package = {0};
	enum referat_result result = package_read(call, source, &package);
	if (result != REFERAT_OK)
		return result;
	if (package_part(&package, "content.xml").data) /* whatever the file is called */
		return opendocument_read(call, &package, flow);
	return word_read(call, &package, flow);
}

static enum referat_result run(struct referat_call *call)
{
	if (!referat_type_is(call, docx) && !referat_type_is(call, odt))
		return REFERAT_NOT_FOUND;
	struct referat_bytes source = referat_part(call, "source");
	if (source.size > (uint64_t)referat_option_number(call, "max_size"))
		return hold(call, "reader.office.too_large");
	struct referat_flow *flow = referat_flow_new(call);
	struct referat_page page;
	enum referat_result result = read_source(call, source, flow);
	if (result == REFERAT_OK)
		result = referat_flow_page(flow, &page);
	return result == REFERAT_OK ? referat_read_page(&page) : result;
}

static enum referat_result start(struct referat_call *call)
{
	(void)call;
	xmlInitParser();
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"max_size", REFERAT_SIZE, .fallback = "300MiB", .min = 1, .max = 1024 * 1024 * 1024,
     .help = "a larger file is held, unread"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_READER,
    .name = "reader.office",
    .version = REFERAT_VERSION,
    .summary = "reads documents of Word (DOCX) and LibreOffice (ODT)",
    .accepts = "application/vnd.openxmlformats-officedocument.wordprocessingml.document "
	       "application/vnd.oasis.opendocument.text",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .open = start,
    .run = run,
};
