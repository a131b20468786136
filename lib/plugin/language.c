#include "plugin/language.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { FILE_MOST = 4 * 1024 * 1024, KEYS_MOST = 20000 };

struct entry {
	char *key;
	char *text;
	size_t order; /* in which it was read */
};

struct rf_language {
	struct entry *entries; /* by key, then by order */
	size_t n, capacity;
};

struct rf_language *rf_language_new(void)
{
	return rf_alloc(sizeof(struct rf_language));
}

void rf_language_free(struct rf_language *language)
{
	for (size_t i = 0; language && i < language->n; i++) {
		free(language->entries[i].key);
		free(language->entries[i].text);
	}
	if (language)
		free(language->entries);
	free(language);
}

static void add(struct rf_language *language, const char *key, const char *text)
{
	if (language->n == language->capacity) {
		language->capacity = language->capacity ? language->capacity * 2 : 256;
		language->entries = rf_realloc_array(language->entries, language->capacity, sizeof *language->entries);
	}
	language->entries[language->n] = (struct entry){rf_strdup(key), rf_strdup(text), language->n};
	language->n++;
}

static int by_key(const void *a, const void *b)
{
	const struct entry *first = a;
	const struct entry *second = b;
	int order = strcmp(first->key, second->key);
	if (order)
		return order;
	return first->order < second->order ? -1 : first->order > second->order;
}

/* Reads the events of one flat map. key is the one that waits for its text. */
static int take_event(struct rf_language *language, const yaml_event_t *event, char **key, int *depth,
		      struct rf_error *error)
{
	switch (event->type) {
	case YAML_MAPPING_START_EVENT:
		if (++*depth > 1)
			return rf_error_set(error, "expected a text, found a map; keys are flat: \"group.name: text\"");
		return 0;
	case YAML_MAPPING_END_EVENT:
		--*depth;
		return 0;
	case YAML_SCALAR_EVENT: {
		const char *value = (const char *)event->data.scalar.value;
		if (!*depth)
			return value[0] ? rf_error_set(error, "expected a map of keys and texts") : 0;
		if (strlen(value) != event->data.scalar.length)
			return rf_error_set(error, "a text can't hold NUL");
		if (!*key) {
			*key = rf_strdup(value);
			return 0;
		}
		if (language->n >= KEYS_MOST)
			return rf_error_set(error, "more than %d keys", KEYS_MOST);
		add(language, *key, value);
		free(*key);
		*key = NULL;
		return 0;
	}
	case YAML_SEQUENCE_START_EVENT:
	case YAML_ALIAS_EVENT:
		return rf_error_set(error, "expected a text, found a list or an alias");
	default:
		return 0;
	}
}

static int read_events(struct rf_language *language, yaml_parser_t *parser, const char *path, struct rf_error *error)
{
	rf_autofree char *key = NULL;
	int depth = 0;
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event))
			return rf_error_set(error, "%s:%zu: %s", path, parser->problem_mark.line + 1,
					    parser->problem ? parser->problem : "not YAML");
		yaml_event_type_t type = event.type;
		size_t line = event.start_mark.line + 1;
		int status = take_event(language, &event, &key, &depth, error);
		yaml_event_delete(&event);
		if (status)
			return rf_error_prefix(error, "%s:%zu", path, line);
		if (type == YAML_STREAM_END_EVENT || type == YAML_DOCUMENT_END_EVENT)
			return 0;
	}
}

int rf_language_read(struct rf_language *language, const char *path, struct rf_error *error)
{
	rf_autofree char *data = NULL;
	size_t size = 0;
	int status = rf_file_read(path, FILE_MOST, &data, &size, error);
	if (status == RF_FILE_MISSING)
		return 1;
	if (status == RF_FILE_TOO_LARGE)
		return rf_error_set(error, "%s: more than 4 MiB", path);
	if (status)
		return status;
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return rf_error_set(error, "%s: no YAML parser", path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)data, size);
	status = read_events(language, &parser, path, error);
	yaml_parser_delete(&parser);
	if (language->n)
		qsort(language->entries, language->n, sizeof *language->entries, by_key);
	return status;
}

/* The first of its key: what was read first stands. */
const char *rf_language_text(const struct rf_language *language, const char *key)
{
	size_t low = 0;
	size_t high = language->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(language->entries[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < language->n && strcmp(language->entries[low].key, key) == 0;
	return found ? language->entries[low].text : NULL;
}

/* Puts value in the place of each {{name}}. */
static char *fill_in(const char *text, const char *name, const char *value)
{
	rf_autofree char *mark = rf_format("{{%s}}", name);
	rf_autobuffer struct rf_buffer filled = RF_BUFFER_INIT;
	const char *at;
	while ((at = strstr(text, mark))) {
		rf_buffer_add(&filled, text, (size_t)(at - text));
		rf_buffer_add_text(&filled, value);
		text = at + strlen(mark);
	}
	rf_buffer_add_text(&filled, text);
	return rf_buffer_take(&filled);
}

char *rf_language_vsay(const struct rf_language *language, const char *key, va_list pairs)
{
	const char *known = language ? rf_language_text(language, key) : NULL;
	char *text = rf_strdup(known ? known : key);
	const char *name;
	while ((name = va_arg(pairs, const char *))) {
		char *filled = fill_in(text, name, va_arg(pairs, const char *));
		free(text);
		text = filled;
	}
	return text;
}

char *rf_language_say(const struct rf_language *language, const char *key, ...)
{
	va_list pairs;
	va_start(pairs, key);
	char *text = rf_language_vsay(language, key, pairs);
	va_end(pairs);
	return text;
}
