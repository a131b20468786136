/* The result of a run: what became of each document, why, and where to look. */
#ifndef RF_CLI_REPORT_H
#define RF_CLI_REPORT_H

#include <json-c/json.h>
#include <stdio.h>

enum rf_report_style { RF_REPORT_TABLE, RF_REPORT_PLAIN, RF_REPORT_JSON };

/* documents: the array that "list" answers with. state: the folder, for the lines that say where to look. PLAIN: a line
 * per document, cells separated by tabs, for other programs. Sorts the array by name. */
void rf_report_print(json_object *documents, enum rf_report_style style, const char *state, FILE *out);

/* 2: something is dead; 1: something is held; 0: neither. */
int rf_report_exit_status(json_object *documents);

#endif
