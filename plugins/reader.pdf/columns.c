/* Columns that are none of a table: running text in two columns, labels in a margin that take two lines, case numbers
 * beside a heading. Of two columns, the lines of the left one come first. */
#include "reader.h"

#include <math.h>
#include <string.h>

enum {
	LEAST_LINES = 6, /* of each of two columns: fewer may be cells of a table */
	MOST_COLUMN_LINES = 400,
	LEAST_LETTERS = 18, /* of a line of running text, on the average */
	LONGEST_LABEL = 60,
};

static const double same_place = 3;   /* points: what begins within it begins at one place */
static const double full = 0.7;       /* of a column's width: a line that is wrapped */
static const double full_share = 0.6; /* of a column's lines, at least */

static bool is_same_place(double one, double other)
{
	return fabs(one - other) <= same_place;
}

/* ---- case numbers beside a heading ------------------------------------------------------------------------------- */

static bool looks_like_heading(const struct pages *pages, const struct line *line)
{
	const struct cell *first = &line->cells[0];
	bool numbered =
	    referat_join_of(pages->call, ".", first->text) == REFERAT_JOIN_BEGINS && strstr(first->text, "§");
	return numbered || first->bold || first->size > pages->body * 1.1;
}

static void set_beside(const struct pages *pages, struct line *line)
{
	if (line->n_cells != 2 || line->furniture || !looks_like_heading(pages, line) ||
	    !referat_is_case_number(pages->call, line->cells[1].text))
		return;
	line->beside = line->cells[1].text;
	line->edge = line->cells[1].box.left;
	line->n_cells = 1;
	line->box = line->cells[0].box;
	line->size = line->cells[0].size;
	line->bold = line->cells[0].bold;
}

/* ---- labels of two lines ----------------------------------------------------------------------------------------- */

static bool begins_small(const char *text)
{
	return g_unichar_islower(g_utf8_get_char(text));
}

/* "Förslag till", with "beslut" below it, beside text in the second column. */
static bool goes_on_label(const struct pages *pages, const struct line *line, const struct line *next)
{
	const struct cell *label = &line->cells[0];
	const struct cell *below = &next->cells[0];
	if (line->n_cells != 2 || next->n_cells > 2 || next->page != line->page || next->furniture ||
	    strlen(label->text) > LONGEST_LABEL || strlen(below->text) > LONGEST_LABEL)
		return false;
	bool beside = next->n_cells == 2 ? is_same_place(next->cells[1].box.left, line->cells[1].box.left)
					 : below->box.right < line->cells[1].box.left;
	return beside && begins_small(below->text) && is_same_place(below->box.left, label->box.left) &&
	       below->bold == label->bold && next->box.top - line->box.bottom < pages->body / 2;
}

/* True: nothing is left of the next line. */
static bool take_label(const struct pages *pages, struct line *line, struct line *next)
{
	line->cells[0].text = referat_format(pages->call, "%s %s", line->cells[0].text, next->cells[0].text);
	if (next->n_cells == 1)
		return true;
	next->cells++;
	next->n_cells--;
	next->box = next->cells[0].box;
	next->bold = next->cells[0].bold;
	next->size = next->cells[0].size;
	return false;
}

/* ---- running text in two columns --------------------------------------------------------------------------------- */

/* Lines [from, to) of a page, parted by a gutter whose right edge is at x. */
struct region {
	size_t from, to;
	double x;
};

/* How many cells of a line stand left of the gutter; SIZE_MAX: one stands in it. */
static size_t count_left(const struct line *line, double x)
{
	size_t left = 0;
	while (left < line->n_cells && line->cells[left].box.left < x - same_place)
		left++;
	return left > 0 && line->cells[left - 1].box.right > x - same_place ? SIZE_MAX : left;
}

static bool is_parted(const struct line *line, unsigned page, double x)
{
	return line->page == page && !line->furniture && count_left(line, x) != SIZE_MAX;
}

/* Does a line belong to the columns for sure: on both sides, or right below or above one that does? A heading over or
 * under them stands on one side, apart. */
static bool is_held(const struct pages *pages, const struct line *line, const struct line *other, double x)
{
	static const double near = 0.35; /* of the body's size */
	size_t left = count_left(line, x);
	double gap = fmax(line->box.top - other->box.bottom, other->box.top - line->box.bottom);
	return (left > 0 && left < line->n_cells) || (gap < near * pages->body && line->bold == other->bold);
}

/* The lines around one that the gutter beside its second cell parts; least: the first that may be one of them. */
static struct region find_region(const struct pages *pages, size_t at, size_t least)
{
	const struct line *lines = pages->lines;
	unsigned page = lines[at].page;
	struct region region = {at, at + 1, lines[at].cells[1].box.left};
	for (size_t i = at; i > least && at - i < MOST_COLUMN_LINES && is_parted(&lines[i - 1], page, region.x); i--)
		if (is_held(pages, &lines[i - 1], &lines[i], region.x) && region.from == i)
			region.from--;
	bool held = true;
	for (size_t i = at + 1;
	     i < pages->n_lines && i - at < MOST_COLUMN_LINES && is_parted(&lines[i], page, region.x); i++) {
		size_t left = count_left(&lines[i], region.x);
		held = (left > 0 && left < lines[i].n_cells) ||
		       (held && is_held(pages, &lines[i], &lines[i - 1], region.x));
		region.to = held ? i + 1 : region.to;
	}
	return region;
}

