/* `referat trace DOC`: the way a document came, stage by stage. */
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_COLUMNS = 8, SHORT_DIGEST = 12 };

/* A column: its heading, the member of the answer's objects, and how that is shown. */
struct column {
	const char *heading, *member;
	enum { AS_TEXT, AS_NUMBER, AS_TIME_TAKEN, AS_DIGEST } kind;
};

struct section {
	const char *title, *list;
	struct column columns[MOST_COLUMNS];
};

static const struct section sections[] = {
    {"Revisions",
     "revisions",
     {{"REVISION", "revision", AS_NUMBER},
      {"MAJOR", "major", AS_NUMBER},
      {"RECEIVED", "received", AS_TEXT},
      {"NAME", "name", AS_TEXT}}},
    {"Stages",
     "tasks",
     {{"REVISION", "revision", AS_NUMBER},
      {"STAGE", "stage", AS_TEXT},
      {"STATE", "state", AS_TEXT},
      {"SINCE", "changed", AS_TEXT},
      {"WAITED", "wait_us", AS_TIME_TAKEN},
      {"TOOK", "run_us", AS_TIME_TAKEN},
      {"ATTEMPTS", "attempts", AS_NUMBER},
      {"PLUGINS", "plugins", AS_TEXT}}},
    {"Parts",
     "parts",
     {{"REVISION", "revision", AS_NUMBER},
      {"PART", "name", AS_TEXT},
      {"TYPE", "type", AS_TEXT},
      {"BYTES", "size", AS_NUMBER},
      {"SHA-256", "sha256", AS_DIGEST}}},
    {"History",
     "events",
     {{"AT", "at", AS_TEXT},
      {"REVISION", "revision", AS_NUMBER},
      {"STAGE", "stage", AS_TEXT},
      {"WHAT", "what", AS_TEXT},
      {"DETAIL", "detail", AS_TEXT}}},
};

/* The caller frees. */
static char *cell(json_object *row, const struct column *column)
{
	json_object *value;
	if (!json_object_object_get_ex(row, column->member, &value))
		return rf_strdup("");
	switch (column->kind) {
	case AS_TIME_TAKEN:
		return rf_format("%.3f s", (double)json_object_get_int64(value) / 1e6);
	case AS_DIGEST:
		return rf_format("%.*s", SHORT_DIGEST, json_object_get_string(value));
	default:
		return rf_strdup(json_object_get_string(value));
	}
}

static void print_section(const struct section *section, json_object *answer, bool colours)
{
	json_object *list;
	const char *headings[MOST_COLUMNS];
	size_t n = 0;
	if (!json_object_object_get_ex(answer, section->list, &list) || json_object_array_length(list) == 0)
		return;
	while (n < MOST_COLUMNS && section->columns[n].heading) {
		headings[n] = section->columns[n].heading;
		n++;
	}
	struct rf_table *table = rf_table_new(headings, n);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		char *cells[MOST_COLUMNS];
		for (size_t j = 0; j < n; j++)
			cells[j] = cell(json_object_array_get_idx(list, i), &section->columns[j]);
		rf_table_add(table, (const char *const *)cells);
		for (size_t j = 0; j < n; j++)
			free(cells[j]);
	}
	printf("\n%s%s%s\n", colours ? "\033[1m" : "", section->title, colours ? "\033[0m" : "");
	rf_table_print(table, stdout, 2, rf_terminal_width(STDOUT_FILENO), false);
	rf_table_free(table);
}

static void print_way(json_object *answer, const char *state)
{
	(void)state;
	printf("document %s\n", rf_answer_text(answer, "document"));
	for (size_t i = 0; i < RF_COUNT(sections); i++)
		print_section(&sections[i], answer, rf_text_colours(STDOUT_FILENO));
}

int rf_command_trace(int argc, char **argv)
{
	static const struct rf_document_command command = {
	    .name = "trace",
	    .description = "Shows the way of a document: its revisions; each stage with its state, how long the "
			   "document waited there and how long the last attempt took, and which versions of which "
			   "plugins did it; its parts with size and digest; and its history, with who did what to it "
			   "and why. Never what the document says.",
	    .print = print_way,
	};
	return rf_document_show(&command, argc, argv);
}
