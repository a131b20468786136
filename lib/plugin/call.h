/* The inside of plugins and calls, shared by the files of the host; nobody else includes it. */
#ifndef RF_PLUGIN_CALL_H
#define RF_PLUGIN_CALL_H

#include "plugin/arena.h"
#include "plugin/host.h"

#include <referat/document.pb-c.h>

struct rf_exec;
struct rf_http_client;
struct rf_language;

struct rf_named { /* name = value; both owned */
	char *name;
	char *value;
	bool secret; /* settings: value is the secret's name */
};

struct rf_names { /* in the order in which they were set */
	struct rf_named *list;
	size_t n;
};

void rf_names_deinit(struct rf_names *names);
struct rf_named *rf_names_find(const struct rf_names *names, const char *name); /* or NULL */
void rf_names_set(struct rf_names *names, const char *name, const char *value); /* replaces; NULL is "" */

struct rf_data_file { /* one that was asked for */
	struct rf_data_file *next;
	char *name;
	char *data; /* NULL: there is none */
	size_t size;
};

struct rf_plugin {
	char *path;
	struct referat_plugin descriptor; /* the host's copy: fields it lacks are zero */
	struct referat_option *options;   /* what descriptor.options points to */
	struct rf_names settings;         /* those given, and defaults */
	const struct rf_host *host;
	void *state;                   /* the plugin's own */
	Referat__Publisher *publisher; /* NULL: none */
	struct rf_language *language;  /* NULL: not asked for yet */
	struct rf_http_client *http;   /* NULL: not asked for yet */
	struct rf_data_file *files;    /* read once: templates are asked for with each document */
	struct rf_exec *exec;          /* NULL: a shared object */
};

struct rf_input {
	char *name;
	char *type;
	struct referat_bytes bytes; /* borrowed */
	const char *path;           /* as in struct rf_part_view; borrowed */
	const char *copy;           /* in the arena, with its NUL; NULL: not asked for yet */
};

struct rf_call {
	struct referat_call face; /* what the plugin sees; its data points here */
	struct rf_plugin *plugin; /* while it runs */
	struct rf_arena arena;

	struct rf_names values;
	struct rf_input *inputs;
	size_t n_inputs;

	struct rf_part_view *outputs; /* what they point to is in the arena, as for all that comes out */
	size_t n_outputs;
	const char **attribute_names, **attribute_values;
	size_t n_attributes;
	const char **recipients;
	size_t n_recipients;
	Referat__Finding *findings;
	size_t n_findings;
	struct referat_bytes packed_findings;
	struct rf_published published;
	const char *reason;
	const char *locked; /* a secret can't be read: nothing is sent, and the call yields; NULL: none */
	bool refused;       /* a server did not take the credentials */
	const char *fault;  /* the plugin broke a rule of the border: the call fails; NULL: none */
	int64_t retry_after_us;
	int64_t later_us; /* when it will stand there; 0: not said */

	Referat__Card *card;         /* unpacked when a value of it is asked for */
	Referat__Document *document; /* likewise, for places */
	bool card_read, document_read;
};

/* The functions behind struct referat_host. */
extern const struct referat_host rf_host_table;

const struct rf_input *rf_call_input(const struct rf_call *call, const char *name); /* or NULL */
struct referat_bytes rf_call_input_bytes(struct rf_call *call, const char *name);   /* followed by a NUL */

/* Remembers the first rule that the plugin broke in this call. */
void rf_call_set_fault(struct rf_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* values.c (rf_call_value is in host.h) */
/* Every value that there is. */
void rf_call_each_value(struct rf_call *call, void (*each)(void *context, const char *name, const char *value),
			void *context);

/* texts.c: the text of the key; NULL: no such key. */
const char *rf_call_text(struct rf_call *call, const char *key);
/* A file that was installed with the plugin; lives as long as the plugin. */
struct referat_bytes rf_call_data_file(struct rf_call *call, const char *name);
void rf_data_files_free(struct rf_data_file *files);

/* options: a secret's value is in the arena. "" when not set. */
const char *rf_call_option(struct rf_call *call, const char *name);

/* outputs: what the plugin gives; everything is copied. */
void rf_call_add_output(struct rf_call *call, const char *name, const char *type, const void *data, size_t size);
void rf_call_add_attribute(struct rf_call *call, const char *name, const char *value);
void rf_call_add_recipient(struct rf_call *call, const char *address);
void rf_call_add_finding(struct rf_call *call, const char *rule, enum referat_severity severity,
			 struct referat_place place, const char *text);
void rf_call_set_reason(struct rf_call *call, const char *text);
void rf_call_set_published(struct rf_call *call, const char *remote_id, const char *url, const char *remote_revision);
enum referat_result rf_call_submit(struct rf_call *call, const struct referat_submission *submission);

#endif
