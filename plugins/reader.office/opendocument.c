/* The text of an ODT file (OASIS OpenDocument 1.3, part 3). */
#include "reader.h"

#include <string.h>
#include <strings.h>

enum { MOST_CELL = 250 /* bytes; a longer text in a table stands there for its looks */, MOST_BASES = 16 };

struct odt {
	struct referat_flow *flow;
	xmlDoc *content, *styles;
	xmlHashTable *by_name;  /* styles of paragraphs, text and lists, by kind and name */
	const xmlNode *outline; /* how headings are numbered; NULL: they are not */
	struct odt_numbers *numbers;
	unsigned lists;      /* in each other */
	const xmlNode *list; /* the style of the innermost one */
	const char *label;   /* what is counted before its item; NULL: nothing */
};

static void walk_blocks(struct odt *odt, const xmlNode *parent);

/* ---- styles ------------------------------------------------------------------------------------------------------ */

/* The text's own styles come first: of two with one name, the first counts. */
static void collect_styles(const struct odt *odt, const xmlDoc *tree, const char *group)
{
	const xmlNode *root = tree ? xmlDocGetRootElement((xmlDoc *)tree) : NULL;
	const xmlNode *styles = xml_child(root, group);
	for (const xmlNode *at = styles ? styles->children : NULL; at; at = at->next) {
		const char *name = at->type == XML_ELEMENT_NODE ? xml_attribute(at, "name") : NULL;
		if (name)
			xmlHashAddEntry2(odt->by_name, (const xmlChar *)name, at->name, (void *)at);
	}
}

static const xmlNode *find_style(const struct odt *odt, const char *kind, const char *name)
{
	return name ? xmlHashLookup2(odt->by_name, (const xmlChar *)name, (const xmlChar *)kind) : NULL;
}

static bool is_title(const char *name)
{
	return name && (strcmp(name, "Title") == 0 || strcasecmp(name, "Rubrik") == 0);
}

/* A paragraph with the style of a title, or of one that is based on it. */
static bool has_title_style(const struct odt *odt, const xmlNode *paragraph)
{
	const char *name = xml_attribute(paragraph, "style-name");
	for (int i = 0; name && i < MOST_BASES; i++) {
		if (is_title(name))
			return true;
		name = xml_attribute(find_style(odt, "style", name), "parent-style-name");
	}
	return false;
}

/* By its own style, or one that this is based on. */
static bool is_hidden(const struct odt *odt, const xmlNode *node)
{
	const char *name = xml_attribute(node, "style-name");
	for (int i = 0; name && i < MOST_BASES; i++) {
		const xmlNode *style = find_style(odt, "style", name);
		const char *display = xml_attribute(xml_child(style, "text-properties"), "display");
		if (display)
			return strcmp(display, "none") == 0;
		name = xml_attribute(style, "parent-style-name");
	}
	return false;
}

static bool is_true(const char *value)
{
	return value && strcmp(value, "true") == 0;
}

static bool is_switched_off(const xmlNode *section)
{
	const char *display = xml_attribute(section, "display");
	return display && strcmp(display, "none") == 0;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static void add_text(struct odt *odt, const char *text)
{
	referat_flow_text(odt->flow, text, strlen(text), 0);
}

/* What stands in a paragraph and is not its text: notes, comments, frames, fields for the program, what a field only
 * shows until somebody fills it in. */
static bool is_aside(const xmlNode *node)
{
	static const char *const asides[] = {"note",       "annotation", "frame",       "tracked-changes",
					     "ruby-text",  "script",     "hidden-text", "table-of-content",
					     "placeholder"};
	for (size_t i = 0; i < sizeof(asides) / sizeof(*asides); i++)
		if (xml_is(node, asides[i]))
			return true;
	return false;
}

static void walk_line(struct odt *odt, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (at->type == XML_TEXT_NODE && at->content) {
			add_text(odt, (const char *)at->content);
		} else if (xml_is(at, "s") || xml_is(at, "tab")) {
			add_text(odt, " ");
		} else if (xml_is(at, "line-break")) {
			referat_flow_break(odt->flow);
		} else if (xml_is(at, "a")) {
			referat_flow_begin(odt->flow, REFERAT__SPAN_KIND__LINK, xml_attribute(at, "href"));
			walk_line(odt, at);
			referat_flow_end(odt->flow);
		} else if (at->type == XML_ELEMENT_NODE && !is_aside(at) && !is_hidden(odt, at)) {
			walk_line(odt, at);
		}
	}
}

