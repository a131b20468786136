/* `referat show DOC`: all that is known of one document. */
#include "base/datetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/question.h"
#include "cli/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_COLUMNS = 16 };

static bool is_known(const char *const *columns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(columns[i], name) == 0)
			return true;
	return false;
}

/* A list of the answer: each member that any of its objects has is a column, in the order in which they are met. */
static size_t read_columns(json_object *list, const char *columns[MOST_COLUMNS])
{
	size_t n = 0;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *row = json_object_array_get_idx(list, i);
		if (!json_object_is_type(row, json_type_object))
			return 0;
		json_object_object_foreach(row, name, value)
		{
			(void)value;
			if (n < MOST_COLUMNS && !is_known(columns, n, name))
				columns[n++] = name;
		}
	}
	return n;
}

/* Instants end in _us; they are shown as times. The caller frees. */
static char *cell_text(json_object *row, const char *column)
{
	json_object *value = NULL;
	json_object_object_get_ex(row, column, &value);
	if (json_object_is_type(value, json_type_int) && rf_text_ends(column, "_us")) {
		char instant[RF_INSTANT_SIZE];
		rf_instant_format(json_object_get_int64(value), instant);
		return rf_strdup(json_object_get_int64(value) ? instant : "");
	}
	return rf_strdup(value ? json_object_get_string(value) : "");
}

static void print_list(json_object *list)
{
	const char *columns[MOST_COLUMNS];
	size_t n_columns = read_columns(list, columns);
	if (n_columns == 0)
		return;
	struct rf_table *table = rf_table_new(columns, n_columns);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		char *cells[MOST_COLUMNS];
		for (size_t j = 0; j < n_columns; j++)
			cells[j] = cell_text(json_object_array_get_idx(list, i), columns[j]);
		rf_table_add(table, (const char *const *)cells);
		for (size_t j = 0; j < n_columns; j++)
			free(cells[j]);
	}
	rf_table_print(table, stdout, 2, rf_terminal_width(STDOUT_FILENO), false);
	rf_table_free(table);
}

static void print_pairs(json_object *object, size_t indent)
{
	static const char *const headings[] = {"name", "value"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	json_object_object_foreach(object, name, value)
	{
		rf_autofree char *text = cell_text(object, name);
		bool is_plain =
		    !json_object_is_type(value, json_type_array) && !json_object_is_type(value, json_type_object);
		if (is_plain)
			rf_table_add(table, (const char *const[]){name, text});
	}
	if (rf_table_rows(table) > 0)
		rf_table_print(table, stdout, indent, rf_terminal_width(STDOUT_FILENO), false);
	rf_table_free(table);
}

static void print_section(const char *name, json_object *value, bool colours)
{
	bool is_list = json_object_is_type(value, json_type_array);
	if (is_list ? json_object_array_length(value) == 0 : !json_object_is_type(value, json_type_object))
		return;
	printf("\n%s%s%s\n", colours ? "\033[1m" : "", name, colours ? "\033[0m" : "");
	if (is_list)
		print_list(value);
	else
		print_pairs(value, 2);
}

static void print_document(json_object *answer, const char *state)
{
	(void)state;
	bool colours = rf_text_colours(STDOUT_FILENO);
	print_pairs(answer, 0);
	json_object_object_foreach(answer, name, value)
	{
		print_section(name, value, colours);
	}
}

int rf_command_show(int argc, char **argv)
{
	static const struct rf_document_command command = {
	    .name = "show",
	    .description =
		"Shows all that is known of a document: its revisions, attributes, parts, tasks with their "
		"reasons, what was done outside, and its history. What the document says is shown with --part "
		"alone.",
	    .parts = true,
	    .print = print_document,
	};
	return rf_document_show(&command, argc, argv);
}
