#include "base/options.h"

#include "base/buffer.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/manual.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool help_wanted, version_wanted, manual_wanted;

static const struct rf_option common[] = {
    {"help", 'h', RF_OPTION_FLAG, NULL, "show this and end", &help_wanted},
    {"version", 'V', RF_OPTION_FLAG, NULL, "show the version and end", &version_wanted},
    {"manual", 0, RF_OPTION_FLAG, NULL, "write the manual page, for man(1), and end", &manual_wanted},
};

static size_t option_count(const struct rf_program *program)
{
	return program->n_options + RF_COUNT(common);
}

/* The program's options, then those that every program has. */
static const struct rf_option *option_at(const struct rf_program *program, size_t i)
{
	return i < program->n_options ? &program->options[i] : &common[i - program->n_options];
}

/* ---- help -------------------------------------------------------------------------------------------------------- */

enum { PAGE_WIDTH = 80, NAME_WIDTH = 26 };

/* Words as many as fit in a line; each line but the first is moved in. A newline in the text stays one. */
static void add_wrapped(struct rf_buffer *out, const char *text, int indent)
{
	int column = indent;
	while (*text) {
		int size = (int)strcspn(text, " \n");
		if (column > indent && column + 1 + size > PAGE_WIDTH) {
			rf_buffer_format(out, "\n%*s", indent, "");
			column = indent;
		}
		rf_buffer_format(out, "%s%.*s", column > indent && size ? " " : "", size, text);
		column += size + (column > indent);
		text += size;
		if (*text == '\n') {
			rf_buffer_format(out, "\n%*s", indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
	rf_buffer_add_char(out, '\n');
}

static void add_option_help(struct rf_buffer *out, const struct rf_option *option)
{
	rf_autobuffer struct rf_buffer names = RF_BUFFER_INIT;
	rf_buffer_format(&names, option->letter ? "  -%c, " : "      ", option->letter);
	rf_buffer_format(&names, "--%s", option->name);
	if (option->argument)
		rf_buffer_format(&names, " %s", option->argument);
	rf_buffer_format(out, "%-*s", NAME_WIDTH, names.data);
	if (names.size >= NAME_WIDTH)
		rf_buffer_format(out, "\n%*s", NAME_WIDTH, "");
	add_wrapped(out, option->help, NAME_WIDTH);
}

static void add_examples(struct rf_buffer *out, const char *lines)
{
	rf_buffer_add_text(out, "\nexamples:\n");
	while (*lines) {
		int size = (int)strcspn(lines, "\n");
		rf_buffer_format(out, "  %.*s\n", size, lines);
		lines += size + (lines[size] != '\0');
	}
}

static void print_help(const struct rf_program *program)
{
	rf_autobuffer struct rf_buffer out = RF_BUFFER_INIT;
	rf_buffer_format(&out, "usage: %s\n\n", program->synopsis);
	add_wrapped(&out, program->description, 0);
	rf_buffer_add_text(&out, "\noptions:\n");
	for (size_t i = 0; i < option_count(program); i++)
		add_option_help(&out, option_at(program, i));
	if (program->examples)
		add_examples(&out, program->examples);
	fwrite(out.data, 1, out.size, stdout);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static int read_integer(const char *text, int64_t *value)
{
	char *end;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		return -1;
	*value = number;
	return 0;
}

static int add_to_list(const struct rf_option *option, const char *text, struct rf_error *error)
{
	struct rf_option_list *list = option->value;
	if (list->n == RF_OPTION_LIST_MOST)
		return rf_error_set(error, "--%s: given more than %d times", option->name, RF_OPTION_LIST_MOST);
	list->texts[list->n++] = text;
	return 0;
}

static int set_value(const struct rf_option *option, const char *text, struct rf_error *error)
{
	switch (option->kind) {
	case RF_OPTION_FLAG:
		*(bool *)option->value = true;
		return 0;
	case RF_OPTION_TEXT:
		*(const char **)option->value = text;
		return 0;
	case RF_OPTION_INTEGER:
		if (read_integer(text, option->value) == 0)
			return 0;
		return rf_error_set(error, "--%s: '%s' is not a whole number", option->name, text);
	case RF_OPTION_DURATION:
		if (rf_duration_parse(text, option->value))
			return 0;
		return rf_error_set(error, "--%s: '%s' is not a duration such as 500ms, 2s, 10m, 14d", option->name,
				    text);
	case RF_OPTION_INSTANT:
		if (rf_instant_parse(text, option->value))
			return 0;
		return rf_error_set(error, "--%s: '%s' is not a time such as 2024-04-17T09:00:00Z", option->name, text);
	case RF_OPTION_LIST:
		return add_to_list(option, text, error);
	}
	return rf_error_set(error, "--%s: of no known kind", option->name);
}

static int unknown_option(const struct rf_program *program, const char *name, struct rf_error *error)
{
	size_t n = option_count(program);
	rf_autofree const char **names = rf_alloc(n * sizeof *names);
	for (size_t i = 0; i < n; i++)
		names[i] = option_at(program, i)->name;
	const char *nearest = rf_text_nearest(name, names, n);
	if (nearest)
		return rf_error_set(error, "unknown option '--%s'; did you mean '--%s'?", name, nearest);
	return rf_error_set(error, "unknown option '--%s'; '%s --help' lists what there is", name, program->name);
}

struct reader {
	const struct rf_program *program;
	int argc;
	char **argv;
	int next; /* the argument to be read next */
};

/* The option's argument when it is not written together with the option: the next word; NULL when there is none. */
static const char *take_argument(struct reader *reader, const struct rf_option *option, struct rf_error *error)
{
	if (reader->next < reader->argc)
		return reader->argv[reader->next++];
	rf_error_set(error, "--%s needs an argument: %s", option->name, option->argument);
	return NULL;
}

/* word: "name" or "name=value". */
static int read_long(struct reader *reader, const char *word, struct rf_error *error)
{
	size_t size = strcspn(word, "=");
	rf_autofree char *name = rf_strndup(word, size);
	const char *argument = word[size] ? word + size + 1 : NULL;
	for (size_t i = 0; i < option_count(reader->program); i++) {
		const struct rf_option *option = option_at(reader->program, i);
		if (strcmp(option->name, name) != 0)
			continue;
		if (option->kind == RF_OPTION_FLAG && argument)
			return rf_error_set(error, "--%s takes no argument", name);
		if (option->kind != RF_OPTION_FLAG && !argument && !(argument = take_argument(reader, option, error)))
			return -1;
		return set_value(option, argument, error);
	}
	return unknown_option(reader->program, name, error);
}

/* letters: flags in a row; the first that takes an argument takes the rest, or the next word. */
static int read_letters(struct reader *reader, const char *letters, struct rf_error *error)
{
	while (*letters) {
		const struct rf_option *option = NULL;
		for (size_t i = 0; i < option_count(reader->program) && !option; i++)
			if (option_at(reader->program, i)->letter == *letters)
				option = option_at(reader->program, i);
		if (!option)
			return rf_error_set(error, "unknown option '-%c'; '%s --help' lists what there is", *letters,
					    reader->program->name);
		letters++;
		const char *argument = NULL;
		if (option->kind != RF_OPTION_FLAG) {
			argument = *letters ? letters : take_argument(reader, option, error);
			if (!argument)
				return -1;
			letters = "";
		}
		if (set_value(option, argument, error) < 0)
			return -1;
	}
	return 0;
}

static int check_operands(const struct rf_program *program, size_t n, struct rf_error *error)
{
	if (n < program->least_operands)
		return rf_error_set(error, "something is missing; usage: %s", program->synopsis);
	if (n > program->most_operands)
		return rf_error_set(error, "too many words; usage: %s", program->synopsis);
	return 0;
}

static bool show_wanted(const struct rf_program *program)
{
	if (help_wanted)
		print_help(program);
	else if (manual_wanted)
		rf_manual_print(program, common, RF_COUNT(common), stdout);
	else if (version_wanted)
		printf("%s %s\n", program->name, REFERAT_VERSION);
	return help_wanted || manual_wanted || version_wanted;
}

int rf_options_read(const struct rf_program *program, int argc, char **argv, struct rf_error *error)
{
	struct reader reader = {.program = program, .argc = argc, .argv = argv, .next = 1};
	bool only_operands = false;
	size_t n = 0;
	help_wanted = version_wanted = manual_wanted = false;
	while (reader.next < argc && !help_wanted && !version_wanted && !manual_wanted) {
		char *word = argv[reader.next++];
		if (only_operands || word[0] != '-' || !word[1])
			argv[++n] = word;
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if ((word[1] == '-' ? read_long(&reader, word + 2, error)
					 : read_letters(&reader, word + 1, error)) < 0)
			return -1;
	}
	if (show_wanted(program))
		return RF_OPTIONS_SHOWN;
	if (check_operands(program, n, error) < 0)
		return -1;
	argv[n + 1] = NULL;
	return 0;
}
