/* check.officialese: words of the office that have a plain one. A finding for each, at its first place, with how often
 * it stands there and what to write instead. The list is words.txt, or the publisher's own. */
#include "words.h"

#include <referat/files.h>
#include <referat/message.h>
#include <referat/passages.h>
#include <referat/swedish.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_FINDINGS = 100 };

/* An entry of the list in the document. */
struct use {
	uint64_t times; /* 0: it does not stand there */
	struct referat_passage passage;
	struct referat_range range;
};

struct check {
	struct referat_call *call;
	const struct words *words;
	struct use *uses; /* of each entry */
	size_t *order;    /* the entries that were found, as they were found */
	size_t n_order;
};

/* ---- finding ---------------------------------------------------------------------------------------------------- */

static void note(struct check *check, const struct form *form, const struct referat_passage *passage,
		 struct referat_range range)
{
	struct use *use = &check->uses[form->entry];
	if (use->times++ > 0)
		return;
	use->passage = *passage;
	use->range = range;
	check->order[check->n_order++] = form->entry;
}

/* Words in a row, the first first. */
struct row {
	struct referat_range words[MOST_WORDS];
	size_t n;
};

/* The longest form that begins with the row; how many words it has, 0: there is none. */
static size_t find_form(const struct check *check, const char *lower, const struct row *row, const struct form **form)
{
	for (size_t n = row->n; n > 0; n--) {
		size_t size = row->words[n - 1].end - row->words[0].start;
		*form = size <= MOST_FORM ? words_find(check->words, lower + row->words[0].start, size) : NULL;
		if (*form)
			return n;
	}
	return 0;
}

static void drop(struct row *row, size_t n)
{
	row->n -= n;
	memmove(row->words, row->words + n, row->n * sizeof(*row->words));
}

static bool check_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	if (passage->area == REFERAT_AREA_NOTICE)
		return true;
	const char *lower = referat_lower(check->call, passage->text);
	struct row row = {0};
	struct referat_range word = {0};
	bool more = true;
	for (;;) {
		while (more && row.n < check->words->most_words && (more = referat_word_find(lower, word.end, &word)))
			row.words[row.n++] = word;
		if (row.n == 0)
			return true;
		const struct form *form;
		size_t n = find_form(check, lower, &row, &form);
		if (n > 0)
			note(check, form, passage, (struct referat_range){row.words[0].start, row.words[n - 1].end});
		drop(&row, n > 0 ? n : 1);
	}
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

static const char *say(struct check *check, const struct use *use, const char *instead)
{
	struct referat_call *call = check->call;
	const char *key = use->times == 1   ? "check.officialese.once"
			  : use->times == 2 ? "check.officialese.twice"
					    : "check.officialese.often";
	return referat_say(call, key, "where", referat_where(call, &use->passage), "word",
			   referat_copy(call, use->passage.text + use->range.start, use->range.end - use->range.start),
			   "more", referat_format(call, "%llu", (unsigned long long)use->times - 1), "instead", instead,
			   NULL);
}

static void tell(struct check *check)
{
	for (size_t i = 0; i < check->n_order && i < MOST_FINDINGS; i++) {
		const struct use *use = &check->uses[check->order[i]];
		referat_finding(check->call, "officialese", REFERAT_NOTE,
				referat_place_in(&use->passage, use->range.start, use->range.end),
				say(check, use, check->words->instead[check->order[i]]));
	}
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	const struct words *words = call->state;
	struct check check = {.call = call, .words = words};
	check.uses = referat_alloc(call, words->n_entries * sizeof(*check.uses));
	check.order = referat_alloc(call, words->n_entries * sizeof(*check.order));
	referat_passages(document, check_passage, &check);
	tell(&check);
	return REFERAT_OK;
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

static enum referat_result open_list(struct referat_call *call)
{
	const char *path = referat_option(call, "words");
	const char *name = *path ? path : "words.txt";
	struct referat_bytes list = *path ? referat_file_read(call, path, MOST_LIST) : referat_data_file(call, name);
	if (!list.data)
		return referat_because(call, REFERAT_FAIL, "%s is missing, larger than 256 KiB or can't be read", name);
	call->state = words_read(call, name, list);
	return call->state ? REFERAT_OK : REFERAT_FAIL;
}

static enum referat_result close_list(struct referat_call *call)
{
	words_free(call->state);
	call->state = NULL;
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {"words", REFERAT_PATH,
     .help = "the word list: lines \"word, another form = what to write instead\"; Referat's own when not given"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.officialese",
    .version = REFERAT_VERSION,
    .summary = "finds words of the office, and says what to write instead",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .options = options,
    .n_options = sizeof(options) / sizeof(*options),
    .open = open_list,
    .close = close_list,
    .run = run,
};
