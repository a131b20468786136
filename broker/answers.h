/* Answers to control commands: JSON, a function for each command. */
#ifndef RF_BROKER_ANSWERS_H
#define RF_BROKER_ANSWERS_H

#include "broker/state.h"

#include <json-c/json.h>

/* Fills the answer. Returns 0; RF_REFUSED with the reason when the arguments are wrong; < 0 on a fault of the store. */
typedef int (*rf_answer)(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
			 struct rf_error *error);

int rf_answer_list(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_held(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_dead(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);
int rf_answer_show(struct rf_core *core, struct json_object *arguments, struct json_object *answer,
		   struct rf_error *error);

static inline void rf_json_text(struct json_object *object, const char *name, const char *value) /* NULL: left out */
{
	if (value)
		json_object_object_add(object, name, json_object_new_string(value));
}

static inline void rf_json_number(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, json_object_new_int64((int64_t)value));
}

static inline const char *rf_json_get(struct json_object *object, const char *name) /* NULL: not there */
{
	struct json_object *value;
	return json_object_object_get_ex(object, name, &value) ? json_object_get_string(value) : NULL;
}

#endif
