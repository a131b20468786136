/* Votes: how many said yes and no, who did, and what it meant. */
#include "details.h"

#include <string.h>

enum {
	MOST_VOTES = 2000,
	MOST_COUNT_WORDS = 4, /* of a line that only counts the ayes, or the noes */
};

static int number_of(const struct token *token)
{
	static const char *const words[] = {"noll",    "en",     "två",    "tre",     "fyra",  "fem",    "sex",
					    "sju",     "åtta",   "nio",    "tio",     "elva",  "tolv",   "tretton",
					    "fjorton", "femton", "sexton", "sjutton", "arton", "nitton", "tjugo"};
	if (token->size <= 4 && token->word[0] >= '0' && token->word[0] <= '9') {
		int value = 0;
		for (size_t i = 0; i < token->size; i++) {
			if (token->word[i] < '0' || token->word[i] > '9')
				return RF_NOT_COUNTED;
			value = value * 10 + (token->word[i] - '0');
		}
		return value <= MOST_VOTES ? value : RF_NOT_COUNTED;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (rf_token_is(token, words[i]))
			return (int)i;
	return rf_token_is(token, "ett") ? 1 : RF_NOT_COUNTED;
}

/* The number beside one of the words: "43 ja", "ja: 43", "9 ledamöter avstår". */
static int count_beside(const struct token *tokens, size_t n, const char *words, size_t reach)
{
	for (size_t i = 0; i < n; i++) {
		if (!rf_token_in(&tokens[i], words))
			continue;
		for (size_t back = 1; back <= reach && back <= i; back++) {
			if (number_of(&tokens[i - back]) != RF_NOT_COUNTED)
				return number_of(&tokens[i - back]);
			if (!rf_token_in(&tokens[i - back], "ledamöter ledamot röstar röstade röster som av"))
				break;
		}
		if (i + 1 < n && number_of(&tokens[i + 1]) != RF_NOT_COUNTED)
			return number_of(&tokens[i + 1]);
	}
	return RF_NOT_COUNTED;
}

/* "med 24 röster mot 17". */
static bool counts_against(const struct token *tokens, size_t n, int *yes, int *no)
{
	for (size_t i = 1; i + 2 < n; i++) {
		if (!rf_token_in(&tokens[i], "röster") || !rf_token_is(&tokens[i + 1], "mot"))
			continue;
		*yes = number_of(&tokens[i - 1]);
		*no = number_of(&tokens[i + 2]);
		return *yes != RF_NOT_COUNTED && *no != RF_NOT_COUNTED;
	}
	return false;
}

/* "12 röster för bifall och 9 röster för avslag". */
static bool counts_for(const struct token *tokens, size_t n, int *yes, int *no)
{
	*yes = *no = RF_NOT_COUNTED;
	for (size_t i = 1; i + 2 < n; i++) {
		if (!rf_token_in(&tokens[i], "röster röst") || !rf_token_is(&tokens[i + 1], "för"))
			continue;
		if (rf_token_is(&tokens[i + 2], "bifall"))
			*yes = number_of(&tokens[i - 1]);
		else if (rf_token_is(&tokens[i + 2], "avslag"))
			*no = number_of(&tokens[i - 1]);
	}
	return *yes != RF_NOT_COUNTED && *no != RF_NOT_COUNTED;
}

/* "Ja: 8, Nej: 5": the numbers stand behind. */
static bool counts_behind(const struct token *tokens, size_t n, int *yes, int *no)
{
	for (size_t i = 0; i + 3 < n; i++) {
		bool before = i > 0 && number_of(&tokens[i - 1]) != RF_NOT_COUNTED;
		if (before || !rf_token_in(&tokens[i], "ja ja-röster jaröster") ||
		    !rf_token_in(&tokens[i + 2], "nej nej-röster nejröster"))
			continue;
		*yes = number_of(&tokens[i + 1]);
		*no = number_of(&tokens[i + 3]);
		return *yes != RF_NOT_COUNTED && *no != RF_NOT_COUNTED;
	}
	return false;
}

static void add_names(struct details *details, const struct passage *passage, Referat__Vote *vote)
{
	static const char *const marks[] = {
	    "röstar ja:", "röstade ja:", "ja-röster:", "röstar nej:", "röstade nej:", "nej-röster:"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *at = strstr(passage->lower, marks[i]);
		if (!at)
			continue;
		const char *names = passage->text + (at - passage->lower) + strlen(marks[i]);
		names += strspn(names, " ");
		char **list = referat_alloc(details->call, sizeof(*list));
		list[0] = rf_text_copy(details->call, names, strlen(names));
		if (!strchr(names, '('))
			continue;
		if (i < 3) {
			vote->yes_names = list;
			vote->n_yes_names = 1;
		} else {
			vote->no_names = list;
			vote->n_no_names = 1;
		}
	}
}

static void set_rest(Referat__Vote *vote, const struct token *tokens, size_t n)
{
	int abstained = count_beside(tokens, n, "avstår avstod avstående nedlagda blanka avst", 3);
	int absent = count_beside(tokens, n, "frånvarande frånv", 3);
	if (abstained != RF_NOT_COUNTED && !vote->has_abstained) {
		vote->has_abstained = true;
		vote->abstained = (uint32_t)abstained;
	}
	if (absent != RF_NOT_COUNTED && !vote->has_absent) {
		vote->has_absent = true;
		vote->absent = (uint32_t)absent;
	}
}

bool rf_vote_tells_meaning(const char *lower)
{
	return strstr(lower, "ja för ") || strstr(lower, "ja-röst för ") || strstr(lower, "röstar ja") ||
	       strstr(lower, "ja = ") || strstr(lower, "ja=");
}

/* "Eva Ek (M) och Bo Al (C) röstar Ja (2).": names, what they said, and how many they are. */
static bool ends_in_count(const struct token *tokens, size_t n, const char *word)
{
	return n > 3 && number_of(&tokens[n - 1]) != RF_NOT_COUNTED && rf_token_is(&tokens[n - 2], word) &&
	       rf_token_in(&tokens[n - 3], "röstar röstade");
}

/* How many said yes and no. "Ja-röster: 9" and "Nej-röster: 6" may stand on lines of their own. */
static bool count_votes(struct details *details, const struct token *tokens, size_t n, int *yes, int *no)
{
	if (counts_against(tokens, n, yes, no) || counts_for(tokens, n, yes, no) || counts_behind(tokens, n, yes, no))
		return true;
	*yes = count_beside(tokens, n, "ja ja-röster ja-röst jaröster", 3);
	*no = count_beside(tokens, n, "nej nej-röster nej-röst nejröster", 3);
	int before = details->yes;
	bool counted = ends_in_count(tokens, n, "ja");
	if (counted || ends_in_count(tokens, n, "nej")) {
		details->yes = counted ? *yes : RF_NOT_COUNTED;
		*yes = counted ? *yes : before;
		*no = counted ? RF_NOT_COUNTED : *no;
		return *yes != RF_NOT_COUNTED && *no != RF_NOT_COUNTED;
	}
	details->yes = *no == RF_NOT_COUNTED && n <= MOST_COUNT_WORDS ? *yes : RF_NOT_COUNTED;
	if (*yes == RF_NOT_COUNTED && n <= MOST_COUNT_WORDS)
		*yes = before;
	return *yes != RF_NOT_COUNTED && *no != RF_NOT_COUNTED;
}

static void add_vote(struct details *details, const struct passage *passage, int yes, int no, const char *meaning)
{
	Referat__Vote *vote = referat_alloc(details->call, sizeof(*vote));
	referat__vote__init(vote);
	vote->has_yes = vote->has_no = true;
	vote->yes = (uint32_t)yes;
	vote->no = (uint32_t)no;
	vote->means = (char *)meaning;
	vote->place = rf_passage_place(details, passage);
	rf_list_add(details->call, &details->votes, vote);
}

static Referat__Vote *last_vote(const struct details *details)
{
	return details->votes.n ? details->votes.items[details->votes.n - 1] : NULL;
}

void rf_vote_read(struct details *details, const struct passage *passage, const char **meaning)
{
	struct token tokens[MOST_TOKENS];
	size_t n = rf_tokens_read(passage->lower, strlen(passage->lower), tokens);
	int yes;
	int no;
	if (count_votes(details, tokens, n, &yes, &no)) {
		const Referat__Vote *before = last_vote(details);
		bool told = before && (int)before->yes == yes && (int)before->no == no; /* again, in the decision */
		if (!told)
			add_vote(details, passage, yes, no, *meaning);
	} else if (rf_vote_tells_meaning(passage->lower)) {
		*meaning = passage->text;
	}
	Referat__Vote *vote = last_vote(details);
	if (vote) {
		set_rest(vote, tokens, n);
		add_names(details, passage, vote);
	}
}
