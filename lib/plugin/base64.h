/* Base64 (RFC 4648), for bytes in JSON. */
#ifndef RF_PLUGIN_BASE64_H
#define RF_PLUGIN_BASE64_H

#include <stddef.h>
#include <stdint.h>

char *rf_base64_encode(const void *data, size_t size);     /* the caller frees */
uint8_t *rf_base64_decode(const char *text, size_t *size); /* NULL: not base64; else the caller frees */

#endif
