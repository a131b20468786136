/* The bytes of a file without memory of our own for them. Only for files that nobody changes any more: one that is cut
 * short meanwhile ends the process that reads on (SIGBUS); one that is removed stays readable. */
#ifndef RF_BASE_MAPPING_H
#define RF_BASE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

struct rf_error;

struct rf_mapping {
	const uint8_t *data; /* a NUL follows the last byte */
	size_t size;
};

/* Maps the first `size` bytes of an open file, which must have them; the descriptor may be closed at once. Returns 0;
 * < 0 with the reason. */
int rf_mapping_open(int fd, size_t size, struct rf_mapping *mapping, struct rf_error *error);
void rf_mapping_close(const struct rf_mapping *mapping);

#endif
