#include "base/mask.h"

#include "base/buffer.h"

#include <referat/swedish.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

static void add_masked(struct rf_buffer *masked, const char *text, size_t at, size_t end)
{
	while (at < end) {
		size_t start = at;
		UChar32 c;
		U8_NEXT(text, at, end, c);
		if (c >= 0 && u_isdigit(c))
			rf_buffer_add_char(masked, 'X');
		else
			rf_buffer_add(masked, text + start, at - start);
	}
}

char *rf_mask(const char *text)
{
	if (!text)
		return NULL;
	struct rf_buffer masked = RF_BUFFER_INIT;
	struct referat_range number;
	size_t at = 0;
	while (referat_identity_number(text, at, &number)) {
		rf_buffer_add(&masked, text + at, number.start - at);
		add_masked(&masked, text, number.start, number.end);
		at = number.end;
	}
	rf_buffer_add_text(&masked, text + at);
	return rf_buffer_take(&masked);
}
