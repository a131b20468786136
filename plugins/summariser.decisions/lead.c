/* The title and the lead of the summary, in the municipality's pattern. */
#include "summary.h"

#include <referat/words.h>

#include <string.h>

enum { LEAD_MATTERS = 3 };

/* ---- headings in a sentence ------------------------------------------------------------------------------------- */

/* Words that begin headings and are no names. */
static bool is_common_word(const char *word)
{
	static const char *const ends[] = {
	    "ning",     "ing",         "tion",      "else",      "rapport",     "avtal",    "plan",         "budget",
	    "bidrag",   "isk",         "iskt",      "tider",     "sats",        "avgifter", "avgift",       "linjer",
	    "linje",    "policy",      "program",   "regler",    "reglemente",  "köp",      "yttrande",     "begäran",
	    "ansökan",  "antagande",   "remiss",    "ärende",    "redovisning", "taxa",     "taxor",        "motion",
	    "förslag",  "redogörelse", "besked",    "strategi",  "granskning",  "val",      "försäljning",  "beslut",
	    "underlag", "ande",        "erad",      "erat",      "erade",       "lista",    "rapportering", "hälsans",
	    "skolans",  "vårdens",     "omsorgens", "förslaget", "lokaler",     "onal",     "onell"};
	static const char *const words[] = {"ny",
					    "nytt",
					    "nya",
					    "svar",
					    "införande",
					    "uppdrag",
					    "frågan",
					    "fråga",
					    "ändrad",
					    "ändrade",
					    "ändrat",
					    "utökad",
					    "utökat",
					    "utökade",
					    "förlängd",
					    "höjd",
					    "sänkt",
					    "lägre",
					    "högre",
					    "fler",
					    "inköp",
					    "bygglov",
					    "avgiftsfri",
					    "stöd",
					    "plan",
					    "fria",
					    "gratis",
					    "lokal",
					    "lokala",
					    "gemensam",
					    "gemensamma",
					    "bättre",
					    "internkontroll",
					    "delårsbokslut",
					    "årsbokslut",
					    "bokslut",
					    "hastighet",
					    "arvoden",
					    "arvode",
					    "förfrågan",
					    "elevpeng",
					    "tilläggsanslag",
					    "anslag",
					    "tillsynsärende",
					    "ärende",
					    "samverkan",
					    "uppdrag",
					    "skolskjuts",
					    "matavgift",
					    "medfinansiering",
					    "ersättning",
					    "förbud",
					    "dispens",
					    "strandskyddsdispens",
					    "förhandsbesked",
					    "rivningslov",
					    "marklov",
					    "planbesked",
					    "grundbelopp",
					    "ekonomisk",
					    "ekonomiskt"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	size_t size = strlen(word);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && strcmp(word + size - end, ends[i]) == 0)
			return true;
	}
	return false;
}

static bool is_written_in(const Referat__Item *item, const char *word)
{
	bool found = item->heading && strstr(item->heading, word);
	for (size_t i = 0; i < item->n_blocks && !found; i++)
		found = item->blocks[i]->text && strstr(item->blocks[i]->text, word);
	return found;
}

/* A heading in the middle of a sentence: its first word is small when it is no name, or the minutes write it so. */
static const char *inside_sentence(const struct writing *writing, const Referat__SummaryItem *item)
{
	const Referat__Document *document = writing->document;
	char *heading = (char *)referat_copy(writing->call, item->heading, strlen(item->heading));
	const char *lower = referat_lower(writing->call, heading);
	size_t word = strcspn(lower, " :,");
	const char *first = referat_copy(writing->call, lower, word);
	bool common = is_common_word(first) || (word > 0 && first[word - 1] == '-');
	for (size_t i = 0; i < document->n_items && !common; i++)
		common = is_written_in(document->items[i], first);
	if (common)
		memcpy(heading, lower, word);
	return heading;
}

/* ---- which matters ---------------------------------------------------------------------------------------------- */

/* What residents ask about: money, places, schools and care, and what was disputed; less who was elected to what. */
static int interest_of(const struct writing *writing, const Referat__SummaryItem *item)
{
	static const char *const words[] = {"skol",   "förskol",    "äldre",  "bost",      "avgift", "taxa",
					    "budget", "detaljplan", "trafik", "buss",      "cykel",  "gata",
					    "park",   "bad",        "idrott", "bibliotek", "motion", "miljö",
					    "skatt",  "vård",       "omsorg", "bidrag"};
	static const char *const money[] = {"kronor", " kr", "miljon"};
	static const char *const people[] = {"val av", "avsägelse", "entledig", "arvode"};
	enum { RATHER_LONG = 60, LONG = 90 }; /* bytes */
	const Referat__Item *from = writing->document->items[item->item];
	const char *heading = referat_lower(writing->call, item->heading);
	int interest = from->n_votes > 0 ? 2 : 0;
	interest += from->n_remarks > 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		interest += strstr(heading, words[i]) != NULL;
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
		interest -= strstr(heading, people[i]) ? 3 : 0;
	for (size_t i = 0; i < sizeof(money) / sizeof(*money) && item->n_sentences > 0; i++)
		interest += strstr(item->sentences[0]->text, money[i]) != NULL;
	interest -= strlen(heading) > RATHER_LONG; /* which makes the lead hard to read */
	return strlen(heading) > LONG ? interest - 3 : interest;
}

