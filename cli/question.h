/* The messages that the command line and the supervisor send to the broker, and the JSON of its answers. */
#ifndef RF_CLI_QUESTION_H
#define RF_CLI_QUESTION_H

#include "wire/message.h"

#include <json-c/json.h>
#include <stdbool.h>

struct rf_message rf_hello_message(const char *role);
struct rf_message rf_ping_message(void);

/* json: the arguments; NULL: none. ref: a number that the answer carries too. */
struct rf_message rf_question_message(const char *command, const char *json, uint64_t ref);
bool rf_reply_is_to(const struct rf_message *message, uint64_t ref);

struct rf_obituary {
	uint32_t pid;
	const char *stage;
	int wait_status;  /* as waitpid gives it */
	const char *tail; /* of standard error, UTF-8 */
};
struct rf_message rf_obituary_message(const struct rf_obituary *obituary);

/* Reads a REPLY. Returns 0 with the answer (the caller puts it), < 0 with the broker's reason or what is wrong. */
int rf_reply_read(const struct rf_message *message, json_object **answer, struct rf_error *error);

/* A member of an answer; "" or 0 when it is not there or of another kind. The text is borrowed from the object. */
const char *rf_answer_text(json_object *object, const char *name);
int64_t rf_answer_number(json_object *object, const char *name);

/* The questions that the broker has for a person, each with the commands that answer it. NULL is fine. */
void rf_questions_print(json_object *questions);

/* A line on standard output. */
void rf_answer_print(json_object *object);

#endif
