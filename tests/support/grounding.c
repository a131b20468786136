#include "tests/support/grounding.h"

#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <ctype.h>
#include <referat/swedish.h>
#include <stdlib.h>
#include <string.h>

/* What is looked up: the source on one line, with words that were parted at a line's end joined, and the day as it is
 * told. The caller frees. */
static char *prepare(const char *source, const Referat__Document *document)
{
	const char *date = document->meeting && document->meeting->day && document->meeting->day->date
			       ? document->meeting->day->date
			       : "";
	long day = strlen(date) == 10 ? strtol(date + 8, NULL, 10) : 0;
	char *text = rf_format("%s %ld %.4s %s", source, day, date, document->board ? document->board->name : "");
	size_t n = 0;
	for (const char *c = text; *c; c++) {
		bool parted = c[0] == '-' && c[1] == '\n';
		if (parted) {
			c++;
			while (isspace((unsigned char)c[1]))
				c++;
			continue;
		}
		if (!isspace((unsigned char)*c))
			text[n++] = *c;
		else if (n > 0 && text[n - 1] != ' ')
			text[n++] = ' ';
	}
	text[n] = '\0';
	return text;
}

static bool has_number(const char *source, const char *number, size_t size)
{
	for (const char *at = strstr(source, number); at; at = strstr(at + 1, number))
		if ((at == source || !isdigit((unsigned char)at[-1])) && !isdigit((unsigned char)at[size]))
			return true;
	return false;
}

/* Or in capitals: "HASTIGHETEN PÅ STORGATAN". */
static bool has_name(const char *source, const char *name)
{
	if (strstr(source, name))
		return true;
	rf_autofree char *capitals = rf_strdup(name);
	for (char *c = capitals; *c; c++) { /* "å", "ä" and "ö" differ from their capitals in one bit */
		bool latin = c > capitals && (unsigned char)c[-1] == 0xC3 && (unsigned char)*c >= 0xA0;
		*c = latin ? (char)((unsigned char)*c - 0x20) : (char)toupper((unsigned char)*c);
	}
	return strstr(source, capitals) != NULL;
}

static void add_sentence(struct grounding *grounding, const char *source, const char *text, const char *name)
{
	struct referat_range range = {0};
	bool first = true;
	grounding->sentences++;
	while (text && referat_word_find(text, range.end, &range)) {
		rf_autofree char *word = rf_strndup(text + range.start, range.end - range.start);
		bool number = isdigit((unsigned char)word[0]);
		bool looked_up = number || (!first && referat_is_capital(word));
		first = false;
		if (!looked_up || (number ? has_number(source, word, strlen(word)) : has_name(source, word)))
			continue;
		if (grounding->differences)
			fprintf(grounding->differences, "%s: \"%s\" does not stand in the minutes: %s\n", name, word,
				text);
		return;
	}
	grounding->grounded++;
}

static void add_all(struct grounding *grounding, const char *source, const Referat__Summary *summary, const char *name)
{
	if (summary->title)
		add_sentence(grounding, source, summary->title, name);
	for (size_t i = 0; i < summary->n_lead; i++)
		add_sentence(grounding, source, summary->lead[i]->text, name);
	for (size_t i = 0; i < summary->n_items; i++) {
		const Referat__SummaryItem *item = summary->items[i];
		if (item->heading)
			add_sentence(grounding, source, item->heading, name);
		for (size_t k = 0; k < item->n_sentences; k++)
			add_sentence(grounding, source, item->sentences[k]->text, name);
		for (size_t k = 0; k < item->n_background; k++)
			add_sentence(grounding, source, item->background[k]->text, name);
	}
}

void grounding_add(struct grounding *grounding, struct test_plugin *summariser, const Referat__Document *document,
		   const char *source, const char *name)
{
	if (document->kind != REFERAT__KIND__MINUTES)
		return;
	struct referat_bytes packed = test_pack(&document->base);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(summariser, "document", "referat.document/1", packed, &result);
	Referat__Summary *summary = test_unpack(&referat__summary__descriptor, test_output(call, "summary"));
	const char *reason = result == REFERAT_HOLD ? rf_call_reason(call) : "";
	grounding->documents++;
	grounding->held += strstr(reason, "inte finns i protokollet") != NULL;
	if (grounding->differences && strstr(reason, "inte finns i protokollet"))
		fprintf(grounding->differences, "%s: held: %s\n", name, reason);
	rf_autofree char *prepared = prepare(source, document);
	if (summary)
		add_all(grounding, prepared, summary, name);
	if (summary)
		rf_unpack_free(&summary->base);
	rf_call_free(call);
	free((void *)packed.data);
}
