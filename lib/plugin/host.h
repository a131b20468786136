/* Runs plugins in this process: loads one with dlopen, gives it its options and host functions, and calls it, one call
 * at a time, on the work thread. What a call used is freed when it ends; what it returned is taken from the call
 * before.
 *
 * The host knows no broker: a stage, `referat plugins try` and tests drive it alike. */
#ifndef RF_PLUGIN_HOST_H
#define RF_PLUGIN_HOST_H

#include "base/clock.h"
#include "plugin/info.h"

struct rf_error;
struct rf_plugin; /* a loaded plugin with its options and state */
struct rf_call;   /* what goes into one call and comes out of it */

struct rf_plugin_setting {
	const char *name;
	const char *value; /* normalised text; of a secret: its name */
	bool secret;
};

/* What the host's surroundings give to all plugins of a process. All pointers are borrowed for the life of the plugin.
 */
struct rf_host {
	const struct rf_clock *clock;
	const char *secrets;            /* folder; $CREDENTIALS_DIRECTORY is looked at first; NULL: none */
	const char *language;           /* "sv": share/referat/languages/sv.yaml */
	struct referat_bytes publisher; /* packed referat.Publisher */
	void *context;                  /* for the functions below; each may be NULL */
	/* Name and type are set, whatever the plugin left out. */
	enum referat_result (*submit)(void *context, const struct referat_submission *submission);
	void (*progress)(void *context);
	bool (*stopping)(void *context);
	/* Sees each HTTP request first. True: it filled in the answer (strings that outlive the call), and nothing is
	 * sent. */
	bool (*intercept)(void *context, const struct referat_http *request, struct referat_answer *answer);
	int64_t max_runtime_us; /* an exec plugin is ended when one call takes longer; 0: five minutes */
};

/* Loads the plugin, checks the descriptor again (path safety and version as the registry does), and calls open. Options
 * that are not among the settings take their defaults. Returns 0; < 0 with the reason. */
int rf_plugin_load(const char *path, const struct rf_host *host, const struct rf_plugin_setting *settings,
		   size_t n_settings, struct rf_plugin **plugin, struct rf_error *error);
void rf_plugin_unload(struct rf_plugin *plugin); /* calls close; never dlclose, so that traces keep their names */

const struct referat_plugin *rf_plugin_descriptor(const struct rf_plugin *plugin); /* fields it lacks are zero */
/* All it does outside goes through the host's HTTP, where it can be seen and held back. */
bool rf_plugin_can_be_held_back(const struct rf_plugin *plugin);

/* ---- one call -------------------------------------------------------------------------------------------------- */

struct rf_part_view { /* a part that goes in, borrowed, or comes out, owned by the call */
	const char *name;
	const char *type;
	struct referat_bytes bytes;
	const char *path; /* of the file that the bytes are mapped from, a NUL behind them; NULL: they are in memory */
};

struct rf_call *rf_call_new(void);
void rf_call_free(struct rf_call *call);

/* What goes in; again replaces. Strings are copied; part bytes are borrowed until the call is freed. */
void rf_call_set_value(struct rf_call *call, const char *name, const char *value);
void rf_call_add_input(struct rf_call *call, const char *name, const char *type, struct referat_bytes bytes);
/* The part goes in under a name: a large one is not copied. */
void rf_call_add_part(struct rf_call *call, const char *name, const struct rf_part_view *part);

/* What a plugin would get: the flat value of that name, "" when there is none; the rendition of that media type. */
const char *rf_call_value(struct rf_call *call, const char *name);
struct referat_bytes rf_call_rendition(struct rf_call *call, const char *type);

/* Runs one of the descriptor's functions: `rf_call_run(call, plugin, descriptor->put)`. A NULL function gives
 * REFERAT_FAIL with a reason. Values of the card, publisher and so on (referat_get) are made from the parts that went
 * in. */
enum referat_result rf_call_run(struct rf_call *call, struct rf_plugin *plugin, referat_function function);

/* What came out; lives until the call is freed or run again. */
const char *rf_call_reason(const struct rf_call *call); /* "" when none */
size_t rf_call_outputs(const struct rf_call *call, const struct rf_part_view **parts);
size_t rf_call_attributes(const struct rf_call *call, const char *const **names, const char *const **values);
size_t rf_call_recipients(const struct rf_call *call, const char *const **addresses);
bool rf_call_was_refused(const struct rf_call *call);    /* credentials: a secret is missing, or was not taken */
int64_t rf_call_retry_after(const struct rf_call *call); /* microseconds; 0: not said */
int64_t rf_call_later(const struct rf_call *call);       /* UNKNOWN: the instant to look again; 0: not said */

struct rf_published {
	const char *remote_id, *url, *remote_revision; /* "" when not given */
};
struct rf_published rf_call_published(const struct rf_call *call);

/* The findings that were reported, packed as referat.Findings; NULL data when there were none. */
struct referat_bytes rf_call_findings(const struct rf_call *call);

#endif
