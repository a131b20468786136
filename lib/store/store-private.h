/* What an implementation of the store gives, and what is done for all of them.
 *
 * store.c keeps the rules of the interface (no write outside a transaction, nothing but rollback after a fault, no call
 * from inside a walk), so that an implementation may rely on them; revisions.c has what is asked of a revision, by the
 * desk (desk.h) or by the file; counts.h counts tasks and gives their ids. An implementation knows only its file. */
#ifndef RF_STORE_STORE_PRIVATE_H
#define RF_STORE_STORE_PRIVATE_H

#include "store/store.h"

/* Each does what the function of store.h with its name does. */
struct rf_store_functions {
	const char *scheme; /* "sqlite": what stands before the colon of a URL */

	int (*open)(const char *place, bool existing, struct rf_store **store, struct rf_error *error);
	void (*close)(struct rf_store *store);

	int (*begin)(struct rf_store *store, enum rf_durability durability, struct rf_error *error);
	int (*commit)(struct rf_store *store, struct rf_error *error);
	void (*rollback)(struct rf_store *store);
	int (*sync)(struct rf_store *store, struct rf_error *error);
	int (*savepoint)(struct rf_store *store, struct rf_error *error);
	int (*release)(struct rf_store *store, struct rf_error *error);
	int (*undo)(struct rf_store *store, struct rf_error *error);

	int (*find_source)(struct rf_store *store, const char *key, const char **document, struct rf_error *error);
	int (*bind_source)(struct rf_store *store, const char *key, const char *document, struct rf_error *error);
	int (*find_subject)(struct rf_store *store, const char *key, const char **document, struct rf_error *error);
	int (*bind_subject)(struct rf_store *store, const char *key, const char *document, struct rf_error *error);
	int (*add_revision)(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error);
	int (*get_revision)(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			    struct rf_error *error);
	int (*set_major)(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
			 struct rf_error *error);
	int (*set_quiet)(struct rf_store *store, const char *document, uint32_t number, bool quiet,
			 struct rf_error *error);
	int (*each_document)(struct rf_store *store, const char *after, size_t most,
			     int (*each)(void *context, const struct rf_revision *newest), void *context,
			     struct rf_error *error);
	int (*set_attribute)(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			     const char *value, struct rf_error *error);
	int (*each_attribute)(struct rf_store *store, const char *document, uint32_t revision,
			      int (*each)(void *context, const char *name, const char *value), void *context,
			      struct rf_error *error);

	int (*put_part)(struct rf_store *store, const struct rf_part *part, struct rf_error *error);
	int (*get_part)(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			struct rf_part *part, struct rf_error *error);
	int (*each_part)(struct rf_store *store, const char *document, uint32_t revision,
			 int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error);

	int (*each_superseded)(struct rf_store *store, int64_t from_us, int64_t by_us,
			       int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			       void *context, struct rf_error *error);
	int (*remove_parts)(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			    struct rf_error *error);

	/* With the id and the counts that it is given. */
	int (*add_task)(struct rf_store *store, const struct rf_task *task, struct rf_error *error);
	int (*last_task)(struct rf_store *store, uint64_t *id, struct rf_error *error); /* 0: none */
	int (*set_count)(struct rf_store *store, const struct rf_count *count, struct rf_error *error);
	int (*update_task)(struct rf_store *store, const struct rf_task *task, struct rf_error *error);
	int (*get_task)(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error);
	/* As a walk: what the caller has in hands stays so. */
	int (*visit_task)(struct rf_store *store, uint64_t id, int (*each)(void *context, const struct rf_task *task),
			  void *context, struct rf_error *error);
	int (*find_task)(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
			 struct rf_task *task, struct rf_error *error);
	int (*each_task)(struct rf_store *store, const struct rf_task_filter *filter,
			 int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error);
	int (*oldest_task)(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			   struct rf_error *error);
	int (*next_due)(struct rf_store *store, int64_t *due_us, struct rf_error *error);
	int (*each_count)(struct rf_store *store, int (*each)(void *context, const struct rf_count *count),
			  void *context, struct rf_error *error);

