/* Minutes of one meeting that come in several files: a document whose revisions have several sources.
 *
 * Part `source` is the file that came last; the others are parts `source/<piece>`, where a piece is what the stage that
 * read the file said that it has of the meeting ("20-22"). A new revision takes them over from the one before, but for
 * the file that it brings anew, so that each revision is whole and is read again by itself. The bytes are the same, or
 * the same blob; they are there in the same transaction.
 *
 * A document from one file has none of this: no part, no attribute, and no more to read than the names of its parts. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

#define BELOW "source/"

/* ---- what a revision has ----------------------------------------------------------------------------------------- */

struct source {
	char *part;
	struct rf_digest digest;
};

struct sources {
	struct source *all;
	size_t n;
};

static void sources_deinit(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++)
		free(sources->all[i].part);
	free(sources->all);
}
#define autosources __attribute__((cleanup(sources_deinit)))

static int note_source(void *context, const struct rf_part *part)
{
	struct sources *sources = context;
	if (strcmp(part->name, "source") != 0 && !rf_text_starts(part->name, BELOW))
		return 0;
	sources->all = rf_realloc_array(sources->all, sources->n + 1, sizeof *sources->all);
	sources->all[sources->n++] = (struct source){rf_strdup(part->name), part->digest};
	return 0;
}

/* The newest revision that came from a file; 0: none did. A withdrawal has no source. */
static int find_base(struct rf_core *core, const char *document, uint32_t newest, uint32_t *base,
		     struct rf_error *error)
{
	struct rf_revision revision = {.source_key = ""};
	for (*base = newest; *base > 0; --*base) {
		if (rf_store_get_revision(core->options.store, document, *base, &revision, error) != 0)
			return -1;
		if (*revision.source_key)
			return 0;
	}
	return 0;
}

/* What the stage that read it, or the broker before that, said of a revision's part `source`. "": nothing. */
static int said_piece(struct rf_core *core, const char *document, uint32_t revision, char **piece,
		      struct rf_error *error)
{
	if (rf_attribute_read(core, document, revision, RF_ATTRIBUTE_PIECE, piece, error) < 0)
		return -1;
	if (**piece)
		return 0;
	free(*piece);
	return rf_attribute_read(core, document, revision, "paragraphs", piece, error);
}

/* The piece that the part `source` of the revision has. "": not known; the caller frees. */
static int find_piece(struct rf_core *core, const char *document, uint32_t revision, char **piece,
		      struct rf_error *error)
{
	struct rf_revision seen;
	*piece = NULL;
	if (rf_store_get_revision(core->options.store, document, revision, &seen, error) != 0)
		return -1;
	rf_autofree char *key = rf_strdup(seen.source_key);
	/* One that was not read yet has what the same file had before. */
	for (uint32_t number = seen.number; number > 0; number--) {
		if (rf_store_get_revision(core->options.store, document, number, &seen, error) != 0)
			return -1;
		if (strcmp(seen.source_key, key) != 0)
			continue;
		free(*piece);
		if (said_piece(core, document, number, piece, error) < 0)
			return -1;
		if (**piece)
			return 0;
	}
	*piece = *piece ? *piece : rf_strdup("");
	return 0;
}

/* ---- what a document has ----------------------------------------------------------------------------------------- */

int rf_pieces_look(struct rf_core *core, const char *document, const char *piece, struct rf_pieces *pieces,
		   struct rf_error *error)
{
	struct rf_revision newest;
	autosources struct sources sources = {0};
	rf_autofree char *of_source = NULL, *part = rf_format(BELOW "%s", piece ? piece : "");
	uint32_t base;
	*pieces = (struct rf_pieces){.n = 0};
	if (rf_store_get_revision(core->options.store, document, 0, &newest, error) != 0 ||
	    find_base(core, document, newest.number, &base, error) < 0)
		return -1;
	if (base == 0)
		return 0;
	if (rf_store_each_part(core->options.store, document, base, note_source, &sources, error) < 0 ||
	    find_piece(core, document, base, &of_source, error) < 0)
		return -1;
	pieces->n = sources.n;
	pieces->known = *of_source || sources.n > 1;
	pieces->has = piece && strcmp(of_source, piece) == 0;
	for (size_t i = 0; i < sources.n && piece; i++)
		pieces->has = pieces->has || strcmp(sources.all[i].part, part) == 0;
	return 0;
}

/* ---- the next revision ------------------------------------------------------------------------------------------- */

struct succession {
	struct rf_core *core;
	const char *document;
	const struct rf_arrival *arrival;
	uint32_t base, number;
	struct sources sources; /* of the base */
	char *of_source;        /* its piece; "": not known */
	const char *replaced;   /* the part whose place the arrival takes; NULL: it is one more */
};

static void succession_deinit(struct succession *succession)
{
	sources_deinit(&succession->sources);
	free(succession->of_source);
}

