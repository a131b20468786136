#include "cli/restart.h"

#include "base/memory.h"

#include <string.h>
#include <sys/wait.h>

int64_t rf_restart_delay(struct rf_restart *restart, const struct rf_restart_policy *policy, int64_t lived_us)
{
	bool was_healthy = lived_us >= 2 * policy->cap_us;
	int64_t delay_us = was_healthy || restart->delay_us == 0 ? policy->base_us : 2 * restart->delay_us;
	restart->delay_us = delay_us < policy->cap_us ? delay_us : policy->cap_us;
	return restart->delay_us;
}

bool rf_exit_is_refusal(int wait_status)
{
	return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == RF_EXIT_REFUSED;
}

char *rf_exit_describe(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return rf_format("was killed by signal %d (%s)", WTERMSIG(wait_status),
				 strsignal(WTERMSIG(wait_status)));
	return rf_format("ended with status %d", WEXITSTATUS(wait_status));
}
