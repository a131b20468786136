#include "cli/report.h"

#include "base/memory.h"
#include "base/text.h"
#include "cli/question.h"
#include "cli/table.h"

#include <string.h>
#include <unistd.h>

/* In the order in which they are shown. */
static const struct group {
	const char *title;
	const char *statuses[3]; /* NULL behind the last */
	const char *colour;
	bool reasons; /* whether there is one to tell */
} groups[] = {
    {"Published", {"published", "done"}, "\033[32m", false},
    {"Held: a person decides", {"held"}, "\033[33m", true},
    {"Dead: given up", {"dead"}, "\033[31m", true},
    {"Not finished", {"open"}, "\033[33m", true},
    {"Replaced or erased", {"superseded", "erased", "deleted"}, "", true},
    {"Withdrawn", {"withdrawn"}, "", false},
};

static bool is_in(const struct group *group, json_object *document)
{
	const char *status = rf_answer_text(document, "status");
	for (size_t i = 0; i < RF_COUNT(group->statuses) && group->statuses[i]; i++)
		if (strcmp(status, group->statuses[i]) == 0)
			return true;
	return false;
}

static size_t count(json_object *documents, const struct group *group)
{
	size_t n = 0;
	for (size_t i = 0; i < json_object_array_length(documents); i++)
		n += is_in(group, json_object_array_get_idx(documents, i));
	return n;
}

/* A link where there is one, else the command that says more. The caller frees. */
static char *where(json_object *document, const char *state)
{
	const char *url = rf_answer_text(document, "url");
	if (*url)
		return rf_strdup(url);
	return rf_format("referat show %s --state %s", rf_answer_text(document, "document"), state);
}

static void add_row(struct rf_table *table, json_object *document, const char *place)
{
	const char *title = rf_answer_text(document, "title");
	rf_table_add(table, (const char *const[]){rf_answer_text(document, "name"), *title ? title : "-", place,
						  rf_answer_text(document, "reason")});
}

static void print_group(json_object *documents, const struct group *group, const char *state, FILE *out)
{
	static const char *const headings[] = {"NAME", "TITLE", "WHERE TO LOOK", "REASON"};
	bool colours = rf_text_colours(fileno(out));
	size_t n = count(documents, group);
	if (n == 0)
		return;
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings) - !group->reasons);
	for (size_t i = 0; i < json_object_array_length(documents); i++) {
		json_object *document = json_object_array_get_idx(documents, i);
		rf_autofree char *place = where(document, state);
		if (is_in(group, document))
			add_row(table, document, place);
	}
	fprintf(out, "\n%s%s (%zu)%s\n", colours ? group->colour : "", group->title, n, colours ? "\033[0m" : "");
	rf_table_print(table, out, 2, rf_terminal_width(fileno(out)), colours);
	rf_table_free(table);
}

static void print_tables(json_object *documents, const char *state, FILE *out)
{
	for (size_t i = 0; i < RF_COUNT(groups); i++)
		print_group(documents, &groups[i], state, out);
	size_t n = json_object_array_length(documents);
	fprintf(out, "\n%zu document%s: %zu published, %zu held, %zu dead", n, n == 1 ? "" : "s",
		count(documents, &groups[0]), count(documents, &groups[1]), count(documents, &groups[2]));
	size_t n_open = count(documents, &groups[3]), n_replaced = count(documents, &groups[4]);
	size_t n_withdrawn = count(documents, &groups[5]);
	if (n_open > 0)
		fprintf(out, ", %zu not finished", n_open);
	if (n_replaced > 0)
		fprintf(out, ", %zu replaced or erased", n_replaced);
	if (n_withdrawn > 0)
		fprintf(out, ", %zu withdrawn", n_withdrawn);
	fputc('\n', out);
}

static void print_cell(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
}

static void print_plain(json_object *documents, const char *state, FILE *out)
{
	static const char *const members[] = {"status", "document", "name", "title", "reason"};
	for (size_t i = 0; i < json_object_array_length(documents); i++) {
		json_object *document = json_object_array_get_idx(documents, i);
		rf_autofree char *place = where(document, state);
		for (size_t j = 0; j < RF_COUNT(members); j++) {
			print_cell(rf_answer_text(document, members[j]), out);
			fputc('\t', out);
		}
		print_cell(place, out);
		fputc('\n', out);
	}
}

static void print_json(json_object *documents, FILE *out)
{
	static const char *const names[] = {"published", "held", "dead"};
	json_object *result = json_object_new_object();
	for (size_t i = 0; i < RF_COUNT(names); i++)
		json_object_object_add(result, names[i], json_object_new_uint64(count(documents, &groups[i])));
	json_object_object_add(result, "documents", json_object_get(documents));
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(result, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(result);
}

static int by_name(const void *a, const void *b)
{
	json_object *const *one = a, *const *other = b;
	int order = strcmp(rf_answer_text(*one, "name"), rf_answer_text(*other, "name"));
	return order ? order : strcmp(rf_answer_text(*one, "document"), rf_answer_text(*other, "document"));
}

void rf_report_print(json_object *documents, enum rf_report_style style, const char *state, FILE *out)
{
	json_object_array_sort(documents, by_name);
	switch (style) {
	case RF_REPORT_TABLE:
		print_tables(documents, state, out);
		return;
	case RF_REPORT_PLAIN:
		print_plain(documents, state, out);
		return;
	case RF_REPORT_JSON:
		print_json(documents, out);
		return;
	}
}

int rf_report_exit_status(json_object *documents)
{
	if (count(documents, &groups[2]))
		return 2;
	return count(documents, &groups[1]) ? 1 : 0;
}
