/* One HTTP request at a time, for plugins: TLS verified, time and size limited, nothing sent twice by itself.
 *
 * Credentials and headers of the request go to the origin of its url only. A request that only reads is redirected up
 * to five times; one that changes something only where the answer says "the same again there" (307, 308) and within the
 * origin. Never from https to http. */
#ifndef RF_PLUGIN_HTTP_H
#define RF_PLUGIN_HTTP_H

#include "plugin/arena.h"

#include <referat/plugin.h>

struct rf_call;
struct rf_http_client; /* keeps connections open between requests */

struct rf_http_limits {
	int64_t connect_us; /* to a connection with TLS */
	int64_t total_us;   /* of the request with its redirects */
};
extern const struct rf_http_limits rf_http_default_limits; /* 10 s, 60 s */

struct rf_http_client *rf_http_client_new(const struct rf_http_limits *limits);
void rf_http_client_free(struct rf_http_client *client); /* NULL is fine */

/* Blocks. The answer's texts and body are in the arena. Status 0 says that there was no whole answer. */
struct referat_answer rf_http_request(struct rf_http_client *client, struct rf_arena *arena,
				      const struct referat_http *request);

/* The request of a plugin: sent with its client, unless the host's surroundings answer it or a secret is missing. */
struct referat_answer rf_call_http(struct rf_call *call, const struct referat_http *request);

#endif
