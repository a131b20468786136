/* Large parts on their way to and from the blob folder. Peers on this machine open the files themselves. */
#include "base/error.h"
#include "broker/blobs.h"
#include "broker/state.h"

#include <stdlib.h>

static Referat__Wire__Blob *reply(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Blob *asked)
{
	Referat__Wire__Blob *blob = rf_alloc(sizeof *blob);
	referat__wire__blob__init(blob);
	blob->has_handle = asked->has_handle;
	blob->handle = asked->handle;
	rf_outbox_header(core, peer, RF_VERB_BLOB_DATA)->blob = blob;
	return blob;
}

static int begin(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Blob *asked,
		 struct rf_error *error)
{
	uint64_t handle;
	int status = rf_blobs_begin(core->blobs, peer->number, asked->size, &handle, error);
	if (status != 0)
		return status;
	Referat__Wire__Blob *blob = reply(core, peer, asked);
	blob->has_handle = true;
	blob->handle = handle;
	return 0;
}

/* A chunk that says its size asks for a word when it is written: the sender waits for it now and then, so that no more
 * of a large blob lies in memory than was sent since. */
static int chunk(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Blob *asked,
		 const struct rf_frame *bytes, struct rf_error *error)
{
	int status =
	    rf_blobs_write(core->blobs, peer->number, asked->handle, asked->offset, bytes->data, bytes->size, error);
	if (status == 0 && asked->size > 0)
		reply(core, peer, asked);
	return status;
}

static int end(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Blob *asked,
	       struct rf_error *error)
{
	char name[RF_DIGEST_TEXT_SIZE];
	int status = rf_blobs_end(core->blobs, peer->number, asked->handle, name, error);
	if (status == 0) {
		rf_sweep_spare(core, name);
		reply(core, peer, asked)->name = rf_strdup(name);
	}
	return status;
}

static int read_piece(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Blob *asked,
		      struct rf_error *error)
{
	size_t most = asked->size && asked->size < RF_BLOB_MOST_READ ? asked->size : RF_BLOB_MOST_READ;
	rf_autofree void *data = rf_alloc(most);
	size_t size;
	int status =
	    rf_blobs_read(core->blobs, asked->name ? asked->name : "", asked->offset, data, most, &size, error);
	if (status != 0)
		return status;
	Referat__Wire__Blob *blob = reply(core, peer, asked);
	blob->name = rf_strdup(asked->name);
	blob->has_offset = blob->has_size = true;
	blob->offset = asked->offset;
	blob->size = size;
	rf_outbox_frame(core, peer, rf_frame_adopt(rf_steal(data), size));
	return 0;
}

void rf_transfer_take(struct rf_core *core, struct rf_core_peer *peer, const struct rf_message *message)
{
	const Referat__Wire__Blob *asked = message->header->blob;
	struct rf_error error = {"a BLOB verb carries a blob, and BLOB_CHUNK one frame"};
	int status = RF_BLOB_REFUSED;
	if (asked && message->verb == RF_VERB_BLOB_BEGIN)
		status = begin(core, peer, asked, &error);
	else if (asked && message->verb == RF_VERB_BLOB_CHUNK && message->n_frames == 1)
		status = chunk(core, peer, asked, &message->frames[0], &error);
	else if (asked && message->verb == RF_VERB_BLOB_END)
		status = end(core, peer, asked, &error);
	else if (asked && message->verb == RF_VERB_BLOB_READ)
		status = read_piece(core, peer, asked, &error);
	if (status != 0)
		rf_peer_refuse(core, peer, "blob", error.text);
}
