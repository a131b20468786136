#include "config/publisher.h"

#include "base/datetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/value.h"
#include "config/yaml.h"
#include "plugin/url.h"

#include <stdlib.h>
#include <string.h>

/* A key whose value is a text, the field it goes to, and what the text must look like. */
struct field {
	const char *name;
	size_t offset;
	const char *(*wrong)(const char *text); /* NULL: any text */
	const char *code;
};

static const char *wrong_web_address(const char *text)
{
	return rf_url_is_http(text) ? NULL : "this is no web address; expected one like https://example.org/path";
}

static const char *wrong_time_zone(const char *text)
{
	struct rf_date date;
	return rf_instant_date(0, text, &date) ? NULL
					       : "this is no time zone; expected an IANA name like Europe/Stockholm";
}

static const char *wrong_language(const char *text)
{
	size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	return (letters == 2 || letters == 3) && !text[letters] ? NULL : "this is no language; expected one like sv";
}

static const char *wrong_name(const char *text)
{
	if (!*text || strlen(text) > 200)
		return "a name has 1 to 200 bytes";
	return strpbrk(text, "\r\n\t") ? "a name stands in one line, without tabs" : NULL;
}

static const char *wrong_day(const char *text)
{
	struct rf_date date;
	return rf_date_parse(text, &date) ? NULL : "this is no day; expected one like 2024-04-17";
}

#define PUBLISHER(field) offsetof(Referat__Publisher, field)
#define BOARD(field)     offsetof(Referat__BoardEntry, field)
#define DATED(field)     offsetof(Referat__DatedName, field)

static const struct field publisher_fields[] = {
    {"name", PUBLISHER(name), wrong_name, "bad-name"},
    {"short_name", PUBLISHER(short_name), wrong_name, "bad-name"},
    {"time_zone", PUBLISHER(time_zone), wrong_time_zone, "bad-time-zone"},
    {"language", PUBLISHER(language), wrong_language, "bad-language"},
    {"contact", PUBLISHER(contact), rf_value_wrong_mail, "bad-mail"},
};
static const struct field publisher_addresses[] = {
    {"home", PUBLISHER(home), wrong_web_address, "bad-url"},
    {"documents", PUBLISHER(documents), wrong_web_address, "bad-url"},
    {"subscribe", PUBLISHER(subscribe), wrong_web_address, "bad-url"},
    {"all_decisions", PUBLISHER(all_decisions), wrong_web_address, "bad-url"},
    {"accessibility", PUBLISHER(accessibility), wrong_web_address, "bad-url"},
    {"privacy", PUBLISHER(privacy), wrong_web_address, "bad-url"},
};
static const struct field board_fields[] = {
    {"id", BOARD(id), rf_value_wrong_word, "bad-id"},
};
static const struct field board_addresses[] = {
    {"documents", BOARD(documents), wrong_web_address, "bad-url"},
    {"meetings", BOARD(meetings), wrong_web_address, "bad-url"},
    {"members", BOARD(members), wrong_web_address, "bad-url"},
};
static const struct field dated_fields[] = {
    {"name", DATED(name), wrong_name, "bad-name"},
    {"from", DATED(from), wrong_day, "bad-date"},
    {"to", DATED(to), wrong_day, "bad-date"},
};

static char **field_of(void *message, const struct field *field)
{
	return (char **)(void *)((char *)message + field->offset);
}

/* Reads the keys of the map that are in the table; others are left alone. */
static void read_fields(const struct rf_yaml_node *map, const struct field *fields, size_t n_fields, void *message,
			struct rf_diagnostics *diagnostics)
{
	for (size_t i = 0; i < n_fields; i++) {
		const struct rf_yaml_node *node = rf_yaml_get(map, fields[i].name);
		const char *text = node ? rf_value_text(node, diagnostics) : NULL;
		const char *wrong = text ? fields[i].wrong(text) : NULL;
		if (wrong)
			rf_yaml_error(diagnostics, node, fields[i].code, "'%s': %s", text, wrong);
		else if (text)
			*field_of(message, &fields[i]) = rf_strdup(text);
	}
}

/* The map under "addresses": roles and where they lead. */
static void read_addresses(const struct rf_yaml_node *owner, const struct field *roles, size_t n_roles, void *message,
			   struct rf_diagnostics *diagnostics)
{
	enum { ROLES_MOST = 8 };
	const struct rf_yaml_node *map = rf_yaml_get(owner, "addresses");
	if (!map || !rf_value_is_map(map, diagnostics))
		return;
	const char *names[ROLES_MOST];
	for (size_t i = 0; i < n_roles; i++)
		names[i] = roles[i].name;
	rf_value_check_keys(map, names, n_roles, diagnostics);
	read_fields(map, roles, n_roles, message, diagnostics);
}

static bool must_have(const struct rf_yaml_node *map, const char *key, struct rf_diagnostics *diagnostics)
{
	if (rf_yaml_get(map, key))
		return true;
	rf_yaml_error(diagnostics, map, "missing-key", "'%s' is missing", key);
	return false;
}

