/* How far a run is: a bar that is drawn anew in place on a terminal, a line now and then elsewhere. */
#ifndef RF_CLI_PROGRESS_H
#define RF_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct rf_progress {
	FILE *out;
	bool terminal;
	bool shown;      /* a bar stands on the line of the cursor */
	int64_t last_us; /* of the last line, elsewhere */
	char last[128];  /* what it said */
};

struct rf_progress_counts {
	int64_t documents;
	int64_t ended, expected; /* tasks; expected is a guess that is right at the end */
	int64_t held, dead, open;
};

void rf_progress_init(struct rf_progress *progress, FILE *out);
void rf_progress_show(struct rf_progress *progress, const struct rf_progress_counts *counts, int64_t now_us);
/* The same in words of one's own: a line of text, beside a bar of so many of all. */
void rf_progress_say(struct rf_progress *progress, int64_t ended, int64_t all, const char *text, int64_t now_us);

/* Before something else is written: takes the bar away; the next show draws it again. */
void rf_progress_hide(struct rf_progress *progress);

#endif
