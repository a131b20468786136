#include "base/mapping.h"

#include "base/error.h"

#include <sys/mman.h>
#include <sys/stat.h>

/* One byte more than the file has: the NUL. */
static size_t length_of(size_t size)
{
	return size + 1;
}

int rf_mapping_open(int fd, size_t size, struct rf_mapping *mapping, struct rf_error *error)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return rf_error_errno(error, "fstat");
	if ((uintmax_t)status.st_size < size)
		return rf_error_set(error, "the file has %jd bytes, not %zu", (intmax_t)status.st_size, size);
	/* Zero pages below, the file over them: what is behind its last byte is zero, also where a page ends there. */
	void *start = mmap(NULL, length_of(size), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED)
		return rf_error_errno(error, "mmap");
	if (size > 0 && mmap(start, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) {
		rf_error_errno(error, "mmap");
		munmap(start, length_of(size));
		return -1;
	}
	*mapping = (struct rf_mapping){.data = start, .size = size};
	return 0;
}

void rf_mapping_close(const struct rf_mapping *mapping)
{
	if (mapping->data)
		munmap((void *)mapping->data, length_of(mapping->size));
}
