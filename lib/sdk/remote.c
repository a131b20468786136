#include <referat/remote.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DIGEST_SIZE = 32, DIGITS = 2 * DIGEST_SIZE };

/* ---- digests ----------------------------------------------------------------------------------------------------- */

static const char *digits_of(struct referat_call *call, const unsigned char digest[DIGEST_SIZE])
{
	char *digits = referat_alloc(call, DIGITS + 1);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(digits + 2 * i, 3, "%02x", digest[i]);
	return digits;
}

const char *referat_sha256(struct referat_call *call, const void *data, size_t size)
{
	unsigned char digest[DIGEST_SIZE] = {0};
	EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL);
	return digits_of(call, digest);
}

const char *referat_hmac_sha256(struct referat_call *call, const char *key, const char *message)
{
	unsigned char digest[DIGEST_SIZE] = {0};
	HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)message, strlen(message), digest, NULL);
	return digits_of(call, digest);
}

/* ---- the seal ---------------------------------------------------------------------------------------------------- */

static const char seal_start[] = "<!-- referat ";
static const char seal_end[] = " -->\n";
static const char left[] = ":left"; /* behind the id */

static struct referat_bytes seal(struct referat_call *call, const char *page, const char *what)
{
	const char *digest = referat_sha256(call, page, strlen(page));
	const char *sealed =
	    referat_format(call, "%s%s%s%s %s%s", page, seal_start, referat_get(call, "id"), what, digest, seal_end);
	return (struct referat_bytes){(const uint8_t *)sealed, strlen(sealed)};
}

struct referat_bytes referat_seal(struct referat_call *call, const char *page)
{
	return seal(call, page, "");
}

struct referat_bytes referat_seal_left(struct referat_call *call, const char *page)
{
	return seal(call, page, left);
}

/* The last seal in the page; what a person wrote behind it is a change, too. */
static const char *find_seal(const char *page)
{
	const char *found = NULL;
	for (const char *at = page; (at = strstr(at, seal_start)); at++)
		found = at;
	return found;
}

static bool ends_with(const char *text, size_t size, const char *end)
{
	size_t length = strlen(end);
	return size >= length && !memcmp(text + size - length, end, length);
}

enum referat_seal referat_seal_of(struct referat_call *call, struct referat_bytes page)
{
	const char *text = page.data ? (const char *)page.data : "";
	const char *found = find_seal(text);
	if (!found)
		return REFERAT_SEAL_NONE;
	const char *id = found + strlen(seal_start);
	const char *rest = id + strcspn(id, " ");
	bool is_left = ends_with(id, (size_t)(rest - id), left);
	size_t id_size = (size_t)(rest - id) - (is_left ? strlen(left) : 0);
	const char *own_id = referat_get(call, "id");
	bool is_own = strlen(own_id) == id_size && !memcmp(id, own_id, id_size);
	const char *right = referat_format(call, " %s%s", referat_sha256(call, text, (size_t)(found - text)), seal_end);
	bool is_whole = !strcmp(rest, right) && strlen(text) == page.size;
	if (is_own)
		return is_whole ? REFERAT_SEAL_WHOLE : REFERAT_SEAL_CHANGED;
	if (!is_whole)
		return REFERAT_SEAL_NONE;
	return is_left ? REFERAT_SEAL_LEFT : REFERAT_SEAL_OTHER;
}

/* ---- addresses --------------------------------------------------------------------------------------------------- */

static const char *encode(struct referat_call *call, const char *text, const char *kept)
{
	char *encoded = referat_alloc(call, 3 * strlen(text) + 1);
	char *to = encoded;
	for (const char *c = text; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
		if (plain || strchr(kept, *c))
			*to++ = *c;
		else
			to += snprintf(to, 4, "%%%02X", (unsigned char)*c);
	}
	return encoded;
}

const char *referat_percent(struct referat_call *call, const char *text)
{
	return encode(call, text, "-._~");
}

const char *referat_address(struct referat_call *call, const char *base, const char *path)
{
	size_t length = strlen(base);
	bool ends = length && base[length - 1] == '/';
	return referat_format(call, "%s%s%s", base, ends ? "" : "/", encode(call, path, "-._~/"));
}

size_t referat_origin_size(const char *url)
{
	const char *host = strstr(url, "//");
	return host ? (size_t)(host - url) + 2 + strcspn(host + 2, "/?#") : 0;
}

bool referat_same_origin(const char *a, const char *b)
{
	size_t size = referat_origin_size(a);
	return size > 0 && size == referat_origin_size(b) && strncasecmp(a, b, size) == 0;
}
