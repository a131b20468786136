/* The store's interface: finds the implementation for a URL, keeps the rules that hold for all of them, and decides
 * when what lies on the desk is written. */
#include "store/desk.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"

#include <string.h>

enum { MOST_WAITING = 512, MOST_WAITING_BYTES = 4 * 1024 * 1024 };

static const struct rf_store_functions *const implementations[] = {&rf_store_sqlite};

/* ---- rules ------------------------------------------------------------------------------------------------------ */

int rf_store_may_read(const struct rf_store *store, struct rf_error *error)
{
	if (store->walking)
		return rf_error_set(error, "the store was called from inside a walk over it");
	if (store->broken)
		return rf_error_set(error,
				    "the store could not be written: what is on the disk is not known; start again");
	if (store->faulted)
		return rf_error_set(error, "the store had a fault in this transaction: it can only be rolled back");
	return 0;
}

/* Between begin and commit. */
static int is_writable(const struct rf_store *store, struct rf_error *error)
{
	if (!store->in_transaction)
		return rf_error_set(error, "the store is written in a transaction only");
	return rf_store_may_read(store, error);
}

static int begin_writing(struct rf_store *store, struct rf_error *error)
{
	if (store->begun)
		return 0;
	if (store->functions->begin(store, store->durability, error) < 0)
		return -1;
	store->begun = true;
	return 0;
}

/* What belongs together is written together. */
static void end_patience(struct rf_store *store)
{
	struct rf_dossier *patient = rf_steal(store->patient);
	if (patient && patient->list == RF_DESK_WAITING)
		rf_desk_list(store->desk, patient, RF_DESK_DUE);
}

int rf_store_may_write(struct rf_store *store, const char *document, struct rf_error *error)
{
	if (is_writable(store, error) < 0)
		return -1;
	end_patience(store);
	struct rf_dossier *dossier = document ? rf_desk_find(store->desk, document) : NULL;
	if (dossier && dossier->list == RF_DESK_WAITING)
		rf_desk_list(store->desk, dossier, RF_DESK_DUE);
	return begin_writing(store, error);
}

int rf_store_may_change(struct rf_store *store, struct rf_dossier *dossier, struct rf_error *error)
{
	if (is_writable(store, error) < 0)
		return -1;
	if (dossier != store->patient)
		end_patience(store);
	rf_desk_list(store->desk, dossier, dossier == store->patient ? RF_DESK_WAITING : RF_DESK_DUE);
	return 0;
}

int rf_store_start_walk(struct rf_store *store, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	store->walking = true;
	return 0;
}

int rf_store_end_walk(struct rf_store *store, int result)
{
	store->walking = false;
	return result;
}

/* ---- the desk --------------------------------------------------------------------------------------------------- */

static int write_list(struct rf_store *store, enum rf_desk_list list, struct rf_error *error)
{
	while (store->desk->lists[list])
		if (rf_dossier_write(store->desk, store->desk->lists[list], store, store->counts, error) < 0)
			return -1;
	return 0;
}

static int write_desk(struct rf_store *store, const char *document, struct rf_error *error)
{
	struct rf_dossier *dossier = document ? rf_desk_find(store->desk, document) : NULL;
	if (begin_writing(store, error) < 0)
		return -1;
	if (document)
		return dossier ? rf_dossier_write(store->desk, dossier, store, store->counts, error) : 0;
	if (write_list(store, RF_DESK_WAITING, error) < 0)
		return -1;
	return write_list(store, RF_DESK_DUE, error);
}

static bool has_unwritten(const struct rf_store *store, const char *document)
{
	const struct rf_dossier *dossier = document ? rf_desk_find(store->desk, document) : NULL;
	if (document)
		return dossier && dossier->list != RF_DESK_CLEAN;
	return store->desk->lists[RF_DESK_WAITING] || store->desk->lists[RF_DESK_DUE];
}

int rf_store_file(struct rf_store *store, const char *document, struct rf_error *error)
{
	if (!has_unwritten(store, document))
		return 0;
	if (store->in_transaction)
		return write_desk(store, document, error);
	if (rf_store_begin(store, RF_RELAXED, error) < 0)
		return -1;
	if (write_desk(store, document, error) == 0 && rf_store_commit(store, error) == 0)
		return 0;
	rf_store_rollback(store);
	store->broken = true; /* who asked has been told of what is lost now */
	return -1;
}

/* Nobody comes to work on what has no open task; and there is a bound. What is left out is read again when it is
 * taken up. */
static void tidy(struct rf_store *store)
{
	struct rf_desk *desk = store->desk;
	struct rf_dossier *dossier, *next;
	while ((dossier = desk->lists[RF_DESK_WRITTEN]))
		if (rf_dossier_is_open(dossier))
			rf_desk_settle(desk, dossier);
		else
			rf_desk_close(desk, dossier);
	HASH_ITER (hh, desk->dossiers, dossier, next) {
		if (desk->bytes <= RF_DESK_MOST_BYTES)
			break;
		if (dossier->list == RF_DESK_CLEAN)
			rf_desk_close(desk, dossier);
	}
}

bool rf_store_waits(const struct rf_store *store)
{
	return store->desk->n_waiting > 0;
}

/* So much waits that writing it costs little more than it must; or there is no more room. */
static bool waits_long_enough(const struct rf_store *store)
{
	const struct rf_desk *desk = store->desk;
	return desk->n_waiting >= MOST_WAITING || desk->waiting_bytes >= MOST_WAITING_BYTES ||
	       desk->bytes > RF_DESK_MOST_BYTES || rf_counts_are_short(store->counts);
}

