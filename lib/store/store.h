/* The store: documents, revisions, parts, tasks, effects, counts and history, durable and in transactions.
 *
 * It keeps records and knows no rules: what may follow what is the broker's (broker/core.h). One process has one store
 * open, and calls it on one thread. An implementation is a table of functions; the tests of tests/unit/test_store.c run
 * over each. Today: `sqlite:PATH`. docs/adr/0002 says why a store is opened by one process only.
 *
 * Everything between begin and commit is there after commit, or, after rollback or a crash, none of it; but for what
 * may wait, which comes document by document (rf_store_let_wait). With RF_DURABLE, commit returns after fsync: the
 * promise of design section 4 ("a yes is durable"). With RF_RELAXED it is in the file but may be lost when power goes,
 * until the next durable commit or rf_store_sync.
 *
 * Strings and bytes in rows that are handed out are borrowed until the next call with this store returns: they may be
 * given to that call. Functions that look something up return 0, or RF_STORE_NONE when there is none; < 0 is a fault of
 * the store (disk full, corrupt), after which the transaction can only be rolled back. After a sync that failed the
 * store does nothing more: what is on the disk is found out by opening it again.
 *
 * Walks (each_...) call back for each row, whose strings are borrowed until the callback returns. It returns 0 to go
 * on, > 0 to stop (the walk returns 0), < 0 to stop and be returned. It may not call the store. Whoever names a
 * document first makes it. */
#ifndef RF_STORE_STORE_H
#define RF_STORE_STORE_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;
struct rf_shared;

enum {
	RF_STORE_NONE = 1,
	RF_STORE_NEWER = 2,
	RF_STORE_BUSY = 3,
	RF_STORE_OLDER = 4,
	RF_STORE_COPIED = 5,
	RF_STORE_TAKEN = 6
};

enum rf_durability { RF_RELAXED, RF_DURABLE };

enum rf_task_state {
	RF_TASK_READY = 1,
	RF_TASK_DELAYED = 2, /* not before due */
	RF_TASK_HELD = 3,    /* a person decides */
	RF_TASK_DEAD = 4,    /* given up, with the evidence */
	RF_TASK_DONE = 5,
	RF_TASK_SUPERSEDED = 6, /* a newer revision came first, or a person ended it */
	RF_TASK_ERASED = 7,
	/* LEASED and STARTED live in the broker's memory: in the store such a task is READY. */
	RF_TASK_STATES = 8,
};

const char *rf_task_state_name(enum rf_task_state state); /* "ready" */

struct rf_revision {
	const char *document;
	uint32_t number;         /* from 1 */
	uint32_t major;          /* number of the major change it belongs to, from 0 */
	bool quiet;              /* tell nobody */
	const char *source_key;  /* "": it came from nowhere: a withdrawal */
	const char *name;        /* of the source, for people */
	struct rf_digest source; /* of the bytes as they came */
	int64_t received_us;
};

struct rf_part {
	const char *document;
	uint32_t revision;
	const char *name;
	const char *type;
	struct rf_digest digest;
	uint64_t size;
	const void *data; /* NULL when the bytes lie in a blob */
	struct rf_shared
	    *shared;      /* of a part that was got: the same bytes, to be held longer (base/shared.h), or NULL */
	const char *blob; /* name in the blob folder, or NULL */
};

struct rf_task {
	uint64_t id; /* given by rf_store_add_task; grows */
	const char *document;
	uint32_t revision;
	enum rf_task_state state;
	const char *stage;
	int64_t due_us;
	int64_t created_us; /* or opened again: its age counts from here */
	int64_t changed_us;
	uint32_t attempts, failures, crashes, kills, timeouts;
	int32_t priority;   /* larger first; 0 usual, negative: bulk */
	int64_t run_us;     /* how long it was in hand the last time */
	uint32_t toolset;   /* what it was done with then; 0: not known */
	const char *code;   /* reason of the last change: a word, or NULL */
	const char *reason; /* in words, or NULL */
};

enum rf_effect_state { RF_EFFECT_INTENDED = 1, RF_EFFECT_DONE = 2 };

