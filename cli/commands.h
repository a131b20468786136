/* The commands of the program `referat`, a file each. A command reads its own options (argv[0] is its name) and returns
 * the exit status: 0, or one of sysexits.h where its help says nothing else. */
#ifndef RF_CLI_COMMANDS_H
#define RF_CLI_COMMANDS_H

#include "base/error.h"
#include "base/options.h"

int rf_command_run(int argc, char **argv);
int rf_command_status(int argc, char **argv);
int rf_command_list(int argc, char **argv);
int rf_command_held(int argc, char **argv);
int rf_command_dead(int argc, char **argv);
int rf_command_show(int argc, char **argv);
int rf_command_why(int argc, char **argv);
int rf_command_trace(int argc, char **argv);
int rf_command_age(int argc, char **argv);
int rf_command_top(int argc, char **argv);
int rf_command_tap(int argc, char **argv);
int rf_command_release(int argc, char **argv);
int rf_command_retry(int argc, char **argv);
int rf_command_hold(int argc, char **argv);
int rf_command_delete(int argc, char **argv);
int rf_command_withdraw(int argc, char **argv);
int rf_command_erase(int argc, char **argv);
int rf_command_backup(int argc, char **argv);
int rf_command_restore(int argc, char **argv);
int rf_command_store(int argc, char **argv);
int rf_command_reconcile(int argc, char **argv);
int rf_command_thaw(int argc, char **argv);
int rf_command_plan(int argc, char **argv);
int rf_command_apply(int argc, char **argv);
int rf_command_replay(int argc, char **argv);
int rf_command_drift(int argc, char **argv);
int rf_command_publish(int argc, char **argv);
int rf_command_answer(int argc, char **argv);
int rf_command_pause(int argc, char **argv);
int rf_command_resume(int argc, char **argv);
int rf_command_submit(int argc, char **argv);
int rf_command_plugins(int argc, char **argv);
int rf_command_check(int argc, char **argv);
int rf_command_test(int argc, char **argv);
int rf_command_graph(int argc, char **argv);
int rf_command_schema(int argc, char **argv);
int rf_command_secret(int argc, char **argv);
int rf_command_version(int argc, char **argv);

/* The option of every command that looks at the plugins; folders: a const char *. */
/* clang-format off */
#define RF_COMMAND_PLUGINS(folders)                                                                                    \
	{"plugins", 0, RF_OPTION_TEXT, "DIRS",                                                                         \
	 "folders that are looked at before the installed one, separated by colons", &(folders)}
/* clang-format on */

/* Reads a command's options. Returns RF_COMMAND_GO, or the exit status: help was shown, or a mistake was told. */
enum { RF_COMMAND_GO = -1 };
int rf_command_read(const struct rf_program *program, int argc, char **argv);

/* A command that has commands of its own: `referat plugins list`. */
struct rf_subcommand {
	const char *name;
	const char *synopsis; /* "referat plugins list [options]" */
	int (*run)(int argc, char **argv);
};

/* Runs the one that argv[1] names, or shows how they are called. */
int rf_command_choose(const struct rf_subcommand *subcommands, size_t n, int argc, char **argv);

/* Tells why the command failed, and returns the status: `return rf_command_fail("status", EX_UNAVAILABLE, &error)`. */
int rf_command_fail(const char *command, int status, const struct rf_error *error);

#endif