void rf_store_let_wait(struct rf_store *store, const char *document)
{
	struct rf_dossier *patient = rf_steal(store->patient);
	if (patient && !rf_dossier_is_open(patient))
		rf_desk_drop_data(store->desk, patient);
	store->patient = document && store->in_transaction ? rf_desk_find(store->desk, document) : NULL;
}

/* ---- open and transactions -------------------------------------------------------------------------------------- */

static int open_place(const struct rf_store_functions *functions, const char *place, bool existing,
		      struct rf_store **store, struct rf_error *error)
{
	int status = functions->open(place, existing, store, error);
	if (status != 0)
		return status;
	(*store)->desk = rf_desk_new();
	(*store)->counts = rf_counts_new();
	return 0;
}

static int open_url(const char *url, bool existing, struct rf_store **store, struct rf_error *error)
{
	const char *colon = strchr(url, ':');
	size_t length = colon ? (size_t)(colon - url) : 0;
	for (size_t i = 0; i < RF_COUNT(implementations); i++) {
		const char *scheme = implementations[i]->scheme;
		if (length > 0 && strlen(scheme) == length && memcmp(url, scheme, length) == 0)
			return open_place(implementations[i], colon + 1, existing, store, error);
	}
	return rf_error_set(error, "\"%s\" is not the URL of a store; expected sqlite:PATH", url);
}

int rf_store_open(const char *url, struct rf_store **store, struct rf_error *error)
{
	return open_url(url, false, store, error);
}

int rf_store_open_existing(const char *url, struct rf_store **store, struct rf_error *error)
{
	return open_url(url, true, store, error);
}

/* What waits is written, and ids that were reserved are given back. */
static int put_away(struct rf_store *store, struct rf_error *error)
{
	if (store->broken || (!has_unwritten(store, NULL) && !rf_counts_have_ids(store->counts)))
		return 0;
	if (rf_store_begin(store, RF_RELAXED, error) == 0 && write_desk(store, NULL, error) == 0 &&
	    rf_counts_give_back_ids(store->counts, store, error) == 0 && rf_store_commit(store, error) == 0)
		return 0;
	rf_store_rollback(store);
	return -1;
}

void rf_store_close(struct rf_store *store)
{
	struct rf_error error;
	if (!store)
		return;
	rf_store_rollback(store);
	if (put_away(store, &error) < 0)
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
	rf_desk_free(store->desk);
	rf_counts_free(store->counts);
	store->functions->close(store);
}

int rf_store_begin(struct rf_store *store, enum rf_durability durability, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is in a transaction already");
	store->in_transaction = true;
	store->begun = false;
	store->durability = durability;
	return 0;
}

/* A durable commit covers those before it, also when it has nothing of its own. The first one reserves ids of tasks, so
 * that none is given that a power cut would let be given again. */
static int write_commit(struct rf_store *store, struct rf_error *error)
{
	if (store->durability == RF_DURABLE && rf_counts_need(store->counts, store, error) < 0)
		return -1;
	if ((store->desk->lists[RF_DESK_DUE] || store->durability == RF_DURABLE) && begin_writing(store, error) < 0)
		return -1;
	if (write_list(store, RF_DESK_DUE, error) < 0)
		return -1;
	if (waits_long_enough(store) && write_desk(store, NULL, error) < 0)
		return -1;
	if (!store->begun)
		return 0;
	return rf_counts_write(store->counts, store, error) < 0 ? -1 : store->functions->commit(store, error);
}

int rf_store_commit(struct rf_store *store, struct rf_error *error)
{
	if (is_writable(store, error) < 0)
		return -1;
	rf_store_let_wait(store, NULL);
	int result = write_commit(store, error);
	if (result < 0)
		return result;
	tidy(store);
	store->in_transaction = store->begun = false;
	store->savepoints = 0;
	return 0;
}

/* What waited goes as well: nobody can tell which of it is older than this transaction. */
void rf_store_rollback(struct rf_store *store)
{
	if (!store->in_transaction)
		return;
	if (store->begun)
		store->functions->rollback(store);
	store->patient = NULL;
	rf_desk_clear(store->desk);
	rf_counts_forget(store->counts);
	store->in_transaction = store->begun = store->faulted = false;
	store->savepoints = 0;
}

int rf_store_sync(struct rf_store *store, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is synced between transactions only");
	if (rf_store_file(store, NULL, error) < 0)
		return -1;
	rf_desk_look_through(store->desk);
	return store->functions->sync(store, error);
}

/* The desk is empty in a savepoint: what is undone is in the file alone. */
int rf_store_savepoint(struct rf_store *store, struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0 || write_desk(store, NULL, error) < 0 ||
	    rf_counts_write(store->counts, store, error) < 0 || store->functions->savepoint(store, error) < 0)
		return -1;
	rf_desk_clear(store->desk);
	store->savepoints++;
	return 0;
}

static int end_savepoint(struct rf_store *store, int (*end)(struct rf_store *store, struct rf_error *error),
			 struct rf_error *error)
{
	if (is_writable(store, error) < 0)
		return -1;
	if (store->savepoints == 0)
		return rf_error_set(error, "the store has no savepoint to end");
	int result = end(store, error);
	if (result == 0)
		store->savepoints--;
	return result;
}

int rf_store_release(struct rf_store *store, struct rf_error *error)
{
	return end_savepoint(store, store->functions->release, error);
}

int rf_store_undo(struct rf_store *store, struct rf_error *error)
{
	int result = end_savepoint(store, store->functions->undo, error);
	if (result == 0)
		rf_counts_forget(store->counts);
	return result;
}
