#include "stage/crash.h"

#include "base/memory.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { STACK_SIZE = 64 * 1024, MOMENT_NS = 100 * 1000 * 1000 };

static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS};
static struct sigaction former[RF_COUNT(signals)];
static char stack[STACK_SIZE];
static int wake;

static void on_crash(int number)
{
	const struct timespec moment = {.tv_nsec = MOMENT_NS};
	const uint64_t one = 1;
	if (write(wake, &one, sizeof one) == (ssize_t)sizeof one) /* else there is nobody to wait for */
		nanosleep(&moment, NULL);
	for (size_t i = 0; i < RF_COUNT(signals); i++)
		if (signals[i] == number)
			sigaction(number, &former[i], NULL);
	raise(number); /* is delivered when this returns, to whoever handled it before */
}

void rf_crash_prepare(int wake_fd)
{
	wake = wake_fd;
	const stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
	stack_t there;
	if (sigaltstack(NULL, &there) == 0 && there.ss_flags & SS_DISABLE) /* a sanitizer brings one */
		sigaltstack(&own, NULL);
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < RF_COUNT(signals); i++)
		sigaction(signals[i], &action, &former[i]);
}
