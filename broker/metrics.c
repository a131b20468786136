#include "broker/metrics.h"

#include "base/error.h"
#include "broker/answers.h"

#include <inttypes.h>

typedef struct json_object json;

/* ---- the format ----------------------------------------------------------------------------------------------------
 */

static void add_family(struct rf_buffer *text, const char *name, const char *type, const char *help)
{
	rf_buffer_format(text, "# HELP referat_%s %s\n# TYPE referat_%s %s\n", name, help, name, type);
}

static void add_label(struct rf_buffer *text, const char *name, const char *value)
{
	rf_buffer_format(text, "%s=\"", name);
	for (; value && *value; value++) {
		if (*value == '\n') {
			rf_buffer_add_text(text, "\\n");
			continue;
		}
		if (*value == '"' || *value == '\\')
			rf_buffer_add_char(text, '\\');
		rf_buffer_add_char(text, *value);
	}
	rf_buffer_add_char(text, '"');
}

/* name{first="…",second="…"}, with as many labels as have a name. */
static void add_name(struct rf_buffer *text, const char *name, const char *const labels[4])
{
	rf_buffer_format(text, "referat_%s", name);
	if (labels[0]) {
		rf_buffer_add_char(text, '{');
		add_label(text, labels[0], labels[1]);
		if (labels[2]) {
			rf_buffer_add_char(text, ',');
			add_label(text, labels[2], labels[3]);
		}
		rf_buffer_add_char(text, '}');
	}
	rf_buffer_add_char(text, ' ');
}

#define LABELS(...)                                                                                                    \
	(const char *const[4])                                                                                         \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}
#define NO_LABELS LABELS(NULL)

static void add_count(struct rf_buffer *text, const char *name, const char *const labels[4], int64_t value)
{
	add_name(text, name, labels);
	rf_buffer_format(text, "%" PRId64 "\n", value);
}

static void add_seconds(struct rf_buffer *text, const char *name, const char *const labels[4], int64_t time_us)
{
	add_name(text, name, labels);
	rf_buffer_format(text, "%.6f\n", (double)time_us / RF_SECOND);
}

static int64_t number(json *object, const char *name)
{
	json *value;
	return json_object_object_get_ex(object, name, &value) ? json_object_get_int64(value) : 0;
}

static json *list_of(json *object, const char *name)
{
	json *list = NULL;
	json_object_object_get_ex(object, name, &list);
	return list;
}

/* ---- tasks ---------------------------------------------------------------------------------------------------------
 */

static const char *const states[] = {"ready", "leased", "started",    "delayed", "held",
				     "dead",  "done",   "superseded", "erased"};

static void add_tasks(struct rf_buffer *text, json *status)
{
	json *stages = list_of(status, "stages");
	int64_t sum = 0;
	add_family(text, "tasks", "gauge", "Tasks by stage and state; a document has one for each stage it came to.");
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json *stage = json_object_array_get_idx(stages, i);
		for (size_t j = 0; j < RF_COUNT(states); j++) {
			add_count(text, "tasks", LABELS("stage", rf_json_get(stage, "name"), "state", states[j]),
				  number(stage, states[j]));
			sum += number(stage, states[j]);
		}
	}
	add_family(text, "tasks_made", "gauge", "Tasks that were ever made.");
	add_count(text, "tasks_made", NO_LABELS, number(status, "tasks_made"));
	add_family(text, "tasks_missing", "gauge",
		   "Tasks made less the sum of referat_tasks: anything but 0 is a loss.");
	add_count(text, "tasks_missing", NO_LABELS, number(status, "tasks_made") - sum);
	add_family(text, "documents", "gauge", "Documents in the store.");
	add_count(text, "documents", NO_LABELS, number(status, "documents"));
}

static void add_ages(struct rf_buffer *text, json *status)
{
	json *stages = list_of(status, "stages");
	int64_t now_us = 0, oldest_us;
	rf_instant_parse(rf_json_get(status, "now"), &now_us);
	add_family(text, "oldest_task_seconds", "gauge", "Age of the oldest task that waits, retries or is held.");
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json *stage = json_object_array_get_idx(stages, i);
		const char *oldest = rf_json_get(stage, "oldest");
		int64_t age_us =
		    oldest && rf_instant_parse(oldest, &oldest_us) && now_us > oldest_us ? now_us - oldest_us : 0;
		add_seconds(text, "oldest_task_seconds", LABELS("stage", rf_json_get(stage, "name")), age_us);
	}
}

/* ---- what passes ---------------------------------------------------------------------------------------------------
 */

