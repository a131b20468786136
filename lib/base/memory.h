/* Memory that is never missing: every function here ends the process with a message when the system has none left
 * (ADR 3: the store survives, the supervisor restarts). Sizes that come from outside are checked against a bound before
 * they reach these functions.
 *
 * Scope-bound clean-up: `rf_autofree char *name = NULL;` frees at the end of the scope. To hand the value out, copy the
 * pointer and set the variable to NULL (rf_steal). */
#ifndef RF_BASE_MEMORY_H
#define RF_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

void *rf_alloc(size_t size); /* zeroed; size 0 gives a pointer that may be freed */
void *rf_realloc(void *memory, size_t size);
void *rf_realloc_array(void *memory, size_t count, size_t size); /* overflow ends the process */
char *rf_strdup(const char *text);                               /* NULL gives NULL */
char *rf_strndup(const char *text, size_t length);
void *rf_memdup(const void *data, size_t size); /* one NUL byte is added behind the copy */
char *rf_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *rf_vformat(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

void rf_free_at(void *pointer_address); /* for the cleanup attribute */
#define rf_autofree          __attribute__((cleanup(rf_free_at)))
#define RF_CLEANUP(function) __attribute__((cleanup(function)))

/* Takes the value out of a pointer variable and leaves NULL there: the move is seen at the call. */
#define rf_steal(pointer)                                                                                              \
	({                                                                                                             \
		__typeof__(pointer) stolen_ = (pointer);                                                               \
		(pointer) = NULL;                                                                                      \
		stolen_;                                                                                               \
	})

#define RF_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
