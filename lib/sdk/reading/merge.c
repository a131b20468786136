/* Pieces of one meeting's minutes, in one file or several, put together. */
#include <referat/merge.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- items in order ---------------------------------------------------------------------------------------------- */

unsigned referat_item_rank(const Referat__Item *item)
{
	enum { MOST_DIGITS = 6, LETTERS = 32 };
	static const char digits[] = "0123456789";
	const char *number = item->number ? strpbrk(item->number, digits) : NULL;
	size_t size = number ? strspn(number, digits) : 0;
	if (size == 0 || size > MOST_DIGITS)
		return 0;
	char letter = (char)(number[size + (number[size] == ' ')] | 0x20);
	char after = number[size] ? number[size + (number[size] == ' ') + 1] : '\0';
	bool is_letter = number[size] && letter >= 'a' && letter <= 'h' && (!after || after == ' ');
	return (unsigned)strtoul(number, NULL, 10) * LETTERS + (is_letter ? (unsigned)letter - 'a' + 1 : 0);
}

static void set_item(Referat__Place *place, unsigned index)
{
	if (place && place->has_item)
		place->item = index;
}

/* The places within an item name it by where it stands in the document. */
static void set_index(Referat__Item *item, unsigned index)
{
	for (size_t i = 0; i < item->n_decisions; i++) {
		set_item(item->decisions[i]->place, index);
		set_item(item->decisions[i]->resolved_place, index);
	}
	for (size_t i = 0; i < item->n_proposals; i++)
		set_item(item->proposals[i]->place, index);
	for (size_t i = 0; i < item->n_votes; i++)
		set_item(item->votes[i]->place, index);
	for (size_t i = 0; i < item->n_remarks; i++)
		set_item(item->remarks[i]->place, index);
}

struct ranked {
	unsigned rank;
	size_t order;
	Referat__Item *item;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;
	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

static void set_indexes(Referat__Document *document)
{
	for (size_t i = 0; i < document->n_items; i++)
		set_index(document->items[i], (unsigned)i);
}

void referat_items_sort(Referat__Document *document)
{
	for (size_t i = 1; i < document->n_items; i++) {
		Referat__Item *item = document->items[i];
		size_t at = i;
		for (; at > 0 && referat_item_rank(document->items[at - 1]) > referat_item_rank(item); at--)
			document->items[at] = document->items[at - 1];
		document->items[at] = item;
	}
	set_indexes(document);
}

/* ---- a paragraph that stands in two ------------------------------------------------------------------------------ */

/* The next byte of a letter or digit, and where the one behind it is; '\0': there is none. Punctuation of ASCII, of
 * Latin-1 and the general one (dashes, quotes) is no part of a word. */
static char next_letter(const char **at)
{
	const unsigned char *c = (const unsigned char *)*at;
	while (*c && !isalnum(*c) && (*c < 0x80 || c[0] == 0xc2 || (c[0] == 0xe2 && c[1] == 0x80)))
		c += *c < 0x80 || !c[1] ? 1 : c[0] == 0xe2 && c[2] ? 3 : 2;
	*at = (const char *)(*c ? c + 1 : c);
	return (char)tolower(*c);
}

/* The words of an item, in order: its heading and its blocks. */
struct words {
	const Referat__Item *item;
	size_t next_block;
	const char *at;
};

static char next(struct words *words)
{
	char letter;
	while (!(letter = next_letter(&words->at))) {
		if (words->next_block == words->item->n_blocks)
			return '\0';
		const Referat__Block *block = words->item->blocks[words->next_block++];
		words->at = block->text ? block->text : "";
	}
	return letter;
}

static struct words words_of(const Referat__Item *item)
{
	return (struct words){.item = item, .at = item->heading ? item->heading : ""};
}

/* However the lines are broken and whatever the format made of dashes and spaces. */
static bool says_the_same(const Referat__Item *one, const Referat__Item *other)
{
	struct words a = words_of(one), b = words_of(other);
	char letter;
	do {
		letter = next(&a);
		if (letter != next(&b))
			return false;
	} while (letter);
	return true;
}

/* "§ 20 is adjusted at once, in minutes of its own": a heading that leads elsewhere contradicts nobody. */
static bool only_points(const Referat__Item *item, const Referat__Item *to)
{
	return item->n_decisions == 0 && (to->n_decisions > 0 || item->n_blocks == 0);
}

static bool is_longer(const Referat__Item *one, const Referat__Item *other)
{
	return one->n_blocks > other->n_blocks;
}

static Referat__Item *choose(struct referat_merge *merge, Referat__Item *first, Referat__Item *second)
{
	if (only_points(second, first))
		return first;
	if (only_points(first, second))
		return second;
	Referat__Item *kept = !merge->first_is_right && is_longer(second, first) ? second : first;
	if (!merge->difference.kept && !says_the_same(first, second))
		merge->difference = (struct referat_difference){kept, kept == first ? second : first};
	return kept;
}

static void merge_items(struct referat_merge *merge)
{
	Referat__Document *together = &merge->together;
	size_t n = 0, kept = 0;
	for (size_t i = 0; i < merge->n; i++)
		n += merge->documents[i]->n_items;
	Referat__Item **items = merge->alloc(merge->context, (n + 1) * sizeof(Referat__Item *));
	struct ranked *all = merge->alloc(merge->context, (n + 1) * sizeof *all);
	n = 0;
	for (size_t i = 0; i < merge->n; i++)
		for (size_t k = 0; k < merge->documents[i]->n_items; k++, n++) {
			Referat__Item *item = merge->documents[i]->items[k];
			all[n] = (struct ranked){referat_item_rank(item), n, item};
		}
	qsort(all, n, sizeof *all, compare_ranked);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && all[i].rank && all[i].rank == all[i - 1].rank)
			items[kept - 1] = choose(merge, items[kept - 1], all[i].item);
		else
			items[kept++] = all[i].item;
	}
	together->items = items;
	together->n_items = kept;
	set_indexes(together);
}

