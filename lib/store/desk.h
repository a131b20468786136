/* The store's desk: revisions that are being worked on, in memory, so that a step of their way reads no row and many of
 * their steps are written at once.
 *
 * A dossier is one revision, whole: its row, attributes, parts and tasks. The invariant: what is asked of a revision
 * that has a dossier is as the dossier says; what in it is `changed` is not in the file yet, and everything else is.
 * Each dossier that has changes is in one of two lists: what is due is written by the commit of this transaction; what
 * waits, by a later one (rf_store_let_wait). A document has at most one revision on the desk.
 *
 * Only the files of lib/store know of it: store.c decides what comes onto the desk, what is written when, and what
 * leaves; this file keeps it in order. Nothing here reads or writes but rf_dossier_write. */
#ifndef RF_STORE_DESK_H
#define RF_STORE_DESK_H

#include "base/shared.h"
#include "store/counts.h"

#include <uthash.h>

struct rf_dossier;

struct rf_desk_attribute {
	char *name, *value;
	bool changed;
};

struct rf_desk_part {
	struct rf_part row;
	char *name, *type, *blob;
	struct rf_shared *data; /* NULL: not read yet, or a blob */
	bool changed;
};

struct rf_desk_task {
	struct rf_task row;
	char *stage, *code, *reason;
	enum rf_task_state filed; /* the state of its row in the file; 0: it has none yet */
	bool changed;
	struct rf_dossier *dossier;
	UT_hash_handle hh; /* by id */
};

enum { RF_DESK_MOST_BYTES = 12 * 1024 * 1024 };

enum rf_desk_list {
	RF_DESK_CLEAN,
	RF_DESK_WRITTEN /* in this transaction */,
	RF_DESK_WAITING,
	RF_DESK_DUE,
	RF_DESK_LISTS
};

struct rf_dossier {
	char *document;
	struct rf_revision row; /* its number is always known */
	bool has_row;
	char *source_key, *name;
	struct rf_desk_attribute *attributes; /* by name, as are the parts */
	size_t n_attributes;
	struct rf_desk_part *parts;
	size_t n_parts;
	struct rf_desk_task **tasks;
	size_t n_tasks;
	size_t bytes; /* about what it takes */
	bool used;    /* somebody asked for it since the desk was looked through */
	enum rf_desk_list list;
	struct rf_dossier *prev, *next; /* in the list */
	UT_hash_handle hh;              /* by document */
};

struct rf_desk {
	struct rf_dossier *dossiers; /* by document, eldest first */
	struct rf_desk_task *tasks;
	struct rf_dossier *lists[RF_DESK_LISTS];
	size_t n_waiting;
	size_t bytes, waiting_bytes;
	uint32_t unwritten; /* bits 1 << state: states that changed tasks had in the file, or have now */
};

struct rf_desk *rf_desk_new(void);
void rf_desk_free(struct rf_desk *desk);
void rf_desk_clear(struct rf_desk *desk); /* all dossiers go, written or not */

/* NULL: it is not on the desk. */
struct rf_dossier *rf_desk_find(const struct rf_desk *desk, const char *document);
struct rf_dossier *rf_desk_find_revision(const struct rf_desk *desk, const char *document, uint32_t revision);
struct rf_desk_task *rf_desk_find_task(const struct rf_desk *desk, uint64_t id);
/* Between transactions: what has no changes, and nobody asked for since the last time, goes. */
void rf_desk_look_through(struct rf_desk *desk);

/* An empty one, of a document that has none. */
struct rf_dossier *rf_desk_open(struct rf_desk *desk, const char *document, uint32_t revision);
void rf_desk_close(struct rf_desk *desk, struct rf_dossier *dossier);
/* Its changes are written by this transaction, or may wait. What is due stays so. */
void rf_desk_list(struct rf_desk *desk, struct rf_dossier *dossier, enum rf_desk_list list);

/* Filling: they copy, and say whether the file lacks it. What has been there under the name is replaced. */
void rf_dossier_set_row(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_revision *row);
void rf_dossier_put_attribute(struct rf_desk *desk, struct rf_dossier *dossier, const char *name, const char *value,
			      bool changed);
void rf_dossier_put_part(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_part *part, bool changed);
/* filed: the state of its row in the file; 0: it has none. */
void rf_dossier_add_task(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_task *task,
			 enum rf_task_state filed);
void rf_desk_change_task(struct rf_desk *desk, struct rf_desk_task *task, const struct rf_task *row);

struct rf_desk_part *rf_dossier_part(const struct rf_dossier *dossier, const char *name);
struct rf_desk_task *rf_dossier_task(const struct rf_dossier *dossier, const char *stage);
/* Bytes that were read. */
void rf_desk_keep_data(struct rf_desk *desk, struct rf_dossier *dossier, struct rf_desk_part *part, const void *data);
/* Bytes that are in the file need not lie here as well. */
void rf_desk_drop_data(struct rf_desk *desk, struct rf_dossier *dossier);
/* Whether a stage may come to work on it: a task is ready, or will be. */
bool rf_dossier_is_open(const struct rf_dossier *dossier);

/* Nothing has changed in it since it was written. */
void rf_desk_settle(struct rf_desk *desk, struct rf_dossier *dossier);

/* Writes what has changed, in a transaction. */
int rf_dossier_write(struct rf_desk *desk, struct rf_dossier *dossier, struct rf_store *store, struct rf_counts *counts,
		     struct rf_error *error);

#endif
