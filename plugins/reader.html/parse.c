/* From text to a tree, with bounds; and what the first bytes say of the encoding. */
#include "reader.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>

#include <string.h>
#include <strings.h>

enum { HEAD = 4096 }; /* bytes in which an encoding is looked for */

/* ---- charset ---------------------------------------------------------------------------------------------------- */

static const char *find_word(const char *text, const char *end, const char *word)
{
	size_t size = strlen(word);
	for (; text + size <= end; text++)
		if (strncasecmp(text, word, size) == 0)
			return text;
	return NULL;
}

/* The value behind `name =`, with or without quotes; NULL: there is none. */
static const char *value_after(struct referat_call *call, const char *text, const char *end, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
	const char *at = find_word(text, end, name);
	if (!at)
		return NULL;
	at += strlen(name);
	while (at < end && *at && strchr(" \t\r\n=\"'", *at))
		at++;
	size_t size = 0;
	while (at + size < end && at[size] && strchr(letters, at[size]))
		size++;
	return size ? referat_copy(call, at, size) : NULL;
}

const char *find_charset(struct referat_call *call, struct referat_bytes source)
{
	const char *text = (const char *)source.data;
	const char *end = text + (source.size < HEAD ? source.size : HEAD);
	const char *charset = NULL;
	if (source.size > 5 && strncasecmp(text, "<?xml", 5) == 0) {
		const char *stop = memchr(text, '>', (size_t)(end - text));
		charset = value_after(call, text, stop ? stop : end, "encoding");
	}
	for (const char *at = text; !charset && (at = find_word(at, end, "<meta")); at++) {
		const char *stop = memchr(at, '>', (size_t)(end - at));
		charset = value_after(call, at, stop ? stop : end, "charset");
	}
	return charset;
}

/* ---- parse ------------------------------------------------------------------------------------------------------ */

struct bounds {
	size_t elements;
	bool too_many, too_deep;
};

static void take_element(void *context, const xmlChar *name, const xmlChar **attributes)
{
	xmlParserCtxt *parser = context;
	struct bounds *bounds = parser->_private;
	bounds->too_many = bounds->too_many || ++bounds->elements > MOST_ELEMENTS;
	bounds->too_deep = bounds->too_deep || parser->nodeNr >= DEEPEST;
	if (bounds->too_many || bounds->too_deep)
		xmlStopParser(parser);
	else
		xmlSAX2StartElement(context, name, attributes);
}

/* Behind the start tag at `tag`; *words: what stands in it, without what is quoted. */
static const char *skip_tag(const char *tag, size_t *words)
{
	for (*words = 0, tag++; *tag && *tag != '>' && *tag != '<'; tag++) {
		bool quote = (*tag == '"' || *tag == '\'') && tag[-1] == '=';
		const char *closing = quote ? strchr(tag + 1, *tag) : NULL;
		tag = closing ? closing : tag;
		*words += strchr(" \t\r\n/", *tag) != NULL;
	}
	return tag;
}

/* The parser compares each attribute of an element with all before it: a hundred thousand of them take minutes. So they
 * are counted first, as words of a start tag. */
static bool has_crowded_element(const char *text)
{
	enum { MOST_ATTRIBUTES = 5000 };
	for (const char *at = strchr(text, '<'); at; at = strchr(at, '<')) {
		size_t words = 0;
		const char *comment = strncmp(at, "<!--", 4) == 0 ? strstr(at, "-->") : NULL;
		if (comment)
			at = comment;
		else if ((at[1] >= 'a' && at[1] <= 'z') || (at[1] >= 'A' && at[1] <= 'Z'))
			at = skip_tag(at, &words);
		else
			at++;
		if (words > MOST_ATTRIBUTES)
			return true;
	}
	return false;
}

static enum referat_result hold(struct referat_call *call, const char *key)
{
	return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, key, NULL));
}

enum referat_result parse_page(struct referat_call *call, const char *text, xmlDoc **tree)
{
	enum {
		OPTIONS = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
			  HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT
	};
	if (has_crowded_element(text))
		return hold(call, "reader.html.too_many");
	htmlParserCtxt *parser = htmlNewParserCtxt();
	if (!parser)
		return referat_because(call, REFERAT_RETRY, "no memory for the page");
	struct bounds bounds = {0};
	parser->_private = &bounds;
	parser->sax->startElement = take_element;
	xmlDoc *doc = htmlCtxtReadMemory(parser, text, (int)strlen(text), NULL, "UTF-8", OPTIONS);
	htmlFreeParserCtxt(parser);
	if (doc && !bounds.too_many && !bounds.too_deep) {
		*tree = doc;
		return REFERAT_OK;
	}
	xmlFreeDoc(doc);
	if (bounds.too_deep)
		return hold(call, "reader.html.too_deep");
	return hold(call, bounds.too_many ? "reader.html.too_many" : "reader.html.broken");
}

/* ---- the tree --------------------------------------------------------------------------------------------------- */

xmlNode *next_node(const xmlNode *root, xmlNode *node, bool inside)
{
	if (inside && node->children)
		return node->children;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

bool is_in(const char *names, const char *word, size_t size)
{
	while (*names) {
		size_t length = strcspn(names, " ");
		if (length == size && strncasecmp(names, word, size) == 0)
			return true;
		names += length + strspn(names + length, " ");
	}
	return false;
}

bool is_element(const xmlNode *node, const char *names)
{
	return node->type == XML_ELEMENT_NODE &&
	       is_in(names, (const char *)node->name, strlen((const char *)node->name));
}

const char *attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *at = node->type == XML_ELEMENT_NODE ? node->properties : NULL; at; at = at->next)
		if (strcasecmp((const char *)at->name, name) == 0)
			return at->children && at->children->content ? (const char *)at->children->content : "";
	return "";
}
