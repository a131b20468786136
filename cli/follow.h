/* A command that goes on asking until it is ended: through restarts of the broker, and as often as it is told. */
#ifndef RF_CLI_FOLLOW_H
#define RF_CLI_FOLLOW_H

#include "cli/client.h"

#include <json-c/json.h>

struct rf_follow {
	const struct rf_client_options *options;
	const char *name;    /* of the command, for what it says when the broker is away */
	const char *command; /* asked of the broker */
	/* Gives the arguments of the next question; the caller puts them. NULL: none. */
	json_object *(*arguments)(void *context);
	/* Takes an answer. Returns the pause before the next question in us, 0 for none, < 0 to end. */
	int64_t (*take)(void *context, json_object *answer);
	void *context;
};

/* Returns an exit status: of the first question that fails, before any was answered; later ones are asked again. */
int rf_follow(const struct rf_follow *follow);

#endif
