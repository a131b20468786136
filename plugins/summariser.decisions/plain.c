/* Sentences of minutes in plain words: what refers to paragraphs, cases and laws is taken out, and words that have a
 * plain one that fits in their place are replaced. */
#include "summary.h"

#include <referat/files.h>

#include <string.h>

enum { MOST_LIST = 64 * 1024, MOST_ENTRIES = 500 };

struct plain_word {
	const char *from; /* in lower case */
	const char *to;
};

struct plain_words {
	struct plain_word list[MOST_ENTRIES];
	size_t n;
};

static const char *trimmed(struct referat_call *call, const char *text, size_t size)
{
	while (size > 0 && *text == ' ') {
		text++;
		size--;
	}
	while (size > 0 && text[size - 1] == ' ')
		size--;
	return referat_copy(call, text, size);
}

const struct plain_words *plain_words_read(struct referat_call *call)
{
	const char *path = referat_option(call, "words");
	struct referat_bytes list =
	    *path ? referat_file_read(call, path, MOST_LIST) : referat_data_file(call, "plain.txt");
	if (!list.data) {
		referat_because(call, REFERAT_FAIL, "the list of plain words can't be read");
		return NULL;
	}
	struct plain_words *words = referat_alloc(call, sizeof(*words));
	for (const char *at = (const char *)list.data; *at && words->n < MOST_ENTRIES;) {
		size_t size = strcspn(at, "\n");
		const char *equals = memchr(at, '=', size);
		if (*at != '#' && equals) {
			struct plain_word *word = &words->list[words->n];
			word->from = referat_lower(call, trimmed(call, at, (size_t)(equals - at)));
			word->to = trimmed(call, equals + 1, (size_t)(at + size - equals - 1));
			words->n += *word->from && *word->to;
		}
		at += size + (at[size] == '\n');
	}
	return words;
}

/* ---- references -------------------------------------------------------------------------------------------------- */

static char *without(struct referat_call *call, const char *text, size_t from, size_t to)
{
	while (from > 0 && text[from - 1] == ' ')
		from--;
	return (char *)referat_format(call, "%.*s%s", (int)from, text, text + to);
}

static bool is_reference(const char *lower, size_t size)
{
	return memmem(lower, size, "§", strlen("§")) || memmem(lower, size, " kap", 4) || memmem(lower, size, "dnr", 3);
}

/* "(KS § 12)", "(dnr …)", ", § 27", "med stöd av 9 kap. 30 § plan- och bygglagen". */
static char *without_references(struct referat_call *call, char *text)
{
	static const char *const starts[] = {"med stöd av ", "enligt 1", "enligt 2", "enligt 3", "enligt 4",
					     "enligt 5",     "enligt 6", "enligt 7", "enligt 8", "enligt 9"};
	for (bool again = true; again;) {
		const char *lower = referat_lower(call, text);
		again = false;
		for (const char *open = strchr(lower, '('); open && !again; open = strchr(open + 1, '(')) {
			size_t size = strcspn(open, ")");
			if (!open[size] || !is_reference(open, size))
				continue;
			size_t from = (size_t)(open - lower);
			text = without(call, text, from, from + size + 1);
			again = true;
		}
		for (size_t i = 0; i < sizeof(starts) / sizeof(*starts) && !again; i++) {
			const char *at = strstr(lower, starts[i]);
			const char *law = at ? strstr(at, "lagen") : NULL;
			law = law ? law : at ? strstr(at, "balken") : NULL;
			size_t size = law ? (size_t)(law - at) + (law[0] == 'l' ? 5 : 6) : 0;
			if (!law || !is_reference(at, size) || size > 160)
				continue;
			size_t from = (size_t)(at - lower);
			text = without(call, text, from, from + size);
			again = true;
		}
	}
	return text;
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

static bool ends_word(char c)
{
	return c == '\0' || strchr(" ,.;:()!?", c);
}

static void add_replacement(struct referat_call *call, Referat__Summary *summary, unsigned item, const char *from,
			    const char *to)
{
	enum { MOST_REPLACEMENTS = 1000 };
	if (summary->n_replacements >= MOST_REPLACEMENTS)
		return;
	if (!summary->replacements)
		summary->replacements = referat_alloc(call, MOST_REPLACEMENTS * sizeof(Referat__Replacement *));
	Referat__Replacement *replacement = referat_alloc(call, sizeof(*replacement));
	referat__replacement__init(replacement);
	replacement->has_item = true;
	replacement->item = item;
	replacement->from = (char *)from;
	replacement->to = (char *)to;
	summary->replacements[summary->n_replacements++] = replacement;
}

char *plain_text(struct referat_call *call, const struct plain_words *words, const char *text, unsigned item,
		 Referat__Summary *summary)
{
	char *plain = without_references(call, (char *)referat_copy(call, text, strlen(text)));
	for (size_t i = 0; i < words->n; i++) {
		const struct plain_word *word = &words->list[i];
		size_t size = strlen(word->from);
		const char *lower = referat_lower(call, plain);
		for (const char *at = strstr(lower, word->from); at; at = strstr(at + 1, word->from)) {
			size_t start = (size_t)(at - lower);
			if ((start > 0 && lower[start - 1] != ' ') || !ends_word(lower[start + size]))
				continue;
			add_replacement(call, summary, item, word->from, word->to);
			plain =
			    (char *)referat_format(call, "%.*s%s%s", (int)start, plain, word->to, plain + start + size);
			break;
		}
	}
	return plain;
}
