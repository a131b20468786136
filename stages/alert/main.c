/* referat-alert: mails one alert, through the channel that the pipeline tells its subscribers with. No stage of the
 * pipeline: the broker starts it for one mail, and learns from its exit status what became of it. */
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/options.h"
#include "config/pipeline.h"
#include "config/use.h"
#include "document/unpack.h"
#include "plugin/host.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_TEXT = 64 * 1024, MOST_RUNTIME_S = 90 };

struct settings {
	const char *pipeline, *pipeline_copy, *publisher_copy, *plugins, *state, *to, *key;
};

struct alert {
	struct settings settings;
	struct rf_registry registry;
	struct rf_pipeline *pipeline;
	struct rf_buffer text; /* subject, newline, text */
};

static int read_settings(int argc, char **argv, struct settings *settings, struct rf_error *error)
{
	const struct rf_option options[] = {
	    {"pipeline", 'p', RF_OPTION_TEXT, "FILE", "the definition", &settings->pipeline},
	    {"pipeline-copy", 0, RF_OPTION_TEXT, "FILE", "read these bytes in place of the definition's",
	     &settings->pipeline_copy},
	    {"publisher-copy", 0, RF_OPTION_TEXT, "FILE", "read these bytes in place of the publisher file's",
	     &settings->publisher_copy},
	    {"plugins", 0, RF_OPTION_TEXT, "DIRS",
	     "folders that are looked at before the installed one, separated by colons", &settings->plugins},
	    {"state", 's', RF_OPTION_TEXT, "DIR", "state folder of the pipeline", &settings->state},
	    {"to", 0, RF_OPTION_TEXT, "ADDRESS", "who is told", &settings->to},
	    {"key", 0, RF_OPTION_TEXT, "KEY", "names the alert; part of the mail's identifier", &settings->key},
	};
	const struct rf_program program = {
	    .name = "referat-alert",
	    .synopsis = "referat-alert --pipeline FILE --to ADDRESS --key KEY [options]",
	    .description =
		"Mails one alert through the channel of the pipeline's first notify stage. Started by the "
		"broker. The first line of standard input is the subject, the rest the text. Exit status: 0 "
		"sent; 76 the mail server may have taken it; 75 not now; 78 the definition has no channel; 70 "
		"refused for good.",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_options_read(&program, argc, argv, error);
	if (status == 0 && (!settings->pipeline || !settings->to || !settings->key))
		return rf_error_set(error, "--pipeline, --to and --key are needed");
	return status;
}

static int read_text(struct rf_buffer *text, struct rf_error *error)
{
	char bytes[4096];
	ssize_t n;
	while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0 && text->size < MOST_TEXT)
		rf_buffer_add(text, bytes, (size_t)n);
	if (n < 0)
		return rf_error_errno(error, "standard input");
	return n > 0 ? rf_error_set(error, "the text is too long") : 0;
}

static int load_pipeline(struct alert *alert, struct rf_error *error)
{
	const struct rf_pipeline_options options = {.registry = &alert->registry,
						    .copy = alert->settings.pipeline_copy,
						    .publisher_copy = alert->settings.publisher_copy};
	struct rf_diagnostics diagnostics = {0};
	if (rf_registry_scan(alert->settings.plugins, &alert->registry, error) < 0)
		return -1;
	int status = rf_pipeline_load(alert->settings.pipeline, &options, &alert->pipeline, &diagnostics, error);
	rf_diagnostics_deinit(&diagnostics);
	return status > 0 ? rf_error_set(error, "%s has mistakes", alert->settings.pipeline) : status;
}

static const struct rf_plugin_use *find_channel(const struct rf_pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (pipeline->stages[i].kind == RF_STAGE_NOTIFY && pipeline->stages[i].n_plugins > 0)
			return &pipeline->stages[i].plugins[0];
	return NULL;
}

static int status_of(enum referat_result result)
{
	switch (result) {
	case REFERAT_OK:
		return EX_OK;
	case REFERAT_UNKNOWN:
		return EX_PROTOCOL;
	case REFERAT_RETRY:
	case REFERAT_YIELD:
		return EX_TEMPFAIL;
	default:
		return EX_SOFTWARE;
	}
}

static int mail(struct alert *alert, struct rf_plugin *plugin, struct rf_error *error)
{
	rf_autofree char *name = rf_format("alert:%s", alert->settings.key);
	rf_autofree char *subject = rf_strndup(alert->text.data, strcspn(alert->text.data, "\n"));
	const char *text = alert->text.data + strcspn(alert->text.data, "\n");
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "stage", "alert");
	rf_call_set_value(call, "state", alert->settings.state ? alert->settings.state : ".");
	rf_call_set_value(call, "key", name);
	rf_call_set_value(call, "recipient", alert->settings.to);
	rf_call_set_value(call, "mail_subject", subject);
	rf_call_set_value(call, "title", subject);
	text += *text == '\n';
	rf_call_add_input(call, "rendition/mail-text", "text/plain",
			  (struct referat_bytes){(const uint8_t *)text, strlen(text)});
	enum referat_result result = rf_call_run(call, plugin, rf_plugin_descriptor(plugin)->put);
	if (result != REFERAT_OK)
		rf_error_set(error, "%s", rf_call_reason(call));
	rf_call_free(call);
	return status_of(result);
}

static int tell(struct alert *alert, struct rf_error *error)
{
	if (read_text(&alert->text, error) < 0 || load_pipeline(alert, error) < 0)
		return EX_TEMPFAIL;
	const struct rf_plugin_use *use = find_channel(alert->pipeline);
	if (!use) {
		rf_error_set(error, "the definition has no notify stage whose channel could mail alerts");
		return EX_CONFIG;
	}
	struct rf_clock clock = rf_clock_system();
	rf_autofree uint8_t *publisher = NULL;
	size_t size = rf_pack(&alert->pipeline->publisher->base, &publisher);
	const char *language = alert->pipeline->publisher->language;
	const struct rf_host host = {.clock = &clock,
				     .secrets = alert->pipeline->secrets,
				     .language = language ? language : "sv",
				     .publisher = {publisher, size}};
	struct rf_plugin *plugin = NULL;
	if (rf_plugin_use_load(use, &host, &plugin, error) < 0)
		return EX_CONFIG;
	int status = mail(alert, plugin, error);
	rf_plugin_unload(plugin);
	return status;
}

int main(int argc, char **argv)
{
	struct alert alert = {.text = RF_BUFFER_INIT};
	struct rf_error error = {""};
	rf_log_open("referat-alert", RF_LOG_INFO);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(MOST_RUNTIME_S);
	int status = read_settings(argc, argv, &alert.settings, &error);
	if (status == RF_OPTIONS_SHOWN)
		return EX_OK;
	status = status < 0 ? EX_USAGE : tell(&alert, &error);
	if (status != EX_OK)
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
	rf_pipeline_free(alert.pipeline);
	rf_registry_deinit(&alert.registry);
	rf_buffer_deinit(&alert.text);
	return status;
}