/* Frames of text are read behind the paragraph that they are anchored to. */
static void walk_frames(struct odt *odt, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "text-box"))
			walk_blocks(odt, at);
		else if (at->type == XML_ELEMENT_NODE && !xml_is(at, "note") && !xml_is(at, "annotation"))
			walk_frames(odt, at);
	}
}

/* What is counted before a paragraph: as an item of a list, else as a heading of the outline. */
static const char *label_of(struct odt *odt, const xmlNode *node, long level)
{
	if (odt->lists)
		return odt->label;
	if (!xml_is(node, "h") || is_true(xml_attribute(node, "is-list-header")))
		return NULL;
	return odt_numbers_next(odt->numbers, odt->outline, level - 1, -1);
}

static void open_paragraph(struct odt *odt, const xmlNode *node)
{
	long level = xml_number(xml_attribute(node, "outline-level"), 1);
	const char *label = label_of(odt, node, level);
	bool heading = xml_is(node, "h") || has_title_style(odt, node);
	bool part_of_text = label && *label && (heading || number_says_something(label));
	bool numbered = label && *label;
	if (heading)
		referat_flow_heading(odt->flow, level > 0 ? (unsigned)level : 1);
	else if (odt->lists && !part_of_text)
		referat_flow_open(odt->flow,
				  numbered ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM,
				  odt->lists);
	else
		referat_flow_open(odt->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	if (part_of_text) {
		add_text(odt, label);
		add_text(odt, " ");
	}
}

static void walk_paragraph(struct odt *odt, const xmlNode *node)
{
	if (is_hidden(odt, node) || is_true(xml_attribute(xml_child(node, "hidden-paragraph"), "is-hidden")))
		return;
	open_paragraph(odt, node);
	walk_line(odt, node);
	referat_flow_close(odt->flow);
	walk_frames(odt, node);
}

/* An item may only hold a list of the next level. */
static bool has_paragraph(const xmlNode *item)
{
	return xml_child(item, "p") || xml_child(item, "h");
}

static void walk_list(struct odt *odt, const xmlNode *list)
{
	const struct odt outer = *odt;
	const char *name = xml_attribute(list, "style-name");
	bool goes_on = xml_attribute(list, "continue-list") || is_true(xml_attribute(list, "continue-numbering"));
	odt->list = name ? find_style(odt, "list-style", name) : odt->list;
	if (!goes_on)
		odt_numbers_restart(odt->numbers, odt->list, (long)outer.lists);
	odt->lists++;
	for (const xmlNode *at = list->children; at; at = at->next) {
		bool item = xml_is(at, "list-item");
		long start = xml_number(xml_attribute(at, "start-value"), -1);
		if (!item && !xml_is(at, "list-header"))
			continue;
		odt->label = item && has_paragraph(at)
				 ? odt_numbers_next(odt->numbers, odt->list, (long)outer.lists, start)
				 : NULL;
		walk_blocks(odt, at);
	}
	odt->lists = outer.lists;
	odt->list = outer.list;
	odt->label = outer.label;
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static size_t text_size(const xmlNode *node)
{
	size_t size = 0;
	for (const xmlNode *at = node->children; at; at = at->next) {
		if (at->type == XML_TEXT_NODE && at->content)
			size += strlen((const char *)at->content);
		else if (at->type == XML_ELEMENT_NODE)
			size += text_size(at);
	}
	return size;
}

static bool is_row_of_data(const xmlNode *row, bool *several)
{
	size_t cells = 0;
	for (const xmlNode *cell = row->children; cell; cell = cell->next) {
		if (!xml_is(cell, "table-cell"))
			continue;
		if (xml_child(cell, "table") || xml_child(cell, "h") || xml_child(cell, "list") ||
		    text_size(cell) > MOST_CELL)
			return false;
		cells++;
	}
	*several = *several || cells > 1;
	return true;
}

/* Rows lie in groups, too: table-header-rows, table-rows, table-row-group. */
static bool has_only_data(const xmlNode *parent, bool *several)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "table-row") && !is_row_of_data(at, several))
			return false;
		if (at->type == XML_ELEMENT_NODE && strncmp((const char *)at->name, "table-", 6) == 0 &&
		    !xml_is(at, "table-row") && !has_only_data(at, several))
			return false;
	}
	return true;
}

