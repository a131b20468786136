/* From a zip file to the XML in it, with bounds. */
#include "reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <string.h>
#include <strings.h>

enum { CHUNK = 64 * 1024 };

enum problem { NONE, DAMAGED, ENCRYPTED, TOO_LARGE };

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);
	size_t end_size = strlen(end);
	return size >= end_size && strcasecmp(text + size - end_size, end) == 0;
}

struct referat_bytes package_part(const struct package *package, const char *name)
{
	for (size_t i = 0; i < package->n_parts; i++)
		if (strcmp(package->parts[i].name, name) == 0)
			return package->parts[i].bytes;
	return (struct referat_bytes){0};
}

/* ---- what is no package ------------------------------------------------------------------------------------------ */

/* The container of older formats; Word puts encrypted documents into one as well. */
static bool is_compound(struct referat_bytes source)
{
	return source.size >= 8 && memcmp(source.data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

static enum referat_result refuse_compound(struct referat_call *call, struct referat_bytes source)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e"; /* of a stream, in UTF-16 */
	bool encrypted = memmem(source.data, source.size, name, sizeof(name)) != NULL;
	return hold(call, encrypted ? "reader.office.encrypted" : "reader.office.old");
}

/* ---- unpacking --------------------------------------------------------------------------------------------------- */

struct unpacking {
	struct referat_call *call;
	struct archive *archive;
	struct package *package;
	size_t unpacked;
};

/* Reads to the end of the entry. The size that the zip file says is not believed: the bytes are counted. */
static enum problem read_entry(struct unpacking *unpacking, struct referat_bytes *bytes)
{
	size_t size = 0;
	size_t capacity = CHUNK;
	char *data = referat_alloc(unpacking->call, capacity + 1);
	for (;;) {
		if (size == capacity) {
			char *larger = referat_alloc(unpacking->call, 2 * capacity + 1);
			memcpy(larger, data, size);
			data = larger;
			capacity *= 2;
		}
		la_ssize_t got = archive_read_data(unpacking->archive, data + size, capacity - size);
		if (got < 0)
			return archive_read_has_encrypted_entries(unpacking->archive) > 0 ? ENCRYPTED : DAMAGED;
		size += (size_t)got;
		unpacking->unpacked += (size_t)got;
		if (size > MOST_PART_SIZE || unpacking->unpacked > MOST_UNPACKED)
			return TOO_LARGE;
		if (got == 0)
			break;
	}
	data[size] = '\0';
	*bytes = (struct referat_bytes){(const uint8_t *)data, size};
	return NONE;
}

/* Two entries of one name could be read as two documents. */
static enum problem keep_entry(struct unpacking *unpacking, const char *name)
{
	struct package *package = unpacking->package;
	if (package_part(package, name).data)
		return DAMAGED;
	if (package->n_parts == MOST_PARTS)
		return TOO_LARGE;
	struct package_part *part = &package->parts[package->n_parts];
	part->name = referat_copy(unpacking->call, name, strlen(name));
	enum problem problem = read_entry(unpacking, &part->bytes);
	package->n_parts += problem == NONE;
	return problem;
}

static enum problem take_entry(struct unpacking *unpacking, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);
	if (!name)
		return DAMAGED;
	if (archive_entry_is_data_encrypted(entry))
		return ENCRYPTED;
	if (ends_with(name, "/vbaProject.bin"))
		unpacking->package->has_macros = true;
	if (!ends_with(name, ".xml") && !ends_with(name, ".rels"))
		return NONE;
	return keep_entry(unpacking, name);
}

static enum problem read_all(struct unpacking *unpacking)
{
	struct archive_entry *entry;
	for (size_t n = 0;; n++) {
		int status = archive_read_next_header(unpacking->archive, &entry);
		if (status == ARCHIVE_EOF)
			return NONE;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return DAMAGED;
		enum problem problem = n < MOST_ENTRIES ? take_entry(unpacking, entry) : TOO_LARGE;
		if (problem != NONE)
			return problem;
	}
}

static enum problem unpack(struct referat_call *call, struct referat_bytes source, struct package *package)
{
	struct archive *archive = archive_read_new();
	struct unpacking unpacking = {.call = call, .archive = archive, .package = package};
	enum problem problem = DAMAGED;
	archive_read_support_format_zip_seekable(archive);
	if (archive_read_open_memory(archive, source.data, source.size) == ARCHIVE_OK)
		problem = read_all(&unpacking);
	archive_read_free(archive);
	return problem;
}

enum referat_result package_read(struct referat_call *call, struct referat_bytes source, struct package *package)
{
	static const char *const keys[] = {[DAMAGED] = "reader.office.damaged",
					   [ENCRYPTED] = "reader.office.encrypted",
					   [TOO_LARGE] = "reader.office.too_much"};
	if (is_compound(source))
		return refuse_compound(call, source);
	*package = (struct package){.parts = referat_alloc(call, MOST_PARTS * sizeof(struct package_part))};
	enum problem problem = unpack(call, source, package);
	if (problem == NONE && package->n_parts == 0)
		problem = DAMAGED;
	return problem == NONE ? REFERAT_OK : hold(call, keys[problem]);
}
