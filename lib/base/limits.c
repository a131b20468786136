#include "base/limits.h"

#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

int rf_limit_memory(uint64_t bytes, struct rf_error *error)
{
	struct rlimit limit;
	if (bytes == 0 || SANITIZED)
		return 0;
	if (getrlimit(RLIMIT_DATA, &limit) < 0)
		return rf_error_errno(error, "the limit of memory can't be read");
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	if (setrlimit(RLIMIT_DATA, &limit) < 0)
		return rf_error_errno(error, "the limit of memory can't be set");
	return 0;
}
