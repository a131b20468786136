#include "tests/support/rig_blob.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

char *rig_blob_path(const struct rig *rig, const char *name)
{
	return rf_format("%s/%.2s/%s", rig->options.blobs, name, name);
}

char *rig_blob_make(const struct rig *rig, const char *bytes)
{
	struct rf_error error;
	struct rf_digest digest = rf_digest_of(bytes, strlen(bytes));
	char *name = rf_alloc(RF_DIGEST_TEXT_SIZE);
	rf_digest_format(&digest, name);
	rf_autofree char *path = rig_blob_path(rig, name), *shelf = rf_path_folder(path);
	if (rf_folder_make(shelf, &error) < 0 || rf_file_write(path, bytes, strlen(bytes), false, &error) < 0)
		fail_msg("%s", error.text);
	return name;
}

static int hex(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

char *rig_blob_put(struct rig *rig, const char *key, const char *name)
{
	struct rf_message message = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(&message);
	item->source_key = rf_strdup(key);
	Referat__Wire__Part *part = rf_alloc(sizeof *part);
	referat__wire__part__init(part);
	part->name = rf_strdup("source");
	part->type = rf_strdup("text/plain");
	part->blob = rf_strdup(name);
	uint8_t *digest = rf_alloc(RF_DIGEST_SIZE);
	for (size_t i = 0; i < RF_DIGEST_SIZE; i++)
		digest[i] = (uint8_t)(hex(name[2 * i]) << 4 | hex(name[2 * i + 1]));
	part->has_sha256 = true;
	part->sha256 = (ProtobufCBinaryData){RF_DIGEST_SIZE, digest};
	RF_WIRE_ADD(item->parts, item->n_parts, part);
	rig_receive(rig, INGEST, &message);
	return rf_strdup(rig_ack(rig, INGEST)->document);
}
