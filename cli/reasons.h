/* Why a document is where it is, in words for an operator, from the broker's answer to "why". */
#ifndef RF_CLI_REASONS_H
#define RF_CLI_REASONS_H

#include <json-c/json.h>

/* A paragraph. state: the folder for the commands that it names; NULL: they need none. The caller frees. */
char *rf_reasons_text(json_object *answer, const char *state);

#endif
