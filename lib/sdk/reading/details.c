/* What minutes say of an item beside the decisions: who proposed what, votes, reservations, conflicts of interest, whom
 * it is sent to. */
#include "details.h"

#include <string.h>

Referat__Place *rf_passage_place(const struct details *details, const struct passage *passage)
{
	return rf_place_in_block(details->call, details->item, details->index, passage->block, passage->range);
}

/* ---- proposals -------------------------------------------------------------------------------------------------- */

/* "Vidare yrkar Eva Ek (M) och Bo Al (C) att …": the names behind the verb, up to the last party; their size, 0: none
 * stand there. */
static size_t names_behind(const char *text)
{
	size_t size = 0;
	for (size_t at = 0; text[at];) {
		size_t word = strcspn(text + at, " ");
		bool joins = word == 3 && memcmp(text + at, "och", 3) == 0;
		if (text[at] == '(')
			size = at + strcspn(text + at, ")") + (strchr(text + at, ')') != NULL);
		else if (!joins && !referat_is_capital(text + at))
			break;
		at += word;
		at += strspn(text + at, " ");
	}
	return size;
}

/* Who moved it: what stands before the verb, or else behind it. NULL: it is not said so. */
static char *mover_of(struct referat_call *call, const struct passage *passage)
{
	enum { MOST_NAMES = 400 };
	static const char *const verbs[] = {" yrkar", " yrkade", " föreslår", " föreslog", " tillstyrker"};
	const char *found = NULL;
	size_t verb = 0;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		const char *at = strstr(passage->lower, verbs[i]);
		if (at && (!found || at < found)) {
			found = at;
			verb = strlen(verbs[i]);
		}
	}
	size_t size = found ? (size_t)(found - passage->lower) : 0;
	const char *behind = passage->text + size + verb + (found && found[verb] == ' ');
	if (found && !memchr(passage->text, '(', size) && names_behind(behind))
		return rf_text_copy(call, behind, names_behind(behind));
	return size > 0 && size <= MOST_NAMES ? rf_text_copy(call, passage->text, size) : NULL;
}

static void add_proposal(struct details *details, const struct passage *passage, const char *by, bool motion)
{
	Referat__Proposal *proposal = referat_alloc(details->call, sizeof(*proposal));
	referat__proposal__init(proposal);
	proposal->text = passage->text;
	proposal->by = (char *)by;
	proposal->has_motion = true;
	proposal->motion = motion;
	proposal->place = rf_passage_place(details, passage);
	rf_list_add(details->call, &details->proposals, proposal);
}

static bool is_moved(const char *lower)
{
	static const char *const words[] = {"yrkar",       "yrkade",    "yrkas",       "föreslår", "föreslog",
					    "tillstyrker", "instämmer", "bifall till", "avslag på"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(lower, words[i]))
			return true;
	return false;
}

/* "Eva Ek (M): Att avgiften sänks.", "Eva Ek (M) föreslår …": a member proposes it, at the meeting. The size of who it
 * is; 0: nobody is named so. */
static size_t moving_member(const struct passage *passage)
{
	enum { MOST_NAME = 60 };
	const char *open = strchr(passage->text, '(');
	const char *shut = open ? strchr(open, ')') : NULL;
	if (!shut || open - passage->text > MOST_NAME || shut - open > 8 || !referat_is_capital(passage->text))
		return 0;
	size_t size = (size_t)(shut + 1 - passage->text);
	const char *rest = passage->lower + size;
	rest += rf_starts_with(rest, "s ");
	bool moves = rf_starts_with(rest, ":") || rf_starts_with(rest, " föreslår") || rf_starts_with(rest, " yrkar") ||
		     rf_starts_with(rest, " föreslog") || rf_starts_with(rest, " yrkade");
	return moves ? size : 0;
}

/* "Eva Ek (M) yrkar avslag.": where nothing is labelled, a name and what it moved stand in the text. */
static bool tells_motion(const struct passage *passage)
{
	static const char *const others[] = {"ordföranden ställ", "ordföranden finner", "ordföranden frågar",
					     "arbetsutskottet ", "propositionsordning"};
	if (passage->label == LABEL_PROCEDURE)
		return moving_member(passage) > 0;
	const char *verb = strstr(passage->lower, " yrkar ");
	verb = verb ? verb : strstr(passage->lower, " yrkade ");
	if (!verb ||
	    (passage->label != LABEL_NONE && passage->label != LABEL_BACKGROUND && passage->label != LABEL_DECISION))
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (rf_starts_with(passage->lower, others[i]))
			return false;
	return referat_is_capital(passage->text) || strchr(passage->text, '(');
}

