/* Addresses of the web: whether one may be asked, and whether two have one origin. */
#ifndef RF_PLUGIN_URL_H
#define RF_PLUGIN_URL_H

#include "plugin/arena.h"

#include <stdbool.h>

bool rf_url_is_http(const char *url);                  /* http or https, with a host, without user and password */
bool rf_url_same_origin(const char *a, const char *b); /* scheme, host and port */

/* Whether what is sent there can be read on the way: http, and to another machine. */
bool rf_url_is_open(const char *url);

/* What a Location header means, seen from base; base when it can't be understood. */
const char *rf_url_resolve(struct rf_arena *arena, const char *base, const char *location);

#endif
