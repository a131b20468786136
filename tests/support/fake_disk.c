#include "tests/support/fake_disk.h"

#include "base/memory.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, LONGEST_NAME = 512 };

struct bytes {
	unsigned char *data;
	size_t size;
};

/* Something that was done to a file and is not synced: a write, or, without data, a change of size. */
struct change {
	struct change *next;
	size_t offset;
	size_t size;
	unsigned char *data;
};

struct file {
	struct file *next;
	char *name;
	bool is_there, is_on_disk; /* its name is */
	struct bytes seen;         /* what is read */
	struct bytes on_disk;
	struct change *changes, **last_change; /* that lead from one to the other */
};

/* What SQLite holds of an open file. */
struct handle {
	sqlite3_file base;
	struct file *file;
	bool syncs_names;
	bool remove_on_close;
};

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	struct file *files;
	bool dead;
	unsigned syncs, cut_at, seed;
	unsigned percent_made; /* when the power goes: of the changes of a file that were not synced */
	const char *bounded;   /* name of a file, or NULL */
	size_t bound;
} disk;

/* ---- files ------------------------------------------------------------------------------------------------------ */

static void resize(struct bytes *bytes, size_t size)
{
	if (size > bytes->size) {
		bytes->data = rf_realloc(bytes->data, size);
		memset(bytes->data + bytes->size, 0, size - bytes->size);
	}
	bytes->size = size;
}

static void put(struct bytes *bytes, size_t offset, const void *data, size_t size)
{
	if (offset + size > bytes->size)
		resize(bytes, offset + size);
	if (size)
		memcpy(bytes->data + offset, data, size);
}

static struct file *find(const char *name)
{
	struct file *file = disk.files;
	while (file && strcmp(file->name, name) != 0)
		file = file->next;
	return file;
}

static struct file *add_file(const char *name)
{
	struct file *file = rf_alloc(sizeof *file);
	file->name = rf_strdup(name);
	file->last_change = &file->changes;
	file->next = disk.files;
	disk.files = file;
	return file;
}

static void note_change(struct file *file, size_t offset, const void *data, size_t size)
{
	struct change *change = rf_alloc(sizeof *change);
	change->offset = offset;
	change->size = size;
	change->data = data ? rf_memdup(data, size) : NULL;
	*file->last_change = change;
	file->last_change = &change->next;
}

/* Takes each change from the list; how says what becomes of it on the disk. */
static void settle(struct file *file, void (*how)(struct file *file, const struct change *change))
{
	for (struct change *change = file->changes, *next; change; change = next) {
		next = change->next;
		how(file, change);
		free(change->data);
		free(change);
	}
	file->changes = NULL;
	file->last_change = &file->changes;
}

static void make(struct file *file, const struct change *change)
{
	if (change->data)
		put(&file->on_disk, change->offset, change->data, change->size);
	else
		resize(&file->on_disk, change->size);
}

static unsigned pick(unsigned n)
{
	return (unsigned)rand_r(&disk.seed) / 7 % n;
}

static void tear(struct file *file, const struct change *change)
{
	for (size_t done = 0; done < change->size; done += SECTOR) {
		size_t size = change->size - done < SECTOR ? change->size - done : SECTOR;
		if (pick(2))
			put(&file->on_disk, change->offset + done, change->data + done, size);
	}
}

static void make_perhaps(struct file *file, const struct change *change)
{
	if (pick(100) < disk.percent_made)
		make(file, change);
	else if (change->data && pick(2))
		tear(file, change);
}

static void forget(struct file *file, const struct change *change)
{
	(void)file;
	(void)change;
}

/* ---- power ------------------------------------------------------------------------------------------------------ */

static void lose_power(void)
{
	disk.dead = true;
	for (struct file *file = disk.files; file; file = file->next) {
		disk.percent_made = (const unsigned[]){0, 50, 98}[pick(3)];
		settle(file, make_perhaps);
		if (file->is_there != file->is_on_disk)
			file->is_on_disk = pick(2);
	}
}

