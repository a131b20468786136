#include "cli/table.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { GAP = 2, NARROWEST = 12 };

struct rf_table {
	const char *const *headings;
	size_t n_columns;
	char **cells; /* row by row */
	size_t n_rows;
};

/* ---- the width of text ------------------------------------------------------------------------------------------- */

static size_t character_width(UChar32 c)
{
	int8_t type = u_charType(c);
	if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
		return 0;
	int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
	return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

static size_t width_of(const char *text, size_t size)
{
	size_t width = 0;
	for (size_t i = 0; i < size;) {
		UChar32 c;
		U8_NEXT(text, i, size, c);
		width += c < 0 ? 1 : character_width(c);
	}
	return width;
}

size_t rf_text_width(const char *text)
{
	return width_of(text, strlen(text));
}

size_t rf_terminal_width(int fd)
{
	struct winsize size;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

char *rf_age_text(int64_t age_us)
{
	static const struct {
		const char *unit;
		int64_t seconds;
	} units[] = {{"d", 2 * 86400}, {"h", 2 * 3600}, {"min", 2 * 60}};
	int64_t seconds = age_us / RF_SECOND;
	for (size_t i = 0; i < RF_COUNT(units); i++)
		if (seconds >= units[i].seconds)
			return rf_format("%lld %s", (long long)(seconds / (units[i].seconds / 2)), units[i].unit);
	return rf_format("%lld s", (long long)seconds);
}

/* ---- filling ----------------------------------------------------------------------------------------------------- */

struct rf_table *rf_table_new(const char *const *headings, size_t n_columns)
{
	struct rf_table *table = rf_alloc(sizeof *table);
	table->headings = headings;
	table->n_columns = n_columns;
	return table;
}

void rf_table_free(struct rf_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

char *rf_terminal_text(const char *text)
{
	struct rf_buffer copy = RF_BUFFER_INIT;
	size_t size = strlen(text);
	for (size_t i = 0; i < size;) {
		size_t start = i;
		UChar32 c;
		U8_NEXT(text, i, size, c);
		if (c < 0 || u_iscntrl(c) || u_charType(c) == U_FORMAT_CHAR)
			rf_buffer_add_char(&copy, ' ');
		else
			rf_buffer_add(&copy, text + start, i - start);
	}
	return rf_buffer_take(&copy);
}

void rf_table_add(struct rf_table *table, const char *const *cells)
{
	size_t n = table->n_rows * table->n_columns;
	table->cells = rf_realloc_array(table->cells, n + table->n_columns, sizeof *table->cells);
	for (size_t i = 0; i < table->n_columns; i++)
		table->cells[n + i] = rf_terminal_text(cells[i] ? cells[i] : "");
	table->n_rows++;
}

size_t rf_table_rows(const struct rf_table *table)
{
	return table->n_rows;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

static size_t natural_width(const struct rf_table *table, size_t column)
{
	size_t widest = rf_text_width(table->headings[column]);
	for (size_t row = 0; row < table->n_rows; row++) {
		size_t width = rf_text_width(table->cells[row * table->n_columns + column]);
		if (width > widest)
			widest = width;
	}
	return widest;
}

/* Takes a column at a time from the widest until all fit. */
static void fit(size_t *widths, size_t n, size_t limit)
{
	size_t total = (n - 1) * GAP;
	for (size_t i = 0; i < n; i++)
		total += widths[i];
	while (total > limit) {
		size_t widest = 0;
		for (size_t i = 1; i < n; i++)
			if (widths[i] > widths[widest])
				widest = i;
		if (widths[widest] <= NARROWEST)
			return;
		widths[widest]--;
		total--;
	}
}

/* How many bytes of the text go into a line of that width: up to the last space, or, of a long word, what fits. */
static size_t line_size(const char *text, size_t width)
{
	size_t size = strlen(text), used = 0, end = 0;
	for (size_t i = 0; i < size;) {
		size_t start = i;
		UChar32 c;
		U8_NEXT(text, i, size, c);
		used += c < 0 ? 1 : character_width(c);
		if (c == ' ')
			end = i; /* one that hangs over the edge is not seen */
		else if (used > width)
			return end ? end : (start ? start : i);
	}
	return size;
}

/* Prints the next line of each cell and moves the cells on. Returns whether there was something left. */
static bool print_line(const char **rest, const size_t *widths, size_t n, FILE *out, size_t indent)
{
	bool any = false;
	size_t pending = indent; /* spaces, written only before something visible */
	for (size_t i = 0; i < n; i++)
		any = any || *rest[i];
	for (size_t i = 0; any && i < n; i++) {
		size_t size = line_size(rest[i], widths[i]);
		size_t visible = size;
		while (visible > 0 && rest[i][visible - 1] == ' ')
			visible--;
		if (visible > 0) {
			fprintf(out, "%*s%.*s", (int)pending, "", (int)visible, rest[i]);
			pending = 0;
		}
		pending += widths[i] + GAP - width_of(rest[i], visible);
		rest[i] += size;
	}
	if (any)
		fputc('\n', out);
	return any;
}

static void print_row(const char *const *cells, const size_t *widths, size_t n, FILE *out, size_t indent)
{
	rf_autofree const char **rest = rf_memdup(cells, n * sizeof *rest);
	while (print_line(rest, widths, n, out, indent))
		;
}

void rf_table_print(const struct rf_table *table, FILE *out, size_t indent, size_t width, bool colours)
{
	rf_autofree size_t *widths = rf_alloc(table->n_columns * sizeof *widths);
	for (size_t i = 0; i < table->n_columns; i++)
		widths[i] = natural_width(table, i);
	if (width)
		fit(widths, table->n_columns, width > indent ? width - indent : 1);
	fputs(colours ? "\033[1m" : "", out);
	print_row(table->headings, widths, table->n_columns, out, indent);
	fputs(colours ? "\033[0m" : "", out);
	for (size_t row = 0; row < table->n_rows; row++)
		print_row((const char *const *)table->cells + row * table->n_columns, widths, table->n_columns, out,
			  indent);
}
