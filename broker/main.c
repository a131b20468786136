/* referat-broker: owns the store of one pipeline and the socket that its stages and the command line speak to. */
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "base/options.h"
#include "broker/core.h"
#include "broker/exposition.h"
#include "broker/mailer.h"
#include "broker/moves.h"
#include "broker/server.h"
#include "config/pipeline.h"
#include "plugin/language.h"
#include "wire/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

enum { EXIT_FINAL = 125 /* do not start me again */, DRAIN_SECONDS = 20 };

struct settings {
	const char *pipeline, *pipeline_copy, *publisher_copy, *state, *endpoint, *plugins, *level, *moves;
	int64_t ready_fd, clock_us;
	bool once;
};

struct broker {
	struct settings settings;
	struct rf_clock clock;
	struct rf_registry registry;
	struct rf_pipeline *pipeline;
	struct rf_language *language, *operator_language;
	struct rf_store *store;
	struct rf_core *core;
	struct rf_loop *loop;
	struct rf_server *server;
	struct rf_exposition *exposition;
	struct rf_mailer *mailer;
	char *state, *blobs, *endpoint;
	char boot_id[64];
};

/* ---- start ----------------------------------------------------------------------------------------------------------
 */

static int read_settings(int argc, char **argv, struct settings *settings, struct rf_error *error)
{
	*settings = (struct settings){.ready_fd = -1, .clock_us = INT64_MIN};
	const struct rf_option options[] = {
	    {"pipeline", 'p', RF_OPTION_TEXT, "FILE", "the definition", &settings->pipeline},
	    {"pipeline-copy", 0, RF_OPTION_TEXT, "FILE", "read these bytes in place of the definition's",
	     &settings->pipeline_copy},
	    {"publisher-copy", 0, RF_OPTION_TEXT, "FILE", "read these bytes in place of the publisher file's",
	     &settings->publisher_copy},
	    {"state", 's', RF_OPTION_TEXT, "DIR", "folder of the store; default: var/ and the pipeline's name",
	     &settings->state},
	    {"endpoint", 'e', RF_OPTION_TEXT, "ADDRESS", "where to listen; default: made from the state folder",
	     &settings->endpoint},
	    {"ready-fd", 0, RF_OPTION_INTEGER, "N", "write a newline to this descriptor when stages can connect",
	     &settings->ready_fd},
	    {"move", 0, RF_OPTION_TEXT, "OLD=NEW,...", "first of all, give the tasks of stages that are gone to others",
	     &settings->moves},
	    {"clock", 0, RF_OPTION_INSTANT, "TIME", "let the wall clock stand still at this time", &settings->clock_us},
	    {"once", 0, RF_OPTION_FLAG, NULL, "tell sources to look once", &settings->once},
	    {"plugins", 0, RF_OPTION_TEXT, "DIRS",
	     "folders that are looked at before the installed one, separated by colons", &settings->plugins},
	    {"log-level", 0, RF_OPTION_TEXT, "LEVEL", "error, warning, info or debug; default: info", &settings->level},
	};
	const struct rf_program program = {
	    .name = "referat-broker",
	    .synopsis = "referat-broker --pipeline FILE [options]",
	    .description =
		"Keeps the documents and tasks of one pipeline, and hands work to its stages. Usually started "
		"by `referat run`, or by systemd. SIGTERM asks the stages to finish, and ends; SIGUSR1 ends at once, "
		"and leaves them to another broker, which takes over.",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_options_read(&program, argc, argv, error);
	if (status == 0 && !settings->pipeline)
		return rf_error_set(error, "--pipeline is missing: the file with the definition");
	return status;
}

/* Writes the mistakes of the definition to standard error. */
static int load_pipeline(struct broker *broker, struct rf_error *error)
{
	if (rf_registry_scan(broker->settings.plugins, &broker->registry, error) < 0)
		return -1;
	const struct rf_pipeline_options options = {.registry = &broker->registry,
						    .copy = broker->settings.pipeline_copy,
						    .publisher_copy = broker->settings.publisher_copy};
	struct rf_diagnostics diagnostics = {0};
	int status = rf_pipeline_load(broker->settings.pipeline, &options, &broker->pipeline, &diagnostics, error);
	if (status > 0)
		rf_diagnostics_print(&diagnostics, stderr, false);
	rf_diagnostics_deinit(&diagnostics);
	if (status > 0)
		return rf_error_set(error, "%s has mistakes", broker->settings.pipeline);
	return status;
}

static int read_language(struct broker *broker, struct rf_error *error)
{
	const char *language = broker->pipeline->publisher->language;
	rf_autofree char *name = rf_format("share/referat/languages/%s.yaml", language ? language : "sv");
	rf_autofree char *path = rf_path_join(rf_install_prefix(), name);
	broker->language = rf_language_new();
	rf_autofree char *operators = rf_path_join(rf_install_prefix(), "share/referat/languages/operator.yaml");
	broker->operator_language = rf_language_new();
	if (rf_language_read(broker->operator_language, operators, error) < 0)
		return -1;
	return rf_language_read(broker->language, path, error) < 0 ? -1 : 0;
}

static int find_places(struct broker *broker, struct rf_error *error)
{
	broker->state =
	    broker->settings.state ? rf_strdup(broker->settings.state) : rf_path_join("var", broker->pipeline->name);
	broker->blobs = rf_path_join(broker->state, "blobs");
	if (rf_folder_make(broker->state, error) < 0)
		return -1;
	umask(0077); /* the store has what was held back; the site beside it is for everybody */
	if (broker->settings.endpoint) {
		broker->endpoint = rf_strdup(broker->settings.endpoint);
		return 0;
	}
	return rf_link_endpoint(broker->state, &broker->endpoint, error);
}

static void read_boot_id(struct broker *broker)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (file && fgets(broker->boot_id, sizeof broker->boot_id, file))
		broker->boot_id[strcspn(broker->boot_id, "\n")] = '\0';
	if (file)
		fclose(file);
}