/* ---- the cover --------------------------------------------------------------------------------------------------- */

/* A list of pointers with room for those of all documents. */
struct pointers {
	void **all;
	size_t n;
};

typedef const char *key_of(const void *item);

static struct pointers room_for(struct referat_merge *merge, size_t n)
{
	return (struct pointers){.all = merge->alloc(merge->context, (n + 1) * sizeof(void *))};
}

/* Each once, told apart by its key; of hostile ones no more than are looked through quickly. */
static void unite(struct pointers *list, void *const *more, size_t n, key_of *key)
{
	enum { MOST = 2000 };
	for (size_t i = 0; i < n && list->n < MOST; i++) {
		bool known = false;
		for (size_t k = 0; k < list->n && !known; k++)
			known = strcmp(key(list->all[k]), key(more[i])) == 0;
		if (!known)
			list->all[list->n++] = more[i];
	}
}

static const char *text_itself(const void *text)
{
	return text;
}

static const char *name_of(const void *participant)
{
	const char *name = ((const Referat__Participant *)participant)->name;
	return name ? name : "";
}

static const char *notice_text(const void *notice)
{
	const Referat__Notice *of = notice;
	return of->n_blocks && of->blocks[0]->text ? of->blocks[0]->text : "";
}

static const Referat__Meeting *meeting_of(const struct referat_merge *merge, size_t i)
{
	static const Referat__Meeting none = REFERAT__MEETING__INIT;
	/* The one whose cover goes before the others comes first, the others in their order. */
	size_t at = i == 0 ? merge->cover : i <= merge->cover ? i - 1 : i;
	return merge->documents[at]->meeting ? merge->documents[at]->meeting : &none;
}

static void unite_people(struct referat_merge *merge, Referat__Meeting *meeting)
{
	size_t n_people = 0, n_adjusters = 0, n_breaks = 0;
	for (size_t i = 0; i < merge->n; i++) {
		n_people += meeting_of(merge, i)->n_participants;
		n_adjusters += meeting_of(merge, i)->n_adjusters;
		n_breaks += meeting_of(merge, i)->n_adjournments;
	}
	struct pointers people = room_for(merge, n_people), adjusters = room_for(merge, n_adjusters),
			breaks = room_for(merge, n_breaks);
	for (size_t i = 0; i < merge->n; i++) {
		const Referat__Meeting *from = meeting_of(merge, i);
		unite(&people, (void *const *)from->participants, from->n_participants, name_of);
		unite(&adjusters, (void *const *)from->adjusters, from->n_adjusters, text_itself);
		unite(&breaks, (void *const *)from->adjournments, from->n_adjournments, text_itself);
	}
	meeting->participants = (Referat__Participant **)people.all;
	meeting->n_participants = people.n;
	meeting->adjusters = (char **)adjusters.all;
	meeting->n_adjusters = adjusters.n;
	meeting->adjournments = (char **)breaks.all;
	meeting->n_adjournments = breaks.n;
}