/* "Kommunstyrelsens förslag" was made by "Kommunstyrelsen". */
static const char *owner_of(const struct details *details, const struct section *section)
{
	if (section->caption >= details->item->n_blocks)
		return NULL;
	const char *caption = details->item->blocks[section->caption]->text;
	const char *lower = referat_lower(details->call, caption);
	const char *word = strstr(lower, "s förslag");
	word = word ? word : strstr(lower, "s beslut");
	return word && word > lower ? rf_text_copy(details->call, caption, (size_t)(word - lower)) : NULL;
}

/* ---- remarks ---------------------------------------------------------------------------------------------------- */

static void add_remark(struct details *details, const struct passage *passage, Referat__RemarkKind kind)
{
	Referat__Remark *remark = referat_alloc(details->call, sizeof(*remark));
	referat__remark__init(remark);
	remark->has_kind = true;
	remark->kind = kind;
	remark->text = passage->text;
	remark->place = rf_passage_place(details, passage);
	rf_list_add(details->call, &details->remarks, remark);
}

/* A remark tells of itself where no label does. */
static Referat__RemarkKind remark_in(const char *lower)
{
	if (strstr(lower, "reserverar sig") || strstr(lower, "reserverade sig"))
		return REFERAT__REMARK_KIND__RESERVATION;
	bool conflict = strstr(lower, "jäv") && (strstr(lower, "deltar") || strstr(lower, "deltog") ||
						 strstr(lower, "anmäl") || strstr(lower, "på grund av jäv"));
	if (conflict && !strstr(lower, "ingen anmäl") && !strstr(lower, "inget jäv") && !strstr(lower, "inte jäv"))
		return REFERAT__REMARK_KIND__CONFLICT_OF_INTEREST;
	if (strstr(lower, "deltar inte i beslutet") || strstr(lower, "deltar ej i beslutet") ||
	    strstr(lower, "deltog inte i beslutet"))
		return REFERAT__REMARK_KIND__NO_PART;
	if (strstr(lower, "särskilt yttrande") || strstr(lower, "protokollsanteckning"))
		return REFERAT__REMARK_KIND__STATEMENT;
	return REFERAT__REMARK_KIND__REMARK_UNSPECIFIED;
}

static Referat__RemarkKind remark_below(enum label label)
{
	switch (label) {
	case LABEL_RESERVATION:
		return REFERAT__REMARK_KIND__RESERVATION;
	case LABEL_STATEMENT:
		return REFERAT__REMARK_KIND__STATEMENT;
	case LABEL_CONFLICT:
		return REFERAT__REMARK_KIND__CONFLICT_OF_INTEREST;
	case LABEL_NO_PART:
		return REFERAT__REMARK_KIND__NO_PART;
	default:
		return REFERAT__REMARK_KIND__REMARK_UNSPECIFIED;
	}
}

/* ---- the item ---------------------------------------------------------------------------------------------------- */

/* "Ingen.", "-": a label is filled in though there is nothing to say. */
static bool says_nothing(const char *lower)
{
	return rf_starts_with(lower, "ingen") || rf_starts_with(lower, "inga") || strcmp(lower, "-") == 0 ||
	       strcmp(lower, "nej") == 0 || strcmp(lower, "nej.") == 0;
}

static void read_remark(struct details *details, const struct passage *passage, bool matter)
{
	Referat__RemarkKind kind = remark_below(passage->label);
	bool goes_on = details->remarked && remark_in(passage->lower) != kind;
	kind = says_nothing(passage->lower) || goes_on ? REFERAT__REMARK_KIND__REMARK_UNSPECIFIED : kind;
	if (!kind && matter && !remark_below(passage->label))
		kind = remark_in(passage->lower);
	if (kind)
		add_remark(details, passage, kind);
	details->remarked = details->remarked || (kind && remark_below(passage->label));
}