/* A connection is a descriptor. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		rf_log(RF_LOG_WARNING, NULL, "the limit of open files could not be raised");
}

static int move_tasks(struct broker *broker, struct rf_error *error)
{
	struct rf_stage_moves moves;
	if (rf_stage_moves_read(broker->settings.moves, &moves, error) < 0)
		return -1;
	int status = rf_moves_carry_out(broker->store, &moves, error);
	rf_stage_moves_deinit(&moves);
	return status;
}

static int open_core(struct broker *broker, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(broker->state, "referat.db");
	rf_autofree char *url = rf_format("%s:%s", broker->pipeline->store, path);
	if (rf_store_open(url, &broker->store, error) != 0 || move_tasks(broker, error) < 0)
		return -1;
	const struct rf_core_options options = {.pipeline = broker->pipeline,
						.store = broker->store,
						.clock = &broker->clock,
						.language = broker->language,
						.operator_language = broker->operator_language,
						.blobs = broker->blobs,
						.state = broker->state,
						.boot_id = broker->boot_id,
						.once = broker->settings.once};
	return rf_core_new(&options, &broker->core, error);
}

static int on_signal(void *context, int number)
{
	struct broker *broker = context;
	if (number == SIGUSR1) {
		rf_log(RF_LOG_INFO, NULL, "another broker takes over; stages stay");
		return RF_LOOP_STOP;
	}
	rf_log(RF_LOG_INFO, NULL, "signal %d: stages are asked to finish", number);
	rf_server_drain(broker->server, DRAIN_SECONDS * RF_SECOND);
	return 0;
}

static int open_server(struct broker *broker, struct rf_error *error)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGUSR1);
	broker->loop = rf_loop_new(&broker->clock);
	if (rf_loop_add_signals(broker->loop, &signals, on_signal, broker, error) < 0)
		return -1;
	const struct rf_server_options options = {
	    .endpoint = broker->endpoint, .core = broker->core, .loop = broker->loop, .clock = &broker->clock};
	return rf_server_open(&options, &broker->server, error);
}

/* Documents pass without being looked at, too. */
static void open_exposition(struct broker *broker)
{
	struct rf_error error;
	uint16_t port = broker->pipeline->metrics_port;
	if (port && rf_exposition_open(broker->loop, broker->core, port, &broker->exposition, &error) < 0)
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
}

