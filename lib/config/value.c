#include "config/value.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/option.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_MOST = 64 };

/* ---- texts of a fixed form --------------------------------------------------------------------------------------- */

const char *rf_value_wrong_mail(const char *text)
{
	static const char wrong[] = "this is no mail address; expected one like name@example.org";
	const char *at = strchr(text, '@');
	if (!at || at == text || strchr(at + 1, '@') || strlen(text) > 254)
		return wrong;
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c <= ' ' || *c == 0x7f || strchr("<>()[],;:\\\"", *c))
			return wrong;
	const char *dot = strrchr(at, '.');
	bool local = strcmp(at, "@localhost") == 0;
	return local || (dot && dot > at + 1 && dot[1]) ? NULL : wrong;
}

const char *rf_value_wrong_word(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (length == 0 || text[length] || length > WORD_MOST || text[0] == '-')
		return "expected lower-case letters a-z, digits and '-', starting with a letter or digit, at most 64";
	return NULL;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static bool looks_like_no_text(const struct rf_yaml_node *node)
{
	static const char *const words[] = {"yes", "no", "on", "off", "y", "n", "true", "false", "null", "~"};
	if (!node->plain)
		return false;
	for (size_t i = 0; i < RF_COUNT(words); i++)
		if (strcasecmp(node->text, words[i]) == 0)
			return true;
	return false;
}

static bool check_is_scalar(const struct rf_yaml_node *node, const char *expected, struct rf_diagnostics *diagnostics)
{
	if (rf_yaml_is_empty(node)) {
		rf_yaml_error(diagnostics, node, "no-value", "'%s' has no value; expected %s",
			      node->key ? node->key->text : "-", expected);
		return false;
	}
	if (node->kind == RF_YAML_SCALAR)
		return true;
	rf_yaml_error(diagnostics, node, "wrong-type", "%s stands here; expected %s", rf_yaml_kind_name(node),
		      expected);
	return false;
}

static bool check_is_text(const struct rf_yaml_node *node, struct rf_diagnostics *diagnostics)
{
	if (looks_like_no_text(node)) {
		rf_yaml_error(diagnostics, node, "not-a-text",
			      "a text is expected, and %s without quotation marks means something else in YAML; write "
			      "\"%s\"",
			      node->text, node->text);
		return false;
	}
	if (node->secret) {
		rf_yaml_error(diagnostics, node, "secret", "!secret can't stand here: this value is not a secret");
		return false;
	}
	return true;
}

const char *rf_value_text(const struct rf_yaml_node *node, struct rf_diagnostics *diagnostics)
{
	if (!check_is_scalar(node, "a text", diagnostics) || !check_is_text(node, diagnostics))
		return NULL;
	return node->text;
}

static const char *type_in_words(enum referat_option_type type)
{
	switch (type) {
	case REFERAT_STRING:
		return "a text";
	case REFERAT_SECRET:
		return "!secret NAME";
	case REFERAT_URL:
		return "an address like https://example.org/path";
	case REFERAT_INTEGER:
		return "a whole number";
	case REFERAT_BOOLEAN:
		return "true or false";
	case REFERAT_DURATION:
		return "a duration like 30s";
	case REFERAT_SIZE:
		return "a size like 64MiB";
	case REFERAT_PATH:
		return "a path";
	case REFERAT_CHOICE:
		return "one of the choices";
	}
	return "a value";
}

/* A secret is a secret, and nothing else is. */
static bool check_secrecy(const struct rf_yaml_node *node, const struct referat_option *option,
			  struct rf_diagnostics *diagnostics)
{
	bool secret = option->type == REFERAT_SECRET;
	if (secret && !node->secret)
		rf_yaml_error_hidden(
		    diagnostics, node, "plain-secret",
		    "'%s' is a secret and never stands in this file; write !secret NAME, and the value into "
		    "the file secrets/NAME beside it",
		    option->name);
	else if (!secret && node->secret)
		rf_yaml_error(diagnostics, node, "secret", "'%s' is not a secret; write %s", option->name,
			      type_in_words(option->type));
	return secret == node->secret;
}

char *rf_value_read(const struct rf_yaml_node *node, const struct referat_option *option, const char *folder,
		    struct rf_diagnostics *diagnostics)
{
	if (!check_is_scalar(node, type_in_words(option->type), diagnostics) ||
	    !check_secrecy(node, option, diagnostics))
		return NULL;
	bool is_text = option->type == REFERAT_STRING || option->type == REFERAT_PATH;
	if (is_text && !check_is_text(node, diagnostics))
		return NULL;
	char *value = NULL;
	struct rf_error error;
	if (rf_option_normalise(option, node->text, folder, &value, &error) < 0) {
		rf_autofree char *code = rf_format("bad-%s", rf_option_type_name(option->type));
		bool may_hold_password = option->type == REFERAT_URL && strchr(node->text, '@');
		if (may_hold_password)
			rf_yaml_error_hidden(diagnostics, node, code,
					     "%s: no address that can be used; expected one such as "
					     "https://example.org/, with no user or password inside: they belong into "
					     "options of their own, passwords as !secret NAME",
					     option->name);
		else
			rf_yaml_error(diagnostics, node, code, "%s: %s", option->name, error.text);
	}
	return value;
}

bool rf_value_is_map(const struct rf_yaml_node *node, struct rf_diagnostics *diagnostics)
{
	if (node->kind == RF_YAML_MAP)
		return true;
	rf_yaml_error(diagnostics, node, "wrong-type", "%s stands here; expected a map of 'key: value'",
		      rf_yaml_kind_name(node));
	return false;
}

char *rf_value_suggestion(const char *word, const char *const *names, size_t n_names)
{
	enum { LISTED_MOST = 16 };
	const char *nearest = rf_text_nearest(word, names, n_names);
	if (nearest)
		return rf_format("; did you mean '%s'?", nearest);
	if (!n_names || n_names > LISTED_MOST)
		return rf_strdup("");
	struct rf_buffer text = RF_BUFFER_INIT;
	for (size_t i = 0; i < n_names; i++)
		rf_buffer_format(&text, "%s%s",
				 i             ? ", "
				 : n_names > 1 ? "; expected one of: "
					       : "; expected: ",
				 names[i]);
	return rf_buffer_take(&text);
}

void rf_value_check_keys(const struct rf_yaml_node *map, const char *const *names, size_t n_names,
			 struct rf_diagnostics *diagnostics)
{
	for (const struct rf_yaml_node *node = map->first; node; node = node->next) {
		bool known = false;
		for (size_t i = 0; i < n_names && !known; i++)
			known = strcmp(node->key->text, names[i]) == 0;
		if (known)
			continue;
		rf_autofree char *suggestion = rf_value_suggestion(node->key->text, names, n_names);
		rf_yaml_error(diagnostics, node->key, "unknown-key", "unknown key '%s'%s", node->key->text, suggestion);
	}
}

void rf_value_check_version(const struct rf_yaml_node *map, struct rf_diagnostics *diagnostics)
{
	const struct rf_yaml_node *node = rf_yaml_get(map, "referat");
	if (!node)
		rf_yaml_error(diagnostics, map, "missing-key",
			      "'referat: 1' is missing: the version of the format that this file is written in");
	else if (node->kind != RF_YAML_SCALAR || strcmp(node->text, "1") != 0)
		rf_yaml_error(diagnostics, node, "version", "this program reads version 1; expected 'referat: 1'");
}
