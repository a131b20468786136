/* Reads a document again and again with one reader, in one process, as a stage does; with a summariser it also writes
 * the summary. Usage: read READER TYPE FILE TIMES [SUMMARISER]
 *
 * Prints JSON: CPU and wall time of all times, the most memory, and of each sentence of the summary what it was made
 * from. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "plugin/host.h"

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MOST_FILE = 300 << 20 };

static struct rf_plugin *load(const char *name, struct rf_host *host)
{
	struct rf_error error = {0};
	struct rf_plugin *plugin = NULL;
	rf_autofree char *path = rf_format("%s/lib/referat/plugins/%s.so", rf_install_prefix(), name);
	if (rf_plugin_load(path, host, NULL, 0, &plugin, &error)) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	return plugin;
}

/* One call of a plugin's `run`. The caller frees the call. */
static struct rf_call *run(struct rf_plugin *plugin, const char *part, const char *type, struct referat_bytes bytes,
			   enum referat_result *result)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "type", type);
	rf_call_add_input(call, part, type, bytes);
	*result = rf_call_run(call, plugin, descriptor->run);
	if (*result != REFERAT_OK && *result != REFERAT_HOLD) {
		fprintf(stderr, "%s: %s\n", descriptor->name, rf_call_reason(call));
		exit(1);
	}
	return call;
}

static struct referat_bytes output(const struct rf_call *call, const char *name)
{
	const struct rf_part_view *parts = NULL;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		if (strcmp(parts[i].name, name) == 0)
			return parts[i].bytes;
	return (struct referat_bytes){0};
}

static ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *type, const struct rf_call *call, const char *name)
{
	struct referat_bytes packed = output(call, name);
	ProtobufCMessage *message = NULL;
	struct rf_error error;
	return rf_unpack(type, packed.data, packed.size, &message, &error) ? NULL : message;
}

/* What a sentence was made from, in the words of the minutes. */
static struct json_object *source_of(const Referat__Document *document, const Referat__Place *place)
{
	if (!place || place->item >= document->n_items || place->block >= document->items[place->item]->n_blocks)
		return json_object_new_string("");
	const char *text = document->items[place->item]->blocks[place->block]->text;
	size_t end = place->end < strlen(text) ? place->end : strlen(text);
	size_t start = place->start < end ? place->start : end;
	return json_object_new_string_len(text + start, (int)(end - start));
}

/* The decisions that the summary tells of, each as its source has it. */
static void add_sentences(struct json_object *list, const struct rf_call *read, const struct rf_call *call)
{
	Referat__Document *document = (Referat__Document *)unpack(&referat__document__descriptor, read, "document");
	Referat__Summary *summary = (Referat__Summary *)unpack(&referat__summary__descriptor, call, "summary");
	for (size_t i = 0; document && summary && i < summary->n_items; i++) {
		const Referat__SummaryItem *item = summary->items[i];
		for (size_t k = 0; k < item->n_sentences; k++)
			json_object_array_add(list, source_of(document, item->sentences[k]->place));
		for (size_t k = 0; k < item->n_points; k++)
			json_object_array_add(list, source_of(document, item->points[k]->place));
	}
	rf_unpack_free(document ? &document->base : NULL);
	rf_unpack_free(summary ? &summary->base : NULL);
}

static double seconds(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		return 1;
	struct rf_error error = {0};
	char *data = NULL;
	size_t size = 0;
	if (rf_file_read(argv[3], MOST_FILE, &data, &size, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	struct rf_clock clock = rf_clock_system();
	struct rf_host host = {.clock = &clock, .language = "sv"};
	struct rf_plugin *reader = load(argv[1], &host);
	struct rf_plugin *summariser = argc > 5 ? load(argv[5], &host) : NULL;
	struct json_object *sentences = json_object_new_array();
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	double wall = seconds(CLOCK_MONOTONIC);
	long times = strtol(argv[4], NULL, 10);
	for (long i = 0; i < times; i++) {
		enum referat_result result;
		struct rf_call *read =
		    run(reader, "source", argv[2], (struct referat_bytes){(const uint8_t *)data, size}, &result);
		if (summariser) {
			struct rf_call *call =
			    run(summariser, "document", "referat.document/1", output(read, "document"), &result);
			if (i == 0)
				add_sentences(sentences, read, call);
			rf_call_free(call);
		}
		rf_call_free(read);
	}
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	struct json_object *out = json_object_new_object();
	json_object_object_add(out, "cpu", json_object_new_double(seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu));
	json_object_object_add(out, "wall", json_object_new_double(seconds(CLOCK_MONOTONIC) - wall));
	json_object_object_add(out, "kib", json_object_new_int64(usage.ru_maxrss));
	json_object_object_add(out, "sentences", sentences);
	printf("%s\n", json_object_to_json_string_ext(out, JSON_C_TO_STRING_PLAIN));
	json_object_put(out);
	rf_plugin_unload(reader);
	rf_plugin_unload(summariser);
	free(data);
	return 0;
}
