#include "plugin/option.h"

#include "base/datetime.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 64 };

const char *rf_option_type_name(enum referat_option_type type)
{
	static const char *const names[] = {"string",   "secret", "url",  "integer", "boolean",
					    "duration", "size",   "path", "choice"};
	return (size_t)type < RF_COUNT(names) ? names[type] : "?";
}

static bool name_is_good(const char *name)
{
	if (!name || !islower((unsigned char)name[0]) || strlen(name) > NAME_MOST)
		return false;
	for (const char *c = name; *c; c++)
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
			return false;
	return true;
}

int rf_option_check(const struct referat_option *option, struct rf_error *error)
{
	if (!name_is_good(option->name))
		return rf_error_set(error, "option '%s': a name is lower-case letters, digits and _, at most %d",
				    option->name ? option->name : "", NAME_MOST);
	if (!strcmp(rf_option_type_name(option->type), "?"))
		return rf_error_set(error, "option '%s': type %d is none of enum referat_option_type", option->name,
				    (int)option->type);
	if (option->type == REFERAT_CHOICE && (!option->choices || !option->choices[0]))
		return rf_error_set(error, "option '%s': a choice needs choices", option->name);
	if (option->min > option->max)
		return rf_error_set(error, "option '%s': min is greater than max", option->name);
	if (option->type == REFERAT_SECRET && option->fallback)
		return rf_error_set(error, "option '%s': a secret can't have a default", option->name);
	if (!option->fallback || option->type == REFERAT_PATH)
		return 0;
	rf_autofree char *value = NULL;
	if (rf_option_normalise(option, option->fallback, "/", &value, error))
		return rf_error_prefix(error, "option '%s': its default is no good", option->name);
	return 0;
}

bool rf_size_parse(const char *text, int64_t *size)
{
	static const struct {
		const char *unit;
		int64_t bytes;
	} units[] = {{"", 1},
		     {"B", 1},
		     {"kB", 1000},
		     {"KiB", INT64_C(1) << 10},
		     {"MB", 1000000},
		     {"MiB", INT64_C(1) << 20},
		     {"GB", 1000000000},
		     {"GiB", INT64_C(1) << 30}};
	if (!isdigit((unsigned char)text[0]))
		return false;
	char *end = NULL;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno)
		return false;
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < RF_COUNT(units); i++) {
		int64_t bytes = 0;
		if (strcmp(end, units[i].unit))
			continue;
		if (__builtin_mul_overflow((int64_t)number, units[i].bytes, &bytes))
			return false;
		*size = bytes;
		return true;
	}
	return false;
}

static bool integer_parse(const char *text, int64_t *number)
{
	char *end = NULL;
	errno = 0;
	long long parsed = strtoll(text, &end, 10);
	if (errno || end == text || *end || isspace((unsigned char)text[0]))
		return false;
	*number = parsed;
	return true;
}

static int normalise_number(const struct referat_option *option, const char *written, char **value,
			    struct rf_error *error)
{
	int64_t number = 0;
	const char *expected = NULL;
	if (option->type == REFERAT_INTEGER && !integer_parse(written, &number))
		expected = "a whole number";
	else if (option->type == REFERAT_DURATION && !rf_duration_parse(written, &number))
		expected = "a duration such as 30s, 5m or 14d";
	else if (option->type == REFERAT_SIZE && !rf_size_parse(written, &number))
		expected = "a size such as 512, 64KiB or 10MiB";
	if (expected)
		return rf_error_set(error, "'%s' is not %s", written, expected);
	bool ranged = option->min || option->max;
	if (ranged && (number < option->min || number > option->max))
		return rf_error_set(error, "'%s' is out of range; expected %" PRId64 " to %" PRId64 "%s", written,
				    option->min, option->max,
				    option->type == REFERAT_DURATION ? " microseconds"
				    : option->type == REFERAT_SIZE   ? " bytes"
								     : "");
	*value = rf_format("%" PRId64, number);
	return 0;
}

static bool is_choice(const char *choices, const char *word)
{
	size_t size = strlen(word);
	for (const char *at = choices; size && at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		if (!strncmp(at, word, size) && (at[size] == '|' || !at[size]))
			return true;
	return false;
}

static bool is_url(const char *text)
{
	size_t scheme = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
	if (!scheme || !islower((unsigned char)text[0]) || strncmp(text + scheme, "://", 3) || !text[scheme + 3])
		return false;
	for (const char *c = text; *c; c++)
		if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c))
			return false;
	return true;
}

int rf_option_normalise(const struct referat_option *option, const char *written, const char *folder, char **value,
			struct rf_error *error)
{
	switch (option->type) {
	case REFERAT_INTEGER:
	case REFERAT_DURATION:
	case REFERAT_SIZE:
		return normalise_number(option, written, value, error);
	case REFERAT_BOOLEAN:
		if (strcmp(written, "true") && strcmp(written, "false"))
			return rf_error_set(error, "'%s' is not true or false", written);
		break;
	case REFERAT_CHOICE:
		if (!is_choice(option->choices, written))
			return rf_error_set(error, "'%s' is none of %s", written, option->choices);
		break;
	case REFERAT_URL:
		if (!is_url(written))
			return rf_error_set(error, "'%s' is not an address; expected one such as https://example.org/",
					    written);
		break;
	case REFERAT_PATH:
		*value = rf_path_join(folder, written);
		return 0;
	case REFERAT_STRING:
	case REFERAT_SECRET:
		break;
	}
	*value = rf_strdup(written);
	return 0;
}
