/* A transcript is given breaks: in the cover where a field begins, elsewhere at items, at what ends their heading, and
 * at labels. What the site has printed is taken out. Each line of the source stays one, so that places hold. */
#include "transcripts.h"

#include <string.h>

/* As they are written on covers: a capital, then small letters, or capitals. */
static const char *const fields[] = {"Plats och tid",
				     "Tid och plats",
				     "Beslutande",
				     "Ledamöter",
				     "Närvarande ledamöter",
				     "Beslutande ledamöter",
				     "Ej tjänstgörande ersättare",
				     "Närvarande ej tjänstgörande ersättare",
				     "Ej beslutande",
				     "Övriga deltagande",
				     "Övriga deltagare",
				     "Övriga närvarande",
				     "Utses att justera",
				     "Justerare",
				     "Justeringens plats och tid",
				     "Justeringens tid och plats",
				     "Plats och tid för justering",
				     "Tid och plats för justering",
				     "Underskrifter",
				     "Paragrafer",
				     "Justerade paragrafer",
				     "ANSLAG/BEVIS",
				     "Anslag/Bevis",
				     "Bevis/Anslag",
				     "ANSLAGSBEVIS",
				     "BEVIS OM ANSLAG",
				     "BEVIS",
				     "Organ",
				     "Organ och sammanträdesdatum",
				     "Forum",
				     "Nämnd/styrelse",
				     "Instans",
				     "Beslutsinstans",
				     "Sammanträdesdatum",
				     "Sammanträdesdag",
				     "Datum för anslags uppsättande",
				     "Datum för anslags nedtagande",
				     "Datum för anslagets uppsättande",
				     "Datum då anslaget sätts upp",
				     "Datum då anslaget tas ned",
				     "Datum då anslaget tas ner",
				     "Datum när anslaget sätts upp",
				     "Datum när anslaget tas ner",
				     "Anslaget sätts upp",
				     "Anslaget tas ner",
				     "Anslaget sattes upp",
				     "Anslag uppsatt den",
				     "Förvaringsplats för protokollet",
				     "Innehållsförteckning"};

static const char *const labels[] = {"Beslut",
				     "Kommunfullmäktiges beslut",
				     "Kommunstyrelsens beslut",
				     "Nämndens beslut",
				     "Socialnämndens beslut",
				     "Arbetsutskottets beslut",
				     "Arbetsutskottets förslag",
				     "Arbetsutskottets förslag till beslut",
				     "Kommunstyrelsens förslag",
				     "Kommunstyrelsens förslag till kommunfullmäktige",
				     "Kommunstyrelsens förslag till beslut",
				     "Förvaltningens förslag till beslut",
				     "Förvaltningens förslag",
				     "Förslag till beslut",
				     "Förslag till beslut på sammanträdet",
				     "Ärendebeskrivning",
				     "Beskrivning av ärendet",
				     "Sammanfattning av ärendet",
				     "Sammanfattning",
				     "Ärendet",
				     "Bakgrund",
				     "Bedömning",
				     "Beslutsunderlag",
				     "Underlag för beslut",
				     "Yrkanden",
				     "Yrkande",
				     "Beslutsgång",
				     "Propositionsordning",
				     "Dagens sammanträde",
				     "Omröstning",
				     "Votering",
				     "Reservation",
				     "Reservationer",
				     "Särskilt yttrande",
				     "Protokollsanteckning",
				     "Beslutet skickas till",
				     "Beslutet expedieras till",
				     "Skickas till",
				     "Expedieras till"};

/* "Beslut godkänner …": the name of the board was printed on every page, and was taken out everywhere. */
static bool goes_on_small(const char *label, const char *next)
{
	static const char *const verbs[] = {"att ",         "beslutar ", "godkänner ", "lägger ",      "antar ",
					    "noterar ",     "föreslår ", "uppdrar ",   "ger ",         "avslår ",
					    "utser ",       "beviljar ", "ställer ",   "fastställer ", "överlämnar ",
					    "tillstyrker ", "bifaller "};
	if (strcmp(label, "Beslut") != 0)
		return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (rf_starts_with(next, verbs[i]))
			return true;
	return false;
}

/* Begins one of the words here? Its size; 0: none does. What follows begins with a capital, a digit or a dash. */
static size_t word_at(const char *at, size_t left, const char *const *words, size_t n)
{
	size_t longest = 0;
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(words[i]);
		if (size <= longest || left < size + 2 || memcmp(at, words[i], size) != 0)
			continue;
		size += strchr(":,", at[size]) != NULL;
		if (left < size + 2 || at[size] != ' ')
			continue;
		const char *next = at + size + 1;
		bool goes_on = (*next >= '0' && *next <= '9') || *next == '-' || referat_is_capital(next) ||
			       rf_starts_with(next, "§") || goes_on_small(words[i], next);
		longest = goes_on ? size : longest;
	}
	return longest;
}

