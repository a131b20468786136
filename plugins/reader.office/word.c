/* The text of a DOCX file (ECMA-376, part 1, chapter 17). Text that was deleted while changes were tracked, hidden
 * text, comments, notes and tables of contents are not what the document says. */
#include "reader.h"

#include <string.h>
#include <strings.h>

enum { MOST_CELL = 250 /* bytes; a longer text in a table stands there for its looks */ };

struct word {
	struct referat_call *call;
	const struct package *package;
	struct referat_flow *flow;
	const char *folder; /* of the main part: "word/" */
	xmlDoc *document, *relations, *style_tree, *number_tree;
	xmlHashTable *targets; /* of the relations, by their id */
	xmlHashTable *styles;
	struct word_numbers *numbers;
};

static void walk_blocks(struct word *word, const xmlNode *parent);

/* ---- relations --------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);
	size_t end_size = strlen(end);
	return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* Where the first relation leads whose type ends so; NULL: there is none. */
static const char *target_of_type(const xmlDoc *relations, const char *type)
{
	const xmlNode *root = relations ? xmlDocGetRootElement((xmlDoc *)relations) : NULL;
	for (const xmlNode *at = root ? root->children : NULL; at; at = at->next) {
		const char *own_type = xml_attribute(at, "Type");
		if (own_type && ends_with(own_type, type))
			return xml_attribute(at, "Target");
	}
	return NULL;
}

static xmlHashTable *collect_targets(const xmlDoc *relations)
{
	xmlHashTable *targets = xmlHashCreate(0);
	const xmlNode *root = relations ? xmlDocGetRootElement((xmlDoc *)relations) : NULL;
	for (const xmlNode *at = root ? root->children : NULL; at; at = at->next) {
		const char *id = xml_attribute(at, "Id");
		const char *target = xml_attribute(at, "Target");
		if (id && target)
			xmlHashAddEntry(targets, (const xmlChar *)id, (void *)target);
	}
	return targets;
}

/* What an element names with r:id; NULL: nothing. */
static const char *target_of(const struct word *word, const xmlNode *node)
{
	const char *id = xml_attribute(node, "id");
	return id ? xmlHashLookup(word->targets, (const xmlChar *)id) : NULL;
}

static const char *part_name(struct word *word, const char *target)
{
	return *target == '/' ? target + 1 : referat_format(word->call, "%s%s", word->folder, target);
}

/* A part that the main part names, by the end of its type. The caller frees the tree. */
static xmlDoc *read_related(struct word *word, const char *type)
{
	const char *target = target_of_type(word->relations, type);
	return target ? xml_read(package_part(word->package, part_name(word, target))) : NULL;
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */

static bool is_on(const xmlNode *property)
{
	const char *value = xml_attribute(property, "val");
	return property && !(value && (strcmp(value, "0") == 0 || strcmp(value, "false") == 0));
}

static void add_text(struct word *word, const char *text)
{
	referat_flow_text(word->flow, text, strlen(text), 0);
}

static void walk_run(struct word *word, const xmlNode *run)
{
	if (is_on(xml_child(xml_child(run, "rPr"), "vanish")))
		return;
	for (const xmlNode *at = run->children; at; at = at->next) {
		if (xml_is(at, "t") && at->children && at->children->content)
			add_text(word, (const char *)at->children->content);
		else if (xml_is(at, "tab"))
			add_text(word, " ");
		else if (xml_is(at, "noBreakHyphen"))
			add_text(word, "-");
		else if (xml_is(at, "br") || xml_is(at, "cr"))
			referat_flow_break(word->flow);
	}
}

static bool is_any(const xmlNode *node, const char *const *names)
{
	for (; *names; names++)
		if (xml_is(node, *names))
			return true;
	return false;
}

static void walk_line(struct word *word, const xmlNode *parent)
{
	static const char *const through[] = {"ins",       "moveTo",    "smartTag", "sdt", "sdtContent",
					      "fldSimple", "customXml", "dir",      "bdo", NULL};
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "r")) {
			walk_run(word, at);
		} else if (xml_is(at, "hyperlink")) {
			referat_flow_begin(word->flow, REFERAT__SPAN_KIND__LINK, target_of(word, at));
			walk_line(word, at);
			referat_flow_end(word->flow);
		} else if (is_any(at, through)) {
			walk_line(word, at);
		}
	}
}

