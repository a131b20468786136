/* Who decides, and when: only the board whose meeting this is, and only what it decided at this meeting. */
#include "structure.h"

#include <string.h>

enum {
	BEFORE = 7, /* words between the board and its verb: "nämnden har nu efter samråd beslutat" */
	AFTER = 5,  /* "därför beslutade arbetsmarknads- och socialnämnden" */
};

static const char subordinators[] = "som att vilket vilken vilka när då eftersom sedan efter om innan";

/* The word of a board's name that says what it is: "nämnden" of "nämnden för kultur", "arbetsutskott" of
 * "kommunstyrelsens arbetsutskott". */
static struct token body_word(const char *board)
{
	struct token found = {.word = board, .size = strlen(board)};
	for (const char *at = board; *at;) {
		size_t size = strcspn(at, " ");
		if (rf_is_body(at, size))
			found = (struct token){.word = at, .size = size};
		at += size;
		at += strspn(at, " ");
	}
	return found;
}

/* Without the ending of the definite form: "arbetsutskottet" is "arbetsutskott". */
static size_t stem_size(const struct token *token)
{
	bool definite = token->size > 6 && (memcmp(token->word + token->size - 2, "et", 2) == 0 ||
					    memcmp(token->word + token->size - 2, "en", 2) == 0);
	size_t size = definite ? token->size - 2 : token->size;
	return size > 0 && token->word[size - 1] == 'e' && !definite ? size - 1 : size; /* "styrelse", "styrelsen" */
}

static bool is_same_body(const struct token *token, const struct token *other)
{
	size_t size = stem_size(token);
	return size == stem_size(other) && memcmp(token->word, other->word, size) == 0;
}

/* "nämnden" is every board that is called a nämnd, and so on; the full name is its own. */
bool rf_is_own_body(const struct meeting *meeting, const struct token *token)
{
	static const char *const kinds[] = {"nämnden", "styrelsen", "fullmäktige", "utskottet", "direktionen"};
	static const char *const stems[] = {"nämnd", "styrelse", "fullmäktige", "utskott", "direktion"};
	if (rf_token_in(token, "ledamöterna politikerna man"))
		return true;
	if (!rf_is_body(token->word, token->size) || rf_token_is(token, "länsstyrelsen"))
		return false;
	if (!meeting->board)
		return true;
	struct token own = body_word(meeting->board);
	if (!rf_is_body(own.word, own.size)) /* a company's */
		return rf_token_is(token, "styrelsen");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (rf_token_is(token, kinds[i]))
			return memmem(own.word, own.size, stems[i], strlen(stems[i])) != NULL;
	return is_same_body(token, &own);
}

static bool between_has(const struct token *tokens, size_t from, size_t to, const char *words)
{
	for (size_t i = from; i < to; i++)
		if (rf_token_in(&tokens[i], words))
			return true;
	return false;
}

/* Is another body, or an office, nearer to the verb than the board? */
static bool is_other(const struct meeting *meeting, const struct token *token)
{
	bool office = token->size > 13 && memcmp(token->word + token->size - 13, "förvaltningen", 13) == 0;
	return office || rf_token_in(token, "förvaltningen kontoret regeringen riksdagen kommunen") ||
	       (rf_is_body(token->word, token->size) && !rf_is_own_body(meeting, token));
}

bool rf_own_subject(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb)
{
	/* Before the verb: the same clause, or one that "och" carries on. */
	bool carried = verb > 0 && rf_token_in(&tokens[verb - 1], "och samt men");
	size_t reach = carried ? verb : BEFORE;
	for (size_t back = 1; back <= verb && back <= reach; back++) {
		size_t i = verb - back;
		if (is_other(meeting, &tokens[i]))
			return false;
		if (!carried && rf_token_in(&tokens[i], subordinators))
			break;
		if (!rf_is_own_body(meeting, &tokens[i]))
			continue;
		return i == 0 || !rf_token_in(&tokens[i - 1], "som när sedan eftersom innan efter av till för att");
	}
	if (verb > 0 && rf_token_in(&tokens[verb - 1], "som när sedan"))
		return false;
	for (size_t i = verb + 1; i < n && i <= verb + AFTER; i++) {
		if (rf_token_in(&tokens[i], "att om enligt för"))
			return false;
		if (is_other(meeting, &tokens[i]))
			return false;
		if (rf_is_own_body(meeting, &tokens[i]))
			return true;
	}
	return false;
}

