/* A whole stage (told_stage.h) in a child process, and the test in the place of its broker. What is not as it should be
 * ends the test. */
#ifndef TESTS_SUPPORT_STAND_IN_H
#define TESTS_SUPPORT_STAND_IN_H

#include "wire/message.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PATIENCE_MS = 10000, HEARTBEAT_US = 200 * 1000 };

struct stand_in {
	char *folder; /* of blobs, too */
	char *endpoint;
	void *context, *socket;
	struct rf_frame peer; /* the routing id of who spoke last */
	pid_t child;          /* the stage; 0: it has ended */
	bool deaf;            /* does not answer PING */
	uint64_t credit;      /* that was given so far */
};

/* For cmocka: start the stage, and end it. */
int stand_in_set_up(void **state);
int stand_in_tear_down(void **state);
#define STAND_IN_TEST(name) cmocka_unit_test_setup_teardown(name, stand_in_set_up, stand_in_tear_down)

/* Sends the message to who spoke last, and empties it. */
void stand_in_say(struct stand_in *broker, struct rf_message *message);

/* The next message of the verb, which the caller empties (rf_message_deinit); waits for it. Heartbeats and credit are
 * dealt with on the way, START may be left out. */
struct rf_message stand_in_hear(struct stand_in *broker, enum rf_verb verb);
void stand_in_pass_over(struct stand_in *broker, enum rf_verb verb); /* hears it, and no more */

/* WELCOME with a definition of the stage, to be changed and said. */
Referat__Wire__Welcome *stand_in_make_welcome(struct rf_message *message);
void stand_in_add_channel(Referat__Wire__StageConfig *config, const char *folder); /* a maildir below the folder */
void stand_in_welcome(struct stand_in *broker);
void stand_in_greet(struct stand_in *broker); /* hears HELLO, says WELCOME */

/* A task of document "doc", whose source is the word. */
void stand_in_add_task(struct rf_message *message, uint64_t number, const char *source);
void stand_in_give(struct stand_in *broker, uint64_t number, const char *source);

/* Answers with the item's token and ref: ACK, GO, … The effect, where remote_id is not NULL, comes back with it. */
void stand_in_answer(struct stand_in *broker, enum rf_verb verb, const Referat__Wire__Item *to, const char *remote_id);

/* Waits until the stage ends; the status as waitpid gives it. */
int stand_in_status(struct stand_in *broker);

#endif
