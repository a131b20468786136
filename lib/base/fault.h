/* Named points at which a test lets a process die, as if it were killed there: between an intent and an act, a commit
 * and its reply (docs/adr/0005). They are in the programs that are shipped, so that what is tested is what runs.
 *
 * Without REFERAT_FAULT_POINTS in the environment, which nothing but a test sets, a point is a comparison with NULL.
 * With it, it names a folder:
 *
 *   PROGRAM.POINT.passed  grows by a byte each time the program passes the point: so a run tells which points there are
 *   PROGRAM.POINT         its size is how often the point is passed before the process dies there, by SIGKILL; it is
 *                         removed first, so that the process that is started next lives
 *
 * Whoever may set the environment of a process may kill it as well, and being killed costs nothing: so there is nothing
 * here to protect. */
#ifndef RF_BASE_FAULT_H
#define RF_BASE_FAULT_H

extern const char *rf_fault_folder; /* NULL: no test */

/* Reads the environment; once, before there are threads. The program's name is borrowed. */
void rf_fault_open(const char *program);

void rf_fault_reach(const char *point);

/* The point is a word, unique in the sources. Any thread. */
#define rf_fault_point(point)                                                                                          \
	do {                                                                                                           \
		if (rf_fault_folder)                                                                                   \
			rf_fault_reach(point);                                                                         \
	} while (0)

#endif