struct rf_effect {
	const char *key;
	const char *document;
	const char *stage;
	enum rf_effect_state state;
	const char *intended; /* digest that is to stand there; NULL when none is under way */
	const char *standing; /* digest that stands there; NULL when nothing does */
	const char *remote_id, *location, *remote_revision; /* or NULL */
	int64_t changed_us;
};

/* One line of a document's history. */
struct rf_event {
	int64_t at_us;
	const char *document;
	uint32_t revision;
	const char *stage;  /* or NULL */
	const char *what;   /* "received", "started", "done", "retry", "crash", "held", "released" ... */
	const char *detail; /* or NULL */
};

enum rf_alert_state {
	RF_ALERT_RAISED = 1,  /* to be told */
	RF_ALERT_TELLING = 2, /* the mail is on its way */
	RF_ALERT_TOLD = 3,
	RF_ALERT_OVER = 4, /* to be told that it is over */
	RF_ALERT_TELLING_OVER = 5,
	RF_ALERT_AGAIN = 6, /* was told, and there is more: to be told again */
	RF_ALERT_TELLING_AGAIN = 7,
};

struct rf_alert {
	const char *cause; /* with who is told: "operator:dead:ingest" */
	enum rf_alert_state state;
	int64_t since_us; /* when it was raised last */
	const char *subject, *text;
};

struct rf_count {
	const char *stage;
	enum rf_task_state state;
	uint64_t n;
};

struct rf_store; /* private to the implementation; starts with its table of functions */

/* url: "sqlite:PATH". Makes the store when there is none; migrates an older one in one transaction. Returns 0;
 * RF_STORE_NEWER when it was written by a newer Referat; RF_STORE_BUSY when another process has it open; both with a
 * reason that says what to do. */
int rf_store_open(const char *url, struct rf_store **store, struct rf_error *error);
/* The same, but that nothing is made and nothing migrated: a file that is not there is an error, and an older one
 * RF_STORE_OLDER. */
int rf_store_open_existing(const char *url, struct rf_store **store, struct rf_error *error);
void rf_store_close(struct rf_store *store); /* NULL is fine; rolls back what is open */

int rf_store_begin(struct rf_store *store, enum rf_durability durability, struct rf_error *error);
int rf_store_commit(struct rf_store *store, struct rf_error *error);
void rf_store_rollback(struct rf_store *store); /* and what waits (rf_store_let_wait) */
/* Until it is called with NULL, or something else is written: what changes of the attributes, parts and tasks of this
 * document's revision that is taken up may wait in memory for a later commit. Meanwhile everybody who asks the store
 * is told of it. It is there after the process is killed, or power goes, when rf_store_sync, closing the store, or a
 * commit of something else about this document has written it: then all of it. */
void rf_store_let_wait(struct rf_store *store, const char *document);
bool rf_store_waits(const struct rf_store *store);                 /* whether anything does */
int rf_store_sync(struct rf_store *store, struct rf_error *error); /* outside a transaction: all before it is durable */

/* A nested part of a transaction that can be undone alone. */
int rf_store_savepoint(struct rf_store *store, struct rf_error *error);
int rf_store_release(struct rf_store *store, struct rf_error *error);
int rf_store_undo(struct rf_store *store, struct rf_error *error);

/* ---- documents -------------------------------------------------------------------------------------------------- */

/* Both tables of keys are many to one; binding a key again moves it. */
int rf_store_find_source(struct rf_store *store, const char *source_key, const char **document, struct rf_error *error);
int rf_store_bind_source(struct rf_store *store, const char *source_key, const char *document, struct rf_error *error);
int rf_store_find_subject(struct rf_store *store, const char *subject_key, const char **document,
			  struct rf_error *error);
int rf_store_bind_subject(struct rf_store *store, const char *subject_key, const char *document,
			  struct rf_error *error);

/* Before anything else of the revision is; it is taken up. */
int rf_store_add_revision(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error);
/* It is about to be worked on: kept in memory while a task of it is open, and there is room. Changes nothing. */
int rf_store_take_up(struct rf_store *store, const char *document, uint32_t revision, struct rf_error *error);
/* number 0: the newest. */
int rf_store_get_revision(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			  struct rf_error *error);
int rf_store_set_major(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
		       struct rf_error *error);
int rf_store_set_quiet(struct rf_store *store, const char *document, uint32_t number, bool quiet,
		       struct rf_error *error);
