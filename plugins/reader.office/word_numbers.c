/* Numbers of Word: they don't stand in the text, but are counted when it is shown. Templates of minutes number their
 * items so ("§ %1"). */
#include "reader.h"

#include <string.h>

enum { LEVELS = 9, MOST_LISTS = 2000, LONGEST_LABEL = 64 };

struct level {
	const char *format; /* decimal, lowerLetter, bullet …; "": not said */
	const char *text;   /* "§ %1", "%1.%2" */
	long start;
};

/* A list as it looks (w:abstractNum), and how far it has been counted. */
struct looks {
	long id;
	struct level levels[LEVELS];
	long counts[LEVELS]; /* -1: not begun */
};

/* A list that paragraphs name (w:num). Several may share their looks, and then their count, unless one starts anew. */
struct list {
	long id;
	struct looks *looks;
	long restart[LEVELS]; /* -1: goes on */
};

struct word_numbers {
	struct referat_call *call;
	struct looks *looks;
	size_t n_looks;
	struct list *lists;
	size_t n_lists;
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static const char *value_of(const xmlNode *node, const char *name)
{
	const char *value = xml_attribute(xml_child(node, name), "val");
	return value ? value : "";
}

static void read_looks(const xmlNode *node, struct looks *looks)
{
	looks->id = xml_number(xml_attribute(node, "abstractNumId"), -1);
	for (size_t i = 0; i < LEVELS; i++) {
		looks->levels[i] = (struct level){.format = "", .text = "", .start = 1};
		looks->counts[i] = -1;
	}
	for (const xmlNode *at = node->children; at; at = at->next) {
		long i = xml_is(at, "lvl") ? xml_number(xml_attribute(at, "ilvl"), -1) : -1;
		if (i >= 0 && i < LEVELS)
			looks->levels[i] = (struct level){.format = value_of(at, "numFmt"),
							  .text = value_of(at, "lvlText"),
							  .start = xml_number(value_of(at, "start"), 1)};
	}
}

static struct looks *find_looks(const struct word_numbers *numbers, long id)
{
	for (size_t i = 0; i < numbers->n_looks; i++)
		if (numbers->looks[i].id == id)
			return &numbers->looks[i];
	return NULL;
}

static void read_list(const struct word_numbers *numbers, const xmlNode *node, struct list *list)
{
	list->id = xml_number(xml_attribute(node, "numId"), -1);
	list->looks = find_looks(numbers, xml_number(value_of(node, "abstractNumId"), -1));
	for (size_t i = 0; i < LEVELS; i++)
		list->restart[i] = -1;
	for (const xmlNode *at = node->children; at; at = at->next) {
		long i = xml_is(at, "lvlOverride") ? xml_number(xml_attribute(at, "ilvl"), -1) : -1;
		if (i >= 0 && i < LEVELS)
			list->restart[i] = xml_number(value_of(at, "startOverride"), -1);
	}
}

static size_t count_children(const xmlNode *node, const char *name)
{
	size_t n = 0;
	for (const xmlNode *at = node ? node->children : NULL; at && n < MOST_LISTS; at = at->next)
		n += xml_is(at, name);
	return n;
}

struct word_numbers *word_numbers_read(struct referat_call *call, const xmlDoc *tree)
{
	const xmlNode *root = tree ? xmlDocGetRootElement((xmlDoc *)tree) : NULL;
	struct word_numbers *numbers = referat_alloc(call, sizeof(*numbers));
	size_t n_looks = count_children(root, "abstractNum");
	size_t n_lists = count_children(root, "num");
	numbers->call = call;
	numbers->looks = referat_alloc(call, (n_looks + 1) * sizeof(struct looks));
	numbers->lists = referat_alloc(call, (n_lists + 1) * sizeof(struct list));
	for (const xmlNode *at = root ? root->children : NULL; at; at = at->next)
		if (xml_is(at, "abstractNum") && numbers->n_looks < n_looks)
			read_looks(at, &numbers->looks[numbers->n_looks++]);
	for (const xmlNode *at = root ? root->children : NULL; at; at = at->next)
		if (xml_is(at, "num") && numbers->n_lists < n_lists)
			read_list(numbers, at, &numbers->lists[numbers->n_lists++]);
	return numbers;
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

static void count(struct list *list, long level)
{
	struct looks *looks = list->looks;
	if (list->restart[level] >= 0) { /* where the list begins, once */
		looks->counts[level] = list->restart[level];
		list->restart[level] = -1;
	} else if (looks->counts[level] < 0) {
		looks->counts[level] = looks->levels[level].start;
	} else {
		looks->counts[level]++;
	}
	for (long deeper = level + 1; deeper < LEVELS; deeper++)
		looks->counts[deeper] = -1;
}

/* decimal, lowerLetter, upperRoman … as number_format calls them. */
static char kind_of(const struct level *level)
{
	bool upper = strncmp(level->format, "upper", 5) == 0;
	if (strstr(level->format, "Letter"))
		return upper ? 'A' : 'a';
	if (strstr(level->format, "Roman"))
		return upper ? 'I' : 'i';
	return '1';
}

/* Puts the counts into "§ %1". */
static const char *label(const struct word_numbers *numbers, const struct looks *looks, long level)
{
	char out[LONGEST_LABEL];
	size_t used = 0;
	for (const char *at = looks->levels[level].text; *at && used + 24 < sizeof(out); at++) {
		long i = at[0] == '%' && at[1] >= '1' && at[1] <= '9' ? at[1] - '1' : -1;
		if (i < 0) {
			out[used++] = *at;
			continue;
		}
		long number = looks->counts[i] >= 0 ? looks->counts[i] : looks->levels[i].start;
		number_format(kind_of(&looks->levels[i]), number, out + used, sizeof(out) - used);
		used += strlen(out + used);
		at++;
	}
	return referat_copy(numbers->call, out, used);
}

const char *word_numbers_next(struct word_numbers *numbers, long list, long level)
{
	if (level < 0 || level >= LEVELS)
		return NULL;
	for (size_t i = 0; i < numbers->n_lists; i++) {
		struct list *found = &numbers->lists[i];
		if (found->id != list || !found->looks)
			continue;
		const char *format = found->looks->levels[level].format;
		count(found, level);
		if (strcmp(format, "bullet") == 0)
			return "";
		return strcmp(format, "none") == 0 ? NULL : label(numbers, found->looks, level);
	}
	return NULL;
}
