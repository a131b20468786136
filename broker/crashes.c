/* What a task is charged with when the process that had it in hand ended without an answer. Only tasks that were
 * started are charged; those that lay ready beside them go back as though nothing had been. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"

#include <signal.h>
#include <string.h>

enum { MOST_CRASHES = 2, MOST_KILLS = 10, MOST_TIMEOUTS = 3 };

static const struct {
	const char *name;
	enum rf_passed passed;
} charges[] = {
    [RF_CHARGE_CRASH] = {"crash", RF_PASSED_CRASH},
    [RF_CHARGE_KILL] = {"killed", RF_PASSED_KILLED},
    [RF_CHARGE_TIMEOUT] = {"timeout", RF_PASSED_TIMEOUT},
    [RF_CHARGE_LOST] = {"lost", RF_PASSED_LOST},
};

/* Returns whether the limit is reached. */
static bool count(struct rf_task *task, enum rf_charge charge)
{
	switch (charge) {
	case RF_CHARGE_CRASH:
		return ++task->crashes >= MOST_CRASHES;
	case RF_CHARGE_TIMEOUT:
		return ++task->timeouts >= MOST_TIMEOUTS;
	default:
		return ++task->kills >= MOST_KILLS;
	}
}

int rf_crash_charge(struct rf_core *core, struct rf_lease *lease, enum rf_charge charge, const char *code,
		    const char *reason, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, lease->token.task, &task, error) < 0)
		return -1;
	if (task.row.state != RF_TASK_READY) { /* superseded */
		rf_lease_end(core, lease);
		return 0;
	}
	rf_task_attempted(core, lease, &task.row);
	bool dead = count(&task.row, charge);
	rf_task_passed(core, lease, &task.row, task.row.changed_us, dead ? RF_PASSED_DEAD : charges[charge].passed);
	rf_lease_end(core, lease);
	rf_log(dead ? RF_LOG_ERROR : RF_LOG_WARNING, task.document, "%s: %s%s", task.stage, charges[charge].name,
	       dead ? ", dead" : "");
	if (rf_task_move(core, &task, dead ? RF_TASK_DEAD : RF_TASK_READY, code, reason, error) < 0)
		return -1;
	return rf_task_note(core, &task.row, dead ? "dead" : charges[charge].name, reason, error);
}

/* ---- obituaries -----------------------------------------------------------------------------------------------------
 */

static bool concerns(const Referat__Wire__Obituary *obituary, const char *instance, uint32_t pid, const char *stage)
{
	if (obituary->instance && *obituary->instance)
		return strcmp(obituary->instance, instance) == 0;
	return obituary->pid != 0 && obituary->pid == pid &&
	       (!obituary->stage || !*obituary->stage || strcmp(obituary->stage, stage) == 0);
}

static bool was_killed(const Referat__Wire__Obituary *obituary)
{
	return obituary->signal == SIGKILL || obituary->signal == SIGTERM || obituary->signal == SIGINT ||
	       obituary->signal == SIGHUP;
}

static void describe(const Referat__Wire__Obituary *obituary, struct rf_buffer *text)
{
	const char *name = obituary->signal > 0 ? sigabbrev_np(obituary->signal) : NULL;
	if (obituary->signal)
		rf_buffer_format(text, "the process was ended by signal %d (%s)", obituary->signal,
				 name ? name : "unknown");
	else
		rf_buffer_format(text, "the process ended with status %d while it had this in hand",
				 obituary->exit_status);
	if (obituary->core && *obituary->core)
		rf_buffer_format(text, "; core: %.1024s", obituary->core);
	if (obituary->stderr_tail && *obituary->stderr_tail)
		rf_buffer_format(text, "\n%.8192s", obituary->stderr_tail);
}

static int settle_leases(struct rf_core *core, const Referat__Wire__Obituary *obituary, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer reason = RF_BUFFER_INIT;
	describe(obituary, &reason);
	enum rf_charge charge = was_killed(obituary) ? RF_CHARGE_KILL : RF_CHARGE_CRASH;
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next) {
		if (!concerns(obituary, lease->instance, lease->pid, lease->stage->definition->name))
			continue;
		if (!lease->started)
			rf_lease_end(core, lease);
		else if (rf_crash_charge(core, lease, charge, charges[charge].name, reason.data, error) < 0)
			return -1;
	}
	return 0;
}

int rf_crash_obituary(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Header *header,
		      struct rf_error *error)
{
	const Referat__Wire__Obituary *obituary = header->obituary;
	if (!obituary) {
		rf_peer_refuse(core, peer, "malformed", "OBITUARY carries an obituary");
		return 0;
	}
	if (settle_leases(core, obituary, error) < 0)
		return -1;
	struct rf_core_peer *dead, *next;
	HASH_ITER (hh, core->peers, dead, next)
		if (dead != peer && dead->role == RF_ROLE_STAGE &&
		    concerns(obituary, dead->instance, dead->pid, dead->stage->definition->name))
			rf_peer_drop(core, dead);
	static const Referat__Wire__Item none = REFERAT__WIRE__ITEM__INIT;
	rf_outbox_ack(core, peer, header->n_items ? header->items[0] : &none, REFERAT__WIRE__OUTCOME__ACCEPTED, NULL,
		      NULL);
	return 0;
}
