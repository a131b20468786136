/* Addresses: where the page stood, and where its links lead. */
#include "reader.h"

#include <libxml/uri.h>

#include <string.h>
#include <strings.h>

enum { MOST_ADDRESS = 2048 }; /* bytes; no browser takes much more */

static bool is_web(const char *address)
{
	return strncasecmp(address, "http://", 7) == 0 || strncasecmp(address, "https://", 8) == 0;
}

/* Browsers write it: "<!-- saved from url=(0034)https://www.exempelby.example/ -->". */
static const char *saved_from(struct referat_call *call, const xmlNode *comment)
{
	const char *text = (const char *)comment->content;
	const char *at = text ? strstr(text, "saved from url=(") : NULL;
	at = at ? strchr(at, ')') : NULL;
	if (!at || !is_web(at + 1))
		return NULL;
	return referat_copy(call, at + 1, strcspn(at + 1, " \t\r\n"));
}

static const char *said_by(const xmlNode *node)
{
	if (is_element(node, "link") && strcasecmp(attribute(node, "rel"), "canonical") == 0)
		return attribute(node, "href");
	if (is_element(node, "meta") && strcasecmp(attribute(node, "property"), "og:url") == 0)
		return attribute(node, "content");
	return "";
}

const char *find_base(struct referat_call *call, xmlDoc *tree)
{
	const char *said = NULL; /* by the page's head */
	const char *base = NULL;
	for (xmlNode *node = tree->children; node; node = next_node((xmlNode *)tree, node, true)) {
		if (node->type == XML_COMMENT_NODE && !said)
			said = saved_from(call, node);
		else if (!said && is_web(said_by(node)))
			said = said_by(node);
		if (is_element(node, "base") && !base)
			base = attribute(node, "href");
		if (is_element(node, "body"))
			break;
	}
	if (base && !is_web(base))
		base = said ? resolve(call, said, base) : NULL;
	base = base ? base : said;
	return base && strlen(base) <= MOST_ADDRESS ? base : NULL;
}

/* The address with what may not stand in one escaped: spaces, letters beyond ASCII. */
static xmlChar *escape(const char *href)
{
	return xmlURIEscapeStr((const xmlChar *)href, (const xmlChar *)":/?#[]@!$&'()*+,;=%~");
}

const char *resolve(struct referat_call *call, const char *base, const char *href)
{
	static const char blanks[] = " \t\r\n";
	href += strspn(href, blanks);
	size_t size = strlen(href);
	while (size > 0 && strchr(blanks, href[size - 1]))
		size--;
	href = referat_copy(call, href, size);
	if (size == 0 || size > MOST_ADDRESS || *href == '#')
		return NULL;
	xmlChar *escaped = escape(href);
	xmlChar *whole = NULL;
	if (escaped && base)
		whole = xmlBuildURI(escaped, (const xmlChar *)base);
	else if (escaped && (is_web(href) || strncasecmp(href, "mailto:", 7) == 0))
		whole = xmlStrdup(escaped);
	const char *address = whole ? referat_copy(call, whole, strlen((const char *)whole)) : NULL;
	xmlFree(escaped);
	xmlFree(whole);
	return address;
}
