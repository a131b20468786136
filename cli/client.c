#include "cli/client.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "cli/question.h"
#include "wire/link.h"

#include <dirent.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

struct rf_client {
	struct rf_link *link;
	char *state;
	struct rf_clock clock;
	int64_t limit_us;
	uint64_t ref; /* of the last question */
};

/* ---- which pipeline ---------------------------------------------------------------------------------------------- */

static const char default_root[] = "var";

static char *state_in(const char *folder, const char *name)
{
	rf_autofree char *state = rf_path_join(folder, name);
	rf_autofree char *store = rf_path_join(state, "referat.db");
	return name[0] != '.' && access(store, F_OK) == 0 ? rf_steal(state) : NULL;
}

static int find_only_state(char **state, struct rf_error *error)
{
	rf_autofree char *found = NULL;
	DIR *folder = opendir(default_root);
	if (!folder)
		return rf_error_set(error, "no pipeline has run here: there is no folder '%s'; name one with --state",
				    default_root);
	bool several = false;
	for (const struct dirent *entry; !several && (entry = readdir(folder)) != NULL;) {
		rf_autofree char *one = state_in(default_root, entry->d_name);
		several = one && found;
		if (one && !found)
			found = rf_steal(one);
	}
	closedir(folder);
	if (several)
		return rf_error_set(error, "several pipelines have run here; name one with --state %s/NAME",
				    default_root);
	if (!found)
		return rf_error_set(error, "no pipeline has run here; name its folder with --state");
	*state = rf_steal(found);
	return 0;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

int rf_client_find_state(const struct rf_client_options *options, char **state, struct rf_error *error)
{
	if (!options->state)
		return find_only_state(state, error);
	*state = rf_strdup(options->state);
	return 0;
}

int rf_client_open(const struct rf_client_options *options, struct rf_client **client, struct rf_error *error)
{
	rf_autofree char *state = NULL, *endpoint = NULL;
	struct rf_link *link = NULL;
	if (rf_client_find_state(options, &state, error) < 0)
		return -1;
	if (rf_link_endpoint(state, &endpoint, error) < 0 || rf_link_open(endpoint, &link, error) < 0)
		return -1;
	struct rf_message hello = rf_hello_message("control");
	if (rf_link_send(link, &hello, error)) {
		rf_link_close(link);
		return -1;
	}
	*client = rf_alloc(sizeof **client);
	**client = (struct rf_client){
	    .link = link, .state = rf_steal(state), .clock = rf_clock_system(), .limit_us = options->limit_us};
	return 0;
}

void rf_client_close(struct rf_client *client)
{
	if (!client)
		return;
	rf_link_close(client->link);
	free(client->state);
	free(client);
}

/* Other messages than the answer (WELCOME, DRAIN) are passed over. */
static int receive_answer(struct rf_client *client, json_object **answer, struct rf_error *error)
{
	int64_t end_us = rf_clock_monotonic(&client->clock) + client->limit_us;
	for (;;) {
		struct rf_message message;
		int result = rf_link_receive(client->link, &message, error);
		if (result < 0)
			return -1;
		if (result == 0) {
			bool is_answer = rf_reply_is_to(&message, client->ref) || message.verb == RF_VERB_ERROR;
			result = is_answer ? rf_reply_read(&message, answer, error) : 0;
			rf_message_deinit(&message);
			if (is_answer)
				return result;
			continue;
		}
		int64_t left_us = end_us - rf_clock_monotonic(&client->clock);
		if (left_us <= 0)
			return RF_CLIENT_AWAY;
		if (rf_link_wait(client->link, left_us, error) < 0)
			return -1;
	}
}

static void set_away(const struct rf_client *client, struct rf_error *error)
{
	rf_error_set(
	    error,
	    "%s: the broker does not answer; is 'referat run' running? 'referat run PIPELINE --state %s' starts it",
	    client->state, client->state);
}

int rf_client_ask(struct rf_client *client, const char *command, json_object *arguments, json_object **answer,
		  struct rf_error *error)
{
	struct rf_message question =
	    rf_question_message(command, arguments ? json_object_to_json_string(arguments) : NULL, ++client->ref);
	int result = rf_link_send(client->link, &question, error);
	if (result == 0)
		result = receive_answer(client, answer, error);
	if (result > 0)
		set_away(client, error);
	return result > 0 ? RF_CLIENT_AWAY : result;
}

int rf_client_ask_once(const struct rf_client_options *options, const char *command, json_object *arguments,
		       json_object **answer, struct rf_error *error)
{
	struct rf_client *client = NULL;
	if (rf_client_open(options, &client, error) < 0)
		return -1;
	int result = rf_client_ask(client, command, arguments, answer, error);
	rf_client_close(client);
	return result;
}

const char *rf_client_who(void)
{
	const char *behind = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());
	return behind && *behind ? behind : user ? user->pw_name : "?";
}

void rf_client_sign(json_object *arguments, const char *reason)
{
	json_object_object_add(arguments, "who", json_object_new_string(rf_client_who()));
	if (reason)
		json_object_object_add(arguments, "reason", json_object_new_string(reason));
}

static int receive_verb(struct rf_client *client, enum rf_verb verb, struct rf_message *answer, struct rf_error *error)
{
	int64_t end_us = rf_clock_monotonic(&client->clock) + client->limit_us;
	for (;;) {
		int result = rf_link_receive(client->link, answer, error);
		if (result < 0 || (result == 0 && answer->verb == verb))
			return result;
		if (result == 0) {
			bool refused = answer->verb == RF_VERB_ERROR;
			if (refused)
				rf_error_set(error, "the broker refused: %s",
					     answer->header->error && answer->header->error->text
						 ? answer->header->error->text
						 : "no reason given");
			rf_message_deinit(answer);
			if (refused)
				return -1;
			continue;
		}
		int64_t left_us = end_us - rf_clock_monotonic(&client->clock);
		if (left_us <= 0)
			return RF_CLIENT_AWAY;
		if (rf_link_wait(client->link, left_us, error) < 0)
			return -1;
	}
}

int rf_client_exchange(struct rf_client *client, struct rf_message *message, enum rf_verb verb,
		       struct rf_message *answer, struct rf_error *error)
{
	int result = rf_link_send(client->link, message, error);
	if (result == 0)
		result = receive_verb(client, verb, answer, error);
	if (result > 0)
		set_away(client, error);
	return result;
}
