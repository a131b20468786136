/* Reads what word processors save: DOCX (ECMA-376) and ODT (OASIS OpenDocument). Both are zip files with XML in them.
 * The package is unpacked with bounds (package), its XML becomes trees (xml), the tree of the text is walked with what
 * the format says of its styles and numbers (word…; opendocument…; numbers), and becomes paragraphs;
 * <referat/reading.h> does what follows.
 *
 * Trees are bounded in depth by libxml2 (256), so walks may recurse. */
#ifndef READER_OFFICE_H
#define READER_OFFICE_H

#include <referat/reading.h>

#include <libxml/hash.h>
#include <libxml/tree.h>

/* Says in Swedish why the file waits for the publisher. */
enum referat_result hold(struct referat_call *call, const char *key);

/* ---- package ---------------------------------------------------------------------------------------------------- */

enum {
	MOST_ENTRIES = 10000,               /* of the zip file */
	MOST_PARTS = 512,                   /* that hold XML */
	MOST_PART_SIZE = 32 * 1024 * 1024,  /* unpacked */
	MOST_UNPACKED = 2 * MOST_PART_SIZE, /* all parts together */
};

struct package {
	struct package_part {
		const char *name;
		struct referat_bytes bytes;
	} * parts;
	size_t n_parts;
	bool has_macros;
};

/* Unpacks the XML parts. What is no package, encrypted, damaged, or larger than the bounds is held, with the reason. */
enum referat_result package_read(struct referat_call *call, struct referat_bytes source, struct package *package);

/* data is NULL when there is no such part. */
struct referat_bytes package_part(const struct package *package, const char *name);

/* ---- xml -------------------------------------------------------------------------------------------------------- */

/* Parses a part. No entity is expanded and nothing is fetched; a part with a DTD is refused, for no word processor
 * writes one. NULL: it can't be read, or there is none. The caller frees the tree with xmlFreeDoc. */
xmlDoc *xml_read(struct referat_bytes part);

bool xml_is(const xmlNode *node, const char *name);               /* an element of that local name */
const char *xml_attribute(const xmlNode *node, const char *name); /* by its local name; NULL when there is none */
const xmlNode *xml_child(const xmlNode *node, const char *name);  /* the first of that name; NULL; node may be NULL */
long xml_number(const char *text, long fallback);                 /* of an attribute, which may be NULL */

/* ---- the two formats -------------------------------------------------------------------------------------------- */

enum referat_result word_read(struct referat_call *call, const struct package *package, struct referat_flow *flow);
enum referat_result opendocument_read(struct referat_call *call, const struct package *package,
				      struct referat_flow *flow);

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* Writes a number as "12" (kind '1'), "b" ('a', 'A') or "iv" ('i', 'I'). */
void number_format(char kind, long number, char *text, size_t size);

/* Does what is counted before a paragraph belong to what it says? "§ 12" does; "3." and "a)" only mark an item. */
bool number_says_something(const char *label);

/* Numbers of OpenDocument. A style (list-style, outline-style; NULL: none) counts from where it was, over lists, until
 * it is told to begin anew. */
struct odt_numbers;
struct odt_numbers *odt_numbers_new(struct referat_call *call);
void odt_numbers_free(struct odt_numbers *numbers);
void odt_numbers_restart(struct odt_numbers *numbers, const xmlNode *style, long level);

/* Counts a paragraph on a level, from 0; start: the number that it has, -1: the next one. Returns what stands before
 * it,
 * "" for a bullet; NULL: nothing does. */
const char *odt_numbers_next(struct odt_numbers *numbers, const xmlNode *style, long level, long start);

/* ---- styles of Word --------------------------------------------------------------------------------------------- */

enum { NO_LIST = -1 };

/* What a paragraph or a style says of itself; styles inherit. */
struct word_style {
	const char *id, *name, *based_on;
	long heading; /* from 1; 0: text */
	long list;    /* numId; NO_LIST: none; 0: taken out of a list on purpose */
	long level;   /* in the list, from 0 */
	int hides;    /* is its text hidden? -1: it does not say */
};

/* The styles by their id, as struct word_style in the call's memory; the table is freed with xmlHashFree(…, NULL). */
xmlHashTable *word_styles_read(struct referat_call *call, const xmlDoc *tree);

/* What holds for a paragraph (w:p): its own word, else its style's, else that of the style which this one is based on.
 */
struct word_style word_style_of(xmlHashTable *styles, const xmlNode *paragraph);

/* Does the style with that id hide text? -1: it does not say, or there is none (id may be NULL). */
int word_style_hides(xmlHashTable *styles, const char *id);

/* ---- numbers of Word -------------------------------------------------------------------------------------------- */

struct word_numbers;
struct word_numbers *word_numbers_read(struct referat_call *call, const xmlDoc *tree);

/* Counts a paragraph of a list. Returns what stands before it ("§ 12", "3.", "a)"), "" for a bullet; NULL when there is
 * no such list. */
const char *word_numbers_next(struct word_numbers *numbers, long list, long level);

#endif
