/* reader.html: a saved web page into a document. */
#include "reader.h"

#include <libxml/parser.h>

static enum referat_result read_tree(struct referat_call *call, xmlDoc *tree)
{
	struct referat_flow *flow = referat_flow_new(call);
	struct article article;
	if (find_article(tree, &article))
		read_article(call, &article, find_base(call, tree), flow);
	struct referat_page page;
	enum referat_result result = referat_flow_page(flow, &page);
	return result == REFERAT_OK ? referat_read_page(&page) : result;
}

static enum referat_result run(struct referat_call *call)
{
	if (!referat_type_is(call, "text/html"))
		return REFERAT_NOT_FOUND;
	const char *text;
	xmlDoc *tree;
	enum referat_result result = referat_source_text(call, find_charset(call, referat_part(call, "source")), &text);
	if (result == REFERAT_OK)
		result = parse_page(call, text, &tree);
	if (result != REFERAT_OK)
		return result;
	result = read_tree(call, tree);
	xmlFreeDoc(tree);
	return result;
}

static enum referat_result start(struct referat_call *call)
{
	(void)call;
	xmlInitParser();
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"max_size", REFERAT_SIZE, .fallback = "8MiB", .min = 1, .max = 32 * 1024 * 1024,
     .help = "a larger page is held, unread"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_READER,
    .name = "reader.html",
    .version = REFERAT_VERSION,
    .summary = "reads saved web pages: finds the article, leaves out menus, cookie banners and the like",
    .accepts = "text/html",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .open = start,
    .run = run,
};
