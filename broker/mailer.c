#include "broker/mailer.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "broker/alerts.h"
#include "store/store.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 20 };

#define FIRST_LOOK_US RF_SECOND
#define LOOK_EVERY_US (5 * RF_SECOND)
#define LIMIT_US      (120 * RF_SECOND)

struct rf_mailer {
	struct rf_mailer_options options;
	char *program;
	uint64_t timer, limit;
	struct rf_alert_mail mail; /* on its way; cause NULL: none is */
	pid_t pid;
	int fd; /* of the process */
	struct rf_error error;
};

/* ---- the process ---------------------------------------------------------------------------------------------------
 */

static void add_option(const char **arguments, size_t *n, const char *name, const char *value)
{
	if (!value)
		return;
	arguments[(*n)++] = name;
	arguments[(*n)++] = value;
}

/* What the mail says fits the pipe: nobody waits for anybody. */
static int write_text(const struct rf_alert_mail *mail, int *input, struct rf_error *error)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return rf_error_errno(error, "pipe");
	rf_autofree char *text = rf_format("%s\n%s", mail->subject, mail->text);
	ssize_t written = write(ends[1], text, strlen(text));
	close(ends[1]);
	if (written != (ssize_t)strlen(text)) {
		close(ends[0]);
		return rf_error_set(error, "the text is too long");
	}
	*input = ends[0];
	return 0;
}

static int start(struct rf_mailer *mailer, struct rf_error *error)
{
	const struct rf_mailer_options *options = &mailer->options;
	const char *arguments[MOST_ARGUMENTS] = {"referat-alert"};
	size_t n = 1;
	add_option(arguments, &n, "--pipeline", options->pipeline);
	add_option(arguments, &n, "--pipeline-copy", options->pipeline_copy);
	add_option(arguments, &n, "--publisher-copy", options->publisher_copy);
	add_option(arguments, &n, "--plugins", options->plugins);
	add_option(arguments, &n, "--state", options->state);
	add_option(arguments, &n, "--to", mailer->mail.to);
	add_option(arguments, &n, "--key", mailer->mail.key);
	int input;
	if (write_text(&mailer->mail, &input, error) < 0)
		return -1;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	int status =
	    posix_spawn(&mailer->pid, mailer->program, &actions, &attributes, (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(input);
	return status ? rf_error_set(error, "%s can't be started: %s", mailer->program, strerror(status)) : 0;
}

/* ---- what became of it ---------------------------------------------------------------------------------------------
 */

static int on_time(void *context);

static void wait_for(struct rf_mailer *mailer, int64_t pause_us)
{
	rf_loop_cancel(mailer->options.loop, mailer->timer);
	mailer->timer = rf_loop_add_timer(mailer->options.loop, pause_us, 0, on_time, mailer);
}

/* A mail of which nobody knows whether it was taken counts as told. */
static bool was_told(int status)
{
	return WIFEXITED(status) && (WEXITSTATUS(status) == EX_OK || WEXITSTATUS(status) == EX_PROTOCOL);
}

static int end_mail(struct rf_mailer *mailer, bool told, int status)
{
	if (!told)
		rf_log(RF_LOG_ERROR, NULL, "an alert can't be mailed (status %d): %s",
		       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), mailer->mail.subject);
	int result = rf_alerts_settle(mailer->options.core, mailer->mail.cause, told, &mailer->error);
	rf_alert_mail_deinit(&mailer->mail);
	wait_for(mailer, RF_MILLISECOND);
	return result;
}

static int on_end(void *context)
{
	struct rf_mailer *mailer = context;
	int status;
	if (waitpid(mailer->pid, &status, WNOHANG) != mailer->pid)
		return 0;
	rf_loop_remove_fd(mailer->options.loop, mailer->fd);
	rf_loop_cancel(mailer->options.loop, mailer->limit);
	close(mailer->fd);
	mailer->fd = -1;
	mailer->pid = 0;
	return end_mail(mailer, was_told(status), status);
}

static int on_limit(void *context)
{
	struct rf_mailer *mailer = context;
	kill(mailer->pid, SIGKILL);
	return 0;
}

/* ---- looking -------------------------------------------------------------------------------------------------------
 */

static int send_one(struct rf_mailer *mailer)
{
	struct rf_error error = {""};
	int status = rf_alerts_take(mailer->options.core, &mailer->mail, &mailer->error);
	if (status != 0) {
		wait_for(mailer, LOOK_EVERY_US);
		return status < 0 ? -1 : 0;
	}
	if (start(mailer, &error) < 0 || (mailer->fd = pidfd_open(mailer->pid, 0)) < 0) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text[0] ? error.text : "no descriptor is left for a process");
		return end_mail(mailer, false, EX_OSERR << 8);
	}
	rf_loop_add_fd(mailer->options.loop, mailer->fd, on_end, mailer);
	mailer->limit = rf_loop_add_timer(mailer->options.loop, LIMIT_US, 0, on_limit, mailer);
	return 0;
}

static int on_time(void *context)
{
	struct rf_mailer *mailer = context;
	if (rf_alerts_look(mailer->options.core, &mailer->error) < 0)
		return -1;
	return send_one(mailer);
}

struct rf_mailer *rf_mailer_new(const struct rf_mailer_options *options)
{
	struct rf_mailer *mailer = rf_alloc(sizeof *mailer);
	*mailer = (struct rf_mailer){.options = *options, .fd = -1};
	mailer->program = rf_path_join(rf_install_prefix(), "bin/referat-alert");
	wait_for(mailer, FIRST_LOOK_US);
	return mailer;
}

void rf_mailer_free(struct rf_mailer *mailer)
{
	if (!mailer)
		return;
	rf_loop_cancel(mailer->options.loop, mailer->timer);
	rf_loop_cancel(mailer->options.loop, mailer->limit);
	if (mailer->fd >= 0) {
		rf_loop_remove_fd(mailer->options.loop, mailer->fd);
		close(mailer->fd);
	}
	rf_alert_mail_deinit(&mailer->mail);
	free(mailer->program);
	free(mailer);
}

const struct rf_error *rf_mailer_error(const struct rf_mailer *mailer)
{
	return &mailer->error;
}
