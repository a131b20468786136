/* Reads a saved web page. Bytes become a tree (parse), with what the page says of its encoding (charset) and its
 * address (address); the element that holds the article is found in it (article); furniture is left out (furniture),
 * the rest becomes paragraphs (blocks); <referat/reading.h> does what follows.
 *
 * The tree is bounded in size and depth, and walked without recursion all the same. */
#ifndef READER_HTML_H
#define READER_HTML_H

#include <referat/reading.h>

#include <libxml/tree.h>

enum {
	MOST_ELEMENTS = 100000,
	DEEPEST = 200, /* elements in each other; libxml2 itself stops at 256 */
};

/* The encoding that the page says it is in; NULL: it says none. */
const char *find_charset(struct referat_call *call, struct referat_bytes source);

/* Parses UTF-8 text. HOLD when it has too many elements or is nested too deep; the reason is set. The caller frees the
 * tree with xmlFreeDoc. */
enum referat_result parse_page(struct referat_call *call, const char *text, xmlDoc **tree);

/* ---- the tree --------------------------------------------------------------------------------------------------- */

/* The node behind that one in the order of the page, without its children unless `inside`; NULL: the last below root.
 */
xmlNode *next_node(const xmlNode *root, xmlNode *node, bool inside);

bool is_element(const xmlNode *node, const char *names);      /* one of the names, which are separated by spaces */
const char *attribute(const xmlNode *node, const char *name); /* "" when there is none; lives as long as the tree */

/* Is one of the words of a list, which are separated by spaces, among the names? */
bool is_in(const char *names, const char *word, size_t size);

/* ---- article ---------------------------------------------------------------------------------------------------- */

struct article {
	xmlNode *root;    /* holds the article */
	xmlNode *heading; /* its h1; NULL: there is none */
	size_t size;      /* bytes of text in root that are no link's */
};

/* False: the page has no body. */
bool find_article(xmlDoc *tree, struct article *article);

/* Bytes of text below the node that are no blanks, no furniture and no link's; it stops to count at `enough`. */
size_t text_size(const xmlNode *node, size_t enough);

/* ---- furniture -------------------------------------------------------------------------------------------------- */

/* Is the element the page's and not the matter's, as its name, role or state tells? */
bool is_furniture(const xmlNode *node);

/* The same, or as the words of its class and id tell (cookies, shares, breadcrumbs); what holds the heading or most of
 * the text is none. */
bool is_furniture_in(const struct article *article, const xmlNode *node);

/* ---- addresses -------------------------------------------------------------------------------------------------- */

/* Where the page stood when it was saved, as it says itself; NULL: it does not say. */
const char *find_base(struct referat_call *call, xmlDoc *tree);

/* The whole address that a link leads to; NULL: nowhere that can be known. */
const char *resolve(struct referat_call *call, const char *base, const char *href);

/* ---- blocks ----------------------------------------------------------------------------------------------------- */

void read_article(struct referat_call *call, const struct article *article, const char *base,
		  struct referat_flow *flow);

#endif
