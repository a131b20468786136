/* Messages between the broker and its peers: verb, header, frames; encoded and decoded, with bounds.
 *
 * On the wire (docs/protocol.md): frame 0 is "RF", version, verb; frame 1 is a referat.wire.Header; then one frame for
 * each part of each item that is not a blob, in order. BLOB_CHUNK has no items and one frame, the bytes; BLOB_DATA has
 * no items and at most one. This module knows no sockets: it turns bytes into messages and back, and refuses what is
 * not one.
 *
 * A blob that can't be written or read is answered with ERROR, code "blob". */
#ifndef RF_WIRE_MESSAGE_H
#define RF_WIRE_MESSAGE_H

#include "base/digest.h"
#include "base/memory.h"
#include "wire.pb-c.h"

#include <stddef.h>
#include <stdint.h>

struct rf_error;

enum { RF_WIRE_VERSION = 1 };

enum rf_verb {
	RF_VERB_NONE = 0,
	RF_VERB_HELLO = 1,   /* peer: who I am, what I need */
	RF_VERB_WELCOME = 2, /* broker: your options */
	RF_VERB_ERROR = 3,   /* broker: said once, then the peer is ignored until a new HELLO */
	RF_VERB_CREDIT = 4,  /* stage: I can take so many more */
	RF_VERB_WORK = 5,    /* broker: tasks with their parts */
	RF_VERB_START = 6,   /* stage: this one is in my hands now; with effects: may I? */
	RF_VERB_GO = 7,      /* broker: the intent is on disk, act */
	RF_VERB_ALREADY = 8, /* broker: it stands there already, here is the result */
	RF_VERB_LOOKUP = 9,  /* broker: an intent without a result, ask the target */
	RF_VERB_RESULT = 10, /* stage: the effect was made (the task goes on) */
	RF_VERB_EXTEND = 11, /* stage: still at it */
	RF_VERB_DONE = 12,   /* stage: parts and attributes that it adds */
	RF_VERB_RETRY = 13,  /* stage: later again */
	RF_VERB_FAIL = 14,   /* stage: dead */
	RF_VERB_HOLD = 15,   /* stage: a person decides */
	RF_VERB_PUT = 16,    /* source: a new document or revision */
	RF_VERB_ACK = 17,    /* broker: outcome of RESULT, DONE, RETRY, FAIL, HOLD, PUT, OBITUARY */
	RF_VERB_BLOB_BEGIN = 18,
	RF_VERB_BLOB_CHUNK = 19,
	RF_VERB_BLOB_END = 20,
	RF_VERB_BLOB_READ = 21,
	RF_VERB_BLOB_DATA = 22, /* broker: answer to the four above */
	RF_VERB_REVOKE = 23,    /* broker: give these back */
	RF_VERB_OBITUARY = 24,  /* whoever waits for processes: this one died, so */
	RF_VERB_PING = 25,
	RF_VERB_PONG = 26,
	RF_VERB_DRAIN = 27,   /* broker or stage: no more work, finish what is in hand */
	RF_VERB_BYE = 28,     /* stage: nothing in hand, leaving */
	RF_VERB_CONTROL = 29, /* command line: question */
	RF_VERB_REPLY = 30,   /* broker: answer */
	RF_VERB_LAST = RF_VERB_REPLY,
};

/* The code of a yield because the destination does not take our credentials. */
#define RF_CODE_CREDENTIALS "credentials"

/* Codes of HOLD that start so: a person can't release the task, only correct the document. */
#define RF_CODE_FORBIDDEN "forbidden/"

/* The code of a hold because it may have acted outside, and the target can't be asked. Releasing it says that it did;
 * retrying it, that it did not. */
#define RF_CODE_UNKNOWN_EFFECT "unknown-effect"

/* Attributes of a revision, one for each publish stage ("conflict.publish.web"): the state of the target in which the
 * stage found what somebody else has changed, and held; and that state once a person has agreed to replace it, by
 * having the task run again. Only the broker sets the latter. */
#define RF_ATTRIBUTE_CONFLICT "conflict"
#define RF_ATTRIBUTE_REPLACE  "replace"
char *rf_attribute_own(const char *name, const char *stage); /* the caller frees */

/* Of a revision whose earlier versions may be kept nowhere: since when. Only the broker sets it. */
#define RF_ATTRIBUTE_PURGE "purge"

/* The code of a hold because what was put or withdrawn may have left earlier versions behind. */
#define RF_CODE_NO_PURGE "no-purge"

/* The code of a retry because the page does not show the document yet: tried as long as max_age says, then held. */
#define RF_CODE_NOT_SHOWN "not-shown"

