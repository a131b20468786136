/* The one way to read a command line: a table of options gives the checks, `--help` and the manual's list.
 *
 * Every program understands -h/--help, -V/--version, --manual and `--`. Long options take "--name value" and
 * "--name=value". */
#ifndef RF_BASE_OPTIONS_H
#define RF_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;

enum rf_option_kind {
	RF_OPTION_FLAG,     /* sets *(bool *)value to true */
	RF_OPTION_TEXT,     /* sets *(const char **)value; borrowed from argv */
	RF_OPTION_INTEGER,  /* sets *(int64_t *)value */
	RF_OPTION_DURATION, /* "2s", "14d" (base/datetime.h); sets *(int64_t *)value, microseconds */
	RF_OPTION_INSTANT,  /* RFC 3339; sets *(int64_t *)value, microseconds since 1970 UTC */
	RF_OPTION_LIST,     /* may be given again; adds to *(struct rf_option_list *)value */
};

enum { RF_OPTION_LIST_MOST = 64 };
struct rf_option_list {
	const char *texts[RF_OPTION_LIST_MOST]; /* borrowed from argv */
	size_t n;
};

struct rf_option {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum rf_option_kind kind;
	const char *argument; /* what help calls the argument: "DIR"; NULL for flags */
	const char *help;     /* small start, no full stop; wrapped */
	void *value;
};

struct rf_program {
	const char *name;        /* "referat run" */
	const char *synopsis;    /* "referat run PIPELINE [options]" */
	const char *description; /* what it does, for whom; may have several paragraphs */
	const char *examples;    /* lines, shown as they are; NULL: none */
	const struct rf_option *options;
	size_t n_options;
	size_t least_operands, most_operands;
};

enum { RF_OPTIONS_SHOWN = 1 };

/* Reads argv[1..]. Operands are moved to the front of argv: operands are argv[1], argv[2] …, then NULL.
 * Returns 0 to go on; RF_OPTIONS_SHOWN when help or version was printed on standard output (exit 0); < 0 with the
 * reason and the nearest option's name where one is near (exit EX_USAGE). */
int rf_options_read(const struct rf_program *program, int argc, char **argv, struct rf_error *error);

#endif
