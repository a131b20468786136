#include "tests/support/reference.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <ctype.h>
#include <referat/swedish.h>
#include <referat/words.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_MATTERS = 40, MOST_TOLD = 12, MOST_SENTENCE_WORDS = 35, MOST_HEADING = 90 };

/* ---- the reference ---------------------------------------------------------------------------------------------- */

struct told {
	const char *text;
	int outcome; /* OUTCOME_UNSPECIFIED: not told */
};

struct matter {
	const char *number, *heading, *background; /* NULL: nothing explains it */
	struct told decisions[MOST_TOLD];
	unsigned n_decisions;
};

struct reference {
	const char *title, *lead;
	struct matter matters[MOST_MATTERS];
	unsigned n_matters;
};

static void read_decision(struct matter *matter, char *line)
{
	if (matter->n_decisions == MOST_TOLD)
		return;
	struct told *told = &matter->decisions[matter->n_decisions++];
	char *colon = strstr(line, ": ");
	const ProtobufCEnumValue *value = NULL;
	if (colon) {
		rf_autofree char *name = rf_strndup(line, (size_t)(colon - line));
		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		value = protobuf_c_enum_descriptor_get_value_by_name(&referat__outcome__descriptor, name);
	}
	told->outcome = value ? value->value : REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
	told->text = value ? colon + 2 : line;
}

static void read_line(struct reference *reference, char *line)
{
	struct matter *matter = reference->n_matters ? &reference->matters[reference->n_matters - 1] : NULL;
	char *dot = strstr(line, ". ");
	if (strncmp(line, "# ", 2) == 0) {
		reference->title = line + 2;
	} else if (strncmp(line, "## ", 3) == 0 && dot && reference->n_matters < MOST_MATTERS) {
		*dot = '\0';
		matter = &reference->matters[reference->n_matters++];
		matter->number = line + 3;
		matter->heading = dot + 2;
	} else if (matter && strncmp(line, "- ", 2) == 0) {
		read_decision(matter, line + 2);
	} else if (matter && *line) {
		matter->background = line;
	} else if (*line) {
		reference->lead = line;
	}
}

/* The reference is of the text, which it changes. */
static void read_reference(struct reference *reference, char *text)
{
	for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
		read_line(reference, line);
}

/* ---- likeness --------------------------------------------------------------------------------------------------- */

enum { SHORT_WORD = 4, STEM = 6 };

static bool has_word(const char *text, const char *word, size_t size)
{
	struct referat_range range = {0};
	bool number = isdigit((unsigned char)*word);
	size_t stem = number || size < STEM ? size : STEM;
	while (referat_word_find(text, range.end, &range)) {
		size_t other = range.end - range.start;
		if (other >= stem && (!number || other == size) && strncasecmp(text + range.start, word, stem) == 0)
			return true;
	}
	return false;
}

/* Which share of the longer words of one text the other one has. */
static double covered(const char *text, const char *other)
{
	struct referat_range range = {0};
	unsigned words = 0;
	unsigned found = 0;
	while (referat_word_find(text, range.end, &range)) {
		size_t size = range.end - range.start;
		if (size < SHORT_WORD)
			continue;
		words++;
		found += has_word(other, text + range.start, size);
	}
	return words ? (double)found / words : 1.0;
}

static bool has_numbers(const char *text, const char *numbers)
{
	struct referat_range range = {0};
	while (referat_word_find(numbers, range.end, &range)) {
		const char *word = numbers + range.start;
		if (isdigit((unsigned char)*word) && !has_word(text, word, range.end - range.start))
			return false;
	}
	return true;
}

static bool is_like(const char *text, const char *other, double least)
{
	return (covered(text, other) + covered(other, text)) / 2 >= least;
}

static bool has_exactly(const char *text, const char *word)
{
	struct referat_range range = {0};
	while (referat_word_find(text, range.end, &range))
		if (strlen(word) == range.end - range.start && strncmp(text + range.start, word, strlen(word)) == 0)
			return true;
	return false;
}

/* A word is written with a capital that the other text has a small letter for. */
static bool has_other_capitals(const char *text, const char *other)
{
	struct referat_range range = {0};
	while (referat_word_find(text, range.end, &range)) {
		rf_autofree char *word = rf_strndup(text + range.start, range.end - range.start);
		if (range.start == 0 || !isupper((unsigned char)*word) || has_exactly(other, word))
			continue;
		*word = (char)tolower((unsigned char)*word);
		if (has_exactly(other, word))
			return true;
	}
	return false;
}

