/* Who was of another opinion: how the votes fell, and the parties that made a reservation. */
#include "summary.h"

#include <string.h>

enum { MOST_PARTIES = 12, MOST_PARTY = 8 };

/* One vote says how the matter was decided; of several, some chose between proposals that were then lost. */
static void add_vote(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	struct referat_call *call = writing->call;
	if (from->n_votes != 1 || !from->votes[0]->has_yes || !from->votes[0]->has_no)
		return;
	const Referat__Vote *vote = from->votes[0];
	unsigned more = vote->yes > vote->no ? vote->yes : vote->no;
	unsigned fewer = vote->yes > vote->no ? vote->no : vote->yes;
	const char *key = more == fewer ? "summariser.decisions.even" : "summariser.decisions.vote";
	const char *text = referat_say(call, key, "more", referat_format(call, "%u", more), "fewer",
				       referat_format(call, "%u", fewer), NULL);
	if (fewer > 0)
		item->sentences[item->n_sentences++] = new_sentence(call, text, vote->place);
}

struct parties {
	char names[MOST_PARTIES][MOST_PARTY];
	size_t n;
};

static void add_party(struct parties *parties, const char *name, size_t size)
{
	for (size_t i = 0; i < parties->n; i++)
		if (strlen(parties->names[i]) == size && memcmp(parties->names[i], name, size) == 0)
			return;
	if (parties->n == MOST_PARTIES)
		return;
	memcpy(parties->names[parties->n], name, size);
	parties->names[parties->n++][size] = '\0';
}

/* "Eva Exempel (S) och Bo Exempel (KD)": the letters behind the names. */
static void add_parties(struct parties *parties, const char *text)
{
	for (const char *open = strchr(text, '('); open; open = strchr(open + 1, '(')) {
		size_t size = strcspn(open + 1, ")");
		bool party = open[1 + size] == ')' && size > 0 && size < MOST_PARTY && referat_is_capital(open + 1);
		for (size_t i = 0; i < size; i++)
			party =
			    party && ((open[1 + i] >= 'A' && open[1 + i] <= 'Z') || (unsigned char)open[1 + i] >= 0x80);
		if (party)
			add_party(parties, open + 1, size);
	}
}

static const char *list_of(struct referat_call *call, const struct parties *parties)
{
	const char *list = parties->names[0];
	for (size_t i = 1; i < parties->n; i++)
		list = i + 1 < parties->n ? referat_format(call, "%s, %s", list, parties->names[i])
					  : referat_say(call, "summariser.decisions.and", "one", list, "other",
							parties->names[i], NULL);
	return list;
}

static void add_reservations(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	struct parties parties = {.n = 0};
	const Referat__Place *place = NULL;
	for (size_t i = 0; i < from->n_remarks; i++) {
		const Referat__Remark *remark = from->remarks[i];
		if (remark->kind != REFERAT__REMARK_KIND__RESERVATION || !remark->text)
			continue;
		add_parties(&parties, remark->text);
		place = place ? place : remark->place;
	}
	if (parties.n == 0)
		return;
	const char *text = referat_say(writing->call, "summariser.decisions.reserved", "parties",
				       list_of(writing->call, &parties), NULL);
	item->sentences[item->n_sentences++] = new_sentence(writing->call, text, place);
}

void dissent_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	add_vote(writing, from, item);
	add_reservations(writing, from, item);
}
