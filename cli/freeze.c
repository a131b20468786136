/* `referat reconcile` and `thaw`: what was done between a backup and its restore, and going on from there. */
#include "base/memory.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

static size_t print_list(json_object *answer, const char *name, const char *heading)
{
	json_object *list = NULL;
	json_object_object_get_ex(answer, name, &list);
	size_t n = list ? json_object_array_length(list) : 0;
	if (n > 0)
		puts(heading);
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(list, i);
		printf("  %s  %s\n", rf_answer_text(entry, "document"), rf_answer_text(entry, "stage"));
	}
	return n;
}

static void print_mute(json_object *answer)
{
	json_object *mute = NULL;
	json_object_object_get_ex(answer, "mute", &mute);
	for (size_t i = 0; mute && i < json_object_array_length(mute); i++)
		printf("%s can't be asked: what stood there at the backup is taken to stand there\n",
		       json_object_get_string(json_object_array_get_idx(mute, i)));
}

static void print_report(json_object *answer)
{
	print_list(answer, "not_there", "not there, or older; published after the thaw:");
	size_t pages =
	    print_list(answer, "changed", "stood there at the backup, and were replaced or taken away since:");
	size_t mail = print_list(answer, "unproved", "may have been sent since the backup, nobody can tell:");
	print_mute(answer);
	int64_t open = rf_answer_number(answer, "open");
	if (rf_answer_number(answer, "asking"))
		puts("pages are still being asked for: ask again");
	else if (open > 0)
		printf("%" PRId64 " tasks are on their way: ask again when they are done\n", open);
	else
		printf("all targets were asked: 'referat thaw%s%s' lets the pipeline go on\n",
		       pages > 0 ? " --pages leave|publish" : "", mail > 0 ? " --mail skip|send" : "");
}

static int ask(const struct rf_client_options *given, const char *command, json_object *arguments, json_object **answer)
{
	struct rf_error error;
	json_object_object_add(arguments, "who", json_object_new_string(rf_client_who()));
	int result = rf_client_ask_once(given, command, arguments, answer, &error);
	json_object_put(arguments);
	return result ? rf_command_fail(command, EX_UNAVAILABLE, &error) : EX_OK;
}

int rf_command_reconcile(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const struct rf_option options[] = {RF_CLIENT_OPTIONS(given)};
	const struct rf_program program = {
	    .name = "referat reconcile",
	    .synopsis = "referat reconcile [options]",
	    .description =
		"After a restore: has the targets asked for every page, those that are due and those that stood there "
		"at the backup, and publishes nothing. What is found is taken as done. What is not there, what was "
		"changed since, and mail, which nobody can ask for, is held and listed. Start the pipeline first, and "
		"let it read the inbox again: documents that "
		"came after the backup are found there. Ask again until nothing is on its way.",
	    .examples = "referat reconcile --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	json_object *answer = NULL;
	status = ask(&given, "reconcile", json_object_new_object(), &answer);
	if (status == EX_OK && given.json)
		rf_answer_print(answer);
	else if (status == EX_OK)
		print_report(answer);
	json_object_put(answer);
	return status;
}

int rf_command_thaw(int argc, char **argv)
{
	struct rf_client_options given = RF_CLIENT_INIT;
	const char *mail = NULL, *pages = NULL, *reason = NULL;
	bool now = false;
	const struct rf_option options[] = {
	    RF_CLIENT_OPTIONS(given),
	    {"mail", 0, RF_OPTION_TEXT, "WHAT", "mail that may have been sent since the backup: skip or send", &mail},
	    {"pages", 0, RF_OPTION_TEXT, "WHAT", "pages that were changed since the backup: leave or publish", &pages},
	    {"now", 0, RF_OPTION_FLAG, NULL, "do not wait until all targets were asked", &now},
	    {"reason", 'r', RF_OPTION_TEXT, "TEXT", "why; kept in the history of each document with your name",
	     &reason},
	};
	const struct rf_program program = {
	    .name = "referat thaw",
	    .synopsis = "referat thaw [--mail skip|send] [--pages leave|publish] [options]",
	    .description = "After a restore and 'referat reconcile': publishes and mails again. With --mail skip the "
			   "mails that nobody can prove count as sent; with --mail send they are sent, some perhaps "
			   "for the second time. Pages that stood at the backup, and do not stand there like that any "
			   "more, stay as they are with --pages leave, and are put there again with --pages publish. "
			   "To decide one by one, 'referat release DOC' and 'referat retry DOC' "
			   "first.",
	    .examples = "referat thaw --mail skip --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	json_object *arguments = json_object_new_object(), *answer = NULL;
	if (mail)
		json_object_object_add(arguments, "mail", json_object_new_string(mail));
	if (pages)
		json_object_object_add(arguments, "pages", json_object_new_string(pages));
	if (reason)
		json_object_object_add(arguments, "reason", json_object_new_string(reason));
	json_object_object_add(arguments, "now", json_object_new_boolean(now));
	status = ask(&given, "thaw", arguments, &answer);
	if (status == EX_OK && given.json)
		rf_answer_print(answer);
	else if (status == EX_OK)
		puts("thawed: the pipeline publishes and mails again");
	json_object_put(answer);
	return status;
}
