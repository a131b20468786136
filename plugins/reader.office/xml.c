/* Trees of XML. */
#include "reader.h"

#include <libxml/parser.h>

#include <stdlib.h>
#include <string.h>

xmlDoc *xml_read(struct referat_bytes part)
{
	enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT };
	xmlDoc *tree = part.data ? xmlReadMemory((const char *)part.data, (int)part.size, NULL, NULL, OPTIONS) : NULL;
	if (tree && !tree->intSubset && xmlDocGetRootElement(tree))
		return tree;
	xmlFreeDoc(tree);
	return NULL;
}

bool xml_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

const char *xml_attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *at = node && node->type == XML_ELEMENT_NODE ? node->properties : NULL; at; at = at->next)
		if (strcmp((const char *)at->name, name) == 0)
			return at->children && at->children->content ? (const char *)at->children->content : "";
	return NULL;
}

const xmlNode *xml_child(const xmlNode *node, const char *name)
{
	for (const xmlNode *at = node ? node->children : NULL; at; at = at->next)
		if (xml_is(at, name))
			return at;
	return NULL;
}

long xml_number(const char *text, long fallback)
{
	char *end;
	long number = text ? strtol(text, &end, 10) : fallback;
	return text && end != text && *end == '\0' && number > -100000 && number < 100000 ? number : fallback;
}
