/* Styles of Word: what is a heading, and what is an item of a list. */
#include "word.h"

#include <string.h>
#include <strings.h>

enum { MOST_BASES = 16, MOST_HEADING = 9 };

static const struct word_style nothing = {.heading = -1, .list = NO_LIST, .level = -1, .hides = -1};

/* "Paragrafrubrik", "Ärenderubrik": what municipalities call styles of their own. Not those of heads, tables, lists. */
static bool is_own_heading(const char *name)
{
	static const char *const others[] = {"sidhuvud", "sidfot", "tabell", "bild", "diagram", "innehåll"};
	size_t size = strlen(name);
	if (size < strlen("rubrik") || strcasecmp(name + size - strlen("rubrik"), "rubrik") != 0)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strncasecmp(name, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

/* "heading 2", "Rubrik 2"; a title stands above them all. Returns -1 when the name says nothing. */
static long heading_by_name(const char *name)
{
	enum { OWN_LEVEL = 2 };
	static const char *const headings[] = {"heading ", "rubrik "};
	if (strcasecmp(name, "title") == 0 || strcasecmp(name, "rubrik") == 0)
		return 1;
	for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++) {
		size_t size = strlen(headings[i]);
		if (strncasecmp(name, headings[i], size) == 0)
			return xml_number(name + size, -1);
	}
	return is_own_heading(name) ? OWN_LEVEL : -1;
}

/* Reads the properties (w:pPr), of a style or of a paragraph. */
static void read_properties(const xmlNode *properties, struct word_style *style)
{
	const xmlNode *numbers = xml_child(properties, "numPr");
	long outline = xml_number(xml_attribute(xml_child(properties, "outlineLvl"), "val"), -1);
	if (outline >= 0)
		style->heading = outline < MOST_HEADING ? outline + 1 : 0; /* the last level says: text */
	style->list = xml_number(xml_attribute(xml_child(numbers, "numId"), "val"), style->list);
	style->level = xml_number(xml_attribute(xml_child(numbers, "ilvl"), "val"), style->level);
}

static struct word_style read_style(const xmlNode *node)
{
	struct word_style style = nothing;
	const char *name = xml_attribute(xml_child(node, "name"), "val");
	style.id = xml_attribute(node, "styleId");
	style.name = name ? name : "";
	style.based_on = xml_attribute(xml_child(node, "basedOn"), "val");
	style.heading = heading_by_name(style.name);
	const xmlNode *vanish = xml_child(xml_child(node, "rPr"), "vanish");
	style.hides = vanish ? word_is_on(vanish) : -1;
	read_properties(xml_child(node, "pPr"), &style);
	return style;
}

xmlHashTable *word_styles_read(struct referat_call *call, const xmlDoc *tree)
{
	xmlHashTable *styles = xmlHashCreate(0);
	const xmlNode *root = tree ? xmlDocGetRootElement((xmlDoc *)tree) : NULL;
	for (const xmlNode *at = root ? root->children : NULL; at; at = at->next) {
		if (!xml_is(at, "style") || !xml_attribute(at, "styleId"))
			continue;
		struct word_style *style = referat_alloc(call, sizeof(*style));
		*style = read_style(at);
		xmlHashAddEntry(styles, (const xmlChar *)style->id, style); /* of two, the first counts */
	}
	return styles;
}

static const struct word_style *find(xmlHashTable *styles, const char *id)
{
	return id ? xmlHashLookup(styles, (const xmlChar *)id) : NULL;
}

static void inherit(struct word_style *style, const struct word_style *from)
{
	if (!*style->name)
		style->name = from->name;
	if (style->heading < 0)
		style->heading = from->heading;
	if (style->list == NO_LIST)
		style->list = from->list;
	if (style->level < 0)
		style->level = from->level;
	if (style->hides < 0)
		style->hides = from->hides;
}

static void inherit_from(struct word_style *style, xmlHashTable *styles, const char *id)
{
	const struct word_style *at = find(styles, id);
	for (int i = 0; at && i < MOST_BASES; i++) { /* a circle ends here too */
		inherit(style, at);
		at = find(styles, at->based_on);
	}
}

int word_style_hides(xmlHashTable *styles, const char *id)
{
	struct word_style style = nothing;
	style.name = "";
	inherit_from(&style, styles, id);
	return style.hides;
}

struct word_style word_style_of(xmlHashTable *styles, const xmlNode *paragraph)
{
	const xmlNode *properties = xml_child(paragraph, "pPr");
	struct word_style style = nothing;
	style.name = "";
	read_properties(properties, &style);
	inherit_from(&style, styles, xml_attribute(xml_child(properties, "pStyle"), "val"));
	style.heading = style.heading < 0 ? 0 : style.heading;
	style.level = style.level < 0 ? 0 : style.level;
	return style;
}
