/* The program `referat`: finds the command that is asked for and hands over to it. */
#include "cli/commands.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct command {
	const char *name; /* none: the heading of a group */
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
    {.help = "a pipeline"},
    {"check", rf_command_check, "find the mistakes in a definition"},
    {"test", rf_command_test, "try a definition with the files of its tests"},
    {"run", rf_command_run, "run it: the broker and all stages"},
    {"plan", rf_command_plan, "what a changed definition would change in the one that runs"},
    {"apply", rf_command_apply, "have it take over the changed definition"},
    {"submit", rf_command_submit, "give it a document, past the inbox"},
    {"pause", rf_command_pause, "hand out nothing more for a stage"},
    {"resume", rf_command_resume, "let a paused stage go on"},

    {.help = "what happens"},
    {"status", rf_command_status, "how the pipeline stands, in a line for a monitor"},
    {"list", rf_command_list, "the documents and how they stand"},
    {"held", rf_command_held, "those that wait for a person, with the reason"},
    {"dead", rf_command_dead, "those that were given up, with the reason"},
    {"age", rf_command_age, "how old what waits is, by stage"},
    {"top", rf_command_top, "the stages, live"},
    {"tap", rf_command_tap, "what passes, as it passes"},
    {"drift", rf_command_drift, "what no longer stands on the web as it was published"},

    {.help = "one document"},
    {"why", rf_command_why, "where it is and why, and what a person can do"},
    {"trace", rf_command_trace, "the way it came, stage by stage"},
    {"publish", rf_command_publish, "--dry-run: the requests that would publish it now"},
    {"show", rf_command_show, "all that is known of it, any part as JSON"},

    {.help = "what a person decides"},
    {"release", rf_command_release, "held: it is right as it is, let it go on"},
    {"retry", rf_command_retry, "held or dead: the cause is mended, run it again"},
    {"delete", rf_command_delete, "held or dead: give it up, nobody wants it"},
    {"hold", rf_command_hold, "on its way: stop it before its next step"},
    {"withdraw", rf_command_withdraw, "published: take it off the web again"},
    {"erase", rf_command_erase, "withdrawn: take what it says out of the store, for good"},
    {"replay", rf_command_replay, "one or all: run a stage again, and what is behind it"},
    {"answer", rf_command_answer, "many at once: are so many mails meant?"},

    {.help = "the store"},
    {"backup", rf_command_backup, "copy it while the pipeline works"},
    {"store", rf_command_store, "check all that is in it"},
    {"restore", rf_command_restore, "make a state folder from a backup"},
    {"reconcile", rf_command_reconcile, "after a restore: find what was published since the backup"},
    {"thaw", rf_command_thaw, "after a restore: publish and mail again"},

    {.help = "the installation"},
    {"plugins", rf_command_plugins, "what is installed; try one before it goes to work"},
    {"secret", rf_command_secret, "set the passwords and tokens that a definition names"},
    {"graph", rf_command_graph, "draw a pipeline"},
    {"schema", rf_command_schema, "write the JSON Schema of definitions, for editors"},
    {"version", rf_command_version, "show the version"},
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		if (commands[i].name && strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int show_help(FILE *out, int status)
{
	fputs("usage: referat COMMAND [options]\n"
	      "\n"
	      "Takes a municipality's minutes from the clerk's folder to the residents: reads, checks,\n"
	      "summarises, publishes and tells.\n",
	      out);
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		if (commands[i].name)
			fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
		else
			fprintf(out, "\n%s:\n", commands[i].help);
	fputs("\n'referat COMMAND --help' says more about one of them, with an example.\n", out);
	return status;
}

static int unknown(const char *name)
{
	const char *names[RF_COUNT(commands)];
	size_t n = 0;
	for (size_t i = 0; i < RF_COUNT(commands); i++)
		if (commands[i].name)
			names[n++] = commands[i].name;
	const char *nearest = rf_text_nearest(name, names, n);
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