/* Frames of text stand in the run that they are anchored to; they are read behind its paragraph. Where a frame is there
 * in two forms, for older programs, the first counts. */
static void walk_frames(struct word *word, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "txbxContent")) {
			walk_blocks(word, at);
		} else if (xml_is(at, "AlternateContent")) {
			const xmlNode *choice = xml_child(at, "Choice");
			if (choice)
				walk_frames(word, choice);
		} else if (at->type == XML_ELEMENT_NODE && !xml_is(at, "del") && !xml_is(at, "moveFrom")) {
			walk_frames(word, at);
		}
	}
}

/* ---- paragraphs -------------------------------------------------------------------------------------------------- */

/* A list of what stands further down: "toc 1", "innehåll 1". */
static bool is_contents(const char *style)
{
	return strncasecmp(style, "toc ", 4) == 0 || strncasecmp(style, "innehåll ", strlen("innehåll ")) == 0;
}

/* Does what stands before a paragraph belong to what it says? "§ 12" does; "3." and "a)" only mark an item. */
static bool says_something(const char *label)
{
	return strstr(label, "§") || strlen(label) > 6;
}

static void open_paragraph(struct word *word, const struct word_style *style)
{
	const char *label = style->list > 0 ? word_numbers_next(word->numbers, style->list, style->level) : NULL;
	bool part_of_text = label && *label && (style->heading || says_something(label));
	unsigned level = (unsigned)style->level + 1;
	if (style->heading)
		referat_flow_heading(word->flow, (unsigned)style->heading);
	else if (label && !part_of_text)
		referat_flow_open(word->flow,
				  *label ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM, level);
	else
		referat_flow_open(word->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	if (part_of_text)
		add_text(word, referat_format(word->call, "%s ", label));
}

static void walk_paragraph(struct word *word, const xmlNode *paragraph)
{
	struct word_style style = word_style_of(word->styles, paragraph);
	if (is_contents(style.name))
		return;
	open_paragraph(word, &style);
	walk_line(word, paragraph);
	referat_flow_close(word->flow);
	walk_frames(word, paragraph);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static size_t text_size(const xmlNode *node)
{
	size_t size = 0;
	for (const xmlNode *at = node->children; at; at = at->next) {
		if (xml_is(at, "t") && at->children && at->children->content)
			size += strlen((const char *)at->children->content);
		else if (at->type == XML_ELEMENT_NODE)
			size += text_size(at);
	}
	return size;
}

static bool is_cell_of_data(const struct word *word, const xmlNode *cell)
{
	for (const xmlNode *at = cell->children; at; at = at->next) {
		if (xml_is(at, "tbl"))
			return false;
		if (xml_is(at, "p") && word_style_of(word->styles, at).heading)
			return false;
	}
	return text_size(cell) <= MOST_CELL;
}

/* A table of data has rows of several cells, and nothing larger than a paragraph in them. */
static bool is_data(const struct word *word, const xmlNode *table)
{
	bool several = false;
	for (const xmlNode *row = table->children; row; row = row->next) {
		size_t cells = 0;
		for (const xmlNode *cell = xml_is(row, "tr") ? row->children : NULL; cell; cell = cell->next) {
			if (!xml_is(cell, "tc"))
				continue;
			if (!is_cell_of_data(word, cell))
				return false;
			cells++;
		}
		several = several || cells > 1;
	}
	return several;
}

static void walk_cell(struct word *word, const xmlNode *cell)
{
	bool first = true;
	for (const xmlNode *at = cell->children; at; at = at->next) {
		if (!xml_is(at, "p"))
			continue;
		if (!first)
			referat_flow_break(word->flow);
		first = false;
		walk_line(word, at);
	}
}

static void walk_row(struct word *word, const xmlNode *row)
{
	bool first = true;
	referat_flow_open(word->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
	for (const xmlNode *cell = row->children; cell; cell = cell->next) {
		if (!xml_is(cell, "tc"))
			continue;
		if (!first)
			referat_flow_cell(word->flow);
		first = false;
		walk_cell(word, cell);
	}
	referat_flow_close(word->flow);
}

static void walk_table(struct word *word, const xmlNode *table)
{
	bool data = is_data(word, table);
	for (const xmlNode *row = table->children; row; row = row->next) {
		if (!xml_is(row, "tr"))
			continue;
		if (data) {
			walk_row(word, row);
			continue;
		}
		for (const xmlNode *cell = row->children; cell; cell = cell->next)
			if (xml_is(cell, "tc"))
				walk_blocks(word, cell);
	}
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void walk_blocks(struct word *word, const xmlNode *parent)
{
	static const char *const through[] = {"sdtContent", "customXml", "ins", "moveTo", "smartTag", NULL};
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "p")) {
			walk_paragraph(word, at);
		} else if (xml_is(at, "tbl")) {
			walk_table(word, at);
		} else if (xml_is(at, "sdt")) {
			const xmlNode *gallery =
			    xml_child(xml_child(xml_child(at, "sdtPr"), "docPartObj"), "docPartGallery");
			const char *name = xml_attribute(gallery, "val");
			if (!name || strcmp(name, "Table of Contents") != 0)
				walk_blocks(word, at);
		} else if (is_any(at, through)) {
			walk_blocks(word, at);
		}
	}
}

static const xmlNode *first_section(const xmlNode *body)
{
	for (const xmlNode *at = body->children; at; at = at->next) {
		const xmlNode *section = xml_is(at, "sectPr") ? at : xml_child(xml_child(at, "pPr"), "sectPr");
		if (section)
			return section;
	}
	return NULL;
}

/* The head of the first page stands before its text: in minutes it has the board and the day. */
static void walk_head(struct word *word, const xmlNode *body)
{
	const xmlNode *section = first_section(body);
	bool own_first = is_on(xml_child(section, "titlePg"));
	for (const xmlNode *at = section ? section->children : NULL; at; at = at->next) {
		const char *type = xml_is(at, "headerReference") ? xml_attribute(at, "type") : NULL;
		if (!type || strcmp(type, own_first ? "first" : "default") != 0)
			continue;
		const char *target = target_of(word, at);
		xmlDoc *head = target ? xml_read(package_part(word->package, part_name(word, target))) : NULL;
		if (head)
			walk_blocks(word, xmlDocGetRootElement(head));
		xmlFreeDoc(head);
		return;
	}
}

/* Opens the main part and what belongs to it. */
static bool open_parts(struct word *word)
{
	xmlDoc *relations = xml_read(package_part(word->package, "_rels/.rels"));
	const char *target = target_of_type(relations, "/officeDocument");
	const char *name = target ? target + (*target == '/') : "word/document.xml";
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;
	word->folder = referat_copy(word->call, name, (size_t)(base - name));
	word->document = xml_read(package_part(word->package, name));
	word->relations =
	    xml_read(package_part(word->package, referat_format(word->call, "%s_rels/%s.rels", word->folder, base)));
	xmlFreeDoc(relations);
	word->style_tree = read_related(word, "/styles");
	word->number_tree = read_related(word, "/numbering");
	word->targets = collect_targets(word->relations);
	word->styles = word_styles_read(word->call, word->style_tree);
	word->numbers = word_numbers_read(word->call, word->number_tree);
	return word->document != NULL;
}

static void close_parts(struct word *word)
{
	xmlHashFree(word->targets, NULL);
	xmlHashFree(word->styles, NULL);
	xmlFreeDoc(word->document);
	xmlFreeDoc(word->relations);
	xmlFreeDoc(word->style_tree);
	xmlFreeDoc(word->number_tree);
}

enum referat_result word_read(struct referat_call *call, const struct package *package, struct referat_flow *flow)
{
	if (package->has_macros)
		return hold(call, "reader.office.macros");
	struct word word = {.call = call, .package = package, .flow = flow};
	bool open = open_parts(&word);
	const xmlNode *body = open ? xml_child(xmlDocGetRootElement(word.document), "body") : NULL;
	if (body) {
		walk_head(&word, body);
		walk_blocks(&word, body);
	}
	close_parts(&word);
	return body ? REFERAT_OK : hold(call, "reader.office.damaged");
}
