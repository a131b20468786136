#include "stages/ingest/paragraphs.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_RANGES = 32, MOST_DIGITS = 6 };

static const char digits[] = "0123456789";

struct range {
	unsigned first, last;
};

/* "20/24" is § 20 of the year 2024. False: no number that a paragraph has. */
static bool read_number(const char **at, unsigned *number)
{
	size_t size = strspn(*at, digits);
	if (size == 0 || size > MOST_DIGITS)
		return false;
	*number = (unsigned)strtoul(*at, NULL, 10);
	*at += size;
	if (**at == '/')
		*at += 1 + strspn(*at + 1, digits);
	return true;
}

/* Behind what joins two numbers to a range, or NULL. */
static const char *skip_dash(const char *at)
{
	static const char *const dashes[] = {"-", "–", "—", "t.o.m.", "t o m", "tom", "till och med", "till"};
	static const char sign[] = "§";
	at += strspn(at, " ");
	for (size_t i = 0; i < RF_COUNT(dashes); i++)
		if (rf_text_starts(at, dashes[i])) {
			at += strlen(dashes[i]);
			at += strspn(at, " ");
			for (; rf_text_starts(at, sign); at += strspn(at, " "))
				at += strlen(sign);
			return strspn(at, digits) ? at : NULL;
		}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct range *one = a, *other = b;
	return one->first < other->first ? -1 : one->first > other->first;
}

static size_t join(struct range *ranges, size_t n)
{
	size_t kept = 0;
	qsort(ranges, n, sizeof *ranges, compare);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && ranges[i].first <= ranges[kept - 1].last + 1) {
			if (ranges[i].last > ranges[kept - 1].last)
				ranges[kept - 1].last = ranges[i].last;
		} else {
			ranges[kept++] = ranges[i];
		}
	}
	return kept;
}

static void add_range(struct rf_buffer *out, const struct range *range, const char *dash)
{
	if (range->first == range->last)
		rf_buffer_format(out, "%u", range->first);
	else
		rf_buffer_format(out, "%u%s%u", range->first, dash, range->last);
}

char *paragraphs_read(const char *printed)
{
	struct range ranges[MOST_RANGES];
	size_t n = 0;
	rf_autofree char *before = printed ? rf_strndup(printed, strcspn(printed, "(")) : NULL;
	for (const char *at = before ? strpbrk(before, digits) : NULL; at; at = strpbrk(at, digits)) {
		struct range range;
		if (n == MOST_RANGES || !read_number(&at, &range.first))
			return NULL;
		range.last = range.first;
		const char *end = skip_dash(at);
		if (end && (!read_number(&end, &range.last) || range.last < range.first))
			return NULL;
		at = end ? end : at;
		ranges[n++] = range;
	}
	n = join(ranges, n);
	rf_autobuffer struct rf_buffer out = RF_BUFFER_INIT;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			rf_buffer_add_text(&out, "_");
		add_range(&out, &ranges[i], "-");
	}
	return out.size > 0 && out.size <= PARAGRAPHS_MOST ? rf_strdup(out.data) : NULL;
}

char *paragraphs_words(const unsigned *numbers, size_t n)
{
	rf_autobuffer struct rf_buffer out = RF_BUFFER_INIT;
	rf_buffer_add_text(&out, n > 1 ? "§§ " : "§ ");
	for (size_t i = 0; i < n;) {
		struct range range = {numbers[i], numbers[i]};
		size_t from = i;
		while (++i < n && numbers[i] <= range.last + 1)
			range.last = numbers[i];
		if (from > 0)
			rf_buffer_add_text(&out, ", ");
		add_range(&out, &range, "–");
	}
	return rf_strdup(out.data);
}
