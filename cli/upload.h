/* Giving a document to the broker as a source does (docs/protocol.md, 5 and 7). Blocks. */
#ifndef RF_CLI_UPLOAD_H
#define RF_CLI_UPLOAD_H

#include "cli/client.h"
#include "wire/message.h"

struct rf_upload {
	const char *source_key, *name, *type;
	bool quiet;
	int64_t due_us; /* 0: now */
};

enum rf_upload_outcome { RF_UPLOAD_ACCEPTED, RF_UPLOAD_DUPLICATE, RF_UPLOAD_FULL, RF_UPLOAD_REFUSED };

struct rf_upload_answer {
	enum rf_upload_outcome outcome;
	char document[64]; /* "" unless it was taken, or known */
	uint32_t revision;
	char reason[512];
};

/* The bytes are taken over. Returns 0 with the broker's answer, < 0 with the reason: it does not answer, or can't. */
int rf_upload(struct rf_client *client, const struct rf_upload *upload, struct rf_frame *bytes,
	      struct rf_upload_answer *answer, struct rf_error *error);

#endif