/* Of those that are not taken, the one of most interest, the earlier of equals; n_items: none is left. */
static size_t next_matter(const struct writing *writing, const bool *taken)
{
	const Referat__Summary *summary = writing->summary;
	size_t best = summary->n_items;
	int most = 0;
	for (size_t i = 0; i < summary->n_items; i++) {
		if (taken[i] || !summary->items[i]->has_item)
			continue;
		int interest = interest_of(writing, summary->items[i]);
		if (best == summary->n_items || interest > most) {
			best = i;
			most = interest;
		}
	}
	return best;
}

/* The matters that the lead names, in the order of the minutes. Returns how many. */
static size_t choose_matters(const struct writing *writing, const Referat__SummaryItem *chosen[LEAD_MATTERS])
{
	const Referat__Summary *summary = writing->summary;
	bool *taken = referat_alloc(writing->call, (summary->n_items + 1) * sizeof(*taken));
	for (size_t i = 0; i < LEAD_MATTERS; i++)
		taken[next_matter(writing, taken)] = true; /* one more than there are stands for none */
	size_t n = 0;
	for (size_t i = 0; i < summary->n_items; i++)
		if (taken[i])
			chosen[n++] = summary->items[i];
	return n;
}

/* ---- the lead --------------------------------------------------------------------------------------------------- */

static const char *list_matters(const struct writing *writing, const Referat__SummaryItem *const *chosen, size_t n)
{
	const char *list = chosen[0]->heading;
	for (size_t i = 1; i < n; i++) {
		const char *matter = inside_sentence(writing, chosen[i]);
		list = i + 1 < n
			   ? referat_format(writing->call, "%s, %s", list, matter)
			   : referat_say(writing->call, "summariser.decisions.and", "one", list, "other", matter, NULL);
	}
	return list;
}

/* "Kommunstyrelsen" and "Barn- och skolnämnden" are small inside a sentence, "Lillviks Bostäder AB" is not. */
static const char *board_inside(struct referat_call *call, const char *board)
{
	static const char *const common[] = {"nämnd", "styrelse", "fullmäktige", "utskott",    "direktion", "beredning",
					     "råd",   "-",        "tekniska",    "gemensamma", "sociala"};
	char *name = (char *)referat_copy(call, board, strlen(board));
	const char *lower = referat_lower(call, board);
	size_t size = strcspn(lower, " ");
	const char *first = referat_copy(call, lower, size);
	bool small = strncmp(lower + size, " och ", 5) == 0;
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		small = small || strstr(first, common[i]);
	if (small)
		memcpy(name, lower, size);
	return name;
}

void lead_write(struct writing *writing)
{
	struct referat_call *call = writing->call;
	const Referat__Document *document = writing->document;
	const char *board = document->board && document->board->name ? document->board->name : writing->subject;
	const char *date = document->meeting && document->meeting->day ? document->meeting->day->date : "";
	const char *day = referat_day(call, date, referat_say(call, "day.full", NULL));
	const Referat__SummaryItem *chosen[LEAD_MATTERS] = {NULL};
	size_t n = choose_matters(writing, chosen);
	if (n == 0)
		return;
	const char *name = board_inside(call, board);
	const char *key = document->n_items == 1 ? "summariser.decisions.lead-only"
			  : n == 1               ? "summariser.decisions.lead-one"
						 : "summariser.decisions.lead";
	const char *text = referat_say(call, key, "matters", list_matters(writing, chosen, n), "board", name, "day",
				       *day ? referat_format(call, " %s", day) : "", NULL);
	writing->summary->lead = referat_alloc(call, sizeof(Referat__Sentence *));
	writing->summary->lead[writing->summary->n_lead++] = new_sentence(call, text, NULL);
}

/* ---- the title -------------------------------------------------------------------------------------------------- */

/* Minutes of a meeting may come in several files: which paragraphs are there says that there may be more. "1-19_21-40"
 * is ", §§ 1–19, 21–40". */
static const char *paragraphs_words(struct referat_call *call)
{
	const char *ranges = referat_get(call, "paragraphs");
	const char *words = "";
	for (const char *at = ranges; *at;) {
		size_t size = strcspn(at, "_"), first = strcspn(at, "-_");
		const char *range = referat_copy(call, at, first);
		if (first < size)
			range =
			    referat_format(call, "%s–%s", range, referat_copy(call, at + first + 1, size - first - 1));
		words = referat_format(call, "%s%s%s", words, words[0] ? ", " : "", range);
		at += size + (at[size] == '_');
	}
	if (!words[0])
		return "";
	return referat_say(call, strpbrk(ranges, "-_") ? "view.paragraphs" : "view.paragraph", "numbers", words, NULL);
}

void title_write(const struct writing *writing)
{
	struct referat_call *call = writing->call;
	const Referat__Document *document = writing->document;
	const char *board = document->board && document->board->name ? document->board->name
								     : referat_say(call, "view.board-unknown", NULL);
	const char *date = document->meeting && document->meeting->day ? document->meeting->day->date : "";
	const char *day = referat_day(call, date, referat_say(call, "day.date", NULL));
	const char *title = *day ? referat_say(call, "view.untitled-day", "board", board, "day", day, NULL)
				 : referat_say(call, "view.untitled", "board", board, NULL);
	writing->summary->title = (char *)referat_format(call, "%s%s", title, paragraphs_words(call));
}
