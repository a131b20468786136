#include "base/digest.h"

#include "base/memory.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct rf_digest_state {
	EVP_MD_CTX *context;
};

/* OpenSSL fails here only without memory, or without its default provider: nothing can be promised then. */
static void must(int ok)
{
	if (!ok) {
		fputs("SHA-256 is not available\n", stderr);
		abort();
	}
}

static EVP_MD *algorithm;

static void fetch(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(algorithm != NULL);
}

/* Fetched once: a fetch costs more than the digest of a small part. */
static const EVP_MD *sha256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fetch);
	return algorithm;
}

struct rf_digest rf_digest_of(const void *data, size_t size)
{
	struct rf_digest digest;
	must(EVP_Digest(data, size, digest.bytes, NULL, sha256(), NULL));
	return digest;
}

void rf_digest_format(const struct rf_digest *digest, char text[RF_DIGEST_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < RF_DIGEST_SIZE; i++) {
		text[2 * i] = digits[digest->bytes[i] >> 4];
		text[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	text[RF_DIGEST_TEXT_SIZE - 1] = '\0';
}

struct rf_digest_state *rf_digest_begin(void)
{
	struct rf_digest_state *state = rf_alloc(sizeof *state);
	state->context = EVP_MD_CTX_new();
	must(state->context != NULL);
	must(EVP_DigestInit_ex(state->context, sha256(), NULL));
	return state;
}

void rf_digest_add(struct rf_digest_state *state, const void *data, size_t size)
{
	must(EVP_DigestUpdate(state->context, data, size));
}

struct rf_digest rf_digest_end(struct rf_digest_state *state)
{
	struct rf_digest digest;
	must(EVP_DigestFinal_ex(state->context, digest.bytes, NULL));
	EVP_MD_CTX_free(state->context);
	free(state);
	return digest;
}
