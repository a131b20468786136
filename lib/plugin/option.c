#include "plugin/option.h"

#include "base/datetime.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 64, VALUE_MOST = 4096 };

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

/* "64MiB", "10 kB", "512": bytes. False when it is no size. */
static bool parse_size(const char *text, int64_t *size)
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
		if (strcmp(end, units[i].unit) != 0)
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

/* A bound as it would be written: microseconds help nobody. The caller frees. */
static char *bound_in_words(enum referat_option_type type, int64_t bound)
{
	if (type == REFERAT_DURATION)
		return rf_duration_format(bound);
	if (type == REFERAT_SIZE && bound && bound % (1 << 20) == 0)
		return rf_format("%" PRId64 "MiB", bound >> 20);
	if (type == REFERAT_SIZE && bound && bound % (1 << 10) == 0)
		return rf_format("%" PRId64 "KiB", bound >> 10);
	return rf_format("%" PRId64, bound);
}

static int normalise_number(const struct referat_option *option, const char *written, char **value,
			    struct rf_error *error)
{
	int64_t number = 0;
	const char *expected = NULL;
	if (option->type == REFERAT_INTEGER && !integer_parse(written, &number))
		expected = "a whole number";
	else if (option->type == REFERAT_DURATION && !rf_duration_parse(written, &number))
		expected = "a duration; expected a number with a unit (ms, s, m, h, d, w) such as 30s, 5m or 14d";
	else if (option->type == REFERAT_SIZE && !parse_size(written, &number))
		expected = "a size; expected a number with a unit such as 512, 64KiB or 10MiB";
	if (expected)
		return rf_error_set(error, "'%s' is not %s", written, expected);
	bool ranged = option->min || option->max;
	if (ranged && (number < option->min || number > option->max)) {
		rf_autofree char *least = bound_in_words(option->type, option->min);
		rf_autofree char *most = bound_in_words(option->type, option->max);
		return rf_error_set(error, "'%s' is out of range; expected %s to %s", written, least, most);
	}
	*value = rf_format("%" PRId64, number);
	return 0;
}

static int check_choice(const char *choices, const char *word, struct rf_error *error)
{
	enum { CHOICES_MOST = 64 };
	const char *names[CHOICES_MOST];
	size_t n = 0;
	rf_autofree char *copy = rf_strdup(choices);
	char *rest = NULL;
	for (char *name = strtok_r(copy, "|", &rest); name && n < CHOICES_MOST; name = strtok_r(NULL, "|", &rest)) {
		if (strcmp(name, word) == 0)
			return 0;
		names[n++] = name;
	}
	const char *nearest = rf_text_nearest(word, names, n);
	if (nearest)
		return rf_error_set(error, "'%s' is none of %s; did you mean '%s'?", word, choices, nearest);
	return rf_error_set(error, "'%s' is none of %s", word, choices);
}

static int check_url(const char *text, struct rf_error *error)
{
	CURLU *url = curl_url();
	CURLUcode code = url ? curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) : CURLUE_OUT_OF_MEMORY;
	curl_url_cleanup(url);
	if (code == CURLUE_USER_NOT_ALLOWED)
		return rf_error_set(error, "a user name or password stands in the address; they belong into options of "
					   "their own, passwords as !secret NAME");
	if (code == CURLUE_UNSUPPORTED_SCHEME)
		return rf_error_set(error, "'%s' starts with a scheme that is not known; expected one such as https://",
				    text);
	if (code != CURLUE_OK || strpbrk(text, " \t\r\n\"<>\\"))
		return rf_error_set(error, "'%s' is not an address; expected one such as https://example.org/", text);
	return 0;
}

static int check_path(const char *text, struct rf_error *error)
{
	if (!*text)
		return rf_error_set(error, "the path is empty");
	if (strlen(text) >= PATH_MAX)
		return rf_error_set(error, "the path is longer than %d bytes", PATH_MAX);
	if (text[0] == '~')
		return rf_error_set(error, "'~' means something to a shell only; write the whole path, or one that "
					   "starts at this file's folder");
	return 0;
}

static int check_secret_name(const char *name, struct rf_error *error)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strspn(name, letters);
	if (!length || length > NAME_MOST || name[length] || name[0] == '.')
		return rf_error_set(error,
				    "'%s' can't name a secret; expected letters, digits, '.', '_' and '-', at most "
				    "%d, with no '.' in front",
				    name, NAME_MOST);
	return 0;
}

static int check_text(const struct referat_option *option, const char *written, struct rf_error *error)
{
	switch (option->type) {
	case REFERAT_BOOLEAN:
		if (strcmp(written, "true") != 0 && strcmp(written, "false") != 0)
			return rf_error_set(error, "'%s' is neither true nor false; write one of these two", written);
		return 0;
	case REFERAT_CHOICE:
		return check_choice(option->choices, written, error);
	case REFERAT_URL:
		return check_url(written, error);
	case REFERAT_PATH:
		return check_path(written, error);
	case REFERAT_SECRET:
		return check_secret_name(written, error);
	default:
		return 0;
	}
}

int rf_option_normalise(const struct referat_option *option, const char *written, const char *folder, char **value,
			struct rf_error *error)
{
	bool number =
	    option->type == REFERAT_INTEGER || option->type == REFERAT_DURATION || option->type == REFERAT_SIZE;
	if (strlen(written) > VALUE_MOST)
		return rf_error_set(error, "the value is longer than %d bytes", VALUE_MOST);
	if (number)
		return normalise_number(option, written, value, error);
	int status = check_text(option, written, error);
	if (!status)
		*value = option->type == REFERAT_PATH ? rf_path_join(folder, written) : rf_strdup(written);
	return status;
}