/* ---- boards ------------------------------------------------------------------------------------------------------ */

static bool overlap(const Referat__DatedName *a, const Referat__DatedName *b)
{
	bool a_ends_before = a->to && b->from && strcmp(a->to, b->from) < 0;
	bool b_ends_before = b->to && a->from && strcmp(b->to, a->from) < 0;
	return !a_ends_before && !b_ends_before;
}

bool rf_dated_name_holds(const Referat__DatedName *name, const char *day)
{
	/* Days as ISO texts sort as days do. */
	return !day || ((!name->from || strcmp(name->from, day) <= 0) && (!name->to || strcmp(day, name->to) <= 0));
}

static void add_name(Referat__BoardEntry *board, Referat__DatedName *name)
{
	board->names = rf_realloc_array(board->names, board->n_names + 1, sizeof(Referat__DatedName *));
	board->names[board->n_names++] = name;
}

static Referat__DatedName *dated_name_new(void)
{
	Referat__DatedName *name = rf_alloc(sizeof(*name));
	referat__dated_name__init(name);
	return name;
}

/* Checks the last name of the board, by itself and against those before it. */
static void check_dates(const struct rf_yaml_node *node, const Referat__BoardEntry *board,
			struct rf_diagnostics *diagnostics)
{
	const Referat__DatedName *name = board->names[board->n_names - 1];
	if (name->from && name->to && strcmp(name->to, name->from) < 0)
		rf_yaml_error(diagnostics, rf_yaml_get(node, "to"), "bad-date",
			      "the name ends (%s) before it starts (%s)", name->to, name->from);
	for (size_t i = 0; i + 1 < board->n_names; i++)
		if (board->names[i]->name && overlap(board->names[i], name)) {
			rf_yaml_error(diagnostics, node, "overlapping-names",
				      "the time of '%s' overlaps that of '%s'; a board has one name at a time ('to' is "
				      "the last day)",
				      name->name, board->names[i]->name);
			return;
		}
}

static void read_dated_name(const struct rf_yaml_node *node, Referat__BoardEntry *board,
			    struct rf_diagnostics *diagnostics)
{
	static const char *const keys[] = {"name", "from", "to"};
	if (!rf_value_is_map(node, diagnostics))
		return;
	rf_value_check_keys(node, keys, RF_COUNT(keys), diagnostics);
	must_have(node, "name", diagnostics);
	size_t before = diagnostics->n_errors;
	Referat__DatedName *name = dated_name_new();
	add_name(board, name);
	read_fields(node, dated_fields, RF_COUNT(dated_fields), name, diagnostics);
	if (diagnostics->n_errors == before)
		check_dates(node, board, diagnostics);
}

/* `name:` for a board that was never renamed, else `names:`. */
static void read_names(const struct rf_yaml_node *node, Referat__BoardEntry *board, struct rf_diagnostics *diagnostics)
{
	static const struct field only = {"name", DATED(name), wrong_name, "bad-name"};
	const struct rf_yaml_node *name = rf_yaml_get(node, "name");
	const struct rf_yaml_node *names = rf_yaml_get(node, "names");
	if (!name == !names) {
		rf_yaml_error(diagnostics, node, "missing-key",
			      "a board has either 'name' or, when it was renamed, 'names'");
		return;
	}
	if (name) {
		add_name(board, dated_name_new());
		read_fields(node, &only, 1, board->names[0], diagnostics);
		return;
	}
	if (names->kind != RF_YAML_LIST || !names->n) {
		rf_yaml_error(diagnostics, names, "wrong-type",
			      "%s stands here; expected a list of {name: …, from: …, to: …}", rf_yaml_kind_name(names));
		return;
	}
	for (const struct rf_yaml_node *entry = names->first; entry; entry = entry->next)
		read_dated_name(entry, board, diagnostics);
}

/* A name that a board has had, as names are compared. */
struct known_name {
	const Referat__BoardEntry *board;
	const Referat__DatedName *name;
	char *folded;
};

/* What is known while the boards are read. */
struct boards {
	Referat__Publisher *publisher;
	struct rf_diagnostics *diagnostics;
	struct known_name *names;
	size_t n_names;
};

static void check_id(const struct boards *boards, const struct rf_yaml_node *node, const Referat__BoardEntry *board)
{
	for (size_t i = 0; i < boards->publisher->n_boards && board->id; i++) {
		const char *other = boards->publisher->boards[i]->id;
		if (other && strcmp(board->id, other) == 0)
			rf_yaml_error(boards->diagnostics, rf_yaml_get(node, "id"), "duplicate-board",
				      "another board has the id '%s' already", board->id);
	}
}