#define WORD_AT(at, left, words) word_at(at, left, words, sizeof(words) / sizeof(*(words)))

/* "ARBETSUTSKOTTET BESLUTAR", "EXEMPELBY KOMMUN": words in capitals up to this one. Their size; 0: none are. */
static size_t capitals_at(const char *at, size_t left, const char *last)
{
	enum { MOST_WORDS = 5 };
	size_t size = 0;
	for (size_t words = 0; words < MOST_WORDS && size < left; words++) {
		size_t word = strcspn(at + size, " \n");
		for (size_t i = 0; i < word; i++)
			if (at[size + i] >= 'a' && at[size + i] <= 'z')
				return 0;
		bool found = words > 0 && word == strlen(last) && memcmp(at + size, last, word) == 0;
		if (word == 0 || !referat_is_capital(at + size))
			return 0;
		size += word;
		if (found)
			return size <= left ? size : 0;
		size += at[size] == ' ';
	}
	return 0;
}

/* ---- copying ---------------------------------------------------------------------------------------------------- */

struct copy {
	char *text;
	size_t n;
};

static void add(struct copy *copy, const char *text, size_t size)
{
	memcpy(copy->text + copy->n, text, size);
	copy->n += size;
}

static bool at_line_start(const struct copy *copy)
{
	static const char ends[] = {'\n', '\f', RF_SOFT_BREAK, RF_ITEM_BREAK, '\0'};
	return copy->n == 0 || strchr(ends, copy->text[copy->n - 1]);
}

static void add_break(struct copy *copy)
{
	while (copy->n > 0 && copy->text[copy->n - 1] == ' ')
		copy->n--;
	if (!at_line_start(copy))
		copy->text[copy->n++] = RF_SOFT_BREAK;
}

static void add_item_break(struct copy *copy)
{
	add_break(copy);
	copy->n -= copy->n > 0 && copy->text[copy->n - 1] == RF_SOFT_BREAK;
	copy->text[copy->n++] = RF_ITEM_BREAK;
}

static void copy_cover(struct copy *copy, const char *text, size_t size)
{
	size_t label = 0; /* where the last one ended: a label right behind it is one of a column of labels */
	for (size_t i = 0; i < size; i++) {
		bool begins = i > 0 && text[i - 1] == ' ';
		size_t word = begins || i == 0 ? WORD_AT(text + i, size - i, fields) : 0;
		size_t name = begins && !word ? capitals_at(text + i, size - i, "KOMMUN") : 0;
		if ((word && i != label) || name)
			add_break(copy);
		label = word ? i + word + 1 : label;
		add(copy, text + i, 1);
	}
}

/* Copies a part that holds no beginning of an item but at its front. */
static void copy_text(struct copy *copy, const char *text, size_t size, bool item)
{
	struct item_number number;
	size_t front = 0;
	if (item)
		front = rf_starts_with(text, "§") ? rf_number_at(text, &number) : rf_number_bare(text, &number);
	front += strspn(text + front, " ");
	size_t heading = item && front < size ? front + rf_transcript_heading_end(text + front, size - front) : 0;
	size_t label = 0; /* bytes of a label that are still to be copied */
	for (size_t i = 0; i < size; i++) {
		bool begins = (i == 0 || text[i - 1] == ' ') && label == 0;
		size_t word = begins ? WORD_AT(text + i, size - i, labels) : 0;
		size_t opening = begins && !word ? capitals_at(text + i, size - i, "BESLUTAR") : 0;
		if (word || opening || (i == heading && i > front))
			add_break(copy);
		heading = word && i < heading ? 0 : heading; /* it ended before */
		if (word || opening)
			label = (word ? word : opening) + 1;
		add(copy, text + i, 1);
		if (label && --label == 0)
			add_break(copy);
	}
}

/* Where the name of a body ends in a title; 0: it has none. */
static size_t body_end(const char *text, size_t size)
{
	enum { MOST_WORD = 48 };
	for (size_t at = 0; at < size; at++) {
		size_t word = strcspn(text + at, " .,\"\n");
		char lower[MOST_WORD];
		for (size_t k = 0; k < word && k < MOST_WORD; k++)
			lower[k] =
			    (char)(text[at + k] >= 'A' && text[at + k] <= 'Z' ? text[at + k] | 0x20 : text[at + k]);
		bool whole = word > 2 && (lower[word - 1] == 'n' || lower[word - 1] == 'e' || lower[word - 1] == 't');
		if (whole && word <= MOST_WORD && at + word < size && rf_is_body(lower, word))
			return at + word; /* "nämnden"; a name goes on behind "nämnd" */
		at += word;
	}
	return 0;
}