/* ---- edits ------------------------------------------------------------------------------------------------------ */

struct comparison {
	const struct references *references;
	const Referat__Document *document;
	const Referat__Summary *summary;
	unsigned edits;
};

static const char *const edit_names[REFERENCE_EDITS] = {"title",
							"lead to rewrite",
							"matter to add",
							"matter to take out",
							"heading to rewrite",
							"decision missing",
							"decision too much",
							"wrong outcome",
							"explanation",
							"language"};

static void count(struct comparison *comparison, enum reference_edit edit, const char *text)
{
	comparison->edits++;
	if (comparison->references->out)
		fprintf(comparison->references->out, "  ! %s: %s\n", edit_names[edit], text);
}

static void tell(const struct comparison *comparison, const char *sign, const char *text)
{
	if (comparison->references->out && text)
		fprintf(comparison->references->out, "  %s %s\n", sign, text);
}

/* What residents would stumble over: words of the office, who moved what, and forms that are no Swedish. */
static bool is_office(const char *text)
{
	static const char *const words[] = {"återremitter", "bordlägges",   "bifall", "får ja.",
					    "tkr",          "mnkr",         " ej ",   "beslutar att föreslå",
					    " 1 miljoner",  "förslag att ", "§",      "bilaga"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* "Nämnden beslutade att godkänner planen": behind "att" stands an infinitive, or a clause of its own. */
static bool is_ungrammatical(const char *text)
{
	static const char *const starts[] = {"beslutade att ", "beslutade också att "};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *verb = strstr(text, starts[i]);
		size_t size = verb ? strcspn(verb + strlen(starts[i]), " ") : 0;
		if (size > 0 && verb[strlen(starts[i]) + size - 1] == 'r')
			return true;
	}
	return false;
}

static void compare_language(struct comparison *comparison, const char *text)
{
	struct referat_range range = {0};
	unsigned words = 0;
	while (referat_word_find(text, range.end, &range))
		words++;
	size_t size = strlen(text);
	bool broken = size == 0 || !strchr(".:", text[size - 1]) || islower((unsigned char)*text) ||
		      strstr(text, "att att ") || strstr(text, "  ");
	if (broken || is_office(text) || is_ungrammatical(text) || words > MOST_SENTENCE_WORDS)
		count(comparison, EDIT_LANGUAGE, text);
}

static void compare_decisions(struct comparison *comparison, const struct matter *matter,
			      const Referat__SummaryItem *item)
{
	bool used[64] = {false};
	for (unsigned i = 0; i < matter->n_decisions; i++) {
		const struct told *told = &matter->decisions[i];
		const Referat__Sentence *found = NULL;
		for (size_t k = 0; k < item->n_sentences && k < 64 && !found; k++) {
			const char *text = item->sentences[k]->text;
			if (!has_numbers(text, told->text) || !is_like(text, told->text, 0.4))
				continue;
			found = item->sentences[k];
			used[k] = true;
		}
		if (!found)
			count(comparison, EDIT_DECISION, told->text);
		else if (found->has_outcome && told->outcome && (int)found->outcome != told->outcome)
			count(comparison, EDIT_WRONG, told->text);
	}
	for (size_t k = 0; k < item->n_sentences && k < 64; k++)
		if (!used[k] && item->sentences[k]->has_outcome)
			count(comparison, EDIT_TOO_MUCH, item->sentences[k]->text);
}

static void compare_background(struct comparison *comparison, const struct matter *matter,
			       const Referat__SummaryItem *item)
{
	rf_autofree char *text = rf_strdup("");
	for (size_t i = 0; i < item->n_background; i++) {
		char *more = rf_format("%s %s", text, item->background[i]->text);
		free(text);
		text = more;
	}
	if (!matter->background && item->n_background > 0)
		count(comparison, EDIT_BACKGROUND, text);
	if (matter->background && (!has_numbers(text, matter->background) || covered(matter->background, text) < 0.5))
		count(comparison, EDIT_BACKGROUND, matter->background);
}

static void compare_matter(struct comparison *comparison, const struct matter *matter, const Referat__SummaryItem *item)
{
	tell(comparison, "<", item->heading);
	for (size_t i = 0; i < item->n_sentences; i++)
		tell(comparison, "<   ", item->sentences[i]->text);
	for (size_t i = 0; i < item->n_background; i++)
		tell(comparison, "<   ", item->background[i]->text);
	tell(comparison, ">", matter->heading);
	for (unsigned i = 0; i < matter->n_decisions; i++)
		tell(comparison, ">   ", matter->decisions[i].text);
	tell(comparison, ">   ", matter->background);
	if (!is_like(item->heading, matter->heading, 0.5) || strchr(item->heading, '(') ||
	    strlen(item->heading) > MOST_HEADING)
		count(comparison, EDIT_HEADING, item->heading);
	compare_decisions(comparison, matter, item);
	compare_background(comparison, matter, item);
	for (size_t i = 0; i < item->n_sentences; i++)
		compare_language(comparison, item->sentences[i]->text);
	for (size_t i = 0; i < item->n_background; i++)
		compare_language(comparison, item->background[i]->text);
}

/* "Kf § 9", "9 §" and "9" are one number. */
static bool is_number(const Referat__Document *document, unsigned item, const char *number)
{
	const char *other = item < document->n_items ? document->items[item]->number : NULL;
	other = other ? other + strcspn(other, "0123456789") : "";
	size_t size = strlen(number);
	return strncmp(other, number, size) == 0 && (other[size] == '\0' || strcmp(other + size, " §") == 0);
}

/* The matter is told of together with others, under its heading. */
static bool is_point(const struct comparison *comparison, const Referat__SummaryItem *group, const char *number)
{
	for (size_t i = 0; i < group->n_points; i++)
		if (group->points[i]->place && is_number(comparison->document, group->points[i]->place->item, number))
			return true;
	return false;
}

static void compare_matters(struct comparison *comparison, const struct reference *reference)
{
	const Referat__Summary *summary = comparison->summary;
	bool used[MOST_MATTERS] = {false};
	for (unsigned i = 0; i < reference->n_matters; i++) {
		const struct matter *matter = &reference->matters[i];
		bool found = false;
		for (size_t k = 0; k < summary->n_items && k < MOST_MATTERS && !found; k++) {
			const Referat__SummaryItem *item = summary->items[k];
			bool same = item->has_item && is_number(comparison->document, item->item, matter->number);
			found = same || is_point(comparison, item, matter->number);
			used[k] = used[k] || found;
			if (same)
				compare_matter(comparison, matter, item);
		}
		if (!found)
			count(comparison, EDIT_ADD, matter->heading);
	}
	for (size_t k = 0; k < summary->n_items && k < MOST_MATTERS; k++)
		if (!used[k])
			count(comparison, EDIT_REMOVE, summary->items[k]->heading);
}

void references_add(struct references *references, const Referat__Document *document, const Referat__Summary *summary,
		    const char *path, const char *name)
{
	enum { MOST = 64 * 1024 };
	rf_autofree char *text = NULL;
	size_t size = 0;
	struct rf_error error = {0};
	if (references->documents == MOST_REFERENCES || rf_file_read(path, MOST, &text, &size, &error))
		return;
	struct reference reference = {.n_matters = 0};
	read_reference(&reference, text);
	struct comparison comparison = {.references = references, .document = document, .summary = summary};
	const char *lead = summary->n_lead ? summary->lead[0]->text : "";
	if (references->out)
		fprintf(references->out, "\n%s\n", name);
	tell(&comparison, "<", summary->title);
	tell(&comparison, "<", lead);
	tell(&comparison, ">", reference.title);
	tell(&comparison, ">", reference.lead);
	if (!reference.title || strcmp(summary->title, reference.title) != 0)
		count(&comparison, EDIT_TITLE, summary->title);
	if (!reference.lead || !is_like(lead, reference.lead, 0.7) || strchr(lead, '(') ||
	    has_other_capitals(lead, reference.lead))
		count(&comparison, EDIT_LEAD, lead);
	compare_matters(&comparison, &reference);
	references->edits[references->documents++] = comparison.edits;
	references->ready += comparison.edits <= READY_EDITS;
	if (references->out)
		fprintf(references->out, "%s: %u edits\n", name, comparison.edits);
}

static int by_size(const void *one, const void *other)
{
	unsigned a = *(const unsigned *)one;
	unsigned b = *(const unsigned *)other;
	return (a > b) - (a < b);
}

unsigned references_median(struct references *references)
{
	qsort(references->edits, references->documents, sizeof(*references->edits), by_size);
	return references->documents ? references->edits[references->documents / 2] : 0;
}

unsigned references_most(const struct references *references)
{
	unsigned most = 0;
	for (unsigned i = 0; i < references->documents; i++)
		most = references->edits[i] > most ? references->edits[i] : most;
	return most;
}
