/* Tables that lay a text out: labels and what they label stand in two columns, numbers beside headings. Their rows
 * become the paragraphs that they would be without a table. */
#include "cover.h"
#include "lines.h"

#include <string.h>

enum { MOST_CELLS = 16 };

struct row {
	const char *cells[MOST_CELLS];
	size_t n;
};

struct layout {
	struct referat_call *call;
	struct list *out;
	bool laid; /* the row before was a label with its text: what stands below an empty cell goes on with it */
};

/* ---- cells ------------------------------------------------------------------------------------------------------ */

/* False: there are more cells than a layout has. */
static bool read_row(struct referat_call *call, const char *text, struct row *row)
{
	row->n = 0;
	for (const char *at = text;; at++) {
		size_t size = strcspn(at, "\t");
		if (row->n == MOST_CELLS)
			return false;
		row->cells[row->n++] = rf_text_copy(call, at, size);
		at += size;
		if (!*at)
			return true;
	}
}

static size_t count_filled(const struct row *row)
{
	size_t n = 0;
	for (size_t i = 0; i < row->n; i++)
		n += row->cells[i][0] != '\0';
	return n;
}

/* A row's text on one line. */
static const char *on_one_line(struct referat_call *call, const char *text)
{
	char *own = rf_text_copy(call, text, strlen(text));
	for (char *at = own; *at; at++)
		if (*at == RF_CELL_BREAK)
			*at = ' ';
	return own;
}

/* ---- paragraphs ------------------------------------------------------------------------------------------------- */

static void add(struct layout *layout, const struct referat_paragraph *row, const char *text)
{
	struct referat_paragraph *paragraph = referat_alloc(layout->call, sizeof(*paragraph));
	*paragraph = (struct referat_paragraph){.kind = REFERAT__BLOCK_KIND__PARAGRAPH,
						.text = text,
						.lower = referat_lower(layout->call, text),
						.line = row->line,
						.last_line = row->last_line,
						.page = row->page};
	rf_list_add(layout->call, layout->out, paragraph);
}