/* Newest revisions of all documents in order of document id, after the one given (NULL: from the start). */
int rf_store_each_document(struct rf_store *store, const char *after, size_t most,
			   int (*each)(void *context, const struct rf_revision *newest), void *context,
			   struct rf_error *error);

int rf_store_set_attribute(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			   const char *value, struct rf_error *error);
int rf_store_each_attribute(struct rf_store *store, const char *document, uint32_t revision,
			    int (*each)(void *context, const char *name, const char *value), void *context,
			    struct rf_error *error);

/* ---- parts ------------------------------------------------------------------------------------------------------ */

/* Bytes of a part are never changed; a stage that runs again puts its part in the place of the old one. */
int rf_store_put_part(struct rf_store *store, const struct rf_part *part, struct rf_error *error);
/* Checks the digest of bytes that lie in the store: < 0 with the reason when they do not fit it; of this fault alone
 * the transaction may go on. */
int rf_store_get_part(struct rf_store *store, const char *document, uint32_t revision, const char *name,
		      struct rf_part *part, struct rf_error *error);
/* Without their bytes (data NULL), by name. */
int rf_store_each_part(struct rf_store *store, const char *document, uint32_t revision,
		       int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error);

/* Revisions that were superseded after from_us and not after by_us (by when the next one came), in that order. */
int rf_store_each_superseded(struct rf_store *store, int64_t from_us, int64_t by_us,
			     int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			     void *context, struct rf_error *error);
/* And attributes. *removed: how many parts there were. */
int rf_store_remove_parts(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			  struct rf_error *error);

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

/* One task for each (document, revision, stage). Adding and updating keep the counts. */
int rf_store_add_task(struct rf_store *store, const struct rf_task *task, uint64_t *id, struct rf_error *error);
/* Writes everything but id, document, revision and stage. */
int rf_store_update_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error);
int rf_store_get_task(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error);
int rf_store_find_task(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
		       struct rf_task *task, struct rf_error *error);

/* With states HELD or DEAD alone and no stage, a walk costs what it shows. */
struct rf_task_filter {
	uint32_t states;      /* bits 1 << state; 0: all */
	const char *stage;    /* NULL: all */
	const char *document; /* NULL: all */
	uint64_t after_id;    /* by id: only later ones */
	int64_t due_by_us;    /* with DELAYED: only those due by then; 0: all */
	bool only_bulk;       /* only those of a priority below 0 */
	bool by_priority;     /* order: priority (larger first), then id; else id */
	size_t most;          /* 0: all */
};
int rf_store_each_task(struct rf_store *store, const struct rf_task_filter *filter,
		       int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error);
/* Since when the oldest READY, DELAYED, HELD or DEAD task of the stage is there; RF_STORE_NONE when there is none.
 * Costs the same however many there are. */
int rf_store_oldest_task(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			 struct rf_error *error);
/* The earliest due time of DELAYED tasks; RF_STORE_NONE when there are none. */
int rf_store_next_due(struct rf_store *store, int64_t *due_us, struct rf_error *error);

/* Exact at each commit: for each stage, tasks made = the sum over all states. By stage and state; those with none are
 * left out. */
int rf_store_each_count(struct rf_store *store, int (*each)(void *context, const struct rf_count *count), void *context,
			struct rf_error *error);

/* Plugins that a stage runs with, in words: found by the words, or added. Numbers are never 0. */
int rf_store_need_toolset(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error);
int rf_store_get_toolset(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error);

int rf_store_put_alert(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error);
int rf_store_drop_alert(struct rf_store *store, const char *cause, struct rf_error *error);
int rf_store_each_alert(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert), void *context,
			struct rf_error *error); /* by cause */

/* What was a stage's is another's from now on: its tasks, the records of what it has done outside (with keys that begin
 * with its name and a colon), the publications that it left. Its history stays under the old name. *moved: tasks.
 * Returns 0; RF_STORE_TAKEN: the other has tasks already. In a transaction. */
int rf_store_rename_stage(struct rf_store *store, const char *from, const char *to, uint64_t *moved,
			  struct rf_error *error);

struct rf_usage {
	uint64_t tasks_made; /* ever; equal to the sum of all counts, and known without them */
	uint64_t bytes;      /* on the disk, without blobs */
};
int rf_store_get_usage(struct rf_store *store, struct rf_usage *usage, struct rf_error *error);

