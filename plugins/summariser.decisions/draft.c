/* The draft as a person reads it before it is approved: the summary in full, and what to look at, what is not told of
 * and why, which words were replaced, and how hard it is to read. It names no private person: what was left out for one
 * is told by its number. */
#include "summary.h"

#include <referat/passages.h>
#include <referat/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct draft {
	struct referat_call *call;
	const Referat__Document *document;
	const Referat__Summary *summary;
	FILE *file;
};

static const char *say(const struct draft *draft, const char *name)
{
	return referat_say(draft->call, referat_format(draft->call, "summariser.decisions.draft.%s", name), NULL);
}

static void write_title(const struct draft *draft, const char *name)
{
	fprintf(draft->file, "\n%s\n\n", say(draft, name));
}

/* An item by its number, and by its heading where that may be told. */
static const char *item_name(const struct draft *draft, bool has_item, uint32_t index, bool with_heading)
{
	const Referat__Item *item = has_item && index < draft->document->n_items ? draft->document->items[index] : NULL;
	if (!item)
		return say(draft, "whole");
	const char *number = item->number && *item->number ? item->number : "";
	const char *heading = with_heading ? referat_quote_heading(draft->call, item) : NULL;
	heading = heading ? heading : "";
	if (!*number && !*heading)
		return referat_format(draft->call, "%s %u", say(draft, "item"), index + 1);
	return referat_format(draft->call, "%s%s%s", number, *number && *heading ? " " : "", heading);
}

/* ---- the summary ------------------------------------------------------------------------------------------------ */

static void write_sentence(const struct draft *draft, const Referat__Sentence *sentence)
{
	const char *key = sentence->has_outcome ? referat_outcome_key((int)sentence->outcome) : NULL;
	const char *word = key ? referat_say(draft->call, referat_format(draft->call, "outcome.%s", key), NULL) : NULL;
	fprintf(draft->file, "  %s%s%s%s\n", word ? "[" : "", word ? word : "", word ? "] " : "", sentence->text);
}

static void write_item(const struct draft *draft, const Referat__SummaryItem *item)
{
	fprintf(draft->file, "\n%s", item->heading ? item->heading : "");
	if (item->has_item)
		fprintf(draft->file, " (%s)", item_name(draft, true, item->item, false));
	fputs("\n\n", draft->file);
	for (size_t i = 0; i < item->n_sentences; i++)
		write_sentence(draft, item->sentences[i]);
	for (size_t i = 0; i < item->n_background; i++)
		fprintf(draft->file, "  %s\n", item->background[i]->text);
	for (size_t i = 0; i < item->n_points; i++)
		fprintf(draft->file, "  • %s\n", item->points[i]->text);
}

static void write_summary(const struct draft *draft)
{
	const Referat__Summary *summary = draft->summary;
	fprintf(draft->file, "%s\n\n%s\n", say(draft, "head"), summary->title ? summary->title : "");
	for (size_t i = 0; i < summary->n_lead; i++)
		fprintf(draft->file, "\n%s\n", summary->lead[i]->text);
	for (size_t i = 0; i < summary->n_items; i++)
		write_item(draft, summary->items[i]);
}

/* ---- what a person should know ---------------------------------------------------------------------------------- */

static void write_doubts(const struct draft *draft)
{
	const Referat__Summary *summary = draft->summary;
	if (summary->n_doubts > 0)
		write_title(draft, "doubts");
	for (size_t i = 0; i < summary->n_doubts; i++) {
		const Referat__Doubt *doubt = summary->doubts[i];
		fprintf(draft->file, "  %s: %s\n", item_name(draft, doubt->has_item, doubt->item, false), doubt->text);
	}
}

static void write_left_out(const struct draft *draft)
{
	const Referat__Summary *summary = draft->summary;
	if (summary->n_left_out > 0)
		write_title(draft, "left-out");
	for (size_t i = 0; i < summary->n_left_out; i++) {
		const Referat__LeftOut *left = summary->left_out[i];
		fprintf(draft->file, "  %s: %s\n", item_name(draft, left->has_item, left->item, true), left->reason);
	}
}

static bool is_told_before(const Referat__Summary *summary, size_t index)
{
	const Referat__Replacement *own = summary->replacements[index];
	for (size_t i = 0; i < index; i++)
		if (strcmp(summary->replacements[i]->from, own->from) == 0)
			return true;
	return false;
}

/* Each word once, with where it was replaced. */
static void write_replacements(const struct draft *draft)
{
	const Referat__Summary *summary = draft->summary;
	if (summary->n_replacements > 0)
		write_title(draft, "replacements");
	for (size_t i = 0; i < summary->n_replacements; i++) {
		const Referat__Replacement *first = summary->replacements[i];
		if (is_told_before(summary, i))
			continue;
		fprintf(draft->file, "  %s → %s (%s", first->from, first->to,
			item_name(draft, first->has_item, first->item, false));
		uint32_t last = first->item;
		for (size_t k = i + 1; k < summary->n_replacements; k++) {
			const Referat__Replacement *other = summary->replacements[k];
			if (strcmp(other->from, first->from) != 0 || other->item == last)
				continue;
			last = other->item;
			fprintf(draft->file, ", %s", item_name(draft, other->has_item, other->item, false));
		}
		fputs(")\n", draft->file);
	}
}

static void write_readability(const struct draft *draft)
{
	const Referat__Readability *before = draft->summary->before;
	const Referat__Readability *after = draft->summary->after;
	if (!before || !after)
		return;
	struct referat_call *call = draft->call;
	write_title(draft, "readability");
	fprintf(draft->file, "  %s\n",
		referat_say(call, "summariser.decisions.draft.figures", "before",
			    referat_format(call, "%u", before->lix), "after", referat_format(call, "%u", after->lix),
			    "words-before", referat_format(call, "%u", before->words_per_sentence), "words-after",
			    referat_format(call, "%u", after->words_per_sentence), NULL));
}

void draft_add(struct referat_call *call, const Referat__Document *document, const Referat__Summary *summary)
{
	char *text = NULL;
	size_t size = 0;
	struct draft draft = {
	    .call = call, .document = document, .summary = summary, .file = open_memstream(&text, &size)};
	if (!draft.file)
		return;
	write_summary(&draft);
	write_doubts(&draft);
	write_left_out(&draft);
	write_replacements(&draft);
	write_readability(&draft);
	fclose(draft.file);
	referat_add_part(call, "draft", "text/plain", text, size);
	free(text);
}
