/* What a line of a DOCX file shows: not what was deleted while changes were tracked, not hidden text, comments, notes,
 * the instructions of fields, nor what stands in a content control until somebody fills it in. */
#include "word.h"

#include <stdlib.h>
#include <string.h>

static bool is_any(const xmlNode *node, const char *const *names)
{
	for (; *names; names++)
		if (xml_is(node, *names))
			return true;
	return false;
}

bool word_is_on(const xmlNode *property)
{
	const char *value = xml_attribute(property, "val");
	return property && !(value && (strcmp(value, "0") == 0 || strcmp(value, "false") == 0));
}

static bool shows_its_text(const xmlNode *control)
{
	const xmlNode *properties = xml_child(control, "sdtPr");
	const xmlNode *gallery = xml_child(xml_child(properties, "docPartObj"), "docPartGallery");
	const char *name = xml_attribute(gallery, "val");
	return !(name && strcmp(name, "Table of Contents") == 0) && !word_is_on(xml_child(properties, "showingPlcHdr"));
}

bool word_is_through(const xmlNode *node)
{
	static const char *const through[] = {"sdtContent", "customXml", "ins", "moveTo", "smartTag",
					      "fldSimple",  "dir",       "bdo", NULL};
	return xml_is(node, "sdt") ? shows_its_text(node) : is_any(node, through);
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

/* A field is its instruction, then what it comes to. Those in each other are counted. */
static void take_field_mark(struct word *word, const xmlNode *mark)
{
	const char *type = xml_attribute(mark, "fldCharType");
	if (!type)
		return;
	bool open = word->n_fields > 0 && word->n_fields <= MOST_FIELDS;
	if (strcmp(type, "begin") == 0) {
		if (word->n_fields < MOST_FIELDS)
			word->in_instruction[word->n_fields] = true;
		word->n_fields++;
	} else if (strcmp(type, "separate") == 0 && open) {
		word->in_instruction[word->n_fields - 1] = false;
	} else if (strcmp(type, "end") == 0 && word->n_fields > 0) {
		word->n_fields--;
	}
}

static bool is_in_instruction(const struct word *word)
{
	for (size_t i = 0; i < word->n_fields && i < MOST_FIELDS; i++)
		if (word->in_instruction[i])
			return true;
	return false;
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */

/* A character by its place in a font. Fonts of symbols have marks there, as in lists of votes; others have the letter
 * of that code behind 0xF000. */
static void add_symbol(struct word *word, const xmlNode *symbol)
{
	static const unsigned long marks[] = {0x78, 0xFB, 0xFC, 0xFD, 0xFE}; /* Wingdings: crosses and ticks */
	enum { PRIVATE = 0xF000, BITS = 0xFF };
	const char *font = xml_attribute(symbol, "font");
	const char *code = xml_attribute(symbol, "char");
	unsigned long c = code ? strtoul(code, NULL, 16) : 0;
	bool is_private = (c & ~(unsigned long)BITS) == PRIVATE;
	bool is_symbol = font && (strstr(font, "Wingdings") || strstr(font, "Symbol") || strstr(font, "Webdings"));
	c = is_private ? c & BITS : c;
	for (size_t i = 0; is_symbol && i < sizeof(marks) / sizeof(*marks); i++)
		if (c == marks[i])
			referat_flow_text(word->flow, "X", 1, 0);
	if (is_symbol || c < ' ' || c > 0xFFFF || (c >= 0xD800 && c < 0xE000))
		return;
	char text[4];
	size_t size = 0;
	if (c >= 0x800)
		text[size++] = (char)(0xE0 | (c >> 12));
	if (c >= 0x80)
		text[size++] = (char)(c >= 0x800 ? 0x80 | ((c >> 6) & 0x3F) : 0xC0 | (c >> 6));
	text[size++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
	referat_flow_text(word->flow, text, size, 0);
}

/* The run's own word, else its style's, else that of the paragraph's style. */
static bool is_hidden(const struct word *word, const xmlNode *run)
{
	const xmlNode *properties = xml_child(run, "rPr");
	const xmlNode *own = xml_child(properties, "vanish");
	if (own)
		return word_is_on(own);
	int by_style = word_style_hides(word->styles, xml_attribute(xml_child(properties, "rStyle"), "val"));
	return by_style >= 0 ? by_style : word->hidden;
}

static void walk_run(struct word *word, const xmlNode *run)
{
	bool hidden = is_hidden(word, run);
	for (const xmlNode *at = run->children; at; at = at->next) {
		if (xml_is(at, "fldChar"))
			take_field_mark(word, at);
		else if (hidden || is_in_instruction(word))
			continue;
		else if (xml_is(at, "t") && at->children && at->children->content)
			referat_flow_text(word->flow, (const char *)at->children->content,
					  strlen((const char *)at->children->content), 0);
		else if (xml_is(at, "tab") || xml_is(at, "ptab"))
			referat_flow_text(word->flow, " ", 1, 0);
		else if (xml_is(at, "noBreakHyphen"))
			referat_flow_text(word->flow, "-", 1, 0);
		else if (xml_is(at, "sym"))
			add_symbol(word, at);
		else if (xml_is(at, "br") || xml_is(at, "cr"))
			referat_flow_break(word->flow);
	}
}

void word_line_walk(struct word *word, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "r")) {
			walk_run(word, at);
		} else if (xml_is(at, "hyperlink")) {
			referat_flow_begin(word->flow, REFERAT__SPAN_KIND__LINK, word_target(word, at));
			word_line_walk(word, at);
			referat_flow_end(word->flow);
		} else if (word_is_through(at)) {
			word_line_walk(word, at);
		}
	}
}

static bool has_run(const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next)
		if (xml_is(at, "r") || xml_is(at, "hyperlink") || (word_is_through(at) && has_run(at)))
			return true;
	return false;
}

bool word_line_is_gone(const xmlNode *paragraph)
{
	const xmlNode *mark = xml_child(xml_child(paragraph, "pPr"), "rPr");
	return (xml_child(mark, "del") || xml_child(mark, "moveFrom")) && !has_run(paragraph);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

/* Frames stand in the run that they are anchored to; they are read behind its paragraph. Where a frame is there in two
 * forms, for older programs, the first counts. */
void word_frames_walk(struct word *word, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "txbxContent")) {
			word_blocks_walk(word, at);
		} else if (xml_is(at, "AlternateContent")) {
			const xmlNode *choice = xml_child(at, "Choice");
			if (choice)
				word_frames_walk(word, choice);
		} else if (at->type == XML_ELEMENT_NODE && !xml_is(at, "del") && !xml_is(at, "moveFrom")) {
			word_frames_walk(word, at);
		}
	}
}