/* The bytes that the same file had before: its part is the one that has them still. */
static int find_former(struct succession *succession, struct rf_error *error)
{
	struct rf_revision seen = {.number = 0};
	for (uint32_t number = succession->base; number > 0; number--) {
		if (rf_store_get_revision(succession->core->options.store, succession->document, number, &seen,
					  error) != 0)
			return -1;
		if (strcmp(seen.source_key, succession->arrival->source_key) == 0)
			break;
		seen.number = 0;
	}
	for (size_t i = 0; i < succession->sources.n && seen.number; i++)
		if (memcmp(succession->sources.all[i].digest.bytes, seen.source.bytes, RF_DIGEST_SIZE) == 0)
			succession->replaced = succession->sources.all[i].part;
	return 0;
}

/* What the part of the base is called in the next revision. The caller frees. */
static char *next_name(const struct succession *succession, const struct source *source)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	if (strcmp(source->part, "source") != 0)
		return rf_strdup(source->part);
	if (*succession->of_source)
		return rf_format(BELOW "%s", succession->of_source);
	rf_digest_format(&source->digest, digest);
	return rf_format(BELOW "%.12s", digest);
}

/* Of files with the same paragraphs, the one that came last has them. */
static bool goes_on(const struct succession *succession, const struct source *source)
{
	const char *replaced = succession->replaced, *piece = succession->arrival->piece;
	if (replaced && strcmp(source->part, replaced) == 0)
		return false;
	rf_autofree char *name = next_name(succession, source), *taken = rf_format(BELOW "%s", piece ? piece : "");
	if (strcmp(name, taken) == 0)
		return false;
	rf_autofree char *last = rf_format(BELOW "%s", succession->of_source);
	bool last_goes_on = !replaced || strcmp(replaced, "source") != 0;
	return !last_goes_on || strcmp(source->part, last) != 0;
}

static int carry_part(const struct succession *succession, const struct source *source, struct rf_error *error)
{
	struct rf_store *store = succession->core->options.store;
	struct rf_part part;
	int status = rf_store_get_part(store, succession->document, succession->base, source->part, &part, error);
	if (status != 0)
		return status < 0 ? -1 : rf_error_set(error, "part %s is not in the store", source->part);
	rf_autofree char *name = next_name(succession, source), *type = rf_strdup(part.type),
			 *blob = rf_strdup(part.blob), *document = rf_strdup(part.document);
	rf_autofree void *data = part.data ? rf_memdup(part.data, part.size) : NULL;
	part = (struct rf_part){.document = document,
				.revision = succession->number,
				.name = name,
				.type = type,
				.digest = part.digest,
				.size = part.size,
				.data = data,
				.blob = blob};
	return rf_store_put_part(store, &part, error);
}

static char *name_attribute(const char *part)
{
	const char *slash = strchr(part, '/');
	return slash ? rf_format("name.%s", slash + 1) : rf_strdup("name");
}

/* What people call the file goes with it. */
static int carry_name(const struct succession *succession, const struct source *source, struct rf_error *error)
{
	rf_autofree char *part = next_name(succession, source), *name = NULL;
	rf_autofree char *from = name_attribute(source->part), *to = name_attribute(part);
	if (rf_attribute_read(succession->core, succession->document, succession->base, from, &name, error) < 0)
		return -1;
	return rf_store_set_attribute(succession->core->options.store, succession->document, succession->number, to,
				      name, error);
}

static void add_word(struct rf_buffer *list, const char *word)
{
	if (list->size > 0)
		rf_buffer_add_char(list, ' ');
	rf_buffer_add_text(list, word);
}

static bool is_among(const char *names, const char *name)
{
	return rf_text_find_word(names, name) != SIZE_MAX;
}

/* Which files came when a page stood already; under their new names. */
static int carry_added(const struct succession *succession, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer added = RF_BUFFER_INIT;
	rf_autofree char *before = NULL;
	if (rf_attribute_read(succession->core, succession->document, succession->base, RF_ATTRIBUTE_ADDED, &before,
			      error) < 0)
		return -1;
	if (succession->arrival->completes || (succession->replaced && is_among(before, succession->replaced)))
		add_word(&added, "source");
	for (size_t i = 0; i < succession->sources.n; i++) {
		const struct source *source = &succession->sources.all[i];
		rf_autofree char *name = next_name(succession, source);
		if (goes_on(succession, source) && is_among(before, source->part))
			add_word(&added, name);
	}
	if (added.size == 0)
		return 0;
	return rf_store_set_attribute(succession->core->options.store, succession->document, succession->number,
				      RF_ATTRIBUTE_ADDED, added.data, error);
}

