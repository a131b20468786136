/* What a label says. Who has links read aloud one by one hears only the label. */
#include "links.h"

#include <referat/swedish.h>

#include <string.h>
#include <strings.h>

enum { MOST_INVITATION = 100 }; /* bytes of a paragraph that only invites */

/* What surrounds the words of a label: spaces, stops, and the signs that are put for arrows. */
static const char *const edges[] = {" ", "\t", "\n", "\u00A0", ".", ":", "!", ">", "»", "…", "→", "›"};

static size_t edge_at(const char *text, size_t size, bool last)
{
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		size_t length = strlen(edges[i]);
		if (length <= size && memcmp(last ? text + size - length : text, edges[i], length) == 0)
			return length;
	}
	return 0;
}

const char *label_trim(struct referat_call *call, const char *text, size_t size)
{
	size_t edge;
	while ((edge = edge_at(text, size, false)) > 0) {
		text += edge;
		size -= edge;
	}
	while ((edge = edge_at(text, size, true)) > 0)
		size -= edge;
	return referat_lower(call, referat_copy(call, text, size));
}

enum label label_kind(const char *lower)
{
	static const char *const vague[] = {
	    "här",        "klicka här", "klicka",      "tryck här",  "se här",        "läs här",
	    "hit",        "läs mer",    "läs mer här", "läs vidare", "läs hela",      "mer",
	    "se mer",     "visa mer",   "mer info",    "länk",       "länken",        "den här länken",
	    "denna länk", "webben",     "följ länken", "denna sida", "den här sidan", "mer information",
	};
	if (!*lower)
		return LABEL_EMPTY;
	for (size_t i = 0; i < sizeof(vague) / sizeof(*vague); i++)
		if (strcmp(lower, vague[i]) == 0)
			return LABEL_VAGUE;
	bool address = strstr(lower, "://") != NULL || strncmp(lower, "www.", 4) == 0;
	return address && !strchr(lower, ' ') ? LABEL_ADDRESS : LABEL_GOOD;
}

bool label_invites(const char *text)
{
	static const char *const starts[] = {"läs mer", "läs vidare", "klicka här", "tryck här", "klicka på länken"};
	size_t size = strnlen(text, MOST_INVITATION + 1);
	if (size > MOST_INVITATION)
		return false;
	for (size_t edge; (edge = edge_at(text, size, false)) > 0; size -= edge)
		text += edge;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncasecmp(text, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}
