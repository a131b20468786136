#include "config/diagnostics.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

/* What stands in a file is shown on terminals: tabs become spaces (so that the mark stands right), other control
 * characters, C1 among them, the replacement character. */
static char *clean(const char *text)
{
	if (!text)
		return NULL;
	struct rf_buffer out = RF_BUFFER_INIT;
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '\t') {
			rf_buffer_add_char(&out, ' ');
		} else if (*c < 0x20 || *c == 0x7f) {
			rf_buffer_add_text(&out, "\xef\xbf\xbd");
		} else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) {
			rf_buffer_add_text(&out, "\xef\xbf\xbd");
			c++;
		} else {
			rf_buffer_add_char(&out, (char)*c);
		}
	}
	return rf_buffer_take(&out);
}

static void diagnostic_deinit(struct rf_diagnostic *diagnostic)
{
	free(diagnostic->file);
	free(diagnostic->code);
	free(diagnostic->text);
	free(diagnostic->source_line);
}

static bool same_line(const struct rf_diagnostic *a, const struct rf_diagnostic *b)
{
	return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static bool stands_before(const struct rf_diagnostic *a, const struct rf_diagnostic *b)
{
	return a->line < b->line || (a->line == b->line && a->column < b->column);
}

static bool is_known(const struct rf_diagnostics *diagnostics, const struct rf_diagnostic *added)
{
	for (size_t i = 0; i < diagnostics->n; i++) {
		const struct rf_diagnostic *d = &diagnostics->list[i];
		if (same_line(d, added) && d->column == added->column && strcmp(d->text, added->text) == 0)
			return true;
	}
	return false;
}

/* If one of those at the line hides it, none shows it, whichever came first. */
static void hide_line(struct rf_diagnostics *diagnostics, const struct rf_diagnostic *added)
{
	bool hidden = false;
	for (size_t i = 0; i < diagnostics->n; i++)
		hidden = hidden || (diagnostics->list[i].hides_line && same_line(&diagnostics->list[i], added));
	for (size_t i = 0; i < diagnostics->n && hidden; i++)
		if (same_line(&diagnostics->list[i], added))
			free(rf_steal(diagnostics->list[i].source_line));
}

void rf_diagnostics_add(struct rf_diagnostics *diagnostics, const struct rf_diagnostic *diagnostic)
{
	struct rf_diagnostic added = *diagnostic;
	added.file = clean(diagnostic->file);
	added.code = rf_strdup(diagnostic->code);
	added.text = clean(diagnostic->text);
	added.source_line = clean(diagnostic->source_line);
	bool known = is_known(diagnostics, &added);
	if (!known && !added.warning)
		diagnostics->n_errors++;
	if (known || diagnostics->n == RF_DIAGNOSTICS_MOST) {
		diagnostics->cut = diagnostics->cut || !known;
		diagnostic_deinit(&added);
		return;
	}

	diagnostics->list = rf_realloc_array(diagnostics->list, diagnostics->n + 1, sizeof(added));
	size_t at = diagnostics->n++;
	for (; at > 0; at--) {
		const struct rf_diagnostic *before = &diagnostics->list[at - 1];
		if (strcmp(before->file, added.file) != 0 || !stands_before(&added, before))
			break;
		diagnostics->list[at] = diagnostics->list[at - 1];
	}
	diagnostics->list[at] = added;
	hide_line(diagnostics, &added);
}

void rf_diagnostics_deinit(struct rf_diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->n; i++)
		diagnostic_deinit(&diagnostics->list[i]);
	free(diagnostics->list);
	*diagnostics = (struct rf_diagnostics){0};
}

struct palette {
	const char *strong, *error, *warning, *mark, *end;
};

static const struct palette plain = {"", "", "", "", ""};
static const struct palette coloured = {"\033[1m", "\033[1;31m", "\033[1;33m", "\033[1;32m", "\033[0m"};

static size_t characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* The line and, under it, "^~~~" where the mistake stands. Both start behind the width of the number. */
static void print_source(const struct rf_diagnostic *d, FILE *out, const struct palette *colour)
{
	fprintf(out, "%5zu | %s\n", d->line, d->source_line);
	if (!d->column)
		return;
	size_t room = characters(d->source_line);
	size_t indent = d->column - 1 < room ? d->column - 1 : room;
	size_t length = d->length;
	if (indent + length > room)
		length = room - indent;
	fprintf(out, "      | %*s%s^", (int)indent, "", colour->mark);
	for (size_t i = 1; i < length; i++)
		fputc('~', out);
	fprintf(out, "%s\n", colour->end);
}

static void print_one(const struct rf_diagnostic *d, FILE *out, const struct palette *colour)
{
	fprintf(out, "%s%s", colour->strong, d->file);
	if (d->line)
		fprintf(out, ":%zu:%zu", d->line, d->column);
	fprintf(out, ": %s%s:%s %s [%s]\n", d->warning ? colour->warning : colour->error,
		d->warning ? "warning" : "error", colour->end, d->text, d->code);
	if (d->line && d->source_line)
		print_source(d, out, colour);
}

void rf_diagnostics_print(const struct rf_diagnostics *diagnostics, FILE *out, bool colours)
{
	const struct palette *colour = colours ? &coloured : &plain;
	for (size_t i = 0; i < diagnostics->n; i++)
		print_one(&diagnostics->list[i], out, colour);
	if (diagnostics->cut)
		fprintf(out, "… and more: only the first %d are shown\n", RF_DIAGNOSTICS_MOST);
}

static void add_text(struct json_object *object, const char *name, const char *text)
{
	if (text)
		json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *json_of(const struct rf_diagnostic *d)
{
	struct json_object *object = json_object_new_object();
	add_text(object, "file", d->file);
	if (d->line) {
		json_object_object_add(object, "line", json_object_new_uint64(d->line));
		json_object_object_add(object, "column", json_object_new_uint64(d->column));
		json_object_object_add(object, "length", json_object_new_uint64(d->length));
	}
	add_text(object, "severity", d->warning ? "warning" : "error");
	add_text(object, "code", d->code);
	add_text(object, "text", d->text);
	add_text(object, "source_line", d->source_line);
	return object;
}

void rf_diagnostics_print_json(const struct rf_diagnostics *diagnostics, FILE *out)
{
	struct json_object *array = json_object_new_array();
	for (size_t i = 0; i < diagnostics->n; i++)
		json_object_array_add(array, json_of(&diagnostics->list[i]));
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(array, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(array);
}