static void walk_row(struct odt *odt, const xmlNode *row)
{
	bool first = true;
	referat_flow_open(odt->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
	for (const xmlNode *cell = row->children; cell; cell = cell->next) {
		if (!xml_is(cell, "table-cell"))
			continue;
		if (!first)
			referat_flow_cell(odt->flow);
		first = false;
		for (const xmlNode *at = cell->children; at; at = at->next) {
			if (at != cell->children)
				referat_flow_break(odt->flow);
			walk_line(odt, at);
		}
	}
	referat_flow_close(odt->flow);
	walk_frames(odt, row);
}

static void walk_rows(struct odt *odt, const xmlNode *parent, bool data)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "table-row") && data) {
			walk_row(odt, at);
		} else if (xml_is(at, "table-row")) {
			for (const xmlNode *cell = at->children; cell; cell = cell->next)
				walk_blocks(odt, cell);
		} else if (at->type == XML_ELEMENT_NODE) {
			walk_rows(odt, at, data);
		}
	}
}

static void walk_table(struct odt *odt, const xmlNode *table)
{
	bool several = false;
	bool data = has_only_data(table, &several) && several;
	walk_rows(odt, table, data);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void walk_blocks(struct odt *odt, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "p") || xml_is(at, "h"))
			walk_paragraph(odt, at);
		else if (xml_is(at, "list"))
			walk_list(odt, at);
		else if (xml_is(at, "table"))
			walk_table(odt, at);
		else if (xml_is(at, "frame"))
			walk_frames(odt, at);
		else if (xml_is(at, "section") && !is_switched_off(at))
			walk_blocks(odt, at);
	}
}

/* The head of the pages stands before their text: in minutes it has the board and the day. */
static void walk_head(struct odt *odt)
{
	const xmlNode *root = odt->styles ? xmlDocGetRootElement(odt->styles) : NULL;
	const xmlNode *page = xml_child(xml_child(root, "master-styles"), "master-page");
	const xmlNode *head = xml_child(page, "header-first");
	head = head ? head : xml_child(page, "header");
	if (head)
		walk_blocks(odt, head);
}

/* Where a part is encrypted, the manifest says how. */
static bool is_encrypted(const struct package *package)
{
	struct referat_bytes manifest = package_part(package, "META-INF/manifest.xml");
	static const char mark[] = "encryption-data";
	return manifest.data && memmem(manifest.data, manifest.size, mark, sizeof(mark) - 1);
}

enum referat_result opendocument_read(struct referat_call *call, const struct package *package,
				      struct referat_flow *flow)
{
	if (is_encrypted(package))
		return hold(call, "reader.office.encrypted");
	struct odt odt = {.flow = flow,
			  .numbers = odt_numbers_new(call),
			  .by_name = xmlHashCreate(0),
			  .content = xml_read(package_part(package, "content.xml")),
			  .styles = xml_read(package_part(package, "styles.xml"))};
	const xmlNode *root = odt.content ? xmlDocGetRootElement(odt.content) : NULL;
	const xmlNode *text = xml_child(xml_child(root, "body"), "text");
	collect_styles(&odt, odt.content, "automatic-styles");
	collect_styles(&odt, odt.styles, "styles");
	collect_styles(&odt, odt.styles, "automatic-styles");
	const xmlNode *own_styles = xml_child(odt.styles ? xmlDocGetRootElement(odt.styles) : NULL, "styles");
	odt.outline = xml_child(own_styles, "outline-style");
	if (text) {
		walk_head(&odt);
		walk_blocks(&odt, text);
	}
	xmlHashFree(odt.by_name, NULL);
	odt_numbers_free(odt.numbers);
	xmlFreeDoc(odt.content);
	xmlFreeDoc(odt.styles);
	return text ? REFERAT_OK : hold(call, "reader.office.damaged");
}
