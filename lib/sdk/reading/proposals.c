/* What a proposal proposes, without who does: "Förvaltningen bedömer att behovet finns kvar och föreslår att driften
 * upphandlas på nytt." proposes that "driften upphandlas på nytt". */
#include "decisions.h"

#include <string.h>

enum { ADDRESSED = 6 /* words that may stand between "föreslår" and "att": "därför nämnden besluta" */ };

/* The token behind which the proposal stands; sentence->n: it can't be told. */
static size_t find_that(const struct sentence *sentence)
{
	if (rf_token_is(&sentence->tokens[0], "att"))
		return 0;
	size_t verb = 0;
	while (verb < sentence->n &&
	       !rf_token_in(&sentence->tokens[verb], "föreslår föreslog föreslagit föreslås innebär är"))
		verb++;
	for (size_t i = verb + 1; i < sentence->n && i <= verb + 1 + ADDRESSED; i++) {
		if (rf_token_is(&sentence->tokens[i], "att"))
			return i;
		if (rf_token_in(&sentence->tokens[i], "inte ej kommunfullmäktige fullmäktige"))
			break; /* it is another thing that is decided */
	}
	return sentence->n;
}

/* Behind a comma the sentence turns to something else: "…, men det räcker inte." */
static bool turns(const struct sentence *sentence, size_t from)
{
	for (size_t i = from; i < sentence->n; i++) {
		const struct token *token = &sentence->tokens[i];
		if (token->start >= 2 && sentence->lower[token->start - 2] == ',' &&
		    rf_token_in(token, "men medan vilket eftersom då"))
			return true;
	}
	return false;
}

char *rf_proposal_clause(struct referat_call *call, const struct sentence *proposal, const char *text)
{
	size_t that = find_that(proposal), size = strlen(text);
	if (that + 1 >= proposal->n || turns(proposal, that))
		return NULL;
	size_t start = proposal->tokens[that + 1].start;
	if (size && text[size - 1] == '.')
		size--;
	else if (that > 0)
		return NULL; /* a list follows, or a question */
	return start < size ? rf_text_copy(call, text + start, size - start) : NULL;
}