/* Each paragraph of a cell; the first one behind the label, if there is one. */
static void add_cell(struct layout *layout, const struct referat_paragraph *row, const char *label, const char *cell)
{
	static const char breaks[] = {RF_CELL_BREAK, '\0'};
	while (*cell) {
		size_t size = strcspn(cell, breaks);
		const char *text = rf_text_copy(layout->call, cell, size);
		if (size > 0)
			add(layout, row, label ? referat_format(layout->call, "%s %s", label, text) : text);
		label = size > 0 ? NULL : label;
		cell += size + (cell[size] != '\0');
	}
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

enum row_kind { ROW_OF_DATA, ROW_LABEL, ROW_FIELD, ROW_NUMBER, ROW_CLAUSE, ROW_GOES_ON, ROW_HEAD };

/* Is the whole cell what a line of the cover is called? */
static bool is_field(struct referat_call *call, const char *cell)
{
	size_t value = 0;
	struct referat_paragraph paragraph = {.text = cell, .lower = referat_lower(call, cell)};
	return rf_field_of(&paragraph, &value) != FIELD_NONE && paragraph.lower[value] == '\0';
}

static bool is_label(struct referat_call *call, const char *cell)
{
	const char *lower = referat_lower(call, cell);
	size_t size = strlen(lower);
	size_t label_size = 0;
	return rf_label_at(lower, size, &label_size) != LABEL_NONE && label_size == size;
}

static bool is_page_number(struct referat_call *call, const char *cell)
{
	const char *lower = referat_lower(call, cell);
	return *lower && rf_is_page_number(lower, strlen(lower));
}

/* "Hedby kommun | Protokoll | Sida 1 (3)": what a printed page has at its top. A bare number may be anything. */
static bool is_head(struct referat_call *call, const struct row *row)
{
	const char *last = row->cells[row->n - 1];
	return row->n > 1 && is_page_number(call, last) && strpbrk(last, "(Ss");
}

/* "att", "-", "1.", "b)": what stands before a clause, or an item of a list. */
static bool is_mark(const char *cell)
{
	static const char *const marks[] = {"att", "- att", "– att", "-", "–", "•", "*"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strcmp(cell, marks[i]) == 0)
			return true;
	size_t digits = strspn(cell, "0123456789");
	size_t size = digits ? digits : strspn(cell, "abcdefgh") == 1;
	return size > 0 && size <= 2 && strchr(".)", cell[size]) && cell[size] && cell[size + 1] == '\0';
}

static enum row_kind kind_of(const struct layout *layout, const struct row *row)
{
	size_t filled = count_filled(row);
	if (is_head(layout->call, row))
		return ROW_HEAD;
	if (!row->cells[0][0])
		return layout->laid && filled == 1 ? ROW_GOES_ON : ROW_OF_DATA;
	const char *first = on_one_line(layout->call, row->cells[0]);
	struct item_number number;
	if (rf_number_at(first, &number) && number.form != NUMBER_BODY)
		return ROW_NUMBER;
	if (filled == 2 && is_label(layout->call, first))
		return ROW_LABEL;
	if (filled == 2 && is_mark(first))
		return ROW_CLAUSE;
	return filled % 2 == 0 && filled <= 4 && is_field(layout->call, first) ? ROW_FIELD : ROW_OF_DATA;
}

/* "Anslaget sätts upp | 2024-05-15 | Anslaget tas ned | 2024-06-06": pairs of a label and what it labels. */
static void add_pairs(struct layout *layout, const struct referat_paragraph *paragraph, const struct row *row)
{
	const char *label = NULL;
	for (size_t i = 0; i < row->n; i++) {
		if (!row->cells[i][0])
			continue;
		if (label)
			add_cell(layout, paragraph, label, row->cells[i]);
		label = label ? NULL : on_one_line(layout->call, row->cells[i]);
	}
}

static void add_joined(struct layout *layout, const struct referat_paragraph *paragraph, const struct row *row)
{
	const char *text = on_one_line(layout->call, row->cells[0]);
	for (size_t i = 1; i < row->n; i++)
		if (row->cells[i][0])
			text = referat_format(layout->call, "%s  %s", text, on_one_line(layout->call, row->cells[i]));
	add(layout, paragraph, text);
}

static void take_row(struct layout *layout, struct referat_paragraph *paragraph)
{
	struct row row;
	enum row_kind kind = ROW_OF_DATA;
	if (read_row(layout->call, paragraph->text, &row))
		kind = kind_of(layout, &row);
	layout->laid = kind != ROW_OF_DATA;
	switch (kind) {
	case ROW_OF_DATA:
		paragraph->text = on_one_line(layout->call, paragraph->text);
		paragraph->lower = referat_lower(layout->call, paragraph->text);
		rf_list_add(layout->call, layout->out, paragraph);
		break;
	case ROW_LABEL:
	case ROW_GOES_ON:
		for (size_t i = 0; i < row.n; i++)
			add_cell(layout, paragraph, NULL, row.cells[i]);
		break;
	case ROW_HEAD:
		for (size_t i = 0; i + 1 < row.n; i++)
			add_cell(layout, paragraph, NULL, row.cells[i]);
		break;
	case ROW_CLAUSE:
	case ROW_FIELD:
		add_pairs(layout, paragraph, &row);
		break;
	case ROW_NUMBER:
		add_joined(layout, paragraph, &row);
		break;
	}
}

void rf_layout_take(struct referat_call *call, const struct list *paragraphs, struct list *out)
{
	struct layout layout = {.call = call, .out = out};
	for (size_t i = 0; i < paragraphs->n; i++) {
		struct referat_paragraph *paragraph = paragraphs->items[i];
		if (paragraph->kind == REFERAT__BLOCK_KIND__TABLE_ROW) {
			take_row(&layout, paragraph);
			continue;
		}
		layout.laid = false;
		rf_list_add(call, out, paragraph);
	}
}