/* "§ 13, §§ 12–14": as each says it, in the order of the documents. */
static void join_paragraphs(struct referat_merge *merge, Referat__Meeting *meeting)
{
	size_t size = 1;
	for (size_t i = 0; i < merge->n; i++) {
		const Referat__Meeting *from = merge->documents[i]->meeting;
		size += from && from->paragraphs ? strlen(from->paragraphs) + 2 : 0;
	}
	char *all = merge->alloc(merge->context, size);
	for (size_t i = 0; i < merge->n; i++) {
		const Referat__Meeting *from = merge->documents[i]->meeting;
		if (!from || !from->paragraphs)
			continue;
		strcat(all, *all ? ", " : "");
		strcat(all, from->paragraphs);
	}
	meeting->paragraphs = *all ? all : NULL;
}

/* Each piece has a notice of its own, with days of its own: they are never mixed. */
static void list_postings(struct referat_merge *merge, Referat__Meeting *meeting)
{
	struct pointers postings = room_for(merge, merge->n);
	for (size_t i = 0; i < merge->n; i++) {
		const Referat__Meeting *from = merge->documents[i]->meeting;
		if (!from || !from->posting)
			continue;
		Referat__Posting *posting = merge->alloc(merge->context, sizeof *posting);
		*posting = *from->posting;
		posting->paragraphs = from->paragraphs;
		postings.all[postings.n++] = posting;
	}
	if (postings.n < 2)
		return;
	meeting->postings = (Referat__Posting **)postings.all;
	meeting->n_postings = postings.n;
}

static void merge_meetings(struct referat_merge *merge)
{
	Referat__Meeting *meeting = merge->alloc(merge->context, sizeof *meeting);
	*meeting = *meeting_of(merge, 0);
	for (size_t i = 1; i < merge->n; i++) {
		const Referat__Meeting *from = meeting_of(merge, i);
		meeting->day = meeting->day ? meeting->day : from->day;
		meeting->start = meeting->start ? meeting->start : from->start;
		meeting->end = meeting->end ? meeting->end : from->end;
		meeting->location = meeting->location ? meeting->location : from->location;
		meeting->posting = meeting->posting ? meeting->posting : from->posting;
		if (!meeting->has_extra && from->has_extra) {
			meeting->has_extra = true;
			meeting->extra = from->extra;
		}
	}
	unite_people(merge, meeting);
	join_paragraphs(merge, meeting);
	list_postings(merge, meeting);
	merge->together.meeting = meeting;
}

static void merge_notices(struct referat_merge *merge)
{
	size_t n = 0;
	for (size_t i = 0; i < merge->n; i++)
		n += merge->documents[i]->n_notices;
	struct pointers notices = room_for(merge, n);
	for (size_t i = 0; i < merge->n; i++)
		unite(&notices, (void *const *)merge->documents[i]->notices, merge->documents[i]->n_notices,
		      notice_text);
	merge->together.notices = (Referat__Notice **)notices.all;
	merge->together.n_notices = notices.n;
}

/* The first that has one: what was corrected last. */
static void merge_cover(struct referat_merge *merge)
{
	Referat__Document *together = &merge->together;
	*together = *merge->documents[merge->cover];
	together->correction = NULL;
	for (size_t i = 0; i < merge->n; i++) {
		const Referat__Document *from = merge->documents[i];
		together->language = together->language ? together->language : from->language;
		together->title = together->title ? together->title : from->title;
		together->board = together->board ? together->board : from->board;
		together->municipality = together->municipality ? together->municipality : from->municipality;
		together->correction = together->correction ? together->correction : from->correction;
		if (!together->n_lead) {
			together->lead = from->lead;
			together->n_lead = from->n_lead;
		}
	}
}

void referat_merge(struct referat_merge *merge)
{
	merge->difference = (struct referat_difference){NULL, NULL};
	merge_cover(merge);
	merge_meetings(merge);
	merge_notices(merge);
	merge_items(merge);
}
