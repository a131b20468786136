#include "plugin/url.h"

#include "base/memory.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

static void curl_text_free(char **text)
{
	curl_free(*text);
}
#define curl_text __attribute__((cleanup(curl_text_free))) char *

static void url_free(CURLU **url)
{
	curl_url_cleanup(*url);
}
#define curl_address __attribute__((cleanup(url_free))) CURLU *

/* NULL: not an address. */
static CURLU *parse(const char *text)
{
	CURLU *url = curl_url();
	if (url && curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER)) {
		curl_url_cleanup(url);
		return NULL;
	}
	return url;
}

bool rf_url_is_http(const char *text)
{
	curl_address url = parse(text);
	curl_text scheme = NULL;
	if (!url || curl_url_get(url, CURLUPART_SCHEME, &scheme, 0))
		return false;
	return !strcmp(scheme, "http") || !strcmp(scheme, "https");
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	curl_text first = NULL;
	curl_text second = NULL;
	return !curl_url_get(a, part, &first, CURLU_DEFAULT_PORT) &&
	       !curl_url_get(b, part, &second, CURLU_DEFAULT_PORT) && !strcasecmp(first, second);
}

bool rf_url_same_origin(const char *a, const char *b)
{
	curl_address first = parse(a);
	curl_address second = parse(b);
	return first && second && same_part(first, second, CURLUPART_SCHEME) &&
	       same_part(first, second, CURLUPART_HOST) && same_part(first, second, CURLUPART_PORT);
}

bool rf_url_is_open(const char *text)
{
	static const char *const here[] = {"localhost", "127.0.0.1", "[::1]"};
	curl_address url = parse(text);
	curl_text scheme = NULL;
	curl_text host = NULL;
	if (!url || curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) || curl_url_get(url, CURLUPART_HOST, &host, 0) ||
	    strcmp(scheme, "http") != 0)
		return false;
	for (size_t i = 0; i < RF_COUNT(here); i++)
		if (strcasecmp(host, here[i]) == 0)
			return false;
	return true;
}

const char *rf_url_resolve(struct rf_arena *arena, const char *base, const char *location)
{
	curl_address url = parse(base);
	curl_text whole = NULL;
	if (!url || curl_url_set(url, CURLUPART_URL, location, CURLU_DISALLOW_USER) ||
	    curl_url_get(url, CURLUPART_URL, &whole, 0))
		return base;
	return rf_arena_text(arena, whole);
}
