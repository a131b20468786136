/* check.readability: how hard the text is to read, said once for the document, with the longest sentence. It never
 * holds one: a formula knows no meaning.
 *
 * LIX = words / sentences + 100 * words of more than six letters / words. The text is lead and items: paragraphs, lists
 * and quotes, without headings, tables and the lines that belong to the page. */
#include "verbs.h"

#include <referat/message.h>
#include <referat/passages.h>
#include <referat/swedish.h>

#include <stdlib.h>
#include <string.h>

enum {
	LONG_WORD = 6,    /* letters; a word of more is long */
	LEAST_WORDS = 50, /* fewer say nothing about a text */
	SUPINE_REACH = 4, /* words between "har" and its supine */
};

struct check {
	struct referat_call *call;
	uint64_t words, long_words, sentences, passive_sentences;
	/* the longest sentence */
	uint64_t most_words;
	struct referat_passage worst;
	struct referat_range worst_range;
};

/* ---- counting --------------------------------------------------------------------------------------------------- */

/* The sentence that is being read. */
struct sentence {
	uint64_t words;
	uint64_t since_have; /* words; 0: there was none */
	bool passive;
};

static bool is_long(const char *word, size_t size)
{
	size_t letters = 0;
	for (size_t i = 0; i < size && letters <= LONG_WORD; i++) {
		unsigned char byte = (unsigned char)word[i];
		letters += (byte >= 'a' && byte <= 'z') || byte >= 0xC0; /* first bytes of letters beyond ASCII */
	}
	return letters > LONG_WORD;
}

static void count_word(struct check *check, struct sentence *sentence, const char *text, const char *lower,
		       struct referat_range word)
{
	size_t size = word.end - word.start;
	const char *letters = lower + word.start;
	bool name = sentence->words > 0 && text[word.start] != lower[word.start];
	bool after_have = sentence->since_have > 0 && sentence->since_have <= SUPINE_REACH;
	check->words++;
	check->long_words += is_long(letters, size);
	sentence->words++;
	sentence->passive = sentence->passive || (!name && verb_is_passive(letters, size, after_have));
	if (verb_is_have(letters, size))
		sentence->since_have = 1;
	else if (sentence->since_have > 0)
		sentence->since_have++;
}

static void end_sentence(struct check *check, const struct sentence *sentence, const struct referat_passage *passage,
			 struct referat_range range)
{
	if (sentence->words == 0)
		return;
	check->sentences++;
	check->passive_sentences += sentence->passive;
	if (sentence->words > check->most_words) {
		check->most_words = sentence->words;
		check->worst = *passage;
		check->worst_range = range;
	}
}

static bool is_running_text(const struct referat_passage *passage)
{
	if (passage->area != REFERAT_AREA_LEAD && passage->area != REFERAT_AREA_ITEM)
		return false;
	switch (passage->block->kind) {
	case REFERAT__BLOCK_KIND__SUBHEADING:
	case REFERAT__BLOCK_KIND__TABLE_ROW:
	case REFERAT__BLOCK_KIND__LINK_LINE:
		return false;
	default:
		return true;
	}
}

static bool count_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	if (!is_running_text(passage))
		return true;
	const char *lower = referat_lower(check->call, passage->text);
	const struct referat_range *sentences;
	size_t n = referat_sentences(check->call, passage->text, &sentences);
	struct sentence sentence = {0};
	struct referat_range word = {0};
	size_t k = 0;
	while (k < n && referat_word_find(lower, word.end, &word)) {
		for (; k < n && word.start >= sentences[k].end; k++) {
			end_sentence(check, &sentence, passage, sentences[k]);
			sentence = (struct sentence){0};
		}
		count_word(check, &sentence, passage->text, lower, word);
	}
	if (k < n)
		end_sentence(check, &sentence, passage, sentences[k]);
	return true;
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

struct figures {
	uint64_t lix, average, long_share, passive_share; /* rounded; shares in percent */
};

/* Rounded to the nearest. */
static uint64_t ratio(uint64_t part, uint64_t whole)
{
	return whole ? (part + whole / 2) / whole : 0;
}

static struct figures figures_of(const struct check *check)
{
	double average = (double)check->words / (double)check->sentences;
	double long_share = 100.0 * (double)check->long_words / (double)check->words;
	return (struct figures){
	    .lix = (uint64_t)(average + long_share + 0.5),
	    .average = ratio(check->words, check->sentences),
	    .long_share = ratio(100 * check->long_words, check->words),
	    .passive_share = ratio(100 * check->passive_sentences, check->sentences),
	};
}

static const char *number(struct check *check, uint64_t value)
{
	return referat_format(check->call, "%llu", (unsigned long long)value);
}

/* A piece of advice with a space before it, "" when it is not called for. */
static const char *advice(struct check *check, bool called_for, const char *name)
{
	if (!called_for)
		return "";
	const char *key = referat_format(check->call, "check.readability.%s", name);
	return referat_format(check->call, " %s", referat_say(check->call, key, NULL));
}

static void tell(struct check *check)
{
	struct referat_call *call = check->call;
	struct figures figures = figures_of(check);
	uint64_t most_lix = (uint64_t)referat_option_number(call, "warn_above");
	uint64_t most_passive = (uint64_t)referat_option_number(call, "passive_above");
	uint64_t most_words = (uint64_t)referat_option_number(call, "sentence_above");
	bool enough = check->words >= LEAST_WORDS;
	bool hard = enough && figures.lix > most_lix;
	bool passive = enough && figures.passive_share > most_passive;
	bool lengthy = check->most_words > most_words;
	if (!hard && !passive && !lengthy)
		return;
	const char *text =
	    referat_say(call, "check.readability.figures", "lix", number(check, figures.lix), "average",
			number(check, figures.average), "long", number(check, figures.long_share), "passive",
			number(check, figures.passive_share), "where", referat_where(call, &check->worst), "words",
			number(check, check->most_words), NULL);
	text = referat_format(call, "%s%s%s%s", text, advice(check, hard, "hard"), advice(check, lengthy, "lengthy"),
			      advice(check, passive, "passive"));
	referat_finding(call, "readability", hard || passive ? REFERAT_WARNING : REFERAT_NOTE,
			referat_place_in(&check->worst, check->worst_range.start, check->worst_range.end), text);
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	struct check check = {.call = call};
	referat_passages(document, count_passage, &check);
	if (check.words > 0)
		tell(&check);
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"warn_above", REFERAT_INTEGER, .fallback = "60", .min = 1, .max = 200,
     .help = "readability index (LIX) above which a text is too hard; 50 to 60 is official prose"},
    {"sentence_above", REFERAT_INTEGER, .fallback = "25", .min = 1, .max = 1000,
     .help = "words above which the longest sentence is too long"},
    {"passive_above", REFERAT_INTEGER, .fallback = "50", .min = 0, .max = 100,
     .help = "percent of sentences with a passive verb above which there are too many"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.readability",
    .version = REFERAT_VERSION,
    .summary = "says once when a text is hard to read, with the figures and the longest sentence",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .run = run,
};
