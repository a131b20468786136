#include "cli/order.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "cli/lock.h"
#include "cli/question.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 20 /* bytes of an order or an answer */ };

static const char order_name[] = "reload.order", answer_name[] = "reload.answer";

void rf_order_deinit(struct rf_order *order)
{
	free(order->number);
	free(order->path);
	rf_stage_moves_deinit(&order->moves);
	*order = (struct rf_order){.number = NULL};
}

static void add_text(json_object *object, const char *name, const char *text)
{
	if (text)
		json_object_object_add(object, name, json_object_new_string(text));
}

static int write_file(const char *state, const char *name, json_object *object, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state, name);
	const char *text = json_object_to_json_string(object);
	return rf_file_write(path, text, strlen(text), false, error);
}

/* Returns 0, RF_FILE_MISSING, < 0. */
static int read_file(const char *state, const char *name, json_object **object, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state, name), *text = NULL;
	size_t size;
	int status = rf_file_read(path, MOST, &text, &size, error);
	if (status == RF_FILE_MISSING)
		return status;
	if (status != 0)
		return status < 0 ? -1 : rf_error_set(error, "%s is too large", path);
	*object = json_tokener_parse(text);
	if (json_object_is_type(*object, json_type_object))
		return 0;
	json_object_put(*object);
	return rf_error_set(error, "%s is no JSON object", path);
}

/* ---- the supervisor's side --------------------------------------------------------------------------------------- */

static char *take_text(json_object *object, const char *name)
{
	const char *text = rf_answer_text(object, name);
	return *text ? rf_strdup(text) : NULL;
}

int rf_order_take(const char *state, struct rf_order *order, struct rf_error *error)
{
	json_object *object = NULL;
	*order = (struct rf_order){.number = NULL};
	int status = read_file(state, order_name, &object, error);
	if (status == RF_FILE_MISSING)
		return RF_ORDER_NONE;
	rf_autofree char *path = rf_path_join(state, order_name);
	unlink(path);
	if (status < 0)
		return -1;
	order->number = take_text(object, "number");
	order->path = take_text(object, "definition");
	order->apply = strcmp(rf_answer_text(object, "what"), "apply") == 0;
	order->drain_us = rf_answer_number(object, "drain_us");
	status = rf_stage_moves_read(rf_answer_text(object, "moves"), &order->moves, error);
	json_object_put(object);
	if (status < 0)
		rf_order_deinit(order);
	return status;
}

static json_object *write_plan(const struct rf_comparison *plan)
{
	json_object *stages = json_object_new_array();
	for (size_t i = 0; plan && i < plan->n_stages; i++) {
		json_object *stage = json_object_new_object();
		add_text(stage, "stage", plan->stages[i].stage);
		add_text(stage, "change", rf_change_name(plan->stages[i].change));
		add_text(stage, "what", plan->stages[i].what);
		json_object_array_add(stages, stage);
	}
	return stages;
}

int rf_order_answer(const char *state, const struct rf_order *order, const char *outcome, const char *reason,
		    const struct rf_comparison *plan, struct rf_error *error)
{
	if (!order->number)
		return 0;
	json_object *answer = json_object_new_object();
	add_text(answer, "number", order->number);
	add_text(answer, "outcome", outcome);
	add_text(answer, "reason", reason);
	json_object_object_add(answer, "same", json_object_new_boolean(plan && plan->same));
	json_object_object_add(answer, "stages", write_plan(plan));
	int status = write_file(state, answer_name, answer, error);
	json_object_put(answer);
	return status;
}

/* ---- the command's side ------------------------------------------------------------------------------------------ */

static char *make_number(void)
{
	uint64_t number = 0;
	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		number = (uint64_t)getpid();
	return rf_format("%016llx", (unsigned long long)number);
}

int rf_order_give(const char *state, struct rf_order *order, struct rf_error *error)
{
	pid_t supervisor;
	if (rf_lock_find_owner(state, &supervisor, error) < 0)
		return -1;
	order->number = make_number();
	rf_autofree char *moves = rf_stage_moves_write(&order->moves, false);
	json_object *object = json_object_new_object();
	add_text(object, "number", order->number);
	add_text(object, "what", order->apply ? "apply" : "plan");
	add_text(object, "definition", order->path);
	add_text(object, "moves", moves);
	json_object_object_add(object, "drain_us", json_object_new_int64(order->drain_us));
	int status = write_file(state, order_name, object, error);
	json_object_put(object);
	if (status == 0 && kill(supervisor, SIGUSR1) < 0)
		status = rf_error_errno(error, "process %ld, which runs the pipeline, can't be told", (long)supervisor);
	return status < 0 ? -1 : 0;
}

static void take_back(const char *state)
{
	rf_autofree char *path = rf_path_join(state, order_name);
	unlink(path);
}

int rf_order_await(const char *state, const struct rf_order *order, int64_t limit_us, json_object **answer,
		   struct rf_error *error)
{
	static const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	const struct rf_clock clock = rf_clock_system();
	int64_t end_us = rf_clock_monotonic(&clock) + limit_us;
	pid_t supervisor;
	do {
		json_object *object = NULL;
		int status = read_file(state, answer_name, &object, error);
		if (status < 0)
			return -1;
		if (status == 0 && strcmp(rf_answer_text(object, "number"), order->number) == 0) {
			*answer = object;
			return 0;
		}
		if (status == 0)
			json_object_put(object);
		nanosleep(&pause, NULL);
		if (rf_lock_find_owner(state, &supervisor, error) < 0)
			return -1;
	} while (rf_clock_monotonic(&clock) < end_us);
	take_back(state);
	rf_error_set(error, "the supervisor has not said in time what came of it; its log does");
	return RF_ORDER_UNANSWERED;
}
