/* Requests that were held back, for people to read (plugin/request.h has what is in them). */
#ifndef RF_CLI_REQUESTS_H
#define RF_CLI_REQUESTS_H

#include <json-c/json.h>

/* As it stands on the wire: the line, the headers, an empty line, the body. */
void rf_request_print(json_object *request);

#endif
