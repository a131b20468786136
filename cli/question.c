#include "cli/question.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct rf_message rf_hello_message(const char *role)
{
	struct rf_message message = rf_message_make(RF_VERB_HELLO);
	Referat__Wire__Hello *hello = rf_alloc(sizeof *hello);
	referat__wire__hello__init(hello);
	hello->has_version_min = hello->has_version_max = hello->has_pid = true;
	hello->version_min = hello->version_max = RF_WIRE_VERSION;
	hello->pid = (uint32_t)getpid();
	hello->role = rf_strdup(role);
	message.header->hello = hello;
	return message;
}

struct rf_message rf_ping_message(void)
{
	return rf_message_make(RF_VERB_PING);
}

struct rf_message rf_question_message(const char *command, const char *json, uint64_t ref)
{
	struct rf_message message = rf_message_make(RF_VERB_CONTROL);
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(command);
	control->json = rf_strdup(json);
	control->has_ref = true;
	control->ref = ref;
	message.header->control = control;
	return message;
}

struct rf_message rf_obituary_message(const struct rf_obituary *obituary)
{
	struct rf_message message = rf_message_make(RF_VERB_OBITUARY);
	Referat__Wire__Obituary *body = rf_alloc(sizeof *body);
	referat__wire__obituary__init(body);
	body->has_pid = true;
	body->pid = obituary->pid;
	body->stage = rf_strdup(obituary->stage);
	body->has_exit_status = WIFEXITED(obituary->wait_status);
	body->exit_status = body->has_exit_status ? WEXITSTATUS(obituary->wait_status) : 0;
	body->has_signal = WIFSIGNALED(obituary->wait_status);
	body->signal = body->has_signal ? WTERMSIG(obituary->wait_status) : 0;
	body->stderr_tail = rf_strdup(obituary->tail);
	message.header->obituary = body;
	return message;
}

bool rf_reply_is_to(const struct rf_message *message, uint64_t ref)
{
	const Referat__Wire__Control *control = message->header->control;
	return message->verb == RF_VERB_REPLY && control && control->has_ref && control->ref == ref;
}

int rf_reply_read(const struct rf_message *message, json_object **answer, struct rf_error *error)
{
	const Referat__Wire__Control *control = message->header->control;
	if (message->verb == RF_VERB_ERROR && message->header->error)
		return rf_error_set(error, "the broker refused: %s",
				    message->header->error->text ? message->header->error->text : "no reason given");
	if (message->verb != RF_VERB_REPLY || !control || !control->json)
		return rf_error_set(error, "the broker answered with %s instead of a reply",
				    rf_verb_name(message->verb));
	json_object *read = json_tokener_parse(control->json);
	if (!read || !json_object_is_type(read, json_type_object)) {
		json_object_put(read);
		return rf_error_set(error, "the broker's answer is not a JSON object");
	}
	if (control->status) {
		const char *reason = rf_answer_text(read, "error");
		rf_error_set(error, "%s", *reason ? reason : "the broker could not answer");
		json_object_put(read);
		return -1;
	}
	*answer = read;
	return 0;
}

const char *rf_answer_text(json_object *object, const char *name)
{
	json_object *member;
	if (!json_object_object_get_ex(object, name, &member) || !json_object_is_type(member, json_type_string))
		return "";
	return json_object_get_string(member);
}

int64_t rf_answer_number(json_object *object, const char *name)
{
	json_object *member;
	return json_object_object_get_ex(object, name, &member) ? json_object_get_int64(member) : 0;
}

void rf_questions_print(json_object *questions)
{
	for (size_t i = 0; json_object_is_type(questions, json_type_array) && i < json_object_array_length(questions);
	     i++) {
		json_object *question = json_object_array_get_idx(questions, i);
		const char *code = rf_answer_text(question, "question");
		printf("%s\n  referat answer %s yes    they are told\n  referat answer %s no     nobody is told\n",
		       rf_answer_text(question, "text"), code, code);
	}
}

void rf_answer_print(json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}
