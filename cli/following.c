#include "cli/following.h"

#include "base/memory.h"
#include "cli/question.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 64, MANY = 500, ENOUGH = 10 };

static const useconds_t pause_us = 200 * 1000, long_pause_us = 1000 * 1000;

/* ---- waiting -------------------------------------------------------------------------------------------------------
 */

int64_t rf_following_left(int64_t through, int64_t all, int64_t passed_us, int64_t wait_us)
{
	bool tells = through >= ENOUGH && passed_us >= RF_SECOND;
	double paced_us = tells ? (double)(all - through) * (double)passed_us / (double)through : 0;
	return paced_us > (double)wait_us ? (int64_t)paced_us : wait_us;
}

/* What would make an estimate a lie: a stage that a person has paused, or a destination that does not work. The caller
 * frees; NULL: nothing. */
static char *find_hindrance(json_object *answer)
{
	json_object *list = NULL;
	json_object_object_get_ex(answer, "stages", &list);
	for (size_t i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		json_object *stage = json_object_array_get_idx(list, i);
		if (*rf_answer_text(stage, "paused"))
			return rf_format("%s is paused", rf_answer_text(stage, "name"));
	}
	json_object_object_get_ex(answer, "destinations", &list);
	for (size_t i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		json_object *destination = json_object_array_get_idx(list, i);
		if (!rf_answer_number(destination, "works"))
			return rf_format("%s does not work", rf_answer_text(destination, "name"));
	}
	return NULL;
}

static void show(const struct rf_following *following, json_object *answer, int64_t through, int64_t all,
		 int64_t began_us)
{
	struct rf_clock clock = rf_clock_system();
	int64_t now_us = rf_clock_monotonic(&clock);
	int64_t left_us = rf_following_left(through, all, now_us - began_us, rf_answer_number(answer, "bulk_wait_us"));
	rf_autofree char *hindrance = find_hindrance(answer);
	rf_autofree char *left = left_us > 0 ? rf_age_text(left_us) : NULL;
	rf_autofree char *text =
	    rf_format("%" PRId64 " of %" PRId64 " document%s through%s%s%s", through, all, all == 1 ? "" : "s",
		      hindrance || left ? ", " : "", hindrance || !left ? "" : "about ",
		      hindrance ? hindrance
		      : left    ? left
				: "");
	rf_autofree char *whole = rf_format("%s%s", text, left && !hindrance ? " left" : "");
	rf_progress_say(following->progress, through, all, whole, now_us);
}

/* A document has a task in the bulk lane until it is through, so that no more of them are open than there are tasks. */
int rf_following_wait(struct rf_following *following, struct rf_error *error)
{
	struct rf_clock clock = rf_clock_system();
	int64_t began_us = rf_clock_monotonic(&clock), all = (int64_t)json_object_array_length(following->documents);
	for (int64_t bulk = 1; bulk > 0;) {
		json_object *answer = NULL;
		int result = rf_client_ask(following->client, "status", NULL, &answer, error);
		if (result)
			return result;
		bulk = rf_answer_number(answer, "bulk");
		if (following->progress)
			show(following, answer, all > bulk ? all - bulk : 0, all, began_us);
		json_object_put(answer);
		if (bulk > 0)
			usleep(bulk > MANY ? long_pause_us : pause_us);
	}
	if (following->progress)
		rf_progress_hide(following->progress);
	return 0;
}

/* ---- what has become of them ---------------------------------------------------------------------------------------
 */

static void take(json_object *answer, struct rf_following_sum *sum)
{
	json_object *documents = NULL;
	json_object_object_get_ex(answer, "documents", &documents);
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(documents, i);
		const char *status = rf_answer_text(entry, "status");
		int64_t *which = strcmp(status, "published") == 0 ? &sum->published
				 : strcmp(status, "held") == 0    ? &sum->held
				 : strcmp(status, "dead") == 0    ? &sum->dead
				 : strcmp(status, "open") == 0    ? &sum->open
								  : &sum->other;
		++*which;
		sum->put += rf_answer_number(entry, "put");
	}
}

int rf_following_sum(const struct rf_following *following, struct rf_following_sum *sum, struct rf_error *error)
{
	size_t n = json_object_array_length(following->documents);
	*sum = (struct rf_following_sum){.put = 0};
	for (size_t first = 0; first < n; first += PAGE) {
		json_object *arguments = json_object_new_object(), *page = json_object_new_array(), *answer = NULL;
		for (size_t i = first; i < n && i < first + PAGE; i++)
			json_object_array_add(page,
					      json_object_get(json_object_array_get_idx(following->documents, i)));
		json_object_object_add(arguments, "documents", page);
		json_object_object_add(arguments, "since_us", json_object_new_int64(following->since_us));
		int result = rf_client_ask(following->client, "replayed", arguments, &answer, error);
		json_object_put(arguments);
		if (result)
			return result;
		take(answer, sum);
		json_object_put(answer);
	}
	return 0;
}
