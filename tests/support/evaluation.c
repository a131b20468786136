#include "tests/support/evaluation.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/facts_text.h"
#include "tests/support/grounding.h"
#include "tests/support/plugin.h"
#include "tests/support/reference.h"

#include <ctype.h>
#include <dirent.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[EVALUATED_FIELDS] = {
    "kind",      "municipality", "board",     "date",    "items", "headings",     "case numbers", "weights",
    "decisions", "outcomes",     "proposals", "motions", "votes", "reservations", "conflicts",
};

const char *evaluation_name(enum evaluation_field field)
{
	return names[field];
}

double evaluation_precision(const struct evaluation_score *score)
{
	unsigned found = score->right + score->wrong;
	return found ? (double)score->right / found : 1;
}

double evaluation_recall(const struct evaluation_score *score)
{
	unsigned wanted = score->right + score->missed;
	return wanted ? (double)score->right / wanted : 1;
}

/* ---- texts ------------------------------------------------------------------------------------------------------ */

/* One document, and where a difference is told. */
struct run {
	struct evaluation *evaluation;
	const char *document;
	const char *item; /* its number; "" */
};

static void tell(const struct run *run, enum evaluation_field field, const char *wanted, const char *found)
{
	if (run->evaluation->differences)
		fprintf(run->evaluation->differences, "%s %s %s: wanted \"%s\", found \"%s\"\n", run->document,
			run->item, names[field], wanted ? wanted : "-", found ? found : "-");
}

/* Without space, and in capitals where only these matter: case numbers are compared so. */
static bool is_same_case(const char *one, const char *other)
{
	for (;;) {
		while (*one == ' ')
			one++;
		while (*other == ' ')
			other++;
		if (toupper((unsigned char)*one) != toupper((unsigned char)*other))
			return false;
		if (!*one)
			return true;
		one++;
		other++;
	}
}

static bool is_same_text(const char *one, const char *other)
{
	return strcmp(one, other) == 0;
}

static void score_text(const struct run *run, enum evaluation_field field, const char *wanted, const char *found,
		       bool (*same)(const char *, const char *))
{
	struct evaluation_score *score = &run->evaluation->scores[field];
	found = found && *found ? found : NULL;
	if (!wanted && !found)
		return;
	if (wanted && found && same(wanted, found)) {
		score->right++;
		return;
	}
	score->wrong += found != NULL;
	score->missed += wanted != NULL;
	score->guessed += found && !wanted;
	tell(run, field, wanted, found);
}

static void score_count(const struct run *run, enum evaluation_field field, unsigned wanted, unsigned found)
{
	struct evaluation_score *score = &run->evaluation->scores[field];
	unsigned least = wanted < found ? wanted : found;
	score->right += least;
	score->wrong += found - least;
	score->missed += wanted - least;
	if (wanted == found)
		return;
	rf_autofree char *want = rf_format("%u", wanted);
	rf_autofree char *have = rf_format("%u", found);
	tell(run, field, want, have);
}

static const char *text_of(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	return json_object_object_get_ex(object, name, &value) && value ? json_object_get_string(value) : NULL;
}

/* Another project's facts have another name for it. */
static const char *text_either(struct json_object *object, const char *name, const char *other)
{
	const char *text = text_of(object, name);
	return text ? text : text_of(object, other);
}

static unsigned count_of(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	if (!json_object_object_get_ex(object, name, &value) || !value)
		return 0;
	if (json_object_is_type(value, json_type_array))
		return (unsigned)json_object_array_length(value);
	return (unsigned)json_object_get_int(value);
}

