#include "tests/support/facts_text.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

static void write_item(FILE *out, const Referat__Item *item)
{
	fprintf(out, "%s: heading %s\n", or_none(item->number), or_none(item->heading));
	fprintf(out, "%s: case %s, weight %d\n", or_none(item->number), or_none(item->case_number), (int)item->weight);
	for (size_t i = 0; i < item->n_decisions; i++)
		fprintf(out, "%s: decision %d %s\n", or_none(item->number), (int)item->decisions[i]->outcome,
			or_none(item->decisions[i]->text));
	for (size_t i = 0; i < item->n_proposals; i++)
		fprintf(out, "%s: %s %s\n", or_none(item->number), item->proposals[i]->motion ? "motion" : "proposal",
			or_none(item->proposals[i]->text));
	for (size_t i = 0; i < item->n_votes; i++)
		fprintf(out, "%s: vote %u-%u\n", or_none(item->number), item->votes[i]->yes, item->votes[i]->no);
	for (size_t i = 0; i < item->n_remarks; i++)
		fprintf(out, "%s: remark %d\n", or_none(item->number), (int)item->remarks[i]->kind);
}

char *facts_text(const Referat__Document *document)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort(); /* no memory, as rf_alloc */
	if (document) {
		const Referat__Day *day = document->meeting ? document->meeting->day : NULL;
		fprintf(out, "kind %d\nmunicipality %s\nboard %s\ndate %s\n", (int)document->kind,
			or_none(document->municipality), or_none(document->board ? document->board->name : NULL),
			or_none(day ? day->date : NULL));
		for (size_t i = 0; i < document->n_items; i++)
			write_item(out, document->items[i]);
	}
	fclose(out);
	return text;
}

static char *line_of(const char *text)
{
	return *text ? strndup(text, strcspn(text, "\n")) : NULL;
}

bool facts_differ(const char *one, const char *other, char **of_one, char **of_other)
{
	size_t line = 0;
	size_t at = 0;
	for (; one[at] && one[at] == other[at]; at++)
		if (one[at] == '\n')
			line = at + 1;
	if (one[at] == other[at])
		return false;
	*of_one = line_of(one + line);
	*of_other = line_of(other + line);
	return true;
}
