/* The parts of an item, by their labels. */
#include "structure.h"

#include <string.h>

/* "Kommunstyrelsen beslutar", alone on a line, is a label and the beginning of what stands below. */
static bool is_opening(const struct meeting *meeting, const Referat__Block *block, const char *lower, bool *own)
{
	enum { MOST_OPENING = 10 };
	struct token tokens[MOST_TOKENS];
	size_t n = rf_tokens_read(lower, strlen(lower), tokens);
	if (n < 2 || n > MOST_OPENING || block->kind != REFERAT__BLOCK_KIND__PARAGRAPH || rf_ends_with(lower, "."))
		return false;
	size_t last = n - 1;
	while (last > 0 && rf_token_in(&tokens[last], "att följande därför enhälligt"))
		last--;
	if (!rf_token_in(&tokens[last], "beslutar beslutade beslöt besluta"))
		return false;
	bool body = false;
	for (size_t i = 0; i < last && !body; i++) {
		body = rf_is_body(tokens[i].word, tokens[i].size);
		*own = body && rf_is_own_body(meeting, &tokens[i]);
	}
	return body;
}

static struct section *add_section(struct referat_call *call, struct list *list, struct section section)
{
	struct section *own = referat_alloc(call, sizeof(*own));
	*own = section;
	rf_list_add(call, list, own);
	return own;
}

size_t rf_sections_read(struct referat_call *call, const struct meeting *meeting, const Referat__Item *item,
			const struct section **sections)
{
	struct list list = {0};
	struct section *open = add_section(call, &list, (struct section){.caption = SIZE_MAX});
	for (size_t i = 0; i < item->n_blocks; i++) {
		const Referat__Block *block = item->blocks[i];
		const char *lower = referat_lower(call, block->text);
		struct section next = {.caption = i, .from = i + 1, .to = i + 1};
		bool own = false;
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING) {
			struct owned_label label = rf_label_in(call, lower, meeting->board);
			next.label = label.label;
			next.proposes = label.proposes;
			next.target = label.target;
			open = add_section(call, &list, next);
		} else if (open->label != LABEL_PROPOSAL && open->label != LABEL_DECISION &&
			   is_opening(meeting, block, lower, &own)) {
			next.caption = SIZE_MAX;
			next.from = i;
			next.label = own ? LABEL_DECISION : LABEL_PROPOSAL;
			open = add_section(call, &list, next);
		}
		open->to = i + 1;
	}
	struct section *flat = referat_alloc(call, list.n * sizeof(*flat));
	for (size_t i = 0; i < list.n; i++)
		flat[i] = *(const struct section *)list.items[i];
	*sections = flat;
	return list.n;
}