/* An enum's value as facts have it: in lower case. */
static const char *value_name(const ProtobufCEnumDescriptor *type, int value, char name[40])
{
	const ProtobufCEnumValue *found = value ? protobuf_c_enum_descriptor_get_value(type, value) : NULL;
	size_t i = 0;
	for (; found && found->name[i] && i + 1 < 40; i++)
		name[i] = (char)tolower((unsigned char)found->name[i]);
	name[i] = '\0';
	return found ? name : NULL;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

/* Digits and the letter of a number, however it is printed: "§ 12 a" and "12A" are "12a". */
static void fold_number(const char *number, char folded[16])
{
	size_t n = 0;
	for (const char *c = number ? number : ""; *c && n < 14; c++) {
		if (isdigit((unsigned char)*c))
			folded[n++] = *c;
		else if (n > 0 && *c == '/')
			break;
		else if (n > 0 && isalpha((unsigned char)*c) && (unsigned char)*c < 0x80) {
			folded[n++] = (char)tolower((unsigned char)*c);
			break;
		}
	}
	folded[n] = '\0';
}

/* Facts may tell an item's number or, where it has none, its heading. */
static bool is_item(struct json_object *fact, const Referat__Item *item)
{
	char wanted[16];
	char found[16];
	const char *number = text_of(fact, "number");
	if (!number)
		return item->heading && text_of(fact, "heading") &&
		       strcmp(item->heading, text_of(fact, "heading")) == 0;
	fold_number(number, wanted);
	fold_number(item->number, found);
	return strcmp(wanted, found) == 0;
}

static void score_decisions(const struct run *run, struct json_object *fact, const Referat__Item *item)
{
	struct evaluation *evaluation = run->evaluation;
	struct json_object *list = NULL;
	json_object_object_get_ex(fact, "decisions", &list);
	size_t wanted = list ? json_object_array_length(list) : 0;
	bool *taken = rf_alloc(item->n_decisions + 1);
	unsigned right = 0;
	for (size_t i = 0; i < wanted; i++) {
		struct json_object *pair = json_object_array_get_idx(list, i);
		struct json_object *outcome = json_object_array_get_idx(pair, 0);
		const char *text = json_object_get_string(json_object_array_get_idx(pair, 1));
		size_t at = item->n_decisions;
		for (int exact = 1; exact >= 0 && at == item->n_decisions; exact--)
			for (size_t k = 0; k < item->n_decisions && at == item->n_decisions; k++) {
				char name[40];
				const char *found =
				    value_name(&referat__outcome__descriptor, (int)item->decisions[k]->outcome, name);
				bool same = (!found && !outcome) ||
					    (found && outcome && strcmp(found, json_object_get_string(outcome)) == 0);
				const char *own = item->decisions[k]->by_reference && item->decisions[k]->resolved_text
						      ? item->decisions[k]->resolved_text
						      : item->decisions[k]->text;
				bool text_same = strncmp(own, text, strlen(text)) == 0 ||
						 strncmp(item->decisions[k]->text, text, strlen(text)) == 0;
				if (!taken[k] && text_same && (same || !exact))
					at = k;
			}
		if (at == item->n_decisions) {
			evaluation->scores[EVALUATED_DECISIONS].missed++;
			evaluation->scores[EVALUATED_OUTCOMES].missed += outcome != NULL;
			tell(run, EVALUATED_DECISIONS, text, NULL);
			continue;
		}
		taken[at] = true;
		right++;
		char name[40];
		score_text(run, EVALUATED_OUTCOMES, outcome ? json_object_get_string(outcome) : NULL,
			   value_name(&referat__outcome__descriptor, (int)item->decisions[at]->outcome, name),
			   is_same_text);
	}
	evaluation->scores[EVALUATED_DECISIONS].right += right;
	for (size_t k = 0; k < item->n_decisions; k++)
		if (!taken[k]) {
			evaluation->scores[EVALUATED_DECISIONS].wrong++;
			evaluation->scores[EVALUATED_DECISIONS].guessed += wanted == 0;
			tell(run, EVALUATED_DECISIONS, NULL, item->decisions[k]->text);
		}
	free(taken);
}

static bool begins_same_place(const Referat__Place *one, const Referat__Place *other)
{
	return one && other && one->block == other->block && one->start == other->start;
}

/* A proposal is right when it is read as one, and what stands there is not read as a decision. Only where the facts
 * list them: they seldom list all. */
static void score_proposals(const struct run *run, struct json_object *fact, const Referat__Item *item)
{
	struct evaluation_score *score = &run->evaluation->scores[EVALUATED_PROPOSALS];
	struct json_object *list = NULL;
	json_object_object_get_ex(fact, "proposals", &list);
	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(list, i));
		const Referat__Proposal *found = NULL;
		for (size_t k = 0; k < item->n_proposals && !found; k++)
			if (strncmp(item->proposals[k]->text, text, strlen(text)) == 0)
				found = item->proposals[k];
		bool decided = false;
		for (size_t k = 0; found && k < item->n_decisions; k++)
			decided = decided || begins_same_place(item->decisions[k]->place, found->place);
		score->right += found && !decided;
		score->wrong += decided;
		score->missed += !found;
		if (!found || decided)
			tell(run, EVALUATED_PROPOSALS, text, decided ? "a decision" : NULL);
	}
}

