#include "cli/uplink.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "wire/link.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OBITUARIES = 1000 }; /* while there is no broker; older ones are dropped then */

struct rf_uplink {
	struct rf_loop *loop;
	struct rf_link *link;
	uint64_t heartbeat;
	uint64_t heard;                 /* messages */
	bool welcome;                   /* the broker knows us */
	struct rf_obituary *obituaries; /* not acknowledged, oldest first; strings are owned */
	size_t n_obituaries;
	rf_uplink_answered answered; /* NULL: nothing is asked */
	void *context;
	char *command, *arguments; /* the question, and its number */
	uint64_t ref;
};

static void send_message(struct rf_uplink *uplink, struct rf_message message)
{
	struct rf_error error = {""};
	if (rf_link_send(uplink->link, &message, &error) < 0)
		rf_log(RF_LOG_WARNING, NULL, "the broker could not be told: %s", error.text);
}

void rf_uplink_hello(struct rf_uplink *uplink)
{
	uplink->welcome = false;
	send_message(uplink, rf_hello_message("supervisor"));
}

/* ---- obituaries -------------------------------------------------------------------------------------------------- */

static void forget_oldest(struct rf_uplink *uplink)
{
	if (uplink->n_obituaries == 0)
		return;
	free((char *)uplink->obituaries[0].stage);
	free((char *)uplink->obituaries[0].tail);
	uplink->n_obituaries--;
	memmove(uplink->obituaries, uplink->obituaries + 1, uplink->n_obituaries * sizeof *uplink->obituaries);
}

void rf_uplink_report(struct rf_uplink *uplink, const struct rf_obituary *obituary)
{
	if (uplink->n_obituaries == MOST_OBITUARIES)
		forget_oldest(uplink);
	uplink->obituaries = rf_realloc_array(uplink->obituaries, uplink->n_obituaries + 1, sizeof *uplink->obituaries);
	struct rf_obituary *kept = &uplink->obituaries[uplink->n_obituaries++];
	*kept = *obituary;
	kept->stage = rf_strdup(obituary->stage);
	kept->tail = rf_strdup(obituary->tail);
	if (uplink->welcome)
		send_message(uplink, rf_obituary_message(kept));
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

void rf_uplink_ask(struct rf_uplink *uplink, const char *command, json_object *arguments, rf_uplink_answered answered,
		   void *context)
{
	free(uplink->command);
	free(uplink->arguments);
	uplink->command = rf_strdup(command);
	uplink->arguments = arguments ? rf_strdup(json_object_to_json_string(arguments)) : NULL;
	uplink->answered = answered;
	uplink->context = context;
	uplink->ref++;
	if (uplink->welcome)
		send_message(uplink, rf_question_message(uplink->command, uplink->arguments, uplink->ref));
}

/* ---- what the broker says ---------------------------------------------------------------------------------------- */

static int take_answer(struct rf_uplink *uplink, const struct rf_message *message)
{
	rf_uplink_answered answered = uplink->answered;
	json_object *answer = NULL;
	struct rf_error error;
	if (!answered || !rf_reply_is_to(message, uplink->ref)) /* to one that was asked again */
		return 0;
	uplink->answered = NULL;
	if (rf_reply_read(message, &answer, &error) < 0) {
		rf_log(RF_LOG_WARNING, NULL, "%s", error.text);
		return 0;
	}
	int result = answered(uplink->context, answer);
	json_object_put(answer);
	return result;
}

/* It knows us (again): says what it has missed. */
static void take_welcome(struct rf_uplink *uplink)
{
	uplink->welcome = true;
	for (size_t i = 0; i < uplink->n_obituaries; i++)
		send_message(uplink, rf_obituary_message(&uplink->obituaries[i]));
	if (uplink->answered)
		send_message(uplink, rf_question_message(uplink->command, uplink->arguments, uplink->ref));
}

static int take_message(struct rf_uplink *uplink, const struct rf_message *message)
{
	switch (message->verb) {
	case RF_VERB_WELCOME:
		take_welcome(uplink);
		return 0;
	case RF_VERB_ERROR: /* a broker that does not know us (any more) */
		rf_uplink_hello(uplink);
		return 0;
	case RF_VERB_ACK: /* in the order in which they were sent */
		forget_oldest(uplink);
		return 0;
	case RF_VERB_REPLY:
		return take_answer(uplink, message);
	default:
		return 0;
	}
}

static int receive(void *context)
{
	struct rf_uplink *uplink = context;
	struct rf_message message;
	struct rf_error error;
	int result = rf_link_receive(uplink->link, &message, &error);
	if (result < 0)
		rf_log(RF_LOG_WARNING, NULL, "the broker sent something wrong: %s", error.text);
	if (result)
		return 0;
	uplink->heard++;
	result = take_message(uplink, &message);
	rf_message_deinit(&message);
	return result;
}

uint64_t rf_uplink_heard(const struct rf_uplink *uplink)
{
	return uplink->heard;
}

static int send_heartbeat(void *context)
{
	struct rf_uplink *uplink = context;
	if (uplink->welcome)
		send_message(uplink, rf_ping_message());
	return 0;
}

/* --------------------------------------------------------------------------------------------------------------------
 */

int rf_uplink_open(struct rf_loop *loop, const char *endpoint, struct rf_uplink **uplink, struct rf_error *error)
{
	struct rf_link *link;
	if (rf_link_open(endpoint, &link, error) < 0)
		return -1;
	struct rf_uplink *opened = rf_alloc(sizeof *opened);
	opened->loop = loop;
	opened->link = link;
	opened->heartbeat = rf_loop_add_timer(loop, RF_SECOND, RF_SECOND, send_heartbeat, opened);
	rf_loop_add_socket(loop, rf_link_socket(link), receive, opened);
	*uplink = opened;
	return 0;
}

void rf_uplink_close(struct rf_uplink *uplink)
{
	if (!uplink)
		return;
	rf_loop_cancel(uplink->loop, uplink->heartbeat);
	rf_loop_remove_socket(uplink->loop, rf_link_socket(uplink->link));
	while (uplink->n_obituaries > 0)
		forget_oldest(uplink);
	free(uplink->obituaries);
	free(uplink->command);
	free(uplink->arguments);
	rf_link_close(uplink->link);
	free(uplink);
}