/* Minutes name their board by its name: two boards can't have the same at the same time. */
static void check_name(struct boards *boards, const struct rf_yaml_node *node, const Referat__BoardEntry *board,
		       const Referat__DatedName *name)
{
	char *folded = rf_text_fold(name->name ? name->name : "");
	for (size_t i = 0; i < boards->n_names && *folded; i++) {
		const struct known_name *known = &boards->names[i];
		if (known->board != board && strcmp(known->folded, folded) == 0 && overlap(known->name, name))
			rf_yaml_error(boards->diagnostics, node, "ambiguous-board",
				      "'%s' is the name of board '%s' at the same time", name->name,
				      known->board->id ? known->board->id : "?");
	}
	boards->names = rf_realloc_array(boards->names, boards->n_names + 1, sizeof(*boards->names));
	boards->names[boards->n_names++] = (struct known_name){board, name, folded};
}

static void read_board(struct boards *boards, const struct rf_yaml_node *node)
{
	static const char *const keys[] = {"id", "name", "names", "addresses"};
	struct rf_diagnostics *diagnostics = boards->diagnostics;
	Referat__Publisher *publisher = boards->publisher;
	if (!rf_value_is_map(node, diagnostics))
		return;
	rf_value_check_keys(node, keys, RF_COUNT(keys), diagnostics);
	must_have(node, "id", diagnostics);
	Referat__BoardEntry *board = rf_alloc(sizeof(*board));
	referat__board_entry__init(board);
	read_fields(node, board_fields, RF_COUNT(board_fields), board, diagnostics);
	read_names(node, board, diagnostics);
	read_addresses(node, board_addresses, RF_COUNT(board_addresses), board, diagnostics);
	check_id(boards, node, board);
	for (size_t i = 0; i < board->n_names; i++)
		check_name(boards, node, board, board->names[i]);
	publisher->boards = rf_realloc_array(publisher->boards, publisher->n_boards + 1, sizeof(Referat__BoardEntry *));
	publisher->boards[publisher->n_boards++] = board;
}

static void read_boards(const struct rf_yaml_node *root, Referat__Publisher *publisher,
			struct rf_diagnostics *diagnostics)
{
	const struct rf_yaml_node *list = rf_yaml_get(root, "boards");
	struct boards boards = {.publisher = publisher, .diagnostics = diagnostics};
	if (!list)
		return;
	if (list->kind != RF_YAML_LIST || !list->n) {
		rf_yaml_error(diagnostics, list, "wrong-type", "%s stands here; expected a list of at least one board",
			      list->kind == RF_YAML_LIST ? "an empty list" : rf_yaml_kind_name(list));
		return;
	}
	for (const struct rf_yaml_node *node = list->first; node; node = node->next)
		read_board(&boards, node);
	for (size_t i = 0; i < boards.n_names; i++)
		free(boards.names[i].folded);
	free(boards.names);
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void read_publisher(const struct rf_yaml_node *root, Referat__Publisher *publisher,
			   struct rf_diagnostics *diagnostics)
{
	static const char *const keys[] = {"referat",  "name",    "short_name", "time_zone",
					   "language", "contact", "addresses",  "boards"};
	static const char *const required[] = {"name", "time_zone", "boards"};
	if (!rf_value_is_map(root, diagnostics))
		return;
	rf_value_check_keys(root, keys, RF_COUNT(keys), diagnostics);
	rf_value_check_version(root, diagnostics);
	for (size_t i = 0; i < RF_COUNT(required); i++)
		must_have(root, required[i], diagnostics);
	read_fields(root, publisher_fields, RF_COUNT(publisher_fields), publisher, diagnostics);
	read_addresses(root, publisher_addresses, RF_COUNT(publisher_addresses), publisher, diagnostics);
	read_boards(root, publisher, diagnostics);
	if (!publisher->short_name)
		publisher->short_name = rf_strdup(publisher->name);
	if (!publisher->language)
		publisher->language = rf_strdup("sv");
}

int rf_publisher_read(const char *path, const char *copy, struct rf_diagnostics *diagnostics,
		      Referat__Publisher **publisher, char **text, struct rf_error *error)
{
	struct rf_yaml *yaml = NULL;
	size_t before = diagnostics->n_errors;
	int status = rf_yaml_read_copy(path, copy, diagnostics, &yaml, error);
	if (status < 0)
		return status;
	if (status)
		return status == RF_YAML_MISSING ? RF_PUBLISHER_MISSING : RF_PUBLISHER_WRONG;

	Referat__Publisher *read = rf_alloc(sizeof(*read));
	referat__publisher__init(read);
	read_publisher(yaml->root, read, diagnostics);
	rf_autofree char *whole = rf_steal(yaml->text);
	rf_yaml_free(yaml);
	if (diagnostics->n_errors != before) {
		rf_publisher_free(read);
		return RF_PUBLISHER_WRONG;
	}
	*text = rf_steal(whole);
	*publisher = read;
	return 0;
}

void rf_publisher_free(Referat__Publisher *publisher)
{
	if (publisher)
		referat__publisher__free_unpacked(publisher, NULL);
}
