/* The error idiom of the whole project.
 *
 * A function that can fail returns int:
 *   < 0  fatal for the operation: the caller passes it on unchanged;
 *   0    done;
 *   > 0  an outcome of that function, named in its header, that the caller handles on the spot.
 * The reason, in words for an operator, is written into the struct rf_error given as the last parameter; whoever has
 * the context (which document, which file) logs it, once. Outcomes of tasks (retry, hold, ...) are values, not errors.
 */
#ifndef RF_BASE_ERROR_H
#define RF_BASE_ERROR_H

struct rf_error {
	char text[1024];
};

/* Writes the reason (cut to fit, always on a UTF-8 border) and returns -1, so that `return rf_error_set(...)` reads as
 * what it is. error may be NULL: the reason is then dropped. */
int rf_error_set(struct rf_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the reason that is already there; returns -1. */
int rf_error_prefix(struct rf_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Like rf_error_set, followed by ": " and the text of errno as it is at the call. */
int rf_error_errno(struct rf_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lets compilers and the linter see that they return -1. */
static inline int rf_error_failed(int minus_one)
{
	(void)minus_one;
	return -1;
}
#define rf_error_set(...)    rf_error_failed(rf_error_set(__VA_ARGS__))
#define rf_error_prefix(...) rf_error_failed(rf_error_prefix(__VA_ARGS__))
#define rf_error_errno(...)  rf_error_failed(rf_error_errno(__VA_ARGS__))

#endif
