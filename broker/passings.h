/* What the stages did with their tasks since the broker started: a meter for each stage, and the last passings one by
 * one, in a ring. In memory only: it is for those who look on (`referat tap`, `top`, metrics), and whoever reads slower
 * than it is written misses some and is told how many. */
#ifndef RF_BROKER_PASSINGS_H
#define RF_BROKER_PASSINGS_H

#include <stddef.h>
#include <stdint.h>

enum rf_passed {
	RF_PASSED_DONE,
	RF_PASSED_RETRY, /* comes again after a while */
	RF_PASSED_YIELD, /* its destination does not work */
	RF_PASSED_AGAIN, /* what stands outside is older: once more, at once */
	RF_PASSED_HELD,
	RF_PASSED_DEAD,
	RF_PASSED_MOVED, /* goes on as another document */
	RF_PASSED_CRASH, /* these four: without an answer, and to be tried again */
	RF_PASSED_KILLED,
	RF_PASSED_TIMEOUT,
	RF_PASSED_LOST,
	RF_PASSED_KINDS,
};

const char *rf_passed_name(enum rf_passed passed); /* "done" */

enum { RF_HISTOGRAM_BOUNDS = 10, RF_PASSING_WORD = 40 };

/* Upper bounds of the buckets, in us; the last bucket has none. */
extern const int64_t rf_histogram_bounds[RF_HISTOGRAM_BOUNDS];

struct rf_histogram {
	uint64_t buckets[RF_HISTOGRAM_BOUNDS + 1];
	uint64_t n;
	int64_t sum_us;
};

void rf_histogram_add(struct rf_histogram *histogram, int64_t time_us);

struct rf_meter { /* of a stage */
	uint64_t passed[RF_PASSED_KINDS];
	struct rf_histogram waits, runs;
};

struct rf_passing {
	uint64_t number; /* from 1, without gaps */
	int64_t at_us;   /* wall */
	char document[RF_PASSING_WORD];
	uint32_t revision;
	const char *stage; /* lives as long as the definition */
	enum rf_passed passed;
	char code[RF_PASSING_WORD]; /* of the reason, or "" */
	int64_t wait_us, run_us;    /* before the stage had it in hand, and while */
};

struct rf_passings;
struct rf_passings *rf_passings_new(void);
void rf_passings_free(struct rf_passings *passings); /* NULL is fine */

/* Copies it, and gives it a number. */
void rf_passings_add(struct rf_passings *passings, const struct rf_passing *passing);
uint64_t rf_passings_last(const struct rf_passings *passings); /* its number; 0: none yet */
/* The first one after that number that is still known; NULL: there is none. Borrowed until the next one is added. */
const struct rf_passing *rf_passings_after(const struct rf_passings *passings, uint64_t number);

#endif
