/* Where the article is: the innermost element that is named as one (main, article) and holds the heading and half of
 * the text; without such names, the innermost that holds the heading and nearly all of the text. */
#include "reader.h"

#include <string.h>

static bool is_named(const xmlNode *node)
{
	const char *role = attribute(node, "role");
	return is_element(node, "main article") || is_in("main article", role, strlen(role)) ||
	       strcmp(attribute(node, "itemprop"), "articleBody") == 0;
}

static bool is_within_named(const xmlNode *node)
{
	while (node && !is_named(node))
		node = node->parent;
	return node != NULL;
}

size_t text_size(const xmlNode *node, size_t enough)
{
	size_t size = 0;
	bool inside;
	for (xmlNode *at = (xmlNode *)node; at && size < enough; at = next_node(node, at, inside)) {
		inside = at == node || (!is_furniture(at) && !is_element(at, "a"));
		if (at->type != XML_TEXT_NODE || !at->content)
			continue;
		for (const char *c = (const char *)at->content; *c; c++)
			size += !strchr(" \t\r\n", *c);
	}
	return size;
}

/* The first h1 that stands in what is named as the article; else the first that is no furniture. */
static xmlNode *find_heading(xmlNode *body)
{
	xmlNode *found = NULL;
	bool inside;
	for (xmlNode *at = body; at; at = next_node(body, at, inside)) {
		inside = at == body || !is_furniture(at);
		if (!inside || !is_element(at, "h1"))
			continue;
		if (is_within_named(at))
			return at;
		found = found ? found : at;
	}
	return found;
}

static xmlNode *find_named(xmlNode *body)
{
	bool inside;
	for (xmlNode *at = body; at; at = next_node(body, at, inside)) {
		inside = at == body || !is_furniture(at);
		if (inside && is_named(at))
			return at;
	}
	return body;
}

static xmlNode *root_around(xmlNode *heading, xmlNode *body)
{
	size_t all = text_size(body, SIZE_MAX);
	xmlNode *widest = NULL; /* of those named */
	for (xmlNode *at = heading->parent; at && at != body->parent; at = at->parent)
		if (is_named(at))
			widest = at;
	if (widest)
		all = text_size(widest, SIZE_MAX);
	for (xmlNode *at = heading->parent; at && at != body; at = at->parent) {
		size_t size = !widest || is_named(at) ? text_size(at, all) : 0;
		if (widest ? is_named(at) && size * 2 >= all : size * 10 >= all * 9)
			return at;
	}
	return widest ? widest : body;
}

bool find_article(xmlDoc *tree, struct article *article)
{
	xmlNode *body = xmlDocGetRootElement(tree);
	for (xmlNode *at = body ? body->children : NULL; at; at = at->next)
		if (is_element(at, "body"))
			body = at;
	if (!body)
		return false;
	xmlNode *heading = find_heading(body);
	xmlNode *root = heading ? root_around(heading, body) : find_named(body);
	*article = (struct article){.root = root, .heading = heading, .size = text_size(root, SIZE_MAX)};
	return true;
}