static void score_votes(const struct run *run, struct json_object *fact, const Referat__Item *item)
{
	struct evaluation_score *score = &run->evaluation->scores[EVALUATED_VOTES];
	struct json_object *list = NULL;
	json_object_object_get_ex(fact, "votes", &list);
	struct json_object *only = NULL; /* another project's: {"ja": 43, "nej": 29}, of the first vote */
	json_object_object_get_ex(fact, "vote", &only);
	size_t wanted = list ? json_object_array_length(list) : only != NULL;
	size_t found = run->evaluation->coarse && item->n_votes > 1 ? 1 : item->n_votes;
	for (size_t i = 0; i < wanted || i < found; i++) {
		struct json_object *pair = i >= wanted ? NULL : only ? only : json_object_array_get_idx(list, i);
		unsigned yes = only ? count_of(only, "ja") : 0;
		unsigned no = only ? count_of(only, "nej") : 0;
		if (pair && !only) {
			yes = (unsigned)json_object_get_int(json_object_array_get_idx(pair, 0));
			no = (unsigned)json_object_get_int(json_object_array_get_idx(pair, 1));
		}
		const Referat__Vote *vote = i < found ? item->votes[i] : NULL;
		if (pair && vote && vote->yes == yes && vote->no == no) {
			score->right++;
			continue;
		}
		score->wrong += vote != NULL;
		score->missed += pair != NULL;
		score->guessed += vote && !pair;
		rf_autofree char *want = pair ? rf_format("%u-%u", yes, no) : NULL;
		rf_autofree char *have = vote ? rf_format("%u-%u", vote->yes, vote->no) : NULL;
		tell(run, EVALUATED_VOTES, want, have);
	}
}

static unsigned count_remarks(const Referat__Item *item, Referat__RemarkKind kind)
{
	unsigned n = 0;
	for (size_t i = 0; i < item->n_remarks; i++)
		n += item->remarks[i]->kind == kind;
	return n;
}

static unsigned count_motions(const Referat__Item *item)
{
	unsigned n = 0;
	for (size_t i = 0; i < item->n_proposals; i++)
		n += item->proposals[i]->motion;
	return n;
}

static void score_item(const struct run *run, struct json_object *fact, const Referat__Item *item)
{
	char name[40];
	score_text(run, EVALUATED_HEADINGS, text_of(fact, "heading"), item->heading, is_same_text);
	score_text(run, EVALUATED_CASES, text_either(fact, "case", "case_number"), item->case_number, is_same_case);
	if (text_of(fact, "weight"))
		score_text(run, EVALUATED_WEIGHTS, text_of(fact, "weight"),
			   value_name(&referat__weight__descriptor, (int)item->weight, name), is_same_text);
	if (!run->evaluation->coarse)
		score_decisions(run, fact, item);
	score_proposals(run, fact, item);
	score_count(run, EVALUATED_MOTIONS, count_of(fact, "motions"), count_motions(item));
	score_votes(run, fact, item);
	score_count(run, EVALUATED_RESERVATIONS, count_of(fact, "reservations"),
		    count_remarks(item, REFERAT__REMARK_KIND__RESERVATION));
	score_count(run, EVALUATED_CONFLICTS, count_of(fact, "conflicts"),
		    count_remarks(item, REFERAT__REMARK_KIND__CONFLICT_OF_INTEREST));
}

