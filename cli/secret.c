/* `referat secret`: the passwords and tokens that a definition names with !secret, kept in files beside it that only
 * their user can read. A stage reads a secret each time it needs it, so a new one takes effect at once. */
#include "plugin/secret.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/probe.h"
#include "cli/question.h"
#include "cli/table.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

/* Reads the definition; secrets may be missing. Mistakes are shown. Returns EX_OK, or the exit status. */
static int load(const char *path, const char *plugins, struct rf_definition *definition)
{
	struct rf_error error;
	int status = rf_definition_load(path, plugins, false, definition, &error);
	if (status)
		return rf_command_fail("secret", status, &error);
	if (definition->pipeline)
		return EX_OK;
	rf_diagnostics_print(&definition->diagnostics, stderr, rf_text_colours(STDERR_FILENO));
	rf_definition_deinit(definition);
	return EX_CONFIG;
}

/* ---- the names in a definition ----------------------------------------------------------------------------------- */

struct name {
	const char *name; /* borrowed from the definition */
	struct rf_buffer users;
};

struct names {
	struct name *list;
	size_t n;
};

static void names_deinit(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		rf_buffer_deinit(&names->list[i].users);
	free(names->list);
}

static struct name *find(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i].name, name) == 0)
			return &names->list[i];
	return NULL;
}

static void add_use(struct names *names, const struct rf_stage *stage, const struct rf_plugin_use *use,
		    const struct rf_setting *setting)
{
	struct name *found = find(names, setting->value);
	if (!found) {
		names->list = rf_realloc_array(names->list, names->n + 1, sizeof *names->list);
		found = &names->list[names->n++];
		*found = (struct name){.name = setting->value, .users = RF_BUFFER_INIT};
	}
	rf_buffer_format(&found->users, "%s%s %s (%s)", found->users.size ? ", " : "", stage->name, use->name,
			 setting->name);
}

static void collect(const struct rf_pipeline *pipeline, struct names *names)
{
	for (size_t i = 0; i < pipeline->n_stages; i++)
		for (size_t j = 0; j < pipeline->stages[i].n_plugins; j++) {
			const struct rf_plugin_use *use = &pipeline->stages[i].plugins[j];
			for (size_t k = 0; k < use->n_settings; k++)
				if (use->settings[k].secret)
					add_use(names, &pipeline->stages[i], use, &use->settings[k]);
		}
}

/* ---- list -------------------------------------------------------------------------------------------------------- */

static void print_table(const struct names *names, char *const *problems)
{
	static const char *const headings[] = {"SECRET", "USED BY", "STATE"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < names->n; i++) {
		const char *cells[] = {names->list[i].name, names->list[i].users.data,
				       problems[i] ? problems[i] : "there"};
		rf_table_add(table, cells);
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

static void print_json(const struct names *names, char *const *problems)
{
	json_object *list = json_object_new_array();
	for (size_t i = 0; i < names->n; i++) {
		json_object *one = json_object_new_object();
		json_object_object_add(one, "name", json_object_new_string(names->list[i].name));
		json_object_object_add(one, "used_by", json_object_new_string(names->list[i].users.data));
		json_object_object_add(one, "there", json_object_new_boolean(!problems[i]));
		if (problems[i])
			json_object_object_add(one, "problem", json_object_new_string(problems[i]));
		json_object_array_add(list, one);
	}
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "referat", json_object_new_int(1));
	json_object_object_add(answer, "secrets", list);
	rf_answer_print(answer);
	json_object_put(answer);
}

static int list_names(const struct rf_pipeline *pipeline, bool json)
{
	struct names names = {0};
	collect(pipeline, &names);
	char **problems = rf_realloc_array(NULL, names.n + 1, sizeof *problems);
	size_t missing = 0;
	for (size_t i = 0; i < names.n; i++) {
		struct rf_error error;
		bool there = rf_secret_read(pipeline->secrets, names.list[i].name, NULL, &error) == 0;
		problems[i] = there ? NULL : rf_strdup(error.text);
		missing += !there;
	}
	(json ? print_json : print_table)(&names, problems);
	for (size_t i = 0; i < names.n; i++)
		free(problems[i]);
	free(problems);
	names_deinit(&names);
	return missing ? EX_CONFIG : EX_OK;
}

static int secret_list(int argc, char **argv)
{
	bool json = false;
	const char *plugins = NULL;
	const struct rf_option options[] = {
	    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &json},
	    RF_COMMAND_PLUGINS(plugins),
	};
	const struct rf_program program = {
	    .name = "referat secret list",
	    .synopsis = "referat secret list PIPELINE [options]",
	    .description =
		"Lists the secrets that a definition names, what uses each, and whether it is there and closed "
		"to others. Never shows one.\n\n"
		"Exit status: 0 all are there; 78 one is not.",
	    .examples = "referat secret list /etc/referat/exempelby.yaml",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	struct rf_definition definition;
	int status = rf_command_read(&program, argc, argv);
	if (status == RF_COMMAND_GO)
		status = load(argv[1], plugins, &definition);
	else
		return status;
	if (status != EX_OK)
		return status;
	status = list_names(definition.pipeline, json);
	rf_definition_deinit(&definition);
	return status;
}

/* ---- set --------------------------------------------------------------------------------------------------------- */

/* Reads a line from the terminal without showing it. Returns its size with the newline, < 0. */
static ssize_t ask(const char *prompt, char *value, size_t room)
{
	struct termios shown;
	if (tcgetattr(STDIN_FILENO, &shown))
		return -1;
	struct termios hidden = shown;
	hidden.c_lflag &= (tcflag_t)~ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH,
		  &hidden); /* before the question: what is typed at once counts as its answer */
	fputs(prompt, stderr);
	ssize_t size = read(STDIN_FILENO, value, room);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputs("\n", stderr);
	return size;
}

