#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unistd.h>

enum { DEPTH_MOST = 16, FILES_MOST = 200000, NAME_MOST = 1024 };

struct look {
	struct referat_call *call;
	char *root; /* of the folder, links resolved */
	struct files *files;
	bool recursive;
};

/* Memory that lasts from look to look; none left ends the process, as everywhere. */
static void *kept(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static bool ends(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t size = strlen(ending);
	return length >= size && !strcasecmp(name + length - size, ending);
}

/* Names that programs give to files of their own. */
static bool is_furniture(const char *name)
{
	static const char *const endings[] = {".part", ".tmp", ".partial", ".crdownload", ".swp", "~"};
	if (name[0] == '.' || !strncmp(name, "~$", 2) || !strcasecmp(name, "Thumbs.db") ||
	    !strcasecmp(name, "desktop.ini"))
		return true;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends(name, endings[i]))
			return true;
	return false;
}

/* The same name in NFC, whatever the system that wrote it prefers; NULL: it is not UTF-8, or too long. */
static const char *key_of(struct referat_call *call, const char *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[NAME_MOST];
	UChar composed[NAME_MOST];
	char key[3 * NAME_MOST];
	int32_t length = 0;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	u_strFromUTF8(wide, NAME_MOST, &length, name, -1, &status);
	length = unorm2_normalize(nfc, wide, length, composed, NAME_MOST, &status);
	u_strToUTF8(key, sizeof key, NULL, composed, length, &status);
	return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING ? referat_copy(call, key, strlen(key))
									      : NULL;
}

/* A name that is not UTF-8, so that people can be told of it. */
static const char *legible(struct referat_call *call, const char *name)
{
	char *text = (char *)referat_copy(call, name, strlen(name));
	for (char *c = text; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	return text;
}

static struct file *add(struct look *look, const char *key, const char *path, const struct stat *status)
{
	struct files *files = look->files;
	if (files->n == FILES_MOST)
		return NULL;
	if (files->n == files->room) {
		files->room = files->room ? 2 * files->room : 64;
		files->list = kept(realloc(files->list, files->room * sizeof *files->list));
	}
	struct file *file = &files->list[files->n++];
	*file = (struct file){.key = kept(strdup(key)), .path = kept(strdup(path)), .status = *status};
	return file;
}

static bool is_below(const char *root, const char *path)
{
	size_t length = strlen(root);
	return !strncmp(path, root, length) && (path[length] == '/' || !strcmp(root, "/"));
}

/* A link is followed to a file that lies in the folder too, not out of it and not to another folder. */
static const char *resolve(struct look *look, const char *path, struct stat *status, char resolved[PATH_MAX])
{
	if (!realpath(path, resolved) || stat(resolved, status))
		return "source.folder.link-nowhere";
	if (!is_below(look->root, resolved))
		return "source.folder.link-out";
	return S_ISREG(status->st_mode) ? NULL : "source.folder.link-no-file";
}

static const char *why_unreadable(struct look *look, const char *path, const struct stat *status)
{
	int64_t most = referat_option_number(look->call, "max_size");
	if (!S_ISREG(status->st_mode))
		return "source.folder.no-file";
	if (most && status->st_size > most)
		return "source.folder.too-large";
	return access(path, R_OK) ? "source.folder.forbidden" : NULL;
}

static void look_into(struct look *look, const char *folder, const char *key, int depth);

static void look_at(struct look *look, const char *folder, const char *key, const char *name, int depth)
{
	struct referat_call *call = look->call;
	const char *path = referat_format(call, "%s/%s", folder, name);
	const char *name_key = key_of(call, name);
	char resolved[PATH_MAX];
	struct stat status;
	const char *unreadable = NULL;
	if (is_furniture(name) || lstat(path, &status))
		return;
	const char *whole =
	    referat_format(call, "%s%s%s", key, key[0] ? "/" : "", name_key ? name_key : legible(call, name));
	if (S_ISDIR(status.st_mode)) {
		if (look->recursive && name_key && depth < DEPTH_MOST)
			look_into(look, path, whole, depth + 1);
		return;
	}
	if (S_ISLNK(status.st_mode)) {
		unreadable = resolve(look, path, &status, resolved);
		path = unreadable ? path : resolved;
	}
	if (!unreadable)
		unreadable = why_unreadable(look, path, &status);
	struct file *file = add(look, whole, path, &status);
	if (!file)
		return;
	file->unreadable = unreadable;
	file->nameless = name_key ? NULL : "its name is not UTF-8";
}

static void look_into(struct look *look, const char *folder, const char *key, int depth)
{
	DIR *entries = opendir(folder);
	if (!entries) {
		referat_log(look->call, REFERAT_LOG_WARNING, "can't read the folder %s: %s", folder, strerror(errno));
		return;
	}
	for (const struct dirent *entry; (entry = readdir(entries)) && !referat_stopping(look->call);)
		look_at(look, folder, key, entry->d_name, depth);
	closedir(entries);
}

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->key, ((const struct file *)b)->key);
}

bool folder_look(struct referat_call *call, const char *folder, struct files *files)
{
	struct look look = {.call = call, .files = files, .recursive = referat_option_flag(call, "recursive")};
	look.root = realpath(folder, NULL);
	if (!look.root || access(look.root, R_OK | X_OK)) {
		referat_because(call, REFERAT_YIELD, "can't read the folder %s: %s", folder, strerror(errno));
		free(look.root);
		return false;
	}
	look_into(&look, look.root, "", 0);
	free(look.root);
	if (files->n)
		qsort(files->list, files->n, sizeof *files->list, compare_files);
	for (size_t i = 1; i < files->n; i++)
		if (!strcmp(files->list[i].key, files->list[i - 1].key))
			files->list[i].nameless = "another file has the same name in other characters";
	return true;
}

void files_deinit(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->list[i].key);
		free(files->list[i].path);
	}
	free(files->list);
	*files = (struct files){0};
}
