#include "base/manual.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Text that roff takes as it stands: no line begins as a request, no backslash begins an escape. */
static void print_text(FILE *out, const char *text, size_t size)
{
	bool line_start = true;
	for (size_t i = 0; i < size; i++) {
		if (line_start && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", out);
		if (text[i] == '\\')
			fputs("\\e", out);
		else
			fputc(text[i], out);
		line_start = text[i] == '\n';
	}
}

/* mdoc wants each sentence on a line of its own. */
static void print_sentences(FILE *out, const char *text, size_t size)
{
	size_t begin = 0;
	for (size_t i = 0; i + 1 < size; i++)
		if (strchr(".?!", text[i]) && text[i + 1] == ' ') {
			print_text(out, text + begin, i + 1 - begin);
			fputc('\n', out);
			begin = i + 2;
		}
	print_text(out, text + begin, size - begin);
	fputc('\n', out);
}

/* Paragraphs are parted by empty lines, which roff does not like. */
static void print_paragraphs(FILE *out, const char *text)
{
	for (;;) {
		const char *end = strstr(text, "\n\n");
		print_sentences(out, text, end ? (size_t)(end - text) : strlen(text));
		if (!end)
			return;
		fputs(".Pp\n", out);
		text = end + 2;
	}
}

/* The first sentence, as a name's description has it: lower case, no full stop. */
static void print_summary(FILE *out, const char *description)
{
	const char *stop = strstr(description, ". "), *line = strstr(description, ".\n");
	size_t size = strlen(description);
	if (stop)
		size = (size_t)(stop - description);
	if (line && (size_t)(line - description) < size)
		size = (size_t)(line - description);
	while (size > 0 && description[size - 1] == '.')
		size--;
	rf_autofree char *summary = rf_strndup(description, size);
	for (char *c = summary; *c; c++)
		if (*c == '\n')
			*c = ' ';
	if (isupper((unsigned char)summary[0]) && islower((unsigned char)summary[1]))
		summary[0] = (char)tolower((unsigned char)summary[0]);
	print_text(out, summary, strlen(summary));
	fputc('\n', out);
}

static void print_option(FILE *out, const struct rf_option *option)
{
	fputs(".It ", out);
	if (option->letter)
		fprintf(out, "Fl %c , ", option->letter);
	fprintf(out, "Fl -%s", option->name);
	if (option->argument)
		fprintf(out, " Ar %s", option->argument);
	fputc('\n', out);
	print_paragraphs(out, option->help);
}

void rf_manual_print(const struct rf_program *program, const struct rf_option *common, size_t n_common, FILE *out)
{
	rf_autofree char *name = rf_strdup(program->name);
	bool command = strchr(name, ' ') != NULL;
	for (char *c = name; *c; c++)
		if (*c == ' ')
			*c = '-';
	rf_autofree char *title = rf_strdup(name);
	for (char *c = title; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	fprintf(out, ".Dd %s\n.Dt %s %d\n.Os Referat %s\n", REFERAT_DATE, title, command ? 1 : 8, REFERAT_VERSION);
	fprintf(out, ".Sh NAME\n.Nm %s\n.Nd ", name);
	print_summary(out, program->description);
	fputs(".Sh SYNOPSIS\n.Bd -literal\n", out);
	print_text(out, program->synopsis, strlen(program->synopsis));
	fputs("\n.Ed\n.Sh DESCRIPTION\n", out);
	print_paragraphs(out, program->description);
	fputs(".Sh OPTIONS\n.Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < program->n_options; i++)
		print_option(out, &program->options[i]);
	for (size_t i = 0; i < n_common; i++)
		print_option(out, &common[i]);
	fputs(".El\n", out);
	fputs(".Sh EXIT STATUS\n0 when all is well.\nElse, where nothing else is said above, a number of sysexits.h: "
	      "64 the "
	      "command line is wrong, 65 a file says what can't be, 66 a file or a folder is not there, 69 the broker "
	      "does "
	      "not answer or refuses, 75 try again later, 78 the definition is wrong.\n",
	      out);
	if (program->examples) {
		fputs(".Sh EXAMPLES\n.Bd -literal\n", out);
		print_text(out, program->examples, strlen(program->examples));
		fputs("\n.Ed\n", out);
	}
	if (command)
		fputs(".Sh SEE ALSO\n.Xr referat 1\n", out);
}
