/* The text of a DOCX file (ECMA-376, part 1, chapter 17). Text that was deleted while changes were tracked, hidden
 * text, comments, notes and tables of contents are not what the document says. */
#include "word.h"

#include <string.h>
#include <strings.h>

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

const char *word_target(const struct word *word, const xmlNode *node)
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

/* ---- paragraphs -------------------------------------------------------------------------------------------------- */

/* A list of what stands further down: "toc 1", "innehåll 1". */
static bool is_contents(const char *style)
{
	return strncasecmp(style, "toc ", 4) == 0 || strncasecmp(style, "innehåll ", strlen("innehåll ")) == 0;
}

const char *word_label(struct word *word, const struct word_style *style, const char **mark)
{
	const char *label = style->list > 0 ? word_numbers_next(word->numbers, style->list, style->level) : NULL;
	bool part_of_text = label && *label && (style->heading || number_says_something(label));
	*mark = part_of_text ? NULL : label;
	return part_of_text ? referat_format(word->call, "%s ", label) : NULL;
}

static void open_paragraph(struct word *word, const struct word_style *style)
{
	const char *mark;
	const char *label = word_label(word, style, &mark);
	unsigned level = (unsigned)style->level + 1;
	if (style->heading)
		referat_flow_heading(word->flow, (unsigned)style->heading);
	else if (mark)
		referat_flow_open(word->flow,
				  *mark ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM, level);
	else
		referat_flow_open(word->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	if (label)
		referat_flow_text(word->flow, label, strlen(label), 0);
}

static void walk_paragraph(struct word *word, const xmlNode *paragraph)
{
	struct word_style style = word_style_of(word->styles, paragraph);
	const xmlNode *mark = xml_child(xml_child(paragraph, "pPr"), "rPr");
	if (is_contents(style.name) || word_line_is_gone(paragraph))
		return;
	if (!word->goes_on)
		open_paragraph(word, &style);
	word->hidden = style.hides > 0;
	word->n_fields = 0; /* a field that the file does not end, ends */
	word_line_walk(word, paragraph);
	word->goes_on = xml_child(mark, "del") != NULL;
	if (!word->goes_on)
		referat_flow_close(word->flow);
	word_frames_walk(word, paragraph);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

void word_blocks_walk(struct word *word, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "p"))
			walk_paragraph(word, at);
		else if (xml_is(at, "tbl"))
			word_table_walk(word, at);
		else if (word_is_through(at))
			word_blocks_walk(word, at);
	}
}

static bool has_text(const xmlNode *node)
{
	for (const xmlNode *at = node->children; at; at = at->next)
		if ((xml_is(at, "t") && at->children) || (at->type == XML_ELEMENT_NODE && has_text(at)))
			return true;
	return false;
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

/* Reads the head of that type. False: the section has none. */
static bool walk_head_of(struct word *word, const xmlNode *section, const char *wanted)
{
	for (const xmlNode *at = section->children; at; at = at->next) {
		const char *type = xml_is(at, "headerReference") ? xml_attribute(at, "type") : NULL;
		if (!type || strcmp(type, wanted) != 0)
			continue;
		const char *target = word_target(word, at);
		xmlDoc *head = target ? xml_read(package_part(word->package, part_name(word, target))) : NULL;
		const xmlNode *root = head ? xmlDocGetRootElement(head) : NULL;
		bool shown = root && has_text(root);
		if (shown)
			word_blocks_walk(word, root);
		xmlFreeDoc(head);
		return shown;
	}
	return false;
}

/* The head of the first page stands before its text: in minutes it has the board and the day. Where the first page has
 * none, that of the others says it. */
static void walk_head(struct word *word, const xmlNode *body)
{
	const xmlNode *section = first_section(body);
	bool own_first = word_is_on(xml_child(section, "titlePg"));
	if (section && !(own_first && walk_head_of(word, section, "first")))
		walk_head_of(word, section, "default");
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
		word_blocks_walk(&word, body);
	}
	close_parts(&word);
	return body ? REFERAT_OK : hold(call, "reader.office.damaged");
}