static void read_passage(struct details *details, const struct passage *passage, const char **meaning)
{
	bool matter = passage->label != LABEL_BACKGROUND && passage->label != LABEL_PROPOSAL;
	if ((passage->label == LABEL_MOTION && (is_moved(passage->lower) || moving_member(passage))) ||
	    (!details->motions_labelled && tells_motion(passage)))
		add_proposal(details, passage, mover_of(details->call, passage), true);
	read_remark(details, passage, matter);
	if (matter)
		rf_vote_read(details, passage, meaning);
	else if (rf_vote_tells_meaning(passage->lower))
		*meaning = passage->text;
	if (strstr(passage->lower, "omedelbart") && strstr(passage->lower, "juster") && matter) {
		details->item->has_adjusted_at_once = true;
		details->item->adjusted_at_once = true;
	}
}

static void read_block(struct details *details, unsigned index, enum label label, const char **meaning)
{
	const Referat__Block *block = details->item->blocks[index];
	const char *lower = referat_lower(details->call, block->text);
	const struct referat_range *ranges;
	size_t n = referat_sentences(details->call, block->text, &ranges);
	for (size_t i = 0; i < n; i++) {
		size_t size = ranges[i].end - ranges[i].start;
		struct passage passage = {.block = index,
					  .range = ranges[i],
					  .text = rf_text_copy(details->call, block->text + ranges[i].start, size),
					  .lower = rf_text_copy(details->call, lower + ranges[i].start, size),
					  .label = label};
		read_passage(details, &passage, meaning);
	}
}

/* Names on lines of their own, or on one line with commas. */
static void read_dispatch(struct details *details, const struct section *section)
{
	bool one = section->to == section->from + 1;
	for (size_t i = section->from; i < section->to; i++) {
		const char *text = details->item->blocks[i]->text;
		while (*text) {
			size_t size = one ? strcspn(text, ",;") : strlen(text);
			size_t end = size;
			while (end > 0 && strchr(" .", text[end - 1]))
				end--;
			if (end > 0)
				rf_list_add(details->call, &details->dispatch, rf_text_copy(details->call, text, end));
			text += size;
			text += strspn(text, ",; ");
		}
	}
}

/* Before the meeting somebody proposed it; or a member does, at the meeting, below a label that does not tell which. */
static void read_proposal(struct details *details, const struct section *section, unsigned block)
{
	char *text = details->item->blocks[block]->text;
	struct passage passage = {.block = block,
				  .range = {0, strlen(text)},
				  .text = text,
				  .lower = referat_lower(details->call, text),
				  .label = LABEL_PROPOSAL};
	const char *owner = owner_of(details, section);
	size_t member = owner ? 0 : moving_member(&passage);
	if (member)
		add_proposal(details, &passage, rf_text_copy(details->call, text, member), true);
	else
		add_proposal(details, &passage, owner, false);
}

static void read_section(struct details *details, const struct section *section, const char **meaning)
{
	Referat__Item *item = details->item;
	if (section->caption < item->n_blocks && section->label == LABEL_ADJUSTMENT &&
	    strstr(referat_lower(details->call, item->blocks[section->caption]->text), "omedelbar")) {
		item->has_adjusted_at_once = true;
		item->adjusted_at_once = true;
	}
	details->remarked = false;
	if (section->label == LABEL_DISPATCH) {
		read_dispatch(details, section);
		return;
	}
	for (size_t i = section->from; i < section->to; i++) {
		if (section->label == LABEL_PROPOSAL && *item->blocks[i]->text)
			read_proposal(details, section, (unsigned)i);
		if (section->label != LABEL_BASIS)
			read_block(details, (unsigned)i, section->label, meaning);
	}
}

void rf_details_read(struct referat_call *call, Referat__Item *item, unsigned index, const struct section *sections,
		     size_t n_sections)
{
	struct details details = {.call = call, .item = item, .index = index, .yes = RF_NOT_COUNTED};
	const char *meaning = NULL;
	for (size_t i = 0; i < n_sections; i++)
		details.motions_labelled = details.motions_labelled || sections[i].label == LABEL_MOTION;
	for (size_t i = 0; i < n_sections; i++)
		read_section(&details, &sections[i], &meaning);
	item->proposals = (Referat__Proposal **)details.proposals.items;
	item->n_proposals = details.proposals.n;
	item->votes = (Referat__Vote **)details.votes.items;
	item->n_votes = details.votes.n;
	item->remarks = (Referat__Remark **)details.remarks.items;
	item->n_remarks = details.remarks.n;
	item->dispatch = (char **)details.dispatch.items;
	item->n_dispatch = details.dispatch.n;
}
