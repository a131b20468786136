/* A plugin's request as people see it before it goes out: whole, but for what is secret in it. */
#ifndef RF_PLUGIN_REQUEST_H
#define RF_PLUGIN_REQUEST_H

#include <referat/plugin.h>

#include <stdbool.h>
#include <stddef.h>

struct json_object;

enum { RF_REQUEST_BODY_MOST = 64 * 1024 }; /* bytes of a body that are shown */

/* method, url; authorization and type where there are such headers; headers, the others, a list of "Name: value"; body:
 * text, cut with its size when it is longer, or the size alone of what is no text. secrets: values that are shown
 * nowhere, n of them; headers that hold a credential by their name are not shown either. The caller puts it. */
struct json_object *rf_request_describe(const struct referat_http *request, const char *const *secrets, size_t n);

bool rf_request_only_reads(const struct referat_http *request); /* GET, HEAD, PROPFIND ...: changes nothing there */

/* What a server commonly answers to such a request that it has carried out: 201 where something was made by WebDAV, 204
 * to DELETE, else 200, with an entity tag. The body is the caller's to give. */
struct referat_answer rf_request_done(const struct referat_http *request);

#endif
