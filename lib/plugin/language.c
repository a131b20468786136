#include "plugin/language.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <uthash.h>

enum { FILE_MOST = 4 * 1024 * 1024, KEYS_MOST = 20000 };

struct entry {
	char *key;
	char *text;
	UT_hash_handle hh;
};

struct rf_language {
	struct entry *entries;
};

struct rf_language *rf_language_new(void)
{
	return rf_alloc(sizeof(struct rf_language));
}

void rf_language_free(struct rf_language *language)
{
	if (!language)
		return;
	struct entry *entry = NULL;
	struct entry *next = NULL;
	HASH_ITER(hh, language->entries, entry, next)
	{
		HASH_DEL(language->entries, entry);
		free(entry->key);
		free(entry->text);
		free(entry);
	}
	free(language);
}

static void add(struct rf_language *language, const char *key, const char *text)
{
	struct entry *entry = NULL;
	HASH_FIND_STR(language->entries, key, entry);
	if (entry)
		return;
	entry = rf_alloc(sizeof *entry);
	entry->key = rf_strdup(key);
	entry->text = rf_strdup(text);
	HASH_ADD_KEYPTR(hh, language->entries, entry->key, strlen(entry->key), entry);
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
		if (HASH_COUNT(language->entries) >= KEYS_MOST)
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
	return status;
}

const char *rf_language_text(const struct rf_language *language, const char *key)
{
	const struct entry *entry = NULL;
	HASH_FIND_STR(language->entries, key, entry);
	return entry ? entry->text : NULL;
}