void fake_disk_cut_power(unsigned nth_sync, unsigned seed)
{
	disk.cut_at = nth_sync ? disk.syncs + nth_sync : 0;
	disk.seed = seed;
}

bool fake_disk_has_power(void)
{
	return !disk.dead;
}

void fake_disk_restart(void)
{
	if (!disk.dead)
		lose_power();
	for (struct file *file = disk.files; file; file = file->next) {
		file->is_there = file->is_on_disk;
		if (!file->is_there)
			resize(&file->on_disk, 0);
		resize(&file->seen, 0);
		put(&file->seen, 0, file->on_disk.data, file->on_disk.size);
	}
	disk.dead = false;
	disk.cut_at = 0;
}

unsigned fake_disk_syncs(void)
{
	return disk.syncs;
}

void fake_disk_bound(const char *name, size_t n_bytes)
{
	disk.bounded = name;
	disk.bound = n_bytes;
}

static bool is_full(const struct file *growing, size_t size)
{
	return disk.bounded && strcmp(growing->name, disk.bounded) == 0 && size > growing->seen.size &&
	       size > disk.bound;
}

/* ---- methods of an open file ------------------------------------------------------------------------------------ */

static struct file *file_of(sqlite3_file *opened)
{
	return ((struct handle *)opened)->file;
}

static int method_close(sqlite3_file *opened)
{
	struct handle *handle = (struct handle *)opened;
	if (handle->remove_on_close)
		handle->file->is_there = false;
	return SQLITE_OK;
}

static int method_read(sqlite3_file *opened, void *data, int size, sqlite3_int64 offset)
{
	const struct bytes *seen = &file_of(opened)->seen;
	if (disk.dead)
		return SQLITE_IOERR_READ;
	size_t start = (size_t)offset < seen->size ? (size_t)offset : seen->size;
	size_t there = seen->size - start < (size_t)size ? seen->size - start : (size_t)size;
	memset(data, 0, (size_t)size);
	if (there)
		memcpy(data, seen->data + start, there);
	return there == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int method_write(sqlite3_file *opened, const void *data, int size, sqlite3_int64 offset)
{
	struct file *file = file_of(opened);
	if (disk.dead)
		return SQLITE_IOERR_WRITE;
	if (is_full(file, (size_t)offset + (size_t)size))
		return SQLITE_FULL;
	put(&file->seen, (size_t)offset, data, (size_t)size);
	note_change(file, (size_t)offset, data, (size_t)size);
	return SQLITE_OK;
}

static int method_truncate(sqlite3_file *opened, sqlite3_int64 size)
{
	struct file *file = file_of(opened);
	if (disk.dead)
		return SQLITE_IOERR_TRUNCATE;
	resize(&file->seen, (size_t)size);
	note_change(file, 0, NULL, (size_t)size);
	return SQLITE_OK;
}

static int method_sync(sqlite3_file *opened, int flags)
{
	(void)flags;
	if (disk.dead)
		return SQLITE_IOERR_FSYNC;
	if (++disk.syncs == disk.cut_at) {
		lose_power();
		return SQLITE_IOERR_FSYNC;
	}
	settle(file_of(opened), make);
	if (!((struct handle *)opened)->syncs_names)
		return SQLITE_OK;
	for (struct file *file = disk.files; file; file = file->next)
		file->is_on_disk = file->is_there;
	return SQLITE_OK;
}

static int method_size(sqlite3_file *opened, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)file_of(opened)->seen.size;
	return disk.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int method_lock(sqlite3_file *opened, int level)
{
	(void)opened;
	(void)level;
	return SQLITE_OK;
}

static int method_is_reserved(sqlite3_file *opened, int *reserved)
{
	(void)opened;
	*reserved = 0;
	return SQLITE_OK;
}

static int method_control(sqlite3_file *opened, int operation, void *argument)
{
	(void)opened;
	(void)operation;
	(void)argument;
	return SQLITE_NOTFOUND;
}

static int method_sector_size(sqlite3_file *opened)
{
	(void)opened;
	return 4096; /* what SQLite takes a real disk for */
}

static int method_characteristics(sqlite3_file *opened)
{
	(void)opened;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as for a real disk: a write harms nothing beside it */
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = method_close,
    .xRead = method_read,
    .xWrite = method_write,
    .xTruncate = method_truncate,
    .xSync = method_sync,
    .xFileSize = method_size,
    .xLock = method_lock,
    .xUnlock = method_lock,
    .xCheckReservedLock = method_is_reserved,
    .xFileControl = method_control,
    .xSectorSize = method_sector_size,
    .xDeviceCharacteristics = method_characteristics,
};

/* ---- methods of the disk ---------------------------------------------------------------------------------------- */

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *opened, int flags, int *flags_out)
{
	(void)vfs;
	struct handle *handle = (struct handle *)opened;
	*handle = (struct handle){0};
	if (disk.dead)
		return SQLITE_CANTOPEN;
	struct file *file = find(name ? name : "");
	if (!file)
		file = add_file(name ? name : "");
	if (!file->is_there && !(flags & SQLITE_OPEN_CREATE))
		return SQLITE_CANTOPEN;
	if (!file->is_there)
		resize(&file->seen, 0);
	file->is_there = true;
	*handle = (struct handle){
	    .base.pMethods = &methods,
	    .file = file,
	    .syncs_names = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL),
	    .remove_on_close = flags & SQLITE_OPEN_DELETEONCLOSE,
	};
	if (flags_out)
		*flags_out = flags;
	return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	(void)vfs;
	if (disk.dead)
		return SQLITE_IOERR_DELETE;
	struct file *file = find(name);
	if (!file || !file->is_there)
		return SQLITE_IOERR_DELETE_NOENT;
	file->is_there = false;
	if (sync_folder) {
		file->is_on_disk = false;
		settle(file, forget);
		resize(&file->on_disk, 0);
	}
	return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	(void)vfs;
	const struct file *file = find(name);
	*result = file && file->is_there && (flags != SQLITE_ACCESS_EXISTS || file->seen.size > 0);
	return disk.dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int disk_full_name(sqlite3_vfs *vfs, const char *name, int size, char *full)
{
	(void)vfs;
	sqlite3_snprintf(size, full, "%s", name);
	return SQLITE_OK;
}