/* "PROTOKOLL Landstingsfullmäktige", "FÖREDRAGNINGSLISTA", before anything else. Its size; 0: there is none. */
static size_t title_at(const char *text, size_t size)
{
	static const char *const kinds[] = {"PROTOKOLL ",
					    "SAMMANTRÄDESPROTOKOLL ",
					    "Sammanträdesprotokoll ",
					    "Protokoll ",
					    "KALLELSE ",
					    "FÖREDRAGNINGSLISTA ",
					    "Kallelse ",
					    "Ärendelista "};
	enum { MOST_TITLE = 60 };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t kind = strlen(kinds[i]);
		if (size <= kind || memcmp(text, kinds[i], kind) != 0)
			continue;
		size_t within = size - kind < MOST_TITLE ? size - kind : MOST_TITLE;
		size_t body = body_end(text + kind, within);
		if (body)
			return kind + body + 1;
		return kind;
	}
	return 0;
}

/* Where the item that begins next in the page does so; the page's end: none does. */
static const char *next_item(const char **items, const char *from, const char *end)
{
	return *items && *items >= from && *items < end ? *items : end;
}

static void copy_page(struct copy *copy, const struct transcript *transcript, const struct transcript_page *page,
		      const char ***items)
{
	const char *at = page->text;
	const char *end = page->text + page->size;
	bool listed = next_item(*items, at, end) < end;
	bool first = page == transcript->pages;
	const char *text = page->cover ? end : first ? next_item(*items, at, end) : at;
	if (page->contents && !listed && !first)
		return;
	size_t title = first ? title_at(at, (size_t)(text - at)) : 0;
	add(copy, at, title);
	add_break(copy);
	copy_cover(copy, at + title, (size_t)(text - at) - title);
	for (at = text; at < end;) {
		bool item = **items == at;
		*items += item;
		const char *next = next_item(*items, at + 1, end);
		if (item)
			add_item_break(copy);
		else
			add_break(copy);
		copy_text(copy, at, (size_t)(next - at), item);
		at = next;
	}
}

/* What is printed on the page, when the page before did not have it. */
static void copy_head(struct copy *copy, const struct transcript_page *page, const struct transcript_page *before)
{
	bool again =
	    before && before->head_size == page->head_size && memcmp(before->head, page->head, page->head_size) == 0;
	if (page->head_size == 0 || again)
		return;
	add(copy, page->head, page->head_size);
	add_break(copy);
}

/* A line of a text whose pages end with "(3)". */
static void copy_line(struct copy *copy, const char *line, size_t size)
{
	size_t digits = size > 2 && line[0] == '(' ? strspn(line + 1, "0123456789") : 0;
	if (digits > 0 && digits + 2 == size && line[size - 1] == ')')
		return;
	copy_text(copy, line, size, false);
}

/* 'Download "Socialnämnden 2016-05-18"': the site's own title, which may be all that tells the day. */
static size_t title_of_site(const char *line, size_t size)
{
	static const char *const starts[] = {"Download \"", "Share \""};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		size_t skip = strlen(starts[i]);
		if (size > skip + 1 && memcmp(line, starts[i], skip) == 0 && line[size - 1] == '"')
			return skip;
	}
	return 0;
}

/* What stands above the text is the site's; of that only the title is kept: the named one, or else the first line. */
static void copy_above(struct copy *copy, const char *text, const char *at, const char *from)
{
	bool named = false;
	for (const char *line = text; line < from && !named; line += strcspn(line, "\n") + 1)
		named = title_of_site(line, strcspn(line, "\n")) > 0;
	size_t size = strcspn(at, "\n");
	size_t skip = title_of_site(at, size);
	if (named ? !skip : at != text)
		return;
	const char *title = at + skip;
	size -= skip + (skip > 0);
	size_t body = body_end(title, size);
	copy_cover(copy, title, body);
	add_break(copy);
	copy_cover(copy, title + body, size - body);
}

const char *rf_transcript_break(struct referat_call *call, const char *text)
{
	struct transcript transcript;
	if (!rf_transcript_pages(call, text, &transcript))
		return text;
	const char **items = rf_transcript_items(&transcript);
	struct copy copy = {.text = referat_alloc(call, 3 * strlen(text) + 4)};
	size_t page = 0;
	for (const char *at = text; *at;) {
		size_t size = strcspn(at, "\n");
		if (at < transcript.from) {
			copy_above(&copy, text, at, transcript.from);
		} else if (!transcript.whole) {
			copy_line(&copy, at, size);
		} else if (size > 0 && page < transcript.n) {
			const struct transcript_page *own = &transcript.pages[page];
			copy_head(&copy, own, page > 0 ? own - 1 : NULL);
			copy_page(&copy, &transcript, own, &items);
			page++;
		}
		at += size;
		while (copy.n > 0 && strchr(" \v", copy.text[copy.n - 1]))
			copy.n--;
		if (*at)
			add(&copy, at++, 1);
	}
	add(&copy, "", 1);
	return copy.text;
}