/* "Rapporten godkändes.", "Motionen avslogs av nämnden." */
bool rf_own_passive(const struct meeting *meeting, const struct token *tokens, size_t n, size_t verb)
{
	size_t from = verb > 4 ? verb - 4 : 0;
	if (between_has(tokens, from, verb, "som när sedan efter vilket vilken vilka om innan"))
		return false;
	for (size_t i = verb + 1; i + 1 < n && i <= verb + 4; i++)
		if (rf_token_is(&tokens[i], "av"))
			return !is_other(meeting, &tokens[i + 1]) ||
			       (i + 2 < n && rf_is_own_body(meeting, &tokens[i + 2]));
	return true;
}

static bool is_number(const struct token *token)
{
	for (size_t i = 0; i < token->size; i++)
		if (token->word[i] < '0' || token->word[i] > '9')
			return false;
	return token->size > 0;
}

static bool is_year(const struct token *token)
{
	return token->size == 4 && is_number(token) && (token->word[0] == '1' || token->word[0] == '2');
}

/* Do the words [from, to) name a time that is not the meeting's? */
static bool other_time(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t from,
		       size_t to)
{
	struct referat_date date;
	size_t end = tokens[to - 1].start + tokens[to - 1].size;
	if (referat_date_find(lower, tokens[from].start, &date) && date.end <= end)
		return date.month != meeting->month || (date.day && meeting->day && date.day != meeting->day) ||
		       (date.year && meeting->year && date.year != meeting->year);
	for (size_t i = from; i < to; i++)
		if (is_year(&tokens[i]))
			return true;
	return false;
}

/* "I januari beslutade nämnden", "Den 31 mars 2022 antogs": a time before the verb, from the sentence's beginning. */
static bool begins_earlier(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t verb)
{
	enum { LONGEST = 9 };
	if (verb == 0 || verb > LONGEST)
		return false;
	if (!rf_token_in(&tokens[0], "i under den år vid på redan sedan för") && !is_year(&tokens[0]))
		return false;
	if (rf_token_is(&tokens[0], "för") && !between_has(tokens, 0, verb, "sedan"))
		return false;
	if (between_has(tokens, 0, verb, "höstas våras fjol somras vintras år sedan") &&
	    !between_has(tokens, 0, verb, "detta"))
		return true;
	return other_time(meeting, lower, tokens, 0, verb);
}

/* "beslutade nämnden i januari att …", "beslutade 2019 att …": a time right after the verb and its subject. */
static bool goes_on_earlier(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t n,
			    size_t verb)
{
	size_t at = verb + 1;
	while (at < n && at <= verb + AFTER &&
	       (rf_is_body(tokens[at].word, tokens[at].size) || rf_token_in(&tokens[at], "och av") ||
		tokens[at].word[tokens[at].size - 1] == '-'))
		at++;
	if (at >= n || !(rf_token_in(&tokens[at], "i under den år redan") || is_year(&tokens[at])))
		return false;
	if (at + 1 < n && rf_token_in(&tokens[at + 1], "höstas våras fjol somras vintras"))
		return true;
	size_t to = at;
	while (to < n && to < at + 5 && !rf_token_in(&tokens[to], "att om enligt"))
		to++;
	return other_time(meeting, lower, tokens, at, to);
}

bool rf_is_earlier(const struct meeting *meeting, const char *lower, const struct token *tokens, size_t n, size_t verb)
{
	size_t near = verb + 3 < n ? verb + 3 : n;
	if (between_has(tokens, 0, near, "nu idag"))
		return false;
	if (between_has(tokens, 0, verb, "tidigare redan hade förra föregående ifjol varje årligen brukar") ||
	    between_has(tokens, verb + 1, near, "tidigare redan förra ifjol då varje årligen"))
		return true;
	return begins_earlier(meeting, lower, tokens, verb) || goes_on_earlier(meeting, lower, tokens, n, verb);
}
