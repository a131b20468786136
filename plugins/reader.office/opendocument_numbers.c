/* Numbers of OpenDocument: a list, and the outline that headings have, says by level how they are counted and what they
 * look like ("§ " before the number). */
#include "reader.h"

#include <stdio.h>
#include <string.h>

enum { LEVELS = 10, LONGEST_LABEL = 64 };

/* How far a style of lists has been counted. */
struct counts {
	long of[LEVELS]; /* -1: not begun */
};

struct odt_numbers {
	struct referat_call *call;
	xmlHashTable *counts; /* by the style's name */
};

struct odt_numbers *odt_numbers_new(struct referat_call *call)
{
	struct odt_numbers *numbers = referat_alloc(call, sizeof(*numbers));
	*numbers = (struct odt_numbers){.call = call, .counts = xmlHashCreate(0)};
	return numbers;
}

void odt_numbers_free(struct odt_numbers *numbers)
{
	xmlHashFree(numbers->counts, NULL);
}

static struct counts *counts_of(struct odt_numbers *numbers, const xmlNode *style)
{
	const char *name = xml_attribute(style, "name");
	const xmlChar *key = (const xmlChar *)(name ? name : "");
	struct counts *counts = xmlHashLookup(numbers->counts, key);
	if (!counts) {
		counts = referat_alloc(numbers->call, sizeof(*counts));
		for (size_t i = 0; i < LEVELS; i++)
			counts->of[i] = -1;
		xmlHashAddEntry(numbers->counts, key, counts);
	}
	return counts;
}

static const xmlNode *level_of(const xmlNode *style, long level)
{
	for (const xmlNode *at = style ? style->children : NULL; at; at = at->next)
		if (at->type == XML_ELEMENT_NODE && xml_number(xml_attribute(at, "level"), 0) == level + 1)
			return at;
	return NULL;
}

void odt_numbers_restart(struct odt_numbers *numbers, const xmlNode *style, long level)
{
	if (!style || level < 0 || level >= LEVELS)
		return;
	struct counts *counts = counts_of(numbers, style);
	for (long i = level; i < LEVELS; i++)
		counts->of[i] = -1;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void add(char *out, size_t *used, const char *text)
{
	for (; *text && *used + 1 < LONGEST_LABEL; text++)
		out[(*used)++] = *text;
}

static void add_number(char *out, size_t *used, const xmlNode *level, long number)
{
	char text[24];
	number_format(*or_empty(xml_attribute(level, "num-format")), number, text, sizeof(text));
	add(out, used, text);
}

/* "§ 12", "3.2)": the numbers of the last levels, as many as the level shows. */
static const char *label(const struct odt_numbers *numbers, const xmlNode *style, const struct counts *counts,
			 long level)
{
	char out[LONGEST_LABEL];
	size_t used = 0;
	const xmlNode *own = level_of(style, level);
	long shown = xml_number(xml_attribute(own, "display-levels"), 1);
	add(out, &used, or_empty(xml_attribute(own, "num-prefix")));
	for (long i = level - shown + 1 > 0 ? level - shown + 1 : 0; i <= level; i++) {
		add_number(out, &used, level_of(style, i), counts->of[i] >= 0 ? counts->of[i] : 1);
		add(out, &used, i < level ? "." : "");
	}
	add(out, &used, or_empty(xml_attribute(own, "num-suffix")));
	return referat_copy(numbers->call, out, used);
}

const char *odt_numbers_next(struct odt_numbers *numbers, const xmlNode *style, long level, long start)
{
	const xmlNode *own = level_of(style, level);
	if (!own || level < 0 || level >= LEVELS)
		return NULL;
	if (xml_is(own, "list-level-style-bullet") || xml_is(own, "list-level-style-image"))
		return "";
	const char *format = xml_attribute(own, "num-format");
	if (!format || !*format)
		return NULL;
	struct counts *counts = counts_of(numbers, style);
	long *count = &counts->of[level];
	if (start >= 0)
		*count = start;
	else
		*count = *count < 0 ? xml_number(xml_attribute(own, "start-value"), 1) : *count + 1;
	for (long deeper = level + 1; deeper < LEVELS; deeper++)
		counts->of[deeper] = -1;
	return label(numbers, style, counts, level);
}
