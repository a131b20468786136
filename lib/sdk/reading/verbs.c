/* The verbs of decision and what they do, as data: a row per verb with its forms, and a row per phrase. */
#include "structure.h"

#include <stdlib.h>
#include <string.h>

#define APPROVED      REFERAT__OUTCOME__APPROVED
#define ADOPTED       REFERAT__OUTCOME__ADOPTED
#define REJECTED      REFERAT__OUTCOME__REJECTED
#define REFERRED_BACK REFERAT__OUTCOME__REFERRED_BACK
#define TABLED        REFERAT__OUTCOME__TABLED
#define NOTED         REFERAT__OUTCOME__NOTED
#define ASSIGNED      REFERAT__OUTCOME__ASSIGNED
#define ANSWERED      REFERAT__OUTCOME__ANSWERED
#define PROPOSED      REFERAT__OUTCOME__PROPOSED_TO_COUNCIL
#define OTHER         REFERAT__OUTCOME__OTHER

/* Forms are separated by spaces; "" where the verb has none that we go by. `passive` is in the past tense. */
static const struct verb {
	Referat__Outcome outcome;
	const char *infinitive, *past, *passive, *present, *perfect, *noun;
} verbs[] = {
    {APPROVED, "godkänna godkännas", "godkände", "godkändes", "godkänner godkänns godkännes",
     "godkänt godkänd godkända", "godkännande"},
    {APPROVED, "bifalla bifallas", "biföll", "bifölls", "bifaller bifalls bifalles", "bifallit bifallen", "bifall"},
    {APPROVED, "bevilja beviljas", "beviljade", "beviljades", "beviljar", "beviljat beviljad", "bygglov"},
    {APPROVED, "medge medges", "medgav", "medgavs", "medger", "medgett medgivit", "medgivande"},
    {APPROVED, "tillåta tillåtas", "tillät", "", "tillåter", "tillåtit", ""},
    {APPROVED, "genomföra genomföras", "", "", "genomför genomförs", "genomfört", ""},
    {APPROVED, "införa införas", "införde", "", "inför införs", "infört", ""},
    {APPROVED, "beställa beställas", "beställde", "", "beställer", "beställt", ""},
    {APPROVED, "teckna tecknas", "tecknade", "", "tecknar", "tecknat", ""},
    {ADOPTED, "anta antas antaga", "antog", "antogs", "antar antages", "antagit antagen antagna", "antagande"},
    {ADOPTED, "fastställa fastställas", "fastställde", "fastställdes", "fastställer fastställs fastställes",
     "fastställt", "fastställande"},
    {ADOPTED, "fastslå fastslås", "fastslog", "fastslogs", "fastslår", "fastslagit", ""},
    {ADOPTED, "inrätta inrättas", "inrättade", "", "inrättar", "inrättat", ""},
    {ADOPTED, "utfärda utfärdas", "utfärdade", "", "utfärdar", "utfärdat", ""},
    {ADOPTED, "revidera revideras", "reviderade", "", "reviderar", "reviderat", "revidering"},
    {APPROVED, "anslå anslås", "anslog", "anslogs", "anslår", "anslagit", ""},
    {APPROVED, "anvisa anvisas", "anvisade", "anvisades", "anvisar", "anvisat", ""},
    {APPROVED, "avsätta avsättas", "avsatte", "avsattes", "avsätter avsätts", "avsatt", ""},
    {APPROVED, "tilldela tilldelas", "tilldelade", "tilldelades", "tilldelar", "tilldelat", ""},
    {APPROVED, "ingå ingås", "ingick", "ingicks", "ingår", "ingått", ""},
    {APPROVED, "förvärva förvärvas", "förvärvade", "förvärvades", "förvärvar", "förvärvat", ""},
    {APPROVED, "försälja försäljas sälja säljas", "sålde", "såldes", "säljer säljs", "sålt", ""},
    {APPROVED, "förlänga förlängas", "förlängde", "förlängdes", "förlänger förlängs", "förlängt", ""},
    {APPROVED, "finansiera finansieras", "finansierade", "", "finansierar", "finansierat", ""},
    {APPROVED, "höja höjas", "höjde", "höjdes", "höjer höjs", "höjt", ""},
    {APPROVED, "sänka sänkas", "sänkte", "sänktes", "sänker sänks", "sänkt", ""},
    {APPROVED, "utöka utökas", "utökade", "utökades", "utökar", "utökat", ""},
    {APPROVED, "köpa köpas", "köpte", "köptes", "köper köps", "köpt", ""},
    {APPROVED, "hyra hyras", "hyrde", "hyrdes", "hyr", "hyrt", ""},
    {APPROVED, "upplåta upplåtas överlåta överlåtas", "upplät överlät", "uppläts överläts",
     "upplåter överlåter upplåts överlåts", "upplåtit överlåtit", ""},
    {APPROVED, "starta startas", "startade", "startades", "startar", "startat", ""},
    {APPROVED, "upphandla upphandlas", "upphandlade", "", "upphandlar", "upphandlat", ""},
    {APPROVED, "bygga byggas", "", "", "bygger byggs", "", ""},
    {APPROVED, "ändra", "", "", "ändrar", "ändrat", ""},
    {OTHER, "avskriva avskrivas", "avskrev", "avskrevs", "avskriver avskrivs", "avskrivit", ""},
    {OTHER, "avsluta avslutas", "avslutade", "avslutades", "avslutar", "avslutat", ""},
    {OTHER, "avveckla avvecklas", "avvecklade", "avvecklades", "avvecklar", "avvecklat", ""},
    {OTHER, "upphöra", "", "", "upphör", "upphört", ""},
    {OTHER, "hänskjuta hänskjutas hänvisa hänvisas", "hänsköt hänvisade", "hänsköts hänvisades",
     "hänskjuter hänskjuts hänvisar", "hänskjutit hänvisat", ""},
    {OTHER, "hemställa hemställas", "hemställde", "", "hemställer", "hemställt", ""},
    {OTHER, "kalla kallas", "", "", "kallar", "", ""},
    {OTHER, "nominera nomineras förordna förordnas", "nominerade förordnade", "nominerades förordnades",
     "nominerar förordnar", "nominerat förordnat", ""},
    {APPROVED, "tillstyrka tillstyrkas", "tillstyrkte", "tillstyrktes", "tillstyrker tillstyrks", "tillstyrkt", ""},
    {REJECTED, "avslå avslås", "avslog", "avslogs", "avslår", "avslagit avslagen", "avslag"},
    {REFERRED_BACK, "återremittera återremitteras", "återremitterade", "återremitterades", "återremitterar",
     "återremitterat återremitterad", "återremiss"},
    {TABLED, "bordlägga bordläggas", "bordlade", "bordlades", "bordlägger bordläggs bordlägges", "bordlagt bordlagd",
     "bordläggning"},
    {NOTED, "notera noteras", "noterade", "noterades", "noterar", "noterat", ""},
    {NOTED, "anteckna antecknas", "antecknade", "antecknades", "antecknar", "antecknat", ""},
    {NOTED, "konstatera konstateras", "konstaterade", "konstaterades", "konstaterar", "konstaterat", ""},
    {ASSIGNED, "uppdra uppdras uppdraga", "uppdrog", "uppdrogs", "uppdrar", "uppdragit", ""},
    {ASSIGNED, "uppmana uppmanas", "uppmanade", "", "uppmanar", "uppmanat", ""},
    {ASSIGNED, "anmoda anmodas", "anmodade", "", "anmodar", "anmodat", ""},
    {ASSIGNED, "bemyndiga bemyndigas", "bemyndigade", "bemyndigades", "bemyndigar", "bemyndigat", ""},
    {ASSIGNED, "befullmäktiga befullmäktigas", "befullmäktigade", "", "befullmäktigar", "befullmäktigat", ""},
    {ASSIGNED, "delegera delegeras", "delegerade", "", "delegerar", "delegerat", ""},
    {ANSWERED, "besvara besvaras", "besvarade", "besvarades", "besvarar", "besvarat besvarad", ""},
    {PROPOSED, "föreslå föreslås", "föreslog", "", "föreslår", "föreslagit", ""},
    {OTHER, "överlämna överlämnas", "överlämnade", "överlämnades", "överlämnar", "överlämnat", ""},
    {OTHER, "lämna lämnas", "lämnade", "", "lämnar", "lämnat", ""},
    {OTHER, "remittera remitteras", "remitterade", "", "remitterar", "remitterat", "remiss"},
    {OTHER, "skicka skickas", "skickade", "", "skickar", "skickat", ""},
    {OTHER, "yttra", "yttrade", "", "yttrar", "yttrat", "yttrande yttrandet"},
    {OTHER, "avge avges", "avgav", "", "avger", "avgett avgivit", ""},
    {OTHER, "förbjuda förbjudas", "förbjöd", "", "förbjuder", "förbjudit", "förbud"},
    {OTHER, "förelägga föreläggas", "förelade", "", "förelägger", "förelagt", "föreläggande"},
    {OTHER, "utse utses", "utsåg", "utsågs", "utser", "utsett", ""},
    {OTHER, "välja väljas", "valde", "valdes", "väljer väljs", "valt", ""},
    {OTHER, "entlediga entledigas", "entledigade", "entledigades", "entledigar", "entledigat", "entledigande"},
    {OTHER, "upphäva upphävas", "upphävde", "upphävdes", "upphäver upphävs", "upphävt", "upphävande"},
    {OTHER, "befria befrias", "befriade", "befriades", "befriar", "befriat", ""},
    {OTHER, "", "utgick", "", "utgår", "utgått", ""},
    {OTHER, "", "", "", "", "", "tillstyrkan"},
    {OTHER, "avstyrka avstyrkas", "avstyrkte", "avstyrktes", "avstyrker", "avstyrkt", ""},
};