static int disk_randomness(sqlite3_vfs *vfs, int size, char *bytes)
{
	(void)vfs;
	memset(bytes, 0x5a, (size_t)size); /* so that a run can be repeated */
	return size;
}

static int disk_sleep(sqlite3_vfs *vfs, int duration_us)
{
	(void)vfs;
	return duration_us;
}

static int disk_time(sqlite3_vfs *vfs, double *julian_day)
{
	(void)vfs;
	*julian_day = 2460000.5;
	return SQLITE_OK;
}

static int disk_last_error(sqlite3_vfs *vfs, int size, char *text)
{
	(void)vfs;
	if (size > 0)
		*text = '\0';
	return 0;
}

void fake_disk_install(void)
{
	memset(&disk, 0, sizeof disk);
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = (sqlite3_vfs){
	    .iVersion = 1,
	    .szOsFile = sizeof(struct handle),
	    .mxPathname = LONGEST_NAME,
	    .zName = "fake-disk",
	    .xOpen = disk_open,
	    .xDelete = disk_delete,
	    .xAccess = disk_access,
	    .xFullPathname = disk_full_name,
	    .xRandomness = disk_randomness,
	    .xSleep = disk_sleep,
	    .xCurrentTime = disk_time,
	    .xGetLastError = disk_last_error,
	};
	sqlite3_vfs_register(&disk.vfs, 1);
}

void fake_disk_remove(void)
{
	sqlite3_vfs_unregister(&disk.vfs);
	sqlite3_vfs_register(disk.real, 1);
	for (struct file *file = disk.files, *next; file; file = next) {
		next = file->next;
		settle(file, forget);
		free(file->seen.data);
		free(file->on_disk.data);
		free(file->name);
		free(file);
	}
	disk.files = NULL;
}
