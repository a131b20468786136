/* A command's short talk with the broker: one question, one answer. Blocks. */
#ifndef RF_CLI_CLIENT_H
#define RF_CLI_CLIENT_H

#include "base/clock.h"
#include "base/options.h"
#include "wire/message.h"

#include <json-c/json.h>

struct rf_error;
struct rf_client;

enum { RF_CLIENT_AWAY = 1 };

/* What all commands that ask the broker are given: RF_CLIENT_INIT, and RF_CLIENT_OPTIONS in the table of options. */
struct rf_client_options {
	const char *state; /* folder; NULL: the only one in var/ */
	bool json;
	int64_t limit_us; /* how long to wait for an answer */
};

#define RF_CLIENT_INIT                                                                                                 \
	{                                                                                                              \
		.limit_us = 5 * RF_SECOND                                                                              \
	}
/* clang-format off */
#define RF_CLIENT_OPTIONS(given)                                                                                       \
	{"state", 's', RF_OPTION_TEXT, "DIR", "state folder of the pipeline; default: the only one in var/",           \
	 &(given).state},                                                                                              \
	{"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &(given).json},                                                \
	{"timeout", 0, RF_OPTION_DURATION, "D", "how long to wait for the broker; default: 5s", &(given).limit_us}
/* clang-format on */

/* The state folder that is meant. The caller frees. */
int rf_client_find_state(const struct rf_client_options *options, char **state, struct rf_error *error);

/* Returns 0, or < 0 with the reason: no such folder, several of them. Does not wait. */
int rf_client_open(const struct rf_client_options *options, struct rf_client **client, struct rf_error *error);
void rf_client_close(struct rf_client *client); /* NULL is fine */

/* arguments: borrowed; NULL: none. Returns 0 with the answer (the caller puts it); RF_CLIENT_AWAY with a reason when no
 * broker answers in time; < 0 with the broker's reason. */
int rf_client_ask(struct rf_client *client, const char *command, json_object *arguments, json_object **answer,
		  struct rf_error *error);

/* The same for a single question: opens and closes. */
int rf_client_ask_once(const struct rf_client_options *options, const char *command, json_object *arguments,
		       json_object **answer, struct rf_error *error);

/* Sends a message of another kind, which is consumed, and waits for one of the verb. Returns 0 with the answer, the
 * caller's; RF_CLIENT_AWAY; < 0 with the broker's reason (ERROR). */
int rf_client_exchange(struct rf_client *client, struct rf_message *message, enum rf_verb verb,
		       struct rf_message *answer, struct rf_error *error);

/* Who acts, for the history: under sudo, the person and not root. Borrowed until the next call. */
const char *rf_client_who(void);
/* Adds who asks, and why (NULL: no reason is given), to the arguments of an act. */
void rf_client_sign(json_object *arguments, const char *reason);

#endif
