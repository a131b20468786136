/* Answers to control commands: JSON, a function for each command (control.c, listing.c, acts.c, withdrawals.c). */
#ifndef RF_BROKER_ANSWERS_H
#define RF_BROKER_ANSWERS_H

#include "base/datetime.h"
#include "base/mask.h"
#include "base/memory.h"
#include "broker/state.h"

#include <json-c/json.h>

/* Fills the answer. Returns 0; RF_REFUSED with the reason when the arguments are wrong; < 0 on a fault of the store. */
typedef int (*rf_answer)(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
			 struct rf_error *error);

/* What a document's tasks come to: the worst that any of them is decides. */
struct rf_verdict {
	enum rf_task_state worst;
	uint64_t task; /* the first that is that; 0: there is none */
	bool published, withdrawn;
	char *stage, *code, *reason; /* its own; NULL where there are none */
};
int rf_verdict_reach(struct rf_core *core, const char *document, uint32_t revision, struct rf_verdict *verdict,
		     struct rf_error *error);
void rf_verdict_deinit(struct rf_verdict *verdict);
const char *rf_verdict_name(const struct rf_verdict *verdict); /* "open", "published", "held" ... */

int rf_answer_list(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_held(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_dead(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_show(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_part(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);

int rf_answer_status(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		     struct rf_error *error);
int rf_answer_why(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
int rf_answer_trace(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		    struct rf_error *error);
int rf_answer_snapshot(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		       struct rf_error *error);
int rf_answer_snapshot_state(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
			     struct rf_error *error);
int rf_answer_snapshot_drop(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
			    struct rf_error *error);

int rf_act_reconcile(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		     struct rf_error *error);
int rf_act_thaw(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		struct rf_error *error);

/* Returned by an act that answers core->asked itself, with rf_control_reply, when more is done than the commit. */
enum { RF_ANSWERED_LATER = 2 };
int rf_answer_compare(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		      struct rf_error *error);
int rf_answer_preview(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		      struct rf_error *error);
/* Puts the newest revision once more wherever it stands, with nothing kept of earlier ones. The answer has `tasks`, and
 * `left`: stages where something stands that the definition no longer has. Returns RF_REFUSED with the reason when
 * something older stands somewhere, or the document is withdrawn. */
int rf_purge_begin(struct rf_core *core, const char *document, uint32_t revision, struct json_object *answer,
		   struct rf_error *error);
int rf_act_erase(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		 struct rf_error *error);

/* status: 0, or of sysexits.h. A peer that is gone is passed over. */
void rf_control_reply(struct rf_core *core, const struct rf_reply_to *to, int status, struct json_object *answer);
int rf_act_answer(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
int rf_act_pause(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		 struct rf_error *error);
int rf_act_resume(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
/* `questions`: those that wait for an answer (telling.c). */
int rf_telling_question(struct rf_core *core, struct json_object *answer, struct rf_error *error);
/* `paused` and `paused_why` of a stage that is (pauses.c). */
int rf_pauses_show(struct rf_core *core, const struct rf_core_stage *stage, struct json_object *status,
		   struct rf_error *error);
int rf_answer_replayed(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		       struct rf_error *error);
int rf_act_replay(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);

/* Who did it and why (arguments `who`, `reason`), for the history: the audit record of an act. */
int rf_control_note(struct rf_core *core, const struct rf_task *task, const char *what, struct json_object *arguments,
		    struct rf_error *error);

int rf_answer_tap(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
int rf_answer_age(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
/* What people decide about a document. */
int rf_act_release(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_act_retry(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		 struct rf_error *error);
int rf_act_hold(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		struct rf_error *error);
int rf_act_delete(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		  struct rf_error *error);
int rf_act_withdraw(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		    struct rf_error *error);

static inline void rf_json_text(struct json_object *object, const char *name, const char *value) /* NULL: left out */
{
	if (value)
		json_object_object_add(object, name, json_object_new_string(value));
}

/* Words that may hold the name of a file, and so an identity number: masked. */
static inline void rf_json_words(struct json_object *object, const char *name, const char *value)
{
	rf_autofree char *masked = rf_mask(value);
	rf_json_text(object, name, masked);
}

static inline void rf_json_number(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, json_object_new_int64((int64_t)value));
}

static inline void rf_json_instant(struct json_object *object, const char *name, int64_t instant_us)
{
	char text[RF_INSTANT_SIZE];
	rf_instant_format(instant_us, text);
	rf_json_text(object, name, text);
}

static inline struct json_object *rf_json_list(struct json_object *object, const char *name) /* a new, empty member */
{
	struct json_object *list = json_object_new_array();
	json_object_object_add(object, name, list);
	return list;
}

static inline struct json_object *rf_json_append(struct json_object *list) /* a new, empty object in it */
{
	struct json_object *object = json_object_new_object();
	json_object_array_add(list, object);
	return object;
}

static inline const char *rf_json_get(struct json_object *object, const char *name) /* NULL: not there */
{
	struct json_object *value;
	return json_object_object_get_ex(object, name, &value) ? json_object_get_string(value) : NULL;
}

static inline bool rf_json_is(struct json_object *object, const char *name) /* it is there, and true */
{
	struct json_object *value;
	return json_object_object_get_ex(object, name, &value) && json_object_get_boolean(value);
}

/* records.c: adds a row to the list, which is the context of a walk. */
int rf_answer_add_part(void *list, const struct rf_part *part);
int rf_answer_add_event(void *list, const struct rf_event *event);

#endif
