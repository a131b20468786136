#include "cli/outcome.h"

#include "base/memory.h"
#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const useconds_t pause_us = 100 * 1000;

/* How much a task's state says about the document: the most of any decides. */
static int weight(const char *state)
{
	static const char *const states[] = {"erased", "superseded", "done", "held", "dead", "delayed", "ready"};
	for (size_t i = 0; i < RF_COUNT(states); i++)
		if (strcmp(state, states[i]) == 0)
			return (int)i;
	return -1;
}

static json_object *list_in(json_object *answer, const char *name)
{
	json_object *list = NULL;
	json_object_object_get_ex(answer, name, &list);
	return json_object_is_type(list, json_type_array) ? list : NULL;
}

static json_object *last_of(json_object *list)
{
	size_t n = list ? json_object_array_length(list) : 0;
	return n ? json_object_array_get_idx(list, n - 1) : NULL;
}

/* The task of the newest revision that decides; NULL: there is none. */
static json_object *decisive_task(json_object *answer)
{
	json_object *tasks = list_in(answer, "tasks"), *found = NULL;
	int64_t newest = rf_answer_number(last_of(list_in(answer, "revisions")), "revision");
	for (size_t i = 0; tasks && i < json_object_array_length(tasks); i++) {
		json_object *task = json_object_array_get_idx(tasks, i);
		if (rf_answer_number(task, "revision") == newest &&
		    (!found || weight(rf_answer_text(task, "state")) >= weight(rf_answer_text(found, "state"))))
			found = task;
	}
	return found;
}

static char *find_url(json_object *answer)
{
	json_object *effects = list_in(answer, "effects");
	for (size_t i = 0; effects && i < json_object_array_length(effects); i++) {
		json_object *effect = json_object_array_get_idx(effects, i);
		if (strncmp(rf_answer_text(effect, "stage"), "publish", 7) == 0 && *rf_answer_text(effect, "url"))
			return rf_strdup(rf_answer_text(effect, "url"));
	}
	return NULL;
}

/* Returns whether nothing more happens by itself. */
static bool read_outcome(json_object *answer, struct rf_outcome *outcome)
{
	static const char *const ends[] = {"held", "dead", "superseded", "erased", "done"};
	json_object *task = decisive_task(answer);
	*outcome = (struct rf_outcome){.status = NULL};
	for (size_t i = 0; i < RF_COUNT(ends) && !outcome->status; i++)
		if (strcmp(rf_answer_text(task, "state"), ends[i]) == 0)
			outcome->status = ends[i];
	if (!outcome->status)
		return false;
	outcome->url = find_url(answer);
	if (outcome->url && strcmp(outcome->status, "done") == 0)
		outcome->status = "published";
	if (*rf_answer_text(task, "reason"))
		outcome->reason = rf_strdup(rf_answer_text(task, "reason"));
	outcome->stage = rf_strdup(rf_answer_text(task, "stage"));
	return true;
}

int rf_outcome_await(struct rf_client *client, const char *document, struct rf_outcome *outcome, struct rf_error *error)
{
	json_object *arguments = json_object_new_object();
	json_object_object_add(arguments, "document", json_object_new_string(document));
	int result = 0;
	for (bool over = false; !over && result == 0;) {
		json_object *answer = NULL;
		result = rf_client_ask(client, "show", arguments, &answer, error) ? -1 : 0;
		over = result == 0 && read_outcome(answer, outcome);
		json_object_put(answer);
		if (result == 0 && !over)
			usleep(pause_us);
	}
	json_object_put(arguments);
	return result;
}

void rf_outcome_deinit(struct rf_outcome *outcome)
{
	free(outcome->stage);
	free(outcome->reason);
	free(outcome->url);
}

void rf_outcome_print(const struct rf_outcome *outcome, const char *document)
{
	printf("document %s is %s", document, outcome->status);
	if (strcmp(outcome->status, "published") == 0)
		printf(": %s", outcome->url);
	else if (outcome->reason)
		printf(" at %s: %s", outcome->stage, outcome->reason);
	putchar('\n');
}

static void add(json_object *entry, const char *name, const char *text)
{
	if (text)
		json_object_object_add(entry, name, json_object_new_string(text));
}

void rf_outcome_add(const struct rf_outcome *outcome, json_object *entry)
{
	add(entry, "status", outcome->status);
	add(entry, "stage", outcome->stage);
	add(entry, "reason", outcome->reason);
	add(entry, "url", outcome->url);
}

int rf_outcome_status(const struct rf_outcome *outcome)
{
	if (strcmp(outcome->status, "held") == 0)
		return EX_NOPERM;
	return strcmp(outcome->status, "dead") == 0 ? EX_DATAERR : EX_OK;
}