static void score_items(struct run *run, struct json_object *facts, const Referat__Document *document)
{
	struct evaluation_score *score = &run->evaluation->scores[EVALUATED_ITEMS];
	struct json_object *list = NULL;
	json_object_object_get_ex(facts, "items", &list);
	size_t wanted = list ? json_object_array_length(list) : 0;
	size_t next = 0;
	for (size_t i = 0; i < wanted; i++) {
		struct json_object *fact = json_object_array_get_idx(list, i);
		size_t at = next;
		while (at < document->n_items && !is_item(fact, document->items[at]))
			at++;
		const char *name = text_of(fact, "number") ? text_of(fact, "number") : text_of(fact, "heading");
		run->item = name ? name : "";
		if (at == document->n_items) {
			score->missed++;
			tell(run, EVALUATED_ITEMS, name, NULL);
			continue;
		}
		for (; next < at; next++) {
			score->wrong++;
			tell(run, EVALUATED_ITEMS, NULL, document->items[next]->number);
		}
		score->right++;
		next = at + 1;
		score_item(run, fact, document->items[at]);
	}
	for (; next < document->n_items; next++) {
		score->wrong++;
		score->guessed += wanted == 0;
		tell(run, EVALUATED_ITEMS, NULL, document->items[next]->number ? document->items[next]->number : "?");
	}
	run->item = "";
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

static void score_document(struct run *run, struct json_object *facts, const Referat__Document *document)
{
	static const Referat__Document none = REFERAT__DOCUMENT__INIT;
	char name[40];
	const Referat__Document *read = document ? document : &none;
	const Referat__Day *day = read->meeting ? read->meeting->day : NULL;
	score_text(run, EVALUATED_KIND, text_of(facts, "kind"),
		   value_name(&referat__kind__descriptor, (int)read->kind, name), is_same_text);
	score_text(run, EVALUATED_MUNICIPALITY, text_of(facts, "municipality"), read->municipality, is_same_text);
	score_text(run, EVALUATED_BOARD, text_of(facts, "board"), read->board ? read->board->name : NULL, is_same_text);
	score_text(run, EVALUATED_DATE, text_either(facts, "date", "meeting_date"), day ? day->date : NULL,
		   is_same_text);
	score_items(run, facts, read);
}

/* Compares the summary of minutes with the one that a person wrote, where there is one. */
static void compare_summary(const struct evaluation *evaluation, const char *folder, const char *name,
			    const Referat__Document *document)
{
	if (document->kind != REFERAT__KIND__MINUTES)
		return;
	rf_autofree char *path = rf_format("%s/%s.reference.md", folder, name);
	Referat__Summary *summary = test_summarise(evaluation->summariser, document, REFERAT_HOLD);
	references_add(evaluation->references, document, summary, path, name);
	rf_unpack_free(&summary->base);
}

/* A copy is scored as it is read, and compared with what its text is read as. */
static Referat__Document *read_copy(const struct run *run, struct test_plugin *reader, struct referat_bytes text,
				    struct referat_bytes copy)
{
	struct evaluation *evaluation = run->evaluation;
	Referat__Document *document = test_read(evaluation->copy_reader, copy);
	Referat__Document *original = test_read(reader, text);
	rf_autofree char *found = facts_text(document);
	rf_autofree char *wanted = facts_text(original);
	rf_autofree char *found_line = NULL;
	rf_autofree char *wanted_line = NULL;
	if (!facts_differ(wanted, found, &wanted_line, &found_line))
		evaluation->same++;
	else if (evaluation->differences)
		fprintf(evaluation->differences, "%s.%s: the text has \"%s\", this has \"%s\"\n", run->document,
			evaluation->ending, wanted_line ? wanted_line : "-", found_line ? found_line : "-");
	if (original)
		rf_unpack_free(&original->base);
	return document;
}

static bool read_bytes(const char *path, struct referat_bytes *bytes)
{
	enum { MOST = 8 * 1024 * 1024 };
	char *data = NULL;
	size_t size = 0;
	struct rf_error error = {0};
	if (rf_file_read(path, MOST, &data, &size, &error))
		return false;
	*bytes = (struct referat_bytes){(const uint8_t *)data, size};
	return true;
}

static void score_one(struct run *run, struct test_plugin *reader, const char *folder, struct json_object *facts,
		      struct referat_bytes text, struct referat_bytes copy)
{
	struct evaluation *evaluation = run->evaluation;
	Referat__Document *document = copy.data ? read_copy(run, reader, text, copy) : test_read(reader, text);
	score_document(run, facts, document);
	if (document && evaluation->grounding)
		grounding_add(evaluation->grounding, evaluation->summariser, document, (const char *)text.data,
			      run->document);
	if (document && evaluation->references)
		compare_summary(evaluation, folder, run->document, document);
	evaluation->documents++;
	if (document)
		rf_unpack_free(&document->base);
}

static bool evaluate_one(struct evaluation *evaluation, struct test_plugin *reader, const char *folder,
			 const char *name, const char *facts_path)
{
	rf_autofree char *path = rf_format("%s/%s.txt", folder, name);
	rf_autofree char *copy_path = rf_format("%s/%s.%s", evaluation->copies, name, evaluation->ending);
	struct referat_bytes text = {0};
	struct referat_bytes copy = {0};
	struct json_object *facts = NULL;
	bool found = read_bytes(path, &text) && (!evaluation->copies || read_bytes(copy_path, &copy));
	if (found && !(facts = json_object_from_file(facts_path))) {
		fprintf(stderr, "%s: %s\n", facts_path, json_util_get_last_err());
		evaluation->broken++;
	}
	struct run run = {.evaluation = evaluation, .document = name, .item = ""};
	if (facts)
		score_one(&run, reader, folder, facts, text, copy);
	json_object_put(facts);
	free((void *)text.data);
	free((void *)copy.data);
	return facts != NULL;
}

static int is_facts(const struct dirent *entry)
{
	static const char ending[] = ".facts.json";
	size_t size = strlen(entry->d_name);
	return size > sizeof(ending) && strcmp(entry->d_name + size - sizeof(ending) + 1, ending) == 0;
}

unsigned evaluation_run(struct evaluation *evaluation, struct test_plugin *reader, const char *folder)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_facts, alphasort);
	unsigned read = 0;
	for (int i = 0; i < n; i++) {
		rf_autofree char *path = rf_format("%s/%s", folder, entries[i]->d_name);
		entries[i]->d_name[strlen(entries[i]->d_name) - strlen(".facts.json")] = '\0';
		read += evaluate_one(evaluation, reader, folder, entries[i]->d_name, path);
		free(entries[i]);
	}
	free(entries);
	return read;
}

void evaluation_print(const struct evaluation *evaluation, FILE *out)
{
	fprintf(out, "%-14s %9s %9s %7s %7s %7s %8s\n", "field", "precision", "recall", "right", "wrong", "missed",
		"guessed");
	for (int i = 0; i < EVALUATED_FIELDS; i++) {
		const struct evaluation_score *score = &evaluation->scores[i];
		if (score->right + score->wrong + score->missed == 0)
			continue;
		fprintf(out, "%-14s %9.3f %9.3f %7u %7u %7u %8u\n", names[i], evaluation_precision(score),
			evaluation_recall(score), score->right, score->wrong, score->missed, score->guessed);
	}
}