	int (*rename_stage)(struct rf_store *store, const char *from, const char *to, struct rf_error *error);

	int (*need_toolset)(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error);
	int (*get_toolset)(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error);

	int (*put_alert)(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error);
	int (*drop_alert)(struct rf_store *store, const char *cause, struct rf_error *error);
	int (*each_alert)(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert),
			  void *context, struct rf_error *error);
	int (*get_bytes)(struct rf_store *store, uint64_t *bytes, struct rf_error *error);

	int (*get_effect)(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error);
	int (*put_effect)(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error);
	int (*each_effect)(struct rf_store *store, const char *document,
			   int (*each)(void *context, const struct rf_effect *effect), void *context,
			   struct rf_error *error);
	int (*add_event)(struct rf_store *store, const struct rf_event *event, struct rf_error *error);
	int (*each_event)(struct rf_store *store, const char *document,
			  int (*each)(void *context, const struct rf_event *event), void *context,
			  struct rf_error *error);
	int (*erase)(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		     struct rf_error *error);
	int (*erase_before)(struct rf_store *store, const char *document, uint32_t number, struct rf_erased *erased,
			    struct rf_error *error);
	int (*get_erasure)(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			   struct rf_error *error);
	int (*scrub)(struct rf_store *store, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		     struct rf_error *error);
	int (*find_blob)(struct rf_store *store, const char *blob, struct rf_error *error);
	int (*each_blob)(struct rf_store *store, const char *after, size_t most,
			 int (*each)(void *context, const char *blob), void *context, struct rf_error *error);
	int (*copy_begin)(struct rf_store *store, const char *path, struct rf_store_copy **copy,
			  struct rf_error *error);
	int (*copy_step)(struct rf_store_copy *copy, struct rf_error *error);
	void (*copy_end)(struct rf_store_copy *copy);
	int (*check)(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error);
	int (*set_setting)(struct rf_store *store, const char *name, int64_t value, struct rf_error *error);
	int (*get_setting)(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error);
};

/* The first member of an implementation's store. */
struct rf_store {
	const struct rf_store_functions *functions; /* set by open */
	bool faulted;                               /* set by the implementation: the transaction can't be trusted */
	bool broken; /* a sync failed, or what waited was lost: what is on the disk is not known */

	bool in_transaction; /* these are store.c's */
	bool begun;          /* the implementation's: something is written in it */
	enum rf_durability durability;
	bool walking;
	unsigned savepoints;
	struct rf_desk *desk;
	struct rf_counts *counts;
	struct rf_dossier *patient; /* whose changes may wait; NULL: nobody's */
};

/* The first member of an implementation's copy. */
struct rf_store_copy {
	const struct rf_store_functions *functions;
	struct rf_store *store;
};

/* ---- store.c, for revisions.c ------------------------------------------------------------------------------------
 */

int rf_store_may_read(const struct rf_store *store, struct rf_error *error);
/* Something is about to be written into the file: begins the implementation's transaction. What waits of the document
 * (NULL: of none) waits no longer, nor does what was changed since rf_store_let_wait: it belongs together. */
int rf_store_may_write(struct rf_store *store, const char *document, struct rf_error *error);
/* The same for a change on the desk. */
int rf_store_may_change(struct rf_store *store, struct rf_dossier *dossier, struct rf_error *error);
/* A walk is a read during which its callback keeps out of the store. */
int rf_store_start_walk(struct rf_store *store, struct rf_error *error);
int rf_store_end_walk(struct rf_store *store, int result);
/* What is on the desk is written into the file, in this transaction or one of its own; a document: of it alone. */
int rf_store_file(struct rf_store *store, const char *document, struct rf_error *error);

extern const struct rf_store_functions rf_store_sqlite;

#endif
