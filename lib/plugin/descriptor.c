#include "plugin/descriptor.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/info.h"
#include "plugin/option.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The sizes of version 1.0, the least that a plugin can know. Fields are only ever appended behind these. */
#define END_OF(type, field) (offsetof(type, field) + sizeof(((type *)NULL)->field))

enum {
	PLUGIN_LEAST = END_OF(struct referat_plugin, probe),
	OPTION_LEAST = END_OF(struct referat_option, help),
	SIZE_MOST = 64 * 1024,
	OPTIONS_MOST = 200,
	TEXT_MOST = 4096,
};

static const char *file_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

char *rf_descriptor_expected_name(const char *path)
{
	const char *file = file_of(path);
	size_t size = strlen(file);
	if (rf_text_ends(file, ".so"))
		size -= strlen(".so");
	else if (rf_text_ends(file, ".exec"))
		size -= strlen(".exec");
	return rf_strndup(file, size);
}

/* The first four fields stand where they are for ever, so that every version can read them. */
static int check_version(const struct referat_plugin *raw, const char *file, struct rf_error *error)
{
	if (raw->abi_major != REFERAT_ABI_MAJOR || raw->abi_minor > REFERAT_ABI_MINOR)
		return rf_error_set(
		    error,
		    "%s: built for plugin ABI %u.%u, this host speaks %d.%d; rebuild it with referat-dev "
		    "%d.%d",
		    file, raw->abi_major, raw->abi_minor, REFERAT_ABI_MAJOR, REFERAT_ABI_MINOR, REFERAT_ABI_MAJOR,
		    REFERAT_ABI_MINOR);
	if (raw->struct_size < PLUGIN_LEAST || raw->struct_size > SIZE_MOST)
		return rf_error_set(error,
				    "%s: its descriptor says it has %u bytes, version 1.0 has %d; start it with "
				    "REFERAT_PLUGIN and rebuild it",
				    file, raw->struct_size, (int)PLUGIN_LEAST);
	if (raw->n_options && (raw->option_size < OPTION_LEAST || raw->option_size > SIZE_MOST))
		return rf_error_set(error,
				    "%s: its descriptor says an option has %u bytes, version 1.0 has %d; start it with "
				    "REFERAT_PLUGIN and rebuild it",
				    file, raw->option_size, (int)OPTION_LEAST);
	if (raw->n_options > OPTIONS_MOST || (raw->n_options && !raw->options))
		return rf_error_set(error,
				    "%s: its descriptor says it has %u options; expected at most %d, and a table", file,
				    raw->n_options, OPTIONS_MOST);
	return 0;
}

static int check_text(const char *what, const char *text, const char *file, struct rf_error *error)
{
	if (!text || (strnlen(text, TEXT_MOST + 1) <= TEXT_MOST && rf_text_is_utf8(text, strlen(text))))
		return 0;
	return rf_error_set(error, "%s: its %s is not at most %d bytes of UTF-8", file, what, TEXT_MOST);
}

static int check_texts(const struct referat_plugin *descriptor, const char *file, struct rf_error *error)
{
	const struct {
		const char *what;
		const char *text;
	} texts[] = {{"name", descriptor->name},
		     {"version", descriptor->version},
		     {"summary", descriptor->summary},
		     {"list of what it accepts", descriptor->accepts},
		     {"list of what it produces", descriptor->produces}};
	for (size_t i = 0; i < RF_COUNT(texts); i++)
		if (check_text(texts[i].what, texts[i].text, file, error))
			return -1;
	return 0;
}

static int check_name(const struct referat_plugin *descriptor, const char *path, struct rf_error *error)
{
	const char *file = file_of(path);
	const char *kind = rf_plugin_kind_name(descriptor->kind);
	if (!strcmp(kind, "?"))
		return rf_error_set(error, "%s: its kind is %d; expected one of enum referat_kind", file,
				    (int)descriptor->kind);
	rf_autofree char *expected = rf_descriptor_expected_name(path);
	if (!descriptor->name || strcmp(descriptor->name, expected) != 0)
		return rf_error_set(error, "%s: it calls itself '%s'; the file must be called as the plugin: '%s.so'",
				    file, descriptor->name ? descriptor->name : "",
				    descriptor->name ? descriptor->name : "…");
	size_t size = strlen(kind);
	if (strncmp(expected, kind, size) != 0 || expected[size] != '.' || !expected[size + 1])
		return rf_error_set(error, "%s: a %s is called '%s.NAME'; rename plugin and file", file, kind, kind);
	return 0;
}

static int check_functions(const struct referat_plugin *descriptor, const char *file, struct rf_error *error)
{
	const char *missing = NULL;
	bool effects = descriptor->kind == REFERAT_TARGET || descriptor->kind == REFERAT_CHANNEL;
	if (!effects && !descriptor->run)
		missing = "run";
	else if (effects && !descriptor->put)
		missing = "put";
	else if (descriptor->kind == REFERAT_CHANNEL && !descriptor->recipients)
		missing = "recipients";
	else if ((descriptor->capabilities & REFERAT_CAN_LOOKUP) && !descriptor->lookup)
		missing = "lookup";
	if (!missing)
		return 0;
	return rf_error_set(error, "%s: a %s%s needs the function '%s'", file, rf_plugin_kind_name(descriptor->kind),
			    !strcmp(missing, "lookup") ? " that says REFERAT_CAN_LOOKUP" : "", missing);
}

static int check_options(const struct referat_plugin *descriptor, const char *file, struct rf_error *error)
{
	for (uint32_t i = 0; i < descriptor->n_options; i++) {
		const struct referat_option *option = &descriptor->options[i];
		if (check_text("option's name", option->name, file, error) ||
		    check_text("option's help", option->help, file, error) ||
		    check_text("option's default", option->fallback, file, error) ||
		    check_text("option's choices", option->choices, file, error))
			return -1;
		for (uint32_t j = 0; option->name && j < i; j++)
			if (!strcmp(descriptor->options[j].name, option->name))
				return rf_error_set(error, "%s: it has two options '%s'", file, option->name);
		if (rf_option_check(option, error))
			return rf_error_prefix(error, "%s", file);
	}
	return 0;
}

int rf_descriptor_check(const struct referat_plugin *descriptor, const char *path, struct rf_error *error)
{
	const char *file = file_of(path);
	if (check_texts(descriptor, file, error) || check_name(descriptor, path, error) ||
	    check_functions(descriptor, file, error) || check_options(descriptor, file, error))
		return -1;
	return 0;
}

int rf_descriptor_read(const void *symbol, const char *path, struct referat_plugin *descriptor,
		       struct referat_option **options, struct rf_error *error)
{
	const struct referat_plugin *raw = symbol;
	if (check_version(raw, file_of(path), error))
		return -1;
	struct referat_plugin copy = {0};
	memcpy(&copy, raw, raw->struct_size < sizeof copy ? raw->struct_size : sizeof copy);
	struct referat_option *list = rf_alloc((size_t)copy.n_options * sizeof *list);
	size_t known = raw->option_size < sizeof *list ? raw->option_size : sizeof *list;
	for (uint32_t i = 0; i < copy.n_options; i++)
		memcpy(&list[i], (const char *)raw->options + (size_t)i * raw->option_size, known);
	copy.options = list;
	copy.option_size = sizeof *list;
	copy.struct_size = sizeof copy;
	if (rf_descriptor_check(&copy, path, error)) {
		free(list);
		return -1;
	}
	*descriptor = copy;
	*options = list;
	return 0;
}
