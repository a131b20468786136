/* SHA-256 (OpenSSL, with the processor's instructions where there are some). */
#ifndef RF_BASE_DIGEST_H
#define RF_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { RF_DIGEST_SIZE = 32, RF_DIGEST_TEXT_SIZE = 65 };

struct rf_digest {
	uint8_t bytes[RF_DIGEST_SIZE];
};

struct rf_digest rf_digest_of(const void *data, size_t size);
void rf_digest_format(const struct rf_digest *digest, char text[RF_DIGEST_TEXT_SIZE]); /* lower-case hexadecimal */

/* For bytes that come in pieces. end gives the digest and frees. */
struct rf_digest_state;
struct rf_digest_state *rf_digest_begin(void);
void rf_digest_add(struct rf_digest_state *state, const void *data, size_t size);
struct rf_digest rf_digest_end(struct rf_digest_state *state);

#endif
