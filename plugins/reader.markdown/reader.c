/* reader.markdown: Markdown (CommonMark with GitHub's tables, bare addresses and strike-through), as a summary is
 * written in an editor, into a document. Raw HTML, pictures and what is struck through are left out. */
#include "reader.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <string.h>

static const char *const extensions[] = {"table", "autolink", "strikethrough"};

struct walk {
	struct referat_flow *flow;
	unsigned line;    /* of the source, where the text stands that comes next */
	unsigned skipped; /* lines above the Markdown */
	unsigned lists;   /* in each other */
	unsigned quotes;
};

/* Front matter ("---", values, "---") is for a program that makes a site. Returns the lines that it takes. */
static unsigned skip_front_matter(const char **text)
{
	static const char mark[] = "---\n";
	if (strncmp(*text, mark, strlen(mark)) != 0)
		return 0;
	unsigned lines = 1;
	for (const char *at = *text + strlen(mark); *at;) {
		size_t size = strcspn(at, "\n");
		bool end = size == 3 && strncmp(at, "---", 3) == 0;
		at += size + (at[size] == '\n');
		lines++;
		if (end) {
			*text = at;
			return lines;
		}
	}
	return 0;
}

static bool is_named(cmark_node *node, const char *name)
{
	return strcmp(cmark_node_get_type_string(node), name) == 0;
}

static bool is_block(cmark_node *node)
{
	return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
}

/* What says nothing that can be read: it and all within is left out. */
static bool is_left_out(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	return type == CMARK_NODE_IMAGE || type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE ||
	       is_named(node, "strikethrough");
}

static void add_text(struct walk *walk, const char *text)
{
	if (text)
		referat_flow_text(walk->flow, text, strlen(text), walk->line);
}

/* An item's paragraphs are one: items have no parts. */
static void begin_paragraph(struct walk *walk, cmark_node *node)
{
	if (walk->lists == 0)
		referat_flow_open(walk->flow,
				  walk->quotes ? REFERAT__BLOCK_KIND__QUOTE : REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	else if (cmark_node_previous(node))
		add_text(walk, " ");
}

static void begin_item(struct walk *walk, cmark_node *node)
{
	bool numbered = cmark_node_get_list_type(cmark_node_parent(node)) == CMARK_ORDERED_LIST;
	referat_flow_open(walk->flow, numbered ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM,
			  walk->lists);
}

/* The lines of a block of code are lines of text: so are addresses and the like written. */
static void add_lines(struct walk *walk, const char *text)
{
	referat_flow_open(walk->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	while (text && *text) {
		size_t size = strcspn(text, "\n");
		referat_flow_text(walk->flow, text, size, walk->line++);
		referat_flow_break(walk->flow);
		text += size + (text[size] == '\n');
	}
}

static void enter_block(struct walk *walk, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	walk->line = walk->skipped + (unsigned)cmark_node_get_start_line(node);
	if (type == CMARK_NODE_HEADING)
		referat_flow_heading(walk->flow, (unsigned)cmark_node_get_heading_level(node));
	else if (type == CMARK_NODE_PARAGRAPH)
		begin_paragraph(walk, node);
	else if (type == CMARK_NODE_LIST)
		walk->lists++;
	else if (type == CMARK_NODE_ITEM)
		begin_item(walk, node);
	else if (type == CMARK_NODE_BLOCK_QUOTE)
		walk->quotes++;
	else if (type == CMARK_NODE_CODE_BLOCK)
		add_lines(walk, cmark_node_get_literal(node));
	else if (is_named(node, "table_row") || is_named(node, "table_header"))
		referat_flow_open(walk->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
	else if (is_named(node, "table_cell") && cmark_node_previous(node))
		referat_flow_cell(walk->flow);
}

static void leave_block(struct walk *walk, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	if (type == CMARK_NODE_LIST) {
		walk->lists--;
		referat_flow_close(walk->flow);
	} else if (type == CMARK_NODE_BLOCK_QUOTE) {
		walk->quotes--;
		referat_flow_close(walk->flow);
	}
}

static void enter_inline(struct walk *walk, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
		add_text(walk, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_LINK)
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__LINK, cmark_node_get_url(node));
	else if (type == CMARK_NODE_STRONG)
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__STRONG, NULL);
	else if (type == CMARK_NODE_EMPH)
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__EMPHASIS, NULL);
	else if (type == CMARK_NODE_SOFTBREAK)
		add_text(walk, " ");
	else if (type == CMARK_NODE_LINEBREAK)
		referat_flow_break(walk->flow);
	if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
		walk->line++;
}

static void leave_inline(struct walk *walk, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	if (type == CMARK_NODE_LINK || type == CMARK_NODE_STRONG || type == CMARK_NODE_EMPH)
		referat_flow_end(walk->flow);
}

static void walk_tree(struct walk *walk, cmark_node *root)
{
	cmark_iter *iterator = cmark_iter_new(root);
	cmark_event_type event;
	while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iterator);
		bool block = is_block(node);
		if (event == CMARK_EVENT_ENTER && is_left_out(node))
			cmark_iter_reset(iterator, node, CMARK_EVENT_EXIT);
		else if (event == CMARK_EVENT_ENTER)
			(block ? enter_block : enter_inline)(walk, node);
		else
			(block ? leave_block : leave_inline)(walk, node);
	}
	cmark_iter_free(iterator);
}

static cmark_node *parse(const char *text)
{
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);
		if (extension)
			cmark_parser_attach_syntax_extension(parser, extension);
	}
	cmark_parser_feed(parser, text, strlen(text));
	cmark_node *root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return root;
}

static enum referat_result run(struct referat_call *call)
{
	if (!referat_type_is(call, "text/markdown"))
		return REFERAT_NOT_FOUND;
	const char *text;
	enum referat_result result = referat_source_text(call, NULL, &text);
	if (result != REFERAT_OK)
		return result;
	struct walk walk = {.flow = referat_flow_new(call)};
	walk.skipped = skip_front_matter(&text);
	if (referat_is_printed(call, text)) {
		struct referat_page printed;
		result = referat_lines_page(call, printed_text(call, text), &printed);
		return result == REFERAT_OK ? referat_read_page(&printed) : result;
	}
	cmark_node *root = parse(text);
	walk_tree(&walk, root);
	cmark_node_free(root);
	struct referat_page page;
	result = referat_flow_page(walk.flow, &page);
	return result == REFERAT_OK ? referat_read_page(&page) : result;
}

static enum referat_result start(struct referat_call *call)
{
	(void)call;
	cmark_gfm_core_extensions_ensure_registered();
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"max_size", REFERAT_SIZE, .fallback = "1MiB", .min = 1, .max = 4 * 1024 * 1024,
     .help = "a larger file is held, unread"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_READER,
    .name = "reader.markdown",
    .version = REFERAT_VERSION,
    .summary = "reads Markdown: summaries and minutes with marked headings, lists, tables and links",
    .accepts = "text/markdown",
    .produces = "referat.document/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .open = start,
    .run = run,
};