static void open_mailer(struct broker *broker)
{
	if (!broker->pipeline->alert_operator && !broker->pipeline->alert_publisher)
		return;
	const struct rf_mailer_options options = {.loop = broker->loop,
						  .core = broker->core,
						  .pipeline = broker->settings.pipeline,
						  .pipeline_copy = broker->settings.pipeline_copy,
						  .publisher_copy = broker->settings.publisher_copy,
						  .plugins = broker->settings.plugins,
						  .state = broker->state};
	broker->mailer = rf_mailer_new(&options);
}

/* ---- readiness ------------------------------------------------------------------------------------------------------
 */

/* sd_notify(3) without its library: one datagram. */
static void notify_systemd(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (!path || !*path || strlen(path) >= sizeof address.sun_path)
		return;
	strcpy(address.sun_path, path);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	static const char ready[] = "READY=1";
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (sendto(fd, ready, sizeof ready - 1, MSG_NOSIGNAL, (struct sockaddr *)&address, size) < 0)
		rf_log(RF_LOG_WARNING, NULL, "systemd could not be told that the broker is ready");
	close(fd);
}

static void say_ready(const struct broker *broker)
{
	notify_systemd();
	int fd = (int)broker->settings.ready_fd;
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) != 1)
		rf_log(RF_LOG_WARNING, NULL, "nobody listens on descriptor %d", fd);
	close(fd);
}

/* ---- main -----------------------------------------------------------------------------------------------------------
 */

static int prepare(struct broker *broker, struct rf_error *error)
{
	broker->clock =
	    broker->settings.clock_us == INT64_MIN ? rf_clock_system() : rf_clock_fixed(broker->settings.clock_us);
	if (load_pipeline(broker, error) < 0 || read_language(broker, error) < 0)
		return EXIT_FINAL;
	raise_descriptors();
	read_boot_id(broker);
	if (find_places(broker, error) < 0 || open_core(broker, error) < 0 || open_server(broker, error) < 0)
		return EX_TEMPFAIL;
	open_exposition(broker);
	open_mailer(broker);
	return EX_OK;
}

static void broker_deinit(struct broker *broker)
{
	rf_mailer_free(broker->mailer);
	rf_exposition_close(broker->exposition);
	rf_server_close(broker->server);
	rf_loop_free(broker->loop);
	rf_core_free(broker->core);
	rf_store_close(broker->store);
	rf_pipeline_free(broker->pipeline);
	rf_registry_deinit(&broker->registry);
	rf_language_free(broker->language);
	rf_language_free(broker->operator_language);
	free(broker->state);
	free(broker->blobs);
	free(broker->endpoint);
}

static int run(struct broker *broker)
{
	struct rf_error error = {""};
	int status = prepare(broker, &error);
	if (status != EX_OK) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		return status;
	}
	say_ready(broker);
	rf_log(RF_LOG_INFO, NULL, "%s is ready on %s", broker->pipeline->name, broker->endpoint);
	if (rf_loop_run(broker->loop, &error) == 0)
		return EX_OK;
	const struct rf_error *reason = rf_server_error(broker->server);
	if (!reason->text[0] && broker->mailer)
		reason = rf_mailer_error(broker->mailer);
	rf_log(RF_LOG_ERROR, NULL, "%s", reason->text[0] ? reason->text : error.text);
	return EX_SOFTWARE;
}

int main(int argc, char **argv)
{
	struct broker broker = {.store = NULL};
	struct rf_error error = {""};
	int status = read_settings(argc, argv, &broker.settings, &error);
	if (status == RF_OPTIONS_SHOWN)
		return EX_OK;
	enum rf_log_level level = RF_LOG_INFO;
	if (status == 0 && broker.settings.level && rf_log_level_parse(broker.settings.level, &level) != 0)
		status = rf_error_set(&error, "--log-level is error, warning, info or debug");
	rf_log_open("referat-broker", level);
	rf_fault_open("broker");
	if (status < 0) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		return EX_USAGE;
	}
	status = run(&broker);
	broker_deinit(&broker);
	return status;
}
