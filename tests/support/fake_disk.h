/* A disk for SQLite that lies in memory and can lose its power, and can be full.
 *
 * What is written is read back at once, but lies on the disk only after a sync of its file. When the power goes, each
 * write that was not synced is there, is not, or is torn (each of its sectors there or not), as a random number says;
 * from then on everything fails until the restart. Names of new files are on the disk once a log is synced, because
 * SQLite syncs the folder then; a removal is there at once where SQLite asks for it, else at random.
 *
 * It is a virtual file system of SQLite for one thread. It has no locks and no shared memory. */
#ifndef TESTS_SUPPORT_FAKE_DISK_H
#define TESTS_SUPPORT_FAKE_DISK_H

#include <stdbool.h>
#include <stddef.h>

/* From now on SQLite's files lie there; the disk is empty. */
void fake_disk_install(void);
/* SQLite's files lie where they did before; the disk and all on it is gone. */
void fake_disk_remove(void);

/* The power goes in the nth sync from now, 1 being the next; 0: it stays. seed says what becomes of what was not
 * synced. */
void fake_disk_cut_power(unsigned nth_sync, unsigned seed);
bool fake_disk_has_power(void);

/* The power goes, if it has not, and comes back. All files were closed before. */
void fake_disk_restart(void);

unsigned fake_disk_syncs(void); /* made since it was installed */

/* The file can't grow beyond so many bytes, as if the disk were full; NULL: all can again. name is borrowed. */
void fake_disk_bound(const char *name, size_t n_bytes);

#endif