/* A plain verb that decides only together with one of the words that follow it in the sentence. */
static const struct phrase {
	Referat__Outcome outcome;
	const char *infinitive, *past, *passive, *present, *perfect;
	const char *words;
	size_t within; /* words after the verb */
} phrases[] = {
    {NOTED, "lägga läggas", "lade la", "lades", "lägger läggs lägges", "lagt", "handlingarna", 25},
    {ASSIGNED, "ge ges giva få", "gav", "gavs fick får", "ger ges", "gett givit fått", "uppdrag", 16},
    {APPROVED, "ge ges", "gav", "gavs", "ger", "gett",
     "bygglov lov dispens tillstånd samtycke startbesked startsignal klartecken planbesked bifall bidrag marklov "
     "rivningslov förhandsbesked",
     6},
    {APPROVED, "få", "", "fick får", "", "fått",
     "bygglov dispens marklov rivningslov förhandsbesked planbesked startbesked", 3},
    {APPROVED, "få", "fick", "", "får", "fått", "bidrag föreningsbidrag verksamhetsbidrag", 6},
    {NOTED, "få ta", "fick tog", "", "får tar", "fått tagit", "information informationen del", 3},
    {APPROVED, "ställa", "ställde", "", "ställer", "ställt", "bakom positiv", 3},
    {REFERRED_BACK, "återvisa återvisas återsända", "återvisade", "", "återvisar", "återvisat", "ärendet", 6},
    {REJECTED, "säga rösta", "sade sa röstade tackade", "", "säger röstar", "sagt", "nej", 4},
    {APPROVED, "säga rösta", "sade sa röstade tackade", "", "säger röstar", "sagt", "ja igenom", 4},
    {TABLED, "skjuta skjutas", "sköt", "sköts", "skjuter skjuts", "skjutit", "upp", 4},
    {ANSWERED, "anse anses förklara förklaras", "ansåg förklarade", "ansågs förklarades",
     "anser anses förklarar förklaras", "ansett", "besvarad besvarat besvarade", 12},
    {APPROVED, "anse anses förklara förklaras", "ansåg förklarade", "ansågs", "anser anses förklarar förklaras", "",
     "bifallen bifallet bifallna tillgodosedd tillgodosett", 12},
    {REJECTED, "anse anses förklara förklaras", "ansåg förklarade", "ansågs", "anser anses förklarar förklaras", "",
     "avslagen avslaget avslagna", 12},
    {NOTED, "anse anses förklara förklaras", "ansåg förklarade", "ansågs förklarades",
     "anser anses förklarar förklaras", "", "anmäld anmält anmälda", 6},
    {ANSWERED, "", "var", "", "är", "", "besvarad besvarat besvarade", 3},
    {REJECTED, "lämna lämnas", "lämnade", "lämnades", "lämnar", "lämnat", "negativt", 3},
    {APPROVED, "lämna lämnas meddela meddelas", "lämnade meddelade", "lämnades", "lämnar meddelar", "lämnat",
     "förhandsbesked bygglov marklov rivningslov slutbesked startbesked planbesked borgen bidrag dispens", 8},
    {NOTED, "ta tas", "tog", "togs", "tar", "tagit", "del", 6},
    {NOTED, "ta tas", "tog", "togs", "tar", "tagit", "protokollet", 3},
    {NOTED, "tacka", "tackade", "", "tackar", "tackat", "information informationen", 3},
};