/* ---- effects, history --------------------------------------------------------------------------------- */

int rf_store_get_effect(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error);
int rf_store_put_effect(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error);
/* By key. */
int rf_store_each_effect(struct rf_store *store, const char *document,
			 int (*each)(void *context, const struct rf_effect *effect), void *context,
			 struct rf_error *error);

int rf_store_add_event(struct rf_store *store, const struct rf_event *event, struct rf_error *error);
int rf_store_each_event(struct rf_store *store, const char *document,
			int (*each)(void *context, const struct rf_event *event), void *context,
			struct rf_error *error); /* oldest first; NULL document: all */

/* ---- erasure: what a document said is removed, and that there was one stays ---------------------------------------
 */

struct rf_erasure {
	const char *document;
	int64_t at_us;
	const char *who, *reason;
};

struct rf_erased { /* what was removed */
	uint64_t revisions, parts, attributes;
	uint64_t bytes; /* of the parts */
};

/* The document has had no words of its own since: its parts, attributes and subject keys are gone; its tasks are
 * ERASED, without reasons; its history has no details, its effects no location, its revisions no name; a source key is
 * what rf_store_erased_key makes of it. Digests of the sources stay, so that they are known when they come again. */
int rf_store_erase(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		   struct rf_error *error);
/* The same of what its revisions before that number said: their parts and attributes are gone, their tasks have no
 * reasons, they have no names, and the whole history of the document has no details. Source keys stay. */
int rf_store_erase_before(struct rf_store *store, const char *document, uint32_t number, struct rf_erased *erased,
			  struct rf_error *error);
int rf_store_get_erasure(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			 struct rf_error *error);

enum { RF_ERASED_KEY_SIZE = 7 + RF_DIGEST_TEXT_SIZE };
/* "erased:" and the SHA-256 of the key. */
void rf_store_erased_key(const char *source_key, char text[RF_ERASED_KEY_SIZE]);

struct rf_scrubbed {         /* as found afterwards */
	uint64_t bytes;      /* of the database */
	uint64_t free_pages; /* in it; 0 */
	uint64_t log_bytes;  /* in its log; 0 */
	uint64_t copies;     /* of older versions that lay beside it, and were removed */
};

/* Outside a transaction: what was removed before is in no file of the store afterwards, nor in a page that is free, nor
 * in the log. Writes the whole database anew: takes as long, and as much room, as that does. What it did is durable.
 * alive (NULL: nobody) is called many times meanwhile; it may not call the store. */
struct rf_store_alive {
	void (*tell)(void *context);
	void *context;
};
int rf_store_scrub(struct rf_store *store, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		   struct rf_error *error);

/* Whether any part's bytes lie in that blob: 0 or RF_STORE_NONE. */
int rf_store_find_blob(struct rf_store *store, const char *blob, struct rf_error *error);
/* Names of blobs, each once, in order, after the one given (NULL: from the start). */
int rf_store_each_blob(struct rf_store *store, const char *after, size_t most,
		       int (*each)(void *context, const char *blob), void *context, struct rf_error *error);

/* ---- copies and checks --------------------------------------------------------------------------------------------
 */

/* Copies the store's records into a new file, a piece with each step, between transactions. A step returns 0 when there
 * is more, and RF_STORE_COPIED when the file is whole, on the disk, and as the store is at that moment. */
struct rf_store_copy;
int rf_store_copy_begin(struct rf_store *store, const char *path, struct rf_store_copy **copy, struct rf_error *error);
int rf_store_copy_step(struct rf_store_copy *copy, struct rf_error *error);
void rf_store_copy_end(struct rf_store_copy *copy);

/* Looks at everything: pages, what belongs together, counts, the bytes of every part that lie in the store. Calls back
 * for each fault, in words, as a walk does. Takes as long as reading all of it. */
typedef int (*rf_store_fault)(void *context, const char *fault);
int rf_store_check(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error);

/* ---- settings ---------------------------------------------------------------------------------------------------- */

int rf_store_set_setting(struct rf_store *store, const char *name, int64_t value, struct rf_error *error);
int rf_store_get_setting(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error);

#endif
