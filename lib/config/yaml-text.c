#include "config/yaml-text.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_LINE_MOST = 400 }; /* bytes; a longer line is not shown */

/* YAML's line breaks: LF, CR, CR LF, NEL, LS and PS. Returns the bytes of the one that stands there, or 0. */
static size_t line_break(const char *c, const char *end)
{
	if (*c == '\n')
		return 1;
	if (*c == '\r')
		return c + 1 < end && c[1] == '\n' ? 2 : 1;
	if (end - c >= 2 && memcmp(c, "\xc2\x85", 2) == 0)
		return 2;
	if (end - c >= 3 && (memcmp(c, "\xe2\x80\xa8", 3) == 0 || memcmp(c, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

void rf_yaml_find_lines(struct rf_yaml *yaml)
{
	const char *end = yaml->text + yaml->size;
	size_t n = 1;
	for (const char *c = yaml->text; c < end;) {
		size_t size = line_break(c, end);
		n += size > 0;
		c += size ? size : 1;
	}
	yaml->lines = rf_realloc_array(NULL, n, sizeof(*yaml->lines));
	yaml->lines[0] = 0;
	yaml->n_lines = 1;
	for (const char *c = yaml->text; c < end;) {
		size_t size = line_break(c, end);
		c += size ? size : 1;
		if (size)
			yaml->lines[yaml->n_lines++] = (size_t)(c - yaml->text);
	}
}

static size_t line_end(const struct rf_yaml *yaml, size_t index)
{
	size_t at = yaml->lines[index];
	while (at < yaml->size && !line_break(yaml->text + at, yaml->text + yaml->size))
		at++;
	return at;
}

void rf_yaml_find_place(const struct rf_yaml *yaml, size_t offset, size_t *line, size_t *column)
{
	size_t low = 0;
	size_t high = yaml->n_lines;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (yaml->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	*line = low + 1;
	*column = 1;
	for (size_t i = yaml->lines[low]; i < offset && i < yaml->size; i++)
		*column += ((unsigned char)yaml->text[i] & 0xc0) != 0x80;
}

const char *rf_yaml_character(const struct rf_yaml *yaml, size_t line, size_t column)
{
	if (line > yaml->n_lines)
		return "";
	size_t at = yaml->lines[line - 1];
	for (; column > 1 && at < yaml->size; column--)
		do
			at++;
		while (((unsigned char)yaml->text[at] & 0xc0) == 0x80);
	return yaml->text + at;
}

/* The offset of the first byte that does not belong to a character; the size when all do. */
static size_t first_bad_byte(const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t length = 1;
		while (length <= 4 && !(at + length <= size && rf_text_is_utf8(text + at, length)))
			length++;
		if (length > 4)
			return at;
		at += length;
	}
	return size;
}

static void check_utf8(const struct rf_yaml *yaml, struct rf_diagnostics *diagnostics)
{
	if (rf_text_is_utf8(yaml->text, yaml->size))
		return;
	size_t line = 0;
	size_t column = 0;
	size_t at = first_bad_byte(yaml->text, yaml->size);
	rf_yaml_find_place(yaml, at, &line, &column);
	if (at < yaml->size && yaml->text[at] == '\0')
		rf_yaml_error_at(diagnostics, yaml, line, column, 0, "nul",
				 "a NUL byte stands here; is this a text file, saved as UTF-8?");
	else
		rf_yaml_error_at(diagnostics, yaml, line, column, 0, "not-utf8",
				 "byte 0x%02x is not UTF-8; save the file as UTF-8",
				 (unsigned)(unsigned char)yaml->text[at < yaml->size ? at : 0]);
}

static void check_indentation(const struct rf_yaml *yaml, struct rf_diagnostics *diagnostics)
{
	for (size_t i = 0; i < yaml->n_lines; i++) {
		size_t end = line_end(yaml, i);
		size_t at = yaml->lines[i];
		while (at < end && yaml->text[at] == ' ')
			at++;
		size_t after = at + strspn(yaml->text + at, "\t ");
		if (after > at)
			rf_yaml_error_at(diagnostics, yaml, i + 1, at - yaml->lines[i] + 1, after - at, "tab",
					 "a tab stands in the indentation; YAML takes spaces only");
	}
}

int rf_yaml_check_text(const struct rf_yaml *yaml, struct rf_diagnostics *diagnostics)
{
	size_t before = diagnostics->n_errors;
	check_utf8(yaml, diagnostics);
	if (diagnostics->n_errors == before)
		check_indentation(yaml, diagnostics);
	return diagnostics->n_errors == before ? 0 : RF_YAML_BROKEN;
}

/* ---- diagnostics ----------------------------------------------------------------------------------------------- */

/* The line as it stands; NULL when it is too long to be shown or is not text. The caller frees. */
static char *shown_line(const struct rf_yaml *yaml, size_t line)
{
	if (!line || line > yaml->n_lines)
		return NULL;
	size_t start = yaml->lines[line - 1];
	size_t size = line_end(yaml, line - 1) - start;
	if (size > SHOWN_LINE_MOST || !rf_text_is_utf8(yaml->text + start, size))
		return NULL;
	return rf_strndup(yaml->text + start, size);
}

__attribute__((format(printf, 4, 0))) static void add(struct rf_diagnostics *diagnostics, const struct rf_yaml *yaml,
						      struct rf_diagnostic *diagnostic, const char *format,
						      va_list args)
{
	rf_autofree char *text = rf_vformat(format, args);
	rf_autofree char *source_line =
	    diagnostics->n < RF_DIAGNOSTICS_MOST ? shown_line(yaml, diagnostic->line) : NULL;
	diagnostic->file = yaml->path;
	diagnostic->text = text;
	diagnostic->source_line = source_line;
	rf_diagnostics_add(diagnostics, diagnostic);
}

static struct rf_diagnostic at_node(const struct rf_yaml_node *node, const char *code, bool warning)
{
	if (rf_yaml_is_empty(node) && node->key)
		node = node->key;
	return (struct rf_diagnostic){.line = node->line,
				      .column = node->column,
				      .length = node->length,
				      .warning = warning,
				      .code = (char *)code};
}

void rf_yaml_error(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
		   const char *format, ...)
{
	struct rf_diagnostic diagnostic = at_node(at, code, false);
	va_list args;
	va_start(args, format);
	add(diagnostics, at->file, &diagnostic, format, args);
	va_end(args);
}

void rf_yaml_warning(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
		     const char *format, ...)
{
	struct rf_diagnostic diagnostic = at_node(at, code, true);
	va_list args;
	va_start(args, format);
	add(diagnostics, at->file, &diagnostic, format, args);
	va_end(args);
}

void rf_yaml_error_hidden(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
			  const char *format, ...)
{
	struct rf_diagnostic diagnostic = at_node(at, code, false);
	diagnostic.hides_line = true;
	va_list args;
	va_start(args, format);
	add(diagnostics, at->file, &diagnostic, format, args);
	va_end(args);
}

void rf_yaml_error_at(struct rf_diagnostics *diagnostics, const struct rf_yaml *yaml, size_t line, size_t column,
		      size_t length, const char *code, const char *format, ...)
{
	struct rf_diagnostic diagnostic = {.line = line, .column = column, .length = length, .code = (char *)code};
	va_list args;
	va_start(args, format);
	add(diagnostics, yaml, &diagnostic, format, args);
	va_end(args);
}
