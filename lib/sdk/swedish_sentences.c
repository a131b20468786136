/* Sentences: ICU finds the boundaries, and those that only follow an abbreviation, an initial or an ordinal are taken
 * back, because ICU has no list of exceptions for Swedish. */
#include <referat/swedish.h>

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

/* Abbreviations that never end a sentence, sorted. "m.m." and "m.fl." are not here: before a capital they do. */
static const char *const abbreviations[] = {
    "ang.",  "avs.",   "bil.",  "bl.a.",   "c:a",  "ca.",    "d.v.s.", "dnr.",  "dr.",    "dvs.", "ers.", "ev.",
    "exkl.", "f.d.",   "fig.",  "fr.o.m.", "g.m.", "i.o.m.", "inkl.",  "jfr.",  "kap.",   "kl.",  "mkr.", "nr.",
    "ordf.", "p.g.a.", "prof.", "resp.",   "s.k.", "sid.",   "st.",    "t.ex.", "t.o.m.", "tel.", "tf.",  "tjg.",
};

bool referat_is_capital(const char *text)
{
	unsigned char first = (unsigned char)text[0];
	return (first >= 'A' && first <= 'Z') ||
	       (first == 0xC3 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] <= 0x9E);
}

char *referat_lower(struct referat_call *call, const char *text)
{
	size_t size = strlen(text);
	char *lower = referat_alloc(call, size + 1);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)text[i];
		bool second = i > 0 && (uint8_t)text[i - 1] == 0xC3; /* of À … Þ */
		if (byte >= 'A' && byte <= 'Z')
			byte = (uint8_t)(byte + 32);
		else if (second && byte >= 0x80 && byte <= 0x9E && byte != 0x97)
			byte = (uint8_t)(byte + 32);
		lower[i] = (char)byte;
	}
	return lower;
}

/* One iterator for the process: opening one reads ICU's data, and calls come one at a time. */
static UBreakIterator *boundaries(void)
{
	static UBreakIterator *iterator;
	UErrorCode status = U_ZERO_ERROR;
	if (!iterator)
		iterator = ubrk_open(UBRK_SENTENCE, "sv", NULL, 0, &status);
	return U_SUCCESS(status) ? iterator : NULL;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static struct referat_range trim(const char *text, size_t start, size_t end)
{
	while (start < end && is_space(text[start]))
		start++;
	while (end > start && is_space(text[end - 1]))
		end--;
	return (struct referat_range){start, end};
}

static bool is_abbreviation(const char *word, size_t size)
{
	for (size_t i = 0; i < sizeof(abbreviations) / sizeof(*abbreviations); i++)
		if (strlen(abbreviations[i]) == size && memcmp(abbreviations[i], word, size) == 0)
			return true;
	return false;
}

/* Does the sentence that seems to end here go on? lower is the text in lower case. */
static bool goes_on(const char *lower, struct referat_range sentence)
{
	if (sentence.end == sentence.start || lower[sentence.end - 1] != '.')
		return false;
	size_t word = sentence.end;
	while (word > sentence.start && !is_space(lower[word - 1]) && lower[word - 1] != '(')
		word--;
	size_t size = sentence.end - word;
	if (is_abbreviation(lower + word, size))
		return true;
	if (size == 2 && lower[word] >= 'a' && lower[word] <= 'z')
		return true; /* an initial */
	bool ordinal = size <= 4 && word == sentence.start;
	for (size_t i = word; ordinal && i + 1 < sentence.end; i++)
		ordinal = lower[i] >= '0' && lower[i] <= '9';
	return ordinal;
}

/* Does the sentence only seem to end here, because a line does? It goes on when nothing closes it and no line is left
 * blank. */
static bool is_broken_off(const char *text, struct referat_range sentence, size_t end)
{
	size_t breaks = 0;
	for (size_t i = sentence.end; i < end; i++)
		breaks += text[i] == '\n';
	return breaks == 1 && sentence.end > sentence.start && !strchr(".:!?;,", text[sentence.end - 1]);
}

/* Walks the boundaries; with sentences NULL it only counts. */
static size_t split(UBreakIterator *iterator, const char *text, const char *lower, struct referat_range *sentences)
{
	size_t n = 0;
	size_t start = 0;
	ubrk_first(iterator);
	for (int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator)) {
		struct referat_range sentence = trim(text, start, (size_t)end);
		if ((goes_on(lower, sentence) || is_broken_off(text, sentence, (size_t)end)) && text[end] != '\0')
			continue;
		if (sentence.end > sentence.start) {
			if (sentences)
				sentences[n] = sentence;
			n++;
		}
		start = (size_t)end;
	}
	return n;
}

size_t referat_sentences(struct referat_call *call, const char *text, const struct referat_range **sentences)
{
	size_t size = strlen(text);
	struct referat_range whole = trim(text, 0, size);
	*sentences = NULL;
	if (whole.start == whole.end)
		return 0;
	UBreakIterator *iterator = boundaries();
	UErrorCode status = U_ZERO_ERROR;
	UText *view = utext_openUTF8(NULL, text, (int64_t)size, &status);
	if (iterator)
		ubrk_setUText(iterator, view, &status);
	if (!iterator || U_FAILURE(status)) { /* no data for ICU: the text is one sentence */
		utext_close(view);
		struct referat_range *one = referat_alloc(call, sizeof(*one));
		*one = whole;
		*sentences = one;
		return 1;
	}
	const char *lower = referat_lower(call, text);
	size_t n = split(iterator, text, lower, NULL);
	struct referat_range *found = referat_alloc(call, (n + 1) * sizeof(*found));
	split(iterator, text, lower, found);
	utext_close(view);
	*sentences = found;
	return n;
}
