/* The parts of an item, by their labels. */
#include "structure.h"

#include <string.h>

enum opening { NO_OPENING, OPENS_PROPOSAL, OPENS_MOTION, OPENS_DECISION };

/* Who proposes: the board itself decides to do so; anybody else only proposes. */
static enum opening opening_of(const struct meeting *meeting, const struct token *tokens, size_t decides)
{
	bool proposes = false;
	bool moves = false;
	bool body = false;
	bool own = false;
	for (size_t i = 0; i < decides && !body; i++) {
		proposes = proposes || rf_token_in(&tokens[i], "föreslår föreslog föreslås hemställer");
		moves = moves || rf_token_in(&tokens[i], "yrkar yrkade");
		body = rf_is_body(tokens[i].word, tokens[i].size);
		own = body && rf_is_own_body(meeting, &tokens[i]);
	}
	if (!body)
		return NO_OPENING;
	if (moves)
		return OPENS_MOTION;
	return own && !proposes ? OPENS_DECISION : OPENS_PROPOSAL;
}

/* "Kommunstyrelsen beslutar", alone on a line, is a label and the beginning of what stands below. *after_all: it says
 * that it comes to a decision ("beslutar således"), whatever it stands below. */
static enum opening read_opening(const struct meeting *meeting, const Referat__Block *block, const char *lower,
				 bool *after_all)
{
	enum { MOST_OPENING = 12 };
	struct token tokens[MOST_TOKENS];
	size_t n = rf_tokens_read(lower, strlen(lower), tokens);
	*after_all = false;
	bool line = block->kind == REFERAT__BLOCK_KIND__PARAGRAPH || block->kind == REFERAT__BLOCK_KIND__SUBHEADING;
	if (n < 2 || n > MOST_OPENING || !line || rf_ends_with(lower, "."))
		return NO_OPENING;
	size_t last = n - 1;
	while (last > 0 && rf_token_in(&tokens[last], "att följande därför enhälligt således sålunda härmed därmed")) {
		*after_all = *after_all || rf_token_in(&tokens[last], "således sålunda härmed därmed därför");
		last--;
	}
	if (!rf_token_in(&tokens[last], "beslutar beslutade beslöt besluta"))
		return NO_OPENING;
	return opening_of(meeting, tokens, last);
}

/* "Styrelsen beslutade enligt förslaget.", below what was proposed without a label. */
static bool comes_to_decision(const struct meeting *meeting, const struct section *open, const char *lower)
{
	struct token tokens[MOST_TOKENS];
	size_t n = rf_tokens_read(lower, strlen(lower), tokens);
	bool unlabelled = open->caption == SIZE_MAX && (open->label == LABEL_PROPOSAL || open->label == LABEL_MOTION);
	return unlabelled && n > 2 && rf_is_own_body(meeting, &tokens[0]) &&
	       rf_token_in(&tokens[1], "beslutar beslutade beslöt");
}

static enum label label_opened(enum opening opening)
{
	if (opening == OPENS_DECISION)
		return LABEL_DECISION;
	return opening == OPENS_MOTION ? LABEL_MOTION : LABEL_PROPOSAL;
}

/* May the section that is open end where one is opened without a label? */
static bool may_end(const struct section *open)
{
	return open->caption == SIZE_MAX || (open->label != LABEL_PROPOSAL && open->label != LABEL_DECISION);
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
		bool after_all = false;
		enum opening opening = read_opening(meeting, block, lower, &after_all);
		struct owned_label label = {0};
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING)
			label = rf_label_in(call, lower, meeting->board);
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING && (label.label || !opening)) {
			next.label = label.label;
			next.proposes = label.proposes;
			next.target = label.target;
			open = add_section(call, &list, next);
		} else if ((opening && (may_end(open) || after_all)) || comes_to_decision(meeting, open, lower)) {
			next.caption = SIZE_MAX;
			next.from = i;
			next.label = opening ? label_opened(opening) : LABEL_DECISION;
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
