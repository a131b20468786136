/* How hard a text is to read: LIX, and the length of its sentences. */
#include "summary.h"

size_t count_words(const char *text)
{
	size_t n = 0;
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word))
		n++;
	return n;
}

void reading_add(struct referat_call *call, struct reading *reading, const char *text)
{
	enum { LONG_WORD = 6 };
	const struct referat_range *sentences;
	reading->sentences += referat_sentences(call, text, &sentences);
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word)) {
		size_t letters = 0;
		for (size_t i = word.start; i < word.end; i++)
			letters += ((unsigned char)text[i] & 0xC0) != 0x80;
		reading->words++;
		reading->long_words += letters > LONG_WORD;
	}
}

Referat__Readability *reading_result(struct referat_call *call, const struct reading *reading)
{
	if (reading->words == 0 || reading->sentences == 0)
		return NULL;
	Referat__Readability *result = referat_alloc(call, sizeof(*result));
	referat__readability__init(result);
	double average = (double)reading->words / (double)reading->sentences;
	result->has_lix = result->has_words_per_sentence = true;
	result->lix = (uint32_t)(average + 100.0 * (double)reading->long_words / (double)reading->words + 0.5);
	result->words_per_sentence = (uint32_t)(average + 0.5);
	return result;
}
