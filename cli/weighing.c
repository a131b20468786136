#include "cli/weighing.h"

#include "base/memory.h"
#include "cli/difference.h"
#include "cli/question.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 8, MOST_NOTES = 10 };

void rf_weighing_init(struct rf_weighing *weighing)
{
	weighing->stages = json_object_new_array();
	weighing->changed = json_object_new_array();
	weighing->notes = json_object_new_array();
	weighing->differences = json_object_new_array();
}

void rf_weighing_deinit(struct rf_weighing *weighing)
{
	json_object_put(weighing->stages);
	json_object_put(weighing->changed);
	json_object_put(weighing->notes);
	json_object_put(weighing->differences);
}

/* ---- counting ------------------------------------------------------------------------------------------------------
 */

static json_object *find_stage(const struct rf_weighing *weighing, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(weighing->stages); i++) {
		json_object *stage = json_object_array_get_idx(weighing->stages, i);
		if (strcmp(rf_answer_text(stage, "stage"), name) == 0)
			return stage;
	}
	json_object *stage = json_object_new_object();
	json_object_object_add(stage, "stage", json_object_new_string(name));
	json_object_array_add(weighing->stages, stage);
	return stage;
}

static void count(json_object *stage, const char *what)
{
	json_object_object_add(stage, what, json_object_new_int64(rf_answer_number(stage, what) + 1));
}

/* What waits for a person on the way is one that is held, whatever becomes of it afterwards. */
static const char *outcome_of(json_object *entry)
{
	static const char *const outcomes[] = {"changes", "same", "held", "fails"};
	const char *found = rf_answer_text(entry, "found");
	if (*rf_answer_text(entry, "held_at"))
		return "held";
	for (size_t i = 0; i < RF_COUNT(outcomes); i++)
		if (strcmp(found, outcomes[i]) == 0)
			return outcomes[i];
	return "unknown";
}

static void take_entry(struct rf_weighing *weighing, json_object *entry)
{
	const char *outcome = outcome_of(entry);
	count(find_stage(weighing, rf_answer_text(entry, "stage")), outcome);
	if (strcmp(outcome, "same") == 0)
		return;
	bool changes = strcmp(outcome, "changes") == 0;
	json_object *kept = json_object_new_object();
	json_object_object_add(kept, "document", json_object_new_string(rf_answer_text(entry, "document")));
	json_object_object_add(kept, "stage", json_object_new_string(rf_answer_text(entry, "stage")));
	if (!changes) {
		const char *held_for = rf_answer_text(entry, "held_for");
		json_object_object_add(kept, "found", json_object_new_string(outcome));
		json_object_object_add(kept, "reason",
				       json_object_new_string(*held_for ? held_for : rf_answer_text(entry, "reason")));
	}
	json_object_array_add(changes ? weighing->changed : weighing->notes, kept);
}

/* ---- asking --------------------------------------------------------------------------------------------------------
 */

/* documents: its reference is taken. */
static int ask(const struct rf_weighing *weighing, struct rf_client *client, json_object *documents, bool differences,
	       json_object **answer, struct rf_error *error)
{
	json_object *arguments = json_object_new_object();
	json_object_object_add(arguments, "documents", documents);
	json_object_object_add(arguments, "from", json_object_new_string(weighing->from));
	json_object_object_add(arguments, "weigh", json_object_new_boolean(true));
	json_object_object_add(arguments, "force", json_object_new_boolean(weighing->force));
	json_object_object_add(arguments, "differences", json_object_new_boolean(differences));
	int result = rf_client_ask(client, "preview", arguments, answer, error);
	json_object_put(arguments);
	return result;
}

static int ask_page(struct rf_weighing *weighing, struct rf_client *client, json_object *documents,
		    struct rf_error *error)
{
	json_object *answer = NULL, *results = NULL;
	int result = ask(weighing, client, documents, false, &answer, error);
	if (result)
		return result;
	json_object_object_get_ex(answer, "results", &results);
	size_t n = json_object_is_type(results, json_type_array) ? json_object_array_length(results) : 0;
	for (size_t i = 0; i < n; i++)
		take_entry(weighing, json_object_array_get_idx(results, i));
	json_object_put(answer);
	return 0;
}