static ssize_t read_twice(const char *name, char *value, size_t room, struct rf_error *error)
{
	rf_autofree char *prompt = rf_format("secret '%s' (is not shown): ", name);
	char *again = rf_alloc(room);
	ssize_t size = ask(prompt, value, room);
	ssize_t size_again = size < 0 ? -1 : ask("once more: ", again, room);
	bool same = size >= 0 && size == size_again && memcmp(value, again, (size_t)size) == 0;
	explicit_bzero(again, room);
	free(again);
	return same ? size : rf_error_set(error, "the two are not the same; nothing was changed");
}

static ssize_t read_piped(char *value, size_t room, struct rf_error *error)
{
	size_t size = fread(value, 1, room, stdin);
	return ferror(stdin) ? rf_error_errno(error, "standard input") : (ssize_t)size;
}

static int read_and_write(const char *folder, const char *name, struct rf_error *error)
{
	enum { ROOM = RF_SECRET_MOST + 2 };
	char *value = rf_alloc(ROOM);
	ssize_t size = isatty(STDIN_FILENO) ? read_twice(name, value, ROOM, error) : read_piped(value, ROOM, error);
	int result = size < 0 ? -1 : rf_secret_write(folder, name, value, (size_t)size, error);
	explicit_bzero(value, ROOM);
	free(value);
	return result;
}

static int unknown(const struct names *names, const char *path, const char *name)
{
	rf_autofree const char **known = rf_realloc_array(NULL, names->n + 1, sizeof *known);
	for (size_t i = 0; i < names->n; i++)
		known[i] = names->list[i].name;
	const char *nearest = rf_text_nearest(name, known, names->n);
	struct rf_error error;
	if (nearest)
		rf_error_set(&error, "%s names no secret '%s'; did you mean '%s'?", path, name, nearest);
	else
		rf_error_set(&error, "%s names no secret '%s'; say what uses it first: password: !secret %s", path,
			     name, name);
	return rf_command_fail("secret", EX_USAGE, &error);
}

static int set(const struct rf_pipeline *pipeline, const char *name, bool probe)
{
	struct names names = {0};
	struct rf_error error;
	collect(pipeline, &names);
	const struct name *found = find(&names, name);
	int status = EX_OK;
	if (!found)
		status = unknown(&names, pipeline->path, name);
	else if (read_and_write(pipeline->secrets, name, &error) < 0)
		status = rf_command_fail("secret", EX_DATAERR, &error);
	else
		printf("secret '%s' is set, for %s\n", name, found->users.data);
	if (status == EX_OK && probe && rf_probe(pipeline, name, stdout))
		status = EX_UNAVAILABLE;
	names_deinit(&names);
	return status;
}

static int secret_set(int argc, char **argv)
{
	bool no_probe = false;
	const char *plugins = NULL;
	const struct rf_option options[] = {
	    {"no-probe", 0, RF_OPTION_FLAG, NULL, "do not ask the servers whether they take it", &no_probe},
	    RF_COMMAND_PLUGINS(plugins),
	};
	const struct rf_program program = {
	    .name = "referat secret set",
	    .synopsis = "referat secret set NAME PIPELINE [options]",
	    .description =
		"Sets a secret that a definition names (password: !secret NAME). It is asked for on the terminal, or "
		"read "
		"from standard input, and kept in the folder secrets beside the definition, for the user who runs this "
		"alone. A pipeline that runs takes it from now on, without a restart. Then each server that the secret "
		"is "
		"for is asked whether it takes it.\n\n"
		"Exit status: 0 it is set, and taken; 64 the definition names no such secret; 65 no secret was given; "
		"69 it is set, but a server does not take it, or can't be reached.",
	    .examples = "referat secret set cms /etc/referat/exempelby.yaml\n"
			"pass show referat/cms | referat secret set cms /etc/referat/exempelby.yaml",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 2,
	    .most_operands = 2,
	};
	struct rf_definition definition;
	int status = rf_command_read(&program, argc, argv);
	if (status == RF_COMMAND_GO)
		status = load(argv[2], plugins, &definition);
	else
		return status;
	if (status != EX_OK)
		return status;
	status = set(definition.pipeline, argv[1], !no_probe);
	rf_definition_deinit(&definition);
	return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

int rf_command_secret(int argc, char **argv)
{
	static const struct rf_subcommand subcommands[] = {
	    {"set", "referat secret set NAME PIPELINE [options]", secret_set},
	    {"list", "referat secret list PIPELINE [options]", secret_list},
	};
	return rf_command_choose(subcommands, RF_COUNT(subcommands), argc, argv);
}
