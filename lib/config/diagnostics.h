/* What is wrong with a file that a person wrote: every error at once, each with its place, the line, and what was
 * expected. */
#ifndef RF_CONFIG_DIAGNOSTICS_H
#define RF_CONFIG_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct rf_diagnostic {
	char *file;
	size_t line, column; /* from 1; 0: the file as a whole */
	size_t length;       /* characters to underline; 0: none */
	bool warning;
	bool hides_line;   /* a secret stands in the line: no diagnostic shows it */
	char *code;        /* stable: "unknown-key" */
	char *text;        /* "unknown key 'stagse'; did you mean 'stages'?" */
	char *source_line; /* as it stands in the file; NULL: none */
};

struct rf_diagnostics {
	struct rf_diagnostic *list; /* in the order of the file */
	size_t n, n_errors;
	bool cut; /* there were more than 100 */
};

enum { RF_DIAGNOSTICS_MOST = 100 };

/* Adds a copy, in the order of the file; the same again is not added twice, and beyond RF_DIAGNOSTICS_MOST nothing is
 * kept but the count. Control characters in the texts are replaced: what is printed can't steer a terminal. */
void rf_diagnostics_add(struct rf_diagnostics *diagnostics, const struct rf_diagnostic *diagnostic);

void rf_diagnostics_deinit(struct rf_diagnostics *diagnostics);

/* "file:line:col: error: text [code]", then the line and a mark under the place. */
void rf_diagnostics_print(const struct rf_diagnostics *diagnostics, FILE *out, bool colours);
/* The same as a JSON array, for editors and CI. */
void rf_diagnostics_print_json(const struct rf_diagnostics *diagnostics, FILE *out);

#endif