/* What one side of a region looks like. */
struct side {
	size_t n, full, letters;
	double left, right;
};

static void measure(const struct pages *pages, const struct region *region, bool of_left, struct side *side)
{
	*side = (struct side){.left = 1e6};
	for (int pass = 0; pass < 2; pass++) /* the edges, then what reaches them */
		for (size_t i = region->from; i < region->to; i++) {
			const struct line *line = &pages->lines[i];
			size_t parted = count_left(line, region->x);
			size_t from = of_left ? 0 : parted;
			size_t to = of_left ? parted : line->n_cells;
			if (from == to)
				continue;
			if (pass == 0) {
				side->left = fmin(side->left, line->cells[from].box.left);
				side->right = fmax(side->right, line->cells[to - 1].box.right);
				continue;
			}
			side->n++;
			side->letters += strlen(line->cells[to - 1].text);
			side->full += line->cells[to - 1].box.right - side->left >= full * (side->right - side->left);
		}
}

static bool is_running(const struct side *side)
{
	return side->n >= LEAST_LINES && (double)side->full >= full_share * (double)side->n &&
	       side->letters >= LEAST_LETTERS * side->n;
}

/* Rows of a table have the same gap below them on both sides: bands of white go through. */
static bool has_bands(const struct pages *pages, const struct region *region)
{
	size_t bands = 0;
	for (size_t i = region->from + 1; i < region->to; i++)
		bands += pages->lines[i].box.top - pages->lines[i - 1].box.bottom > pages->body * 0.6;
	return bands * 4 > region->to - region->from;
}

/* Copies the cells of one side of the region as lines of their own. */
static size_t copy_side(const struct pages *pages, const struct region *region, bool of_left, const struct side *side,
			unsigned column, struct line *out)
{
	size_t n = 0;
	for (size_t i = region->from; i < region->to; i++) {
		const struct line *line = &pages->lines[i];
		size_t parted = count_left(line, region->x);
		size_t from = of_left ? 0 : parted;
		size_t to = of_left ? parted : line->n_cells;
		if (from == to)
			continue;
		struct line *own = &out[n++];
		*own = *line;
		own->cells = line->cells + from;
		own->n_cells = to - from;
		own->column = column;
		own->edge = side->right;
		own->box = own->cells[0].box;
		own->size = 0;
		own->bold = true;
		for (size_t k = 0; k < own->n_cells; k++) {
			own->box.right = fmax(own->box.right, own->cells[k].box.right);
			own->size = fmax(own->size, own->cells[k].size);
			own->bold = own->bold && own->cells[k].bold;
		}
	}
	return n;
}

/* Writes the lines of a region, column by column. Returns how many there are; 0: it is no text in columns. */
static size_t part_region(const struct pages *pages, const struct region *region, unsigned *columns, struct line *out)
{
	struct side left;
	struct side right;
	measure(pages, region, true, &left);
	measure(pages, region, false, &right);
	if (!is_running(&left) || !is_running(&right) || has_bands(pages, region))
		return 0;
	size_t n = copy_side(pages, region, true, &left, ++*columns, out);
	return n + copy_side(pages, region, false, &right, ++*columns, out + n);
}

/* A gutter begins at the same place in several lines: it is looked at once. */
static bool may_begin_gutter(const struct line *line, unsigned *page, double *x)
{
	if (line->furniture || line->n_cells != 2)
		return false;
	double left = line->cells[1].box.left;
	bool seen = line->page == *page && is_same_place(left, *x);
	*page = line->page;
	*x = left;
	return !seen;
}

static void part_columns(struct pages *pages)
{
	struct line *out = referat_alloc(pages->call, (2 * pages->n_lines + 1) * sizeof(*out));
	unsigned columns = 0;
	unsigned page = 0;
	double x = 0;
	size_t n = 0;
	size_t from = 0; /* lines before it are parted */
	for (size_t i = 0; i < pages->n_lines; i++) {
		out[n++] = pages->lines[i];
		if (!may_begin_gutter(&pages->lines[i], &page, &x))
			continue;
		const struct region region = find_region(pages, i, from);
		size_t above = i + 1 - region.from; /* lines of the region that are there already */
		size_t parted = part_region(pages, &region, &columns, out + n - above);
		if (parted == 0)
			continue;
		n += parted - above;
		i = region.to - 1;
		from = region.to;
	}
	pages->lines = out;
	pages->n_lines = n;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

void columns_part(struct pages *pages)
{
	size_t n = 0;
	part_columns(pages);
	for (size_t i = 0; i < pages->n_lines; i++) {
		struct line *last = n ? &pages->lines[n - 1] : NULL;
		struct line line = pages->lines[i];
		if (last && !line.furniture && !last->furniture && goes_on_label(pages, last, &line) &&
		    take_label(pages, last, &line))
			continue;
		set_beside(pages, &line);
		pages->lines[n++] = line;
	}
	pages->n_lines = n;
}
