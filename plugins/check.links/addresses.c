/* What is wrong with an address, read as a browser would: it passes over spaces and control characters in a scheme. */
#include "links.h"

#include <string.h>

enum { MOST_SCHEME = 20 };

static bool is_space(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* The scheme in lower case, "" when there is none; it is cut to MOST_SCHEME letters. *rest is what follows the colon.
 */
static void read_scheme(const char *href, char scheme[MOST_SCHEME + 1], const char **rest)
{
	size_t n = 0;
	for (const char *at = href; *at; at++) {
		char c = *at;
		if (is_space(c))
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		bool letter = c >= 'a' && c <= 'z';
		if (c == ':' && n > 0) {
			scheme[n] = '\0';
			*rest = at + 1;
			return;
		}
		if (!letter && (n == 0 || !strchr("0123456789+.-", c)))
			break;
		if (n < MOST_SCHEME)
			scheme[n++] = c;
	}
	scheme[0] = '\0';
	*rest = href;
}

static bool has_spaces(const char *href)
{
	for (const char *at = href; *at; at++)
		if (is_space(*at))
			return true;
	return false;
}

enum address address_kind(struct referat_call *call, const char *href, const char **scheme)
{
	const char *rest = href ? href : "";
	while (*rest && is_space(*rest))
		rest++;
	if (!*rest || strcmp(rest, "#") == 0)
		return ADDRESS_MISSING;
	char name[MOST_SCHEME + 1];
	read_scheme(rest, name, &rest);
	bool web = strcmp(name, "http") == 0 || strcmp(name, "https") == 0;
	if (!name[0])
		return ADDRESS_RELATIVE;
	if (!web && strcmp(name, "mailto") != 0 && strcmp(name, "tel") != 0) {
		*scheme = referat_format(call, "%s", name);
		return ADDRESS_REFUSED;
	}
	if (has_spaces(href) || (web && (strncmp(rest, "//", 2) != 0 || !rest[2] || rest[2] == '/')) || !*rest)
		return ADDRESS_BROKEN;
	return ADDRESS_GOOD;
}