/* The order in which they came, the last first, for where two of them tell of one paragraph. */
static int carry_order(const struct succession *succession, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer order = RF_BUFFER_INIT;
	rf_autofree char *before = NULL, *last = NULL;
	if (rf_attribute_read(succession->core, succession->document, succession->base, RF_ATTRIBUTE_ORDER, &before,
			      error) < 0)
		return -1;
	for (size_t i = 0; i < succession->sources.n; i++) {
		const struct source *source = &succession->sources.all[i];
		if (strcmp(source->part, "source") == 0 && goes_on(succession, source)) {
			last = next_name(succession, source);
			add_word(&order, last);
		}
	}
	for (const char *at = before; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		rf_autofree char *part = rf_strndup(at, strcspn(at, " "));
		const struct source as = {.part = part};
		if (goes_on(succession, &as))
			add_word(&order, part);
	}
	return rf_store_set_attribute(succession->core->options.store, succession->document, succession->number,
				      RF_ATTRIBUTE_ORDER, order.size ? order.data : "", error);
}

/* Until it is read: what the file had before, or what it was read to have as a document of its own. */
static int expect_piece(const struct succession *succession, struct rf_error *error)
{
	const char *piece = succession->arrival->piece;
	if (!piece && succession->replaced)
		piece = strcmp(succession->replaced, "source") == 0 ? succession->of_source
								    : strchr(succession->replaced, '/') + 1;
	if (!piece || !*piece)
		return 0;
	return rf_store_set_attribute(succession->core->options.store, succession->document, succession->number,
				      RF_ATTRIBUTE_PIECE, piece, error);
}

static int carry_all(struct succession *succession, struct rf_error *error)
{
	size_t n = 0;
	for (size_t i = 0; i < succession->sources.n; i++) {
		const struct source *source = &succession->sources.all[i];
		if (!goes_on(succession, source))
			continue;
		if (carry_part(succession, source, error) < 0 || carry_name(succession, source, error) < 0)
			return -1;
		n++;
	}
	if (n == 0)
		return 0;
	return carry_added(succession, error) < 0 || carry_order(succession, error) < 0
		   ? -1
		   : expect_piece(succession, error);
}

/* The part with the paragraphs that the arrival has, too. */
static void find_named(struct succession *succession, const char *piece)
{
	rf_autofree char *part = rf_format(BELOW "%s", piece);
	for (size_t i = 0; i < succession->sources.n && !succession->replaced; i++) {
		const char *name = succession->sources.all[i].part;
		if (strcmp(name, part) == 0 ||
		    (strcmp(name, "source") == 0 && strcmp(succession->of_source, piece) == 0))
			succession->replaced = name;
	}
}

static int succeed(struct succession *succession, uint32_t newest, struct rf_error *error)
{
	struct rf_core *core = succession->core;
	const char *piece = succession->arrival->piece;
	if (find_base(core, succession->document, newest, &succession->base, error) < 0)
		return -1;
	if (succession->base == 0)
		return 0;
	if (rf_store_each_part(core->options.store, succession->document, succession->base, note_source,
			       &succession->sources, error) < 0)
		return -1;
	if (succession->sources.n < (piece ? 1 : 2))
		return 0;
	if (find_piece(core, succession->document, succession->base, &succession->of_source, error) < 0)
		return -1;
	if (piece)
		find_named(succession, piece);
	else if (find_former(succession, error) < 0)
		return -1;
	return carry_all(succession, error);
}

int rf_pieces_carry(struct rf_core *core, const char *document, uint32_t newest, const struct rf_arrival *arrival,
		    struct rf_error *error)
{
	__attribute__((cleanup(succession_deinit))) struct succession succession = {
	    .core = core, .document = document, .arrival = arrival, .number = newest + 1};
	return succeed(&succession, newest, error);
}

int rf_piece_check(const Referat__Wire__Item *item, struct rf_error *error)
{
	enum { MOST = 120 };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	size_t size = item->piece ? strspn(item->piece, letters) : 0;
	if (!item->piece || (size <= MOST && !item->piece[size]))
		return 0;
	rf_error_set(error, "a piece is named with at most %d letters, digits, '-', '_'", MOST);
	return RF_REFUSED;
}

/* ---- when it has been read --------------------------------------------------------------------------------------- */

int rf_piece_read(struct rf_core *core, const struct rf_owned_task *task, const char *piece, struct rf_error *error)
{
	rf_autofree char *known = NULL;
	if (said_piece(core, task->document, task->row.revision, &known, error) < 0)
		return -1;
	if (strcmp(known, piece) == 0)
		return 0;
	return rf_store_set_attribute(core->options.store, task->document, task->row.revision, RF_ATTRIBUTE_PIECE,
				      piece, error);
}

int rf_piece_completes(struct rf_core *core, const char *document, uint32_t revision, bool *completes,
		       struct rf_error *error)
{
	rf_autofree char *added = NULL;
	if (rf_attribute_read(core, document, revision, RF_ATTRIBUTE_ADDED, &added, error) < 0)
		return -1;
	*completes = is_among(added, "source");
	return 0;
}
