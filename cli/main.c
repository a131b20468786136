/* The program `referat`: finds the command that is asked for and hands over to it. */
#include "cli/commands.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
    {"run", rf_command_run, "run a pipeline: the broker and all stages"},
    {"status", rf_command_status, "how a pipeline stands, in a line for a monitor"},
    {"list", rf_command_list, "the documents and how they stand"},
    {"held", rf_command_held, "those that wait for a person"},
    {"dead", rf_command_dead, "those that were given up"},
    {"show", rf_command_show, "all that is known of one document"},
    {"why", rf_command_why, "where a document is and why"},
    {"trace", rf_command_trace, "the way a document came, stage by stage"},
    {"age", rf_command_age, "how old what waits is, by stage"},
    {"top", rf_command_top, "the stages, live"},
    {"tap", rf_command_tap, "what passes, as it passes"},
    {"release", rf_command_release, "let a held document go on"},
    {"retry", rf_command_retry, "run what is dead or held again"},
    {"hold", rf_command_hold, "stop a document before its next step"},
    {"delete", rf_command_delete, "give up what is held or dead, for good"},
    {"withdraw", rf_command_withdraw, "take away what was published"},
    {"erase", rf_command_erase, "take away for good what a document says"},
    {"answer", rf_command_answer, "answer a question that stands for many documents"},
    {"pause", rf_command_pause, "hand out nothing more for a stage"},
    {"resume", rf_command_resume, "let a paused stage go on"},
    {"submit", rf_command_submit, "give a document to a running pipeline"},
    {"backup", rf_command_backup, "copy the store while the pipeline works"},
    {"restore", rf_command_restore, "make a state folder from a backup"},
    {"reconcile", rf_command_reconcile, "after a restore: find what was published since the backup"},
    {"thaw", rf_command_thaw, "after a restore: publish and mail again"},
    {"store", rf_command_store, "check all that is in the store"},
    {"replay", rf_command_replay, "run a stage again, and what is behind it"},
    {"plugins", rf_command_plugins, "what is installed; try one before it goes to work"},
    {"check", rf_command_check, "find the mistakes in a pipeline definition"},
    {"test", rf_command_test, "try a definition with the files of its tests"},
    {"graph", rf_command_graph, "draw a pipeline"},
    {"schema", rf_command_schema, "write the JSON Schema of definitions"},
    {"secret", rf_command_secret, "set the passwords and tokens that a definition names"},
    {"version", rf_command_version, "show the version"},
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int show_help(FILE *out, int status)
{
	fputs("usage: referat COMMAND [options]\n"
	      "\n"
	      "Takes a municipality's minutes from the clerk's folder to the residents: reads, checks,\n"
	      "summarises, publishes and tells.\n"
	      "\n"
	      "commands:\n",
	      out);
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	fputs("\n'referat COMMAND --help' says more about one of them.\n", out);
	return status;
}

static int unknown(const char *name)
{
	const char *names[RF_COUNT(commands)];
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		names[i] = commands[i].name;
	const char *nearest = rf_text_nearest(name, names, RF_COUNT(names));
	if (nearest)
		fprintf(stderr, "referat: unknown command '%s'; did you mean '%s'?\n", name, nearest);
	else
		fprintf(stderr, "referat: unknown command '%s'; 'referat --help' lists what there is\n", name);
	return EX_USAGE;
}

int main(int argc, char **argv)
{
	rf_log_open("referat", RF_LOG_INFO);
	if (argc < 2)
		return show_help(stderr, EX_USAGE);
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return show_help(stdout, EX_OK);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		name = "version";
	const struct command *command = find(name);
	return command ? command->run(argc - 1, argv + 1) : unknown(name);
}
