/* `referat answer`, `pause`, `resume`: what an operator decides about a stage, or about many documents at once. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* What a decision is called, and what it asks for beside its name. */
struct decision {
	const char *command;
	const struct rf_program *program; /* without options */
	int (*read)(char **operands, json_object *arguments, struct rf_error *error);
	void (*tell)(char **operands, json_object *answer);
};

static int decide(const struct decision *decision, int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const char *reason = NULL;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept in the history with your name", &reason},
	};
	struct rf_program program = *decision->program;
	program.options = options;
	program.n_options = RF_COUNT(options);
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	json_object *arguments = json_object_new_object(), *answer = NULL;
	rf_client_sign(arguments, reason);
	status = EX_OK;
	if (decision->read(argv + 1, arguments, &error) < 0)
		status = EX_USAGE;
	else if (rf_client_ask_once(&given, decision->command, arguments, &answer, &error))
		status = EX_UNAVAILABLE;
	json_object_put(arguments);
	if (status != EX_OK)
		return rf_command_fail(decision->command, status, &error);
	if (given.json)
		rf_answer_print(answer);
	else
		decision->tell(argv + 1, answer);
	json_object_put(answer);
	return EX_OK;
}

/* ---- stages --------------------------------------------------------------------------------------------------------
 */

static int read_stage(char **operands, json_object *arguments, struct rf_error *error)
{
	(void)error;
	json_object_object_add(arguments, "stage", json_object_new_string(operands[0]));
	return 0;
}

static void tell_paused(char **operands, json_object *answer)
{
	(void)answer;
	printf("%s is paused; go on with: referat resume %s\n", operands[0], operands[0]);
}

static void tell_resumed(char **operands, json_object *answer)
{
	bool tried = rf_answer_number(answer, "tried");
	printf(tried ? "%s is tried again now\n" : "%s goes on\n", operands[0]);
}

int rf_command_pause(int argc, char **argv)
{
	static const struct rf_program program = {
	    .name = "referat pause",
	    .synopsis = "referat pause STAGE [options]",
	    .description =
		"Hands out nothing more for a stage, until it is resumed: the CMS is upgraded, the mails are to wait "
		"for Monday. What is in hand is finished; documents are taken and go as far as the stage, and wait "
		"there. A pause outlives restarts, and 'referat status' tells of it.",
	    .examples = "referat pause publish/cms --reason 'the CMS is upgraded tonight'",
	    .least_operands = 1,
	    .most_operands = 1,
	};
	static const struct decision decision = {"pause", &program, read_stage, tell_paused};
	return decide(&decision, argc, argv);
}

int rf_command_resume(int argc, char **argv)
{
	static const struct rf_program program = {
	    .name = "referat resume",
	    .synopsis = "referat resume STAGE [options]",
	    .description =
		"Lets a stage that was paused go on with what waits there. A destination that does not work is tried "
		"again after pauses that grow to an hour: when it is mended, or has got the right password, this tries "
		"it at once.",
	    .examples = "referat resume publish/cms",
	    .least_operands = 1,
	    .most_operands = 1,
	};
	static const struct decision decision = {"resume", &program, read_stage, tell_resumed};
	return decide(&decision, argc, argv);
}

/* ---- questions -----------------------------------------------------------------------------------------------------
 */

static int read_answer(char **operands, json_object *arguments, struct rf_error *error)
{
	bool yes = strcmp(operands[1], "yes") == 0;
	if (!yes && strcmp(operands[1], "no") != 0)
		return rf_error_set(error, "the answer is yes or no, not '%s'", operands[1]);
	json_object_object_add(arguments, "question", json_object_new_string(operands[0]));
	json_object_object_add(arguments, "yes", json_object_new_boolean(yes));
	return 0;
}

static void tell_answered(char **operands, json_object *answer)
{
	int64_t n = rf_answer_number(answer, "documents");
	printf("%" PRId64 " document%s: %s\n", n, n == 1 ? "" : "s",
	       strcmp(operands[1], "yes") == 0 ? "those who are to be told are told" : "nobody is told");
}

int rf_command_answer(int argc, char **argv)
{
	static const struct rf_program program = {
	    .name = "referat answer",
	    .synopsis = "referat answer QUESTION yes|no [options]",
	    .description =
		"Answers a question that stands for many documents; 'referat held' and 'referat status' show those "
		"there are.\n\n"
		"many-documents: more documents would be told of within an hour than max_documents_per_hour allows. "
		"'yes' tells of all that wait; 'no' tells nobody. They are published either way.",
	    .examples = "referat answer many-documents no --reason 'it was the archive'",
	    .least_operands = 2,
	    .most_operands = 2,
	};
	static const struct decision decision = {"answer", &program, read_answer, tell_answered};
	return decide(&decision, argc, argv);
}
