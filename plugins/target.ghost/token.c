/* The token that a request carries: a JSON Web Token (RFC 7519), signed with the secret half of the Admin API key. It
 * holds for five minutes, and the key itself never leaves this computer. */
#include "ghost.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <inttypes.h>
#include <string.h>

enum { ID_SIZE = 24, SECRET_SIZE = 32, SIGNATURE_SIZE = 32, LIFE_S = 300 };

static int digit_of(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;
	return found ? (int)(found - digits) : -1;
}

/* Base64 for addresses (RFC 4648, section 5), without padding. */
static const char *base64_url(struct referat_call *call, const void *data, size_t size)
{
	char *text = referat_alloc(call, (size + 2) / 3 * 4 + 1);
	EVP_EncodeBlock((unsigned char *)text, data, (int)size);
	for (char *c = text; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	text[strcspn(text, "=")] = '\0';
	return text;
}

/* "ID:SECRET", both in hexadecimal digits. */
static bool read_key(const char *key, char id[static ID_SIZE + 1], unsigned char secret[static SECRET_SIZE])
{
	if (strlen(key) != ID_SIZE + 1 + 2 * (size_t)SECRET_SIZE || key[ID_SIZE] != ':')
		return false;
	for (size_t i = 0; i < ID_SIZE; i++)
		if (digit_of(key[i]) < 0)
			return false;
	memcpy(id, key, ID_SIZE);
	id[ID_SIZE] = '\0';
	for (size_t i = 0; i < SECRET_SIZE; i++) {
		int high = digit_of(key[ID_SIZE + 1 + 2 * i]), low = digit_of(key[ID_SIZE + 2 + 2 * i]);
		if (high < 0 || low < 0)
			return false;
		secret[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

const char *token_header(struct referat_call *call)
{
	char id[ID_SIZE + 1];
	unsigned char secret[SECRET_SIZE], signature[SIGNATURE_SIZE] = {0};
	if (!read_key(referat_option(call, "key"), id, secret))
		return NULL;
	int64_t now = referat_now(call) / 1000000;
	const char *head = referat_format(call, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", id);
	const char *claims =
	    referat_format(call, "{\"iat\":%" PRId64 ",\"exp\":%" PRId64 ",\"aud\":\"/admin/\"}", now, now + LIFE_S);
	const char *text = referat_format(call, "%s.%s", base64_url(call, head, strlen(head)),
					  base64_url(call, claims, strlen(claims)));
	HMAC(EVP_sha256(), secret, sizeof secret, (const unsigned char *)text, strlen(text), signature, NULL);
	OPENSSL_cleanse(secret, sizeof secret);
	return referat_format(call, "Authorization: Ghost %s.%s", text, base64_url(call, signature, sizeof signature));
}
