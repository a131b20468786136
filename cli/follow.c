#include "cli/follow.h"

#include "base/error.h"
#include "cli/commands.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

enum { RETRY_US = 500000 };

static int ask(const struct rf_follow *follow, struct rf_client **client, json_object **answer, struct rf_error *error)
{
	if (!*client && rf_client_open(follow->options, client, error) < 0)
		return -1;
	json_object *arguments = follow->arguments ? follow->arguments(follow->context) : NULL;
	int result = rf_client_ask(*client, follow->command, arguments, answer, error);
	json_object_put(arguments);
	if (result) {
		rf_client_close(*client);
		*client = NULL;
	}
	return result;
}

int rf_follow(const struct rf_follow *follow)
{
	struct rf_client *client = NULL;
	bool answered = false, away = false;
	for (int64_t pause_us = 0; pause_us >= 0;) {
		struct rf_error error = {""};
		json_object *answer = NULL;
		if (ask(follow, &client, &answer, &error)) {
			if (!answered)
				return rf_command_fail(follow->name, EX_UNAVAILABLE, &error);
			if (!away)
				fprintf(stderr, "referat %s: %s; waiting\n", follow->name, error.text);
			away = true;
			pause_us = RETRY_US;
		} else {
			answered = true;
			away = false;
			pause_us = follow->take(follow->context, answer);
			json_object_put(answer);
		}
		if (pause_us > 0)
			usleep((useconds_t)pause_us);
	}
	rf_client_close(client);
	return EX_OK;
}