bool rf_token_is(const struct token *token, const char *word)
{
	return strncmp(word, token->word, token->size) == 0 && word[token->size] == '\0';
}

bool rf_token_in(const struct token *token, const char *words)
{
	for (const char *at = words; *at;) {
		size_t same = 0;
		while (same < token->size && at[same] == token->word[same])
			same++;
		if (same == token->size && (at[same] == ' ' || at[same] == '\0'))
			return true;
		while (*at && *at++ != ' ')
			;
	}
	return false;
}

/* Bytes of punctuation at text: ASCII, or the general punctuation of Unicode (dashes, quotation marks); 0: a letter. */
static size_t punctuation(const char *text, size_t size)
{
	unsigned char c = (unsigned char)text[0];
	bool letter =
	    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
	if (c < 0x80)
		return letter ? 0 : 1;
	return c == 0xE2 && size >= 3 && (unsigned char)text[1] == 0x80 ? 3 : 0;
}

size_t rf_tokens_read(const char *lower, size_t size, struct token tokens[MOST_TOKENS])
{
	size_t n = 0;
	for (size_t at = 0; at < size && n < MOST_TOKENS;) {
		size_t skip = punctuation(lower + at, size - at);
		if (skip) {
			at += skip;
			continue;
		}
		size_t start = at;
		while (at < size && !punctuation(lower + at, size - at))
			at++;
		tokens[n++] = (struct token){.word = lower + start, .size = at - start, .start = start};
	}
	return n;
}