/* What a publish stage that was asked to compare says it found: same, missing, changed, differs (one of the two
 * before), still-there (though withdrawn), unknown. The reason of its answer says more. */
#define RF_ATTRIBUTE_FOUND "found"

/* What a publish stage that was asked for a preview says: found is same (nothing is to be done), requests (these go
 * out), changes (something else would stand there; how it is put there was not asked, or can't be shown), held, fails
 * or unknown, with the reason; and the requests, a list as JSON. */
#define RF_ATTRIBUTE_REQUESTS "requests"

enum {
	RF_WIRE_MOST_ITEMS = 16,
	RF_WIRE_MOST_PARTS = 64, /* of an item */
	RF_WIRE_MOST_FRAMES = 2 + RF_WIRE_MOST_ITEMS * RF_WIRE_MOST_PARTS,
	RF_WIRE_MOST_HEADER = 1024 * 1024,
	RF_WIRE_MOST_FRAME = 4 * 1024 * 1024,
	RF_WIRE_MOST_PART = 1024 * 1024, /* larger parts go as blobs */
	RF_WIRE_BUNDLE = 128 * 1024,     /* a sender ends a bundle here */
	RF_WIRE_MOST_BLOB = 1 << 30,
	RF_WIRE_MOST_SOURCE = 300 * 1024 * 1024, /* a document as it comes in: scanned minutes with all attachments */
};

/* A run of bytes with its owner's release function, so that a body that came in a ZeroMQ frame, or from the store, is
 * passed on without a copy. What was sent is released on ZeroMQ's thread: release touches nothing but the owner. */
struct rf_frame {
	const uint8_t *data; /* owned through release */
	size_t size;
	void (*release)(void *owner);
	void *owner;
};

struct rf_frame rf_frame_copy(const void *data, size_t size);
struct rf_frame rf_frame_adopt(void *data, size_t size); /* data was allocated with malloc; the frame frees it */
void rf_frame_deinit(struct rf_frame *frame);

struct rf_message {
	enum rf_verb verb;
	Referat__Wire__Header *header; /* owned; never NULL in a decoded message */
	struct rf_frame *frames;       /* owned */
	size_t n_frames;
};

void rf_message_deinit(struct rf_message *message);

/* Building: a message with an empty header; a further item; a further part of the last item, whose bytes are taken
 * over, or which is a blob that the broker has. What they return belongs to the message. Texts in a header are its own:
 * fill with rf_strdup. */
struct rf_message rf_message_make(enum rf_verb verb);
Referat__Wire__Item *rf_message_add_item(struct rf_message *message);
Referat__Wire__Part *rf_message_add_part(struct rf_message *message, const char *name, const char *type,
					 struct rf_frame bytes);
Referat__Wire__Part *rf_message_add_blob(struct rf_message *message, const char *name, const char *type,
					 const struct rf_digest *digest, uint64_t size);
void rf_message_add_frame(struct rf_message *message, struct rf_frame bytes); /* BLOB_CHUNK, BLOB_DATA */

/* Takes the part of that name, with its bytes, out of a message that has one item; nothing when there is none. */
void rf_message_remove_part(struct rf_message *message, const char *name);

/* The item's attribute of that name, borrowed; NULL: it has none. Setting it takes the place of an earlier one. */
const char *rf_item_attribute(const Referat__Wire__Item *item, const char *name);
void rf_item_set_attribute(Referat__Wire__Item *item, const char *name, const char *value);

/* Appends a pointer to a repeated field of a header: RF_WIRE_ADD(item->attributes, item->n_attributes, attribute); it
 * is the header's from then on. */
#define RF_WIRE_ADD(list, n, element)                                                                                  \
	((list) = rf_realloc_array((list), (n) + 1, sizeof(void *)), (list)[(n)++] = (element))

const char *rf_verb_name(enum rf_verb verb); /* "HELLO"; "?" for none */

/* Reads a message from its frames as they came (frame 0 first, without the routing id). The frames are consumed in
 * every case. Returns 0, or < 0 with the reason: wrong magic, version, verb, too many items or frames, header over its
 * bound, a string that is not UTF-8, frames that do not match the parts, a part whose size or SHA-256 does not fit its
 * bytes, a part without a name. */
int rf_message_decode(struct rf_frame *frames, size_t n_frames, struct rf_message *message, struct rf_error *error);

/* Writes frame 0 and 1; the frames of the message follow them on the wire as they are. Sets the sizes and SHA-256 of
 * parts that lack them. *head is the caller's to deinit (two frames). */
int rf_message_encode(struct rf_message *message, struct rf_frame head[2], struct rf_error *error);

#endif
