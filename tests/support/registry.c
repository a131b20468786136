#include "tests/support/registry.h"

#include "base/memory.h"

#define OPTIONS(table) .options = (table), .n_options = RF_COUNT(table)

static struct referat_option folder_options[] = {
    {"path", REFERAT_PATH, .required = true, .help = "folder to watch"},
    {"settle", REFERAT_DURATION, .fallback = "2s", .max = INT64_C(3600000000), .help = "how long a file is left alone"},
};
static struct referat_option reader_options[] = {
    {"most", REFERAT_SIZE, .fallback = "16MiB", .min = 1024, .max = 64 << 20, .help = "largest file that is read"},
    {"encoding", REFERAT_CHOICE, .fallback = "utf-8", .choices = "utf-8|latin-1", .help = "how letters are written"},
};
static struct referat_option odd_options[] = {
    {"wait", REFERAT_DURATION, .fallback = "soon", .help = "A default that is no good."},
};
static struct referat_option readability_options[] = {
    {"warn_above", REFERAT_INTEGER, .fallback = "60", .min = 1, .max = 100, .help = "index that is too hard"},
    {"words", REFERAT_STRING, .help = "what to call it"},
};
static struct referat_option summariser_options[] = {
    {"approve", REFERAT_CHOICE, .fallback = "generated", .choices = "generated|always|never",
     .help = "which summaries wait for a person"},
};
static struct referat_option site_options[] = {
    {"base_url", REFERAT_URL, .required = true, .help = "address of the site's root"},
    {"path", REFERAT_PATH, .help = "folder of the site"},
};
static struct referat_option cms_options[] = {
    {"url", REFERAT_URL, .required = true, .help = "address of the interface"},
    {"password", REFERAT_SECRET, .required = true, .help = "application password"},
    {"timeout", REFERAT_DURATION, .fallback = "30s", .min = 1000000, .max = 300000000, .help = "longest wait"},
    {"verify", REFERAT_BOOLEAN, .fallback = "true", .help = "whether the page is asked for afterwards"},
};
static struct referat_option smtp_options[] = {
    {"url", REFERAT_URL, .required = true, .help = "server"},
    {"list", REFERAT_PATH, .required = true, .help = "file of addresses"},
};

static struct rf_plugin_info plugins[] = {
    {.name = "channel.smtp", .kind = REFERAT_CHANNEL, .accepts = "text/plain text/html", OPTIONS(smtp_options)},
    {.name = "check.readability", .kind = REFERAT_CHECK, .accepts = "referat.document/1", OPTIONS(readability_options)},
    {.name = "check.structure", .kind = REFERAT_CHECK, .accepts = "referat.document/1"},
    {.name = "reader.newer", .kind = REFERAT_READER, .accepts = "text/plain", .produces = "referat.document/2"},
    {.name = "reader.odd",
     .kind = REFERAT_READER,
     .accepts = "text/plain",
     .produces = "referat.document/1",
     OPTIONS(odd_options)},
    {.name = "reader.text",
     .kind = REFERAT_READER,
     .accepts = "text/plain text/markdown",
     .produces = "referat.document/1",
     OPTIONS(reader_options)},
    {.name = "source.folder", .kind = REFERAT_SOURCE, OPTIONS(folder_options)},
    {.name = "source.scans", .kind = REFERAT_SOURCE, .produces = "image/*"},
    {.name = "summariser.decisions",
     .kind = REFERAT_SUMMARISER,
     .accepts = "referat.document/1",
     .produces = "referat.summary/1",
     .capabilities = REFERAT_GENERATES,
     OPTIONS(summariser_options)},
    {.name = "target.broken",
     .kind = REFERAT_TARGET,
     .why = "it was built for ABI 2, this program has 1; build it against the header installed here"},
    {.name = "target.cms",
     .kind = REFERAT_TARGET,
     .accepts = "text/html",
     .capabilities = REFERAT_CAN_LOOKUP,
     .has_withdraw = true,
     OPTIONS(cms_options)},
    {.name = "target.print", .kind = REFERAT_TARGET, .accepts = "text/html"},
    {.name = "target.site",
     .kind = REFERAT_TARGET,
     .accepts = "text/html referat.card/1",
     .capabilities = REFERAT_SERIAL,
     .has_withdraw = true,
     OPTIONS(site_options)},
    {.name = "writer.html",
     .kind = REFERAT_WRITER,
     .accepts = "referat.document/1",
     .produces = "text/html referat.card/1"},
    {.name = "writer.text", .kind = REFERAT_WRITER, .accepts = "referat.document/1", .produces = "text/plain"},
};

const struct rf_registry *test_registry(void)
{
	static const struct rf_registry registry = {.plugins = plugins, .n_plugins = RF_COUNT(plugins)};
	return &registry;
}