/* ---- the index: every form of every row, sorted ----------------------------------------------------------------- */

struct entry {
	struct token word;
	enum form form;
	Referat__Outcome outcome;
	const struct phrase *phrase; /* NULL: a verb that needs no other word */
	size_t order;                /* phrases come before verbs, and rows as they stand */
};

static struct entry entries[1024];
static size_t n_entries;

/* "noteras", "avslås" are infinitives and present tense alike. */
static enum form forms_of(const char *word, size_t size, enum form form)
{
	return form == FORM_INFINITIVE && word[size - 1] == 's' ? FORM_INFINITIVE | FORM_PRESENT : form;
}

static void index_words(const char *words, enum form form, Referat__Outcome outcome, const struct phrase *phrase)
{
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t size = strcspn(at, " ");
		if (n_entries < sizeof(entries) / sizeof(*entries)) {
			entries[n_entries] =
			    (struct entry){{at, size, 0}, forms_of(at, size, form), outcome, phrase, n_entries};
			n_entries++;
		}
		at += size;
	}
}

static int compare_words(const struct token *a, const struct token *b)
{
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(a->word, b->word, a->size);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	int words = compare_words(&left->word, &right->word);
	if (words != 0)
		return words;
	return left->order < right->order ? -1 : 1;
}

/* Once for the process: calls come one at a time. */
static void build_index(void)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
		const struct phrase *p = &phrases[i];
		index_words(p->infinitive, FORM_INFINITIVE, p->outcome, p);
		index_words(p->past, FORM_PAST, p->outcome, p);
		index_words(p->passive, FORM_PASSIVE, p->outcome, p);
		index_words(p->present, FORM_PRESENT, p->outcome, p);
		index_words(p->perfect, FORM_PERFECT, p->outcome, p);
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		const struct verb *v = &verbs[i];
		index_words(v->infinitive, FORM_INFINITIVE, v->outcome, NULL);
		index_words(v->past, FORM_PAST, v->outcome, NULL);
		index_words(v->passive, FORM_PASSIVE, v->outcome, NULL);
		index_words(v->present, FORM_PRESENT, v->outcome, NULL);
		index_words(v->perfect, FORM_PERFECT, v->outcome, NULL);
		index_words(v->noun, FORM_NOUN, v->outcome, NULL);
	}
	qsort(entries, n_entries, sizeof(*entries), compare_entries);
}

static size_t first_entry(const struct token *token)
{
	size_t low = 0;
	size_t high = n_entries;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_words(&entries[middle].word, token) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool completes(const struct phrase *phrase, const struct token *tokens, size_t n, size_t at)
{
	for (size_t i = at + 1; i < n && i <= at + phrase->within; i++)
		if (rf_token_in(&tokens[i], phrase->words))
			return true;
	bool passive = tokens[at].word[tokens[at].size - 1] == 's'; /* "Positivt förhandsbesked lämnas" */
	for (size_t back = 1; passive && back <= at && back <= phrase->within; back++)
		if (rf_token_in(&tokens[at - back], phrase->words))
			return true;
	return false;
}

bool rf_verb_at(const struct token *tokens, size_t n, size_t at, unsigned forms, Referat__Outcome *outcome)
{
	if (n_entries == 0)
		build_index();
	for (size_t i = first_entry(&tokens[at]); i < n_entries; i++) {
		const struct entry *entry = &entries[i];
		if (compare_words(&entry->word, &tokens[at]) != 0)
			return false;
		if ((entry->form & forms) && (!entry->phrase || completes(entry->phrase, tokens, n, at))) {
			*outcome = entry->outcome;
			return true;
		}
	}
	return false;
}