/* A document may change at several targets; it is shown once. */
static int ask_differences(struct rf_weighing *weighing, struct rf_client *client, struct rf_error *error)
{
	const char *last = "";
	int64_t shown = 0;
	for (size_t i = 0; i < json_object_array_length(weighing->changed) && shown < weighing->most_shown; i++) {
		json_object *answer = NULL, *differences = NULL, *documents = json_object_new_array();
		const char *document = rf_answer_text(json_object_array_get_idx(weighing->changed, i), "document");
		json_object_array_add(documents, json_object_new_string(document));
		if (strcmp(document, last) == 0) {
			json_object_put(documents);
			continue;
		}
		int result = ask(weighing, client, documents, true, &answer, error);
		if (result)
			return result;
		json_object_object_get_ex(answer, "differences", &differences);
		size_t n =
		    json_object_is_type(differences, json_type_array) ? json_object_array_length(differences) : 0;
		for (size_t j = 0; j < n; j++)
			json_object_array_add(weighing->differences,
					      json_object_get(json_object_array_get_idx(differences, j)));
		json_object_put(answer);
		last = document;
		shown++;
	}
	return 0;
}

int rf_weighing_ask(struct rf_weighing *weighing, struct rf_client *client, json_object *documents,
		    void (*weighed)(void *context, int64_t n), void *context, struct rf_error *error)
{
	size_t n = json_object_array_length(documents);
	for (size_t first = 0; first < n; first += PAGE) {
		json_object *page = json_object_new_array();
		for (size_t i = first; i < n && i < first + PAGE; i++)
			json_object_array_add(page, json_object_get(json_object_array_get_idx(documents, i)));
		int result = ask_page(weighing, client, page, error);
		if (result)
			return result;
		weighed(context, (int64_t)(first + PAGE < n ? first + PAGE : n));
	}
	return ask_differences(weighing, client, error);
}

/* ---- telling -------------------------------------------------------------------------------------------------------
 */

static void print_stage(json_object *stage)
{
	static const struct {
		const char *name, *words;
	} outcomes[] = {{"changes", "would be put there anew"},
			{"same", "as before"},
			{"held", "held for a person"},
			{"fails", "given up"},
			{"unknown", "unknown"}};
	const char *separator = "";
	printf("%s: ", rf_answer_text(stage, "stage"));
	for (size_t i = 0; i < RF_COUNT(outcomes); i++) {
		int64_t n = rf_answer_number(stage, outcomes[i].name);
		if (n == 0)
			continue;
		printf("%s%" PRId64 " %s", separator, n, outcomes[i].words);
		separator = ", ";
	}
	putchar('\n');
}

static void print_notes(const struct rf_weighing *weighing)
{
	size_t n = json_object_array_length(weighing->notes);
	for (size_t i = 0; i < n && i < MOST_NOTES; i++) {
		json_object *note = json_object_array_get_idx(weighing->notes, i);
		rf_autofree char *reason = rf_terminal_text(rf_answer_text(note, "reason"));
		printf("  %s %s: %s (%s)\n", rf_answer_text(note, "document"), rf_answer_text(note, "stage"),
		       rf_answer_text(note, "found"), reason);
	}
	if (n > MOST_NOTES)
		printf("  … and %zu more; --json lists all\n", n - MOST_NOTES);
}

void rf_weighing_print(const struct rf_weighing *weighing)
{
	const char *last = "";
	for (size_t i = 0; i < json_object_array_length(weighing->stages); i++)
		print_stage(json_object_array_get_idx(weighing->stages, i));
	print_notes(weighing);
	for (size_t i = 0; i < json_object_array_length(weighing->differences); i++) {
		json_object *difference = json_object_array_get_idx(weighing->differences, i);
		const char *document = rf_answer_text(difference, "document");
		if (strcmp(document, last) != 0)
			printf("document %s, for example:\n", document);
		rf_difference_print(difference, RF_DIFFERENCE_LINES);
		last = document;
	}
}

void rf_weighing_add(const struct rf_weighing *weighing, json_object *answer)
{
	json_object_object_add(answer, "stages", json_object_get(weighing->stages));
	json_object_object_add(answer, "changed", json_object_get(weighing->changed));
	json_object_object_add(answer, "not_sure", json_object_get(weighing->notes));
	json_object_object_add(answer, "differences", json_object_get(weighing->differences));
}