static void add_attempts(struct rf_buffer *text, const struct rf_core *core)
{
	add_family(text, "attempts_total", "counter", "Attempts that ended, by outcome, since the broker started.");
	for (size_t i = 0; i < core->n_stages; i++)
		for (int passed = 0; passed < RF_PASSED_KINDS; passed++)
			add_count(text, "attempts_total",
				  LABELS("stage", core->stages[i].definition->name, "outcome",
					 rf_passed_name((enum rf_passed)passed)),
				  (int64_t)core->stages[i].meter.passed[passed]);
}

static void add_histogram(struct rf_buffer *text, const char *name, const char *stage,
			  const struct rf_histogram *histogram)
{
	rf_autofree char *bucket = rf_format("%s_bucket", name), *sum = rf_format("%s_sum", name);
	rf_autofree char *count = rf_format("%s_count", name);
	uint64_t n = 0;
	for (size_t i = 0; i < RF_HISTOGRAM_BOUNDS; i++) {
		rf_autofree char *bound = rf_format("%g", (double)rf_histogram_bounds[i] / RF_SECOND);
		n += histogram->buckets[i];
		add_count(text, bucket, LABELS("stage", stage, "le", bound), (int64_t)n);
	}
	add_count(text, bucket, LABELS("stage", stage, "le", "+Inf"), (int64_t)histogram->n);
	add_seconds(text, sum, LABELS("stage", stage), histogram->sum_us);
	add_count(text, count, LABELS("stage", stage), (int64_t)histogram->n);
}

static void add_durations(struct rf_buffer *text, const struct rf_core *core)
{
	add_family(text, "run_seconds", "histogram", "How long attempts took.");
	for (size_t i = 0; i < core->n_stages; i++)
		add_histogram(text, "run_seconds", core->stages[i].definition->name, &core->stages[i].meter.runs);
	add_family(text, "wait_seconds", "histogram", "How long tasks waited before an attempt.");
	for (size_t i = 0; i < core->n_stages; i++)
		add_histogram(text, "wait_seconds", core->stages[i].definition->name, &core->stages[i].meter.waits);
}

/* ---- around it -----------------------------------------------------------------------------------------------------
 */

static void add_destinations(struct rf_buffer *text, const struct rf_core *core)
{
	add_family(text, "destination_up", "gauge", "Whether a destination that failed once works: 1, or 0.");
	for (const struct rf_breaker *breaker = core->breakers; breaker; breaker = breaker->hh.next)
		add_count(text, "destination_up", LABELS("destination", breaker->name), !breaker->open);
}

static void add_connections(struct rf_buffer *text, const struct rf_core *core)
{
	static const char *const roles[] = {[RF_ROLE_NONE] = "none",
					    [RF_ROLE_STAGE] = "stage",
					    [RF_ROLE_CONTROL] = "control",
					    [RF_ROLE_SUPERVISOR] = "supervisor"};
	int64_t n[RF_COUNT(roles)] = {0};
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		n[peer->role]++;
	add_family(text, "connections", "gauge", "Peers of the broker by role.");
	for (size_t i = 0; i < RF_COUNT(roles); i++)
		add_count(text, "connections", LABELS("role", roles[i]), n[i]);
}

static void add_store(struct rf_buffer *text, const struct rf_core *core, json *status)
{
	add_family(text, "store_bytes", "gauge", "Size of the store and its log, without large parts.");
	add_count(text, "store_bytes", NO_LABELS, number(status, "store_bytes"));
	add_family(text, "commits_total", "counter", "Rounds that were committed; a durable one is on the disk then.");
	add_count(text, "commits_total", LABELS("durable", "yes"), (int64_t)core->n_durable);
	add_count(text, "commits_total", LABELS("durable", "no"), (int64_t)core->n_relaxed);
	add_family(text, "syncs_total", "counter", "Syncs of what relaxed rounds had written.");
	add_count(text, "syncs_total", NO_LABELS, (int64_t)core->n_syncs);
	add_family(text, "disk_short", "gauge",
		   "1 where the disk has less than its reserve, and documents are not taken.");
	add_count(text, "disk_short", NO_LABELS, core->disk_short);
}

int rf_metrics_write(struct rf_core *core, struct rf_buffer *text, struct rf_error *error)
{
	json *status = json_object_new_object();
	int result = rf_answer_status(core, NULL, status, error);
	if (result == 0) {
		add_family(text, "pipeline_info", "gauge", "Which pipeline this is, and which Referat runs it.");
		add_count(text, "pipeline_info",
			  LABELS("pipeline", core->options.pipeline->name, "version", REFERAT_VERSION), 1);
		add_tasks(text, status);
		add_ages(text, status);
		add_attempts(text, core);
		add_durations(text, core);
		add_destinations(text, core);
		add_connections(text, core);
		add_store(text, core, status);
	}
	json_object_put(status);
	return result;
}
