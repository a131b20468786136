#include "plugin/base64.h"

#include "base/memory.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

char *rf_base64_encode(const void *data, size_t size)
{
	char *text = rf_alloc((size + 2) / 3 * 4 + 1);
	EVP_EncodeBlock((unsigned char *)text, data, (int)size);
	return text;
}

uint8_t *rf_base64_decode(const char *text, size_t *size)
{
	size_t length = strlen(text);
	if (length % 4 || length > INT_MAX)
		return NULL;
	uint8_t *data = rf_alloc(length / 4 * 3 + 1);
	int n = length ? EVP_DecodeBlock(data, (const unsigned char *)text, (int)length) : 0;
	size_t padding = length ? (size_t)(text[length - 1] == '=') + (text[length - 2] == '=') : 0;
	if (n < 0) {
		free(data);
		return NULL;
	}
	*size = (size_t)n - padding;
	data[*size] = 0;
	return data;
}
