/* What is the page's and not the matter's. */
#include "reader.h"

#include <ctype.h>
#include <string.h>

static const char elements[] =
    "script style noscript template nav aside footer input select textarea label iframe object "
    "embed svg canvas audio video picture img map dialog head figcaption del s strike";

static const char roles[] =
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar "
    "tooltip";

/* Words in a class or an id, between hyphens, underscores and humps: "lp-cookie-consent", "shareLinks". */
static const char words[] =
    "cookie cookies consent gdpr breadcrumb breadcrumbs brodsmula brodsmulor share sharing dela "
    "social skip skiplink skiplinks menu meny navigation sidebar related relaterat rating feedback "
    "comments pagination newsletter login toolbar modal popup readspeaker toc visuallyhidden";

static const char *const unseen[] = {"visually-hidden", "sr-only", "screen-reader", "assistive-text"};

/* Addresses that only share the page. */
static const char *const shares[] = {"facebook.com/shar", "twitter.com/intent", "twitter.com/share",
				     "x.com/intent",      "linkedin.com/shar",  "mailto:?"};

static bool has_any(const char *text, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(text, parts[i]))
			return true;
	return false;
}

static bool is_within(const xmlNode *node, const char *names)
{
	for (node = node->parent; node; node = node->parent)
		if (is_element(node, names))
			return true;
	return false;
}

/* A link to a share, or an entry of the list of what stands further down. */
static bool is_page_link(const xmlNode *node)
{
	const char *href = attribute(node, "href");
	return has_any(href, shares, sizeof(shares) / sizeof(*shares)) ||
	       (href[0] == '#' && node->parent && is_element(node->parent, "li"));
}

static bool is_switched_off(const xmlNode *node)
{
	const char *style = strstr(attribute(node, "style"), "display");
	const char *none = style ? style + strlen("display") + strspn(style + strlen("display"), " :") : "";
	return xmlHasProp((xmlNode *)node, (const xmlChar *)"hidden") || strncmp(none, "none", 4) == 0 ||
	       strcmp(attribute(node, "aria-hidden"), "true") == 0;
}

/* A note, or its mark in the text, as LibreOffice and Word save them. */
static bool is_note(const xmlNode *node)
{
	static const char *const starts[] = {"sdfootnote", "sdendnote", "MsoFootnote", "MsoEndnote", "ftn", "edn"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(attribute(node, "class"), starts[i], strlen(starts[i])) == 0 ||
		    strncmp(attribute(node, "id"), starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

bool is_furniture(const xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE)
		return false;
	const char *role = attribute(node, "role");
	if (is_element(node, elements) || is_in(roles, role, strlen(role)) || is_switched_off(node) || is_note(node))
		return true;
	if (is_element(node, "div") && strcmp(attribute(node, "title"), "footer") == 0)
		return true; /* of the pages of a text that LibreOffice saved as HTML */
	if (is_element(node, "header"))
		return !is_within(node, "main article");
	if (is_element(node, "button"))
		return !is_within(node, "h1 h2 h3 h4 h5 h6"); /* there it opens the text below it */
	return is_element(node, "a") && is_page_link(node);
}

static bool has_word(const char *name)
{
	if (has_any(name, unseen, sizeof(unseen) / sizeof(*unseen)))
		return true;
	while (*name) {
		size_t size = 1;
		while (isalnum((unsigned char)name[size]) && !isupper((unsigned char)name[size]))
			size++;
		if (is_in(words, name, size))
			return true;
		name += size;
		while (*name && !isalnum((unsigned char)*name))
			name++;
	}
	return false;
}

static bool holds(const xmlNode *node, const xmlNode *inner)
{
	while (inner && inner != node)
		inner = inner->parent;
	return inner != NULL;
}

bool is_furniture_in(const struct article *article, const xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE || node == article->root || holds(node, article->heading))
		return false;
	if (is_furniture(node))
		return true;
	if (is_element(node, "body main article h1 h2 h3 h4 h5 h6"))
		return false;
	bool named = has_word(attribute(node, "class")) || has_word(attribute(node, "id")) || is_element(node, "form");
	return named && text_size(node, article->size / 2 + 1) <= article->size / 2;
}
