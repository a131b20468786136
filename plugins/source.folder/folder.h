/* What lies in a folder: the files that could be documents, in the order of their keys. */
#ifndef SOURCE_FOLDER_H
#define SOURCE_FOLDER_H

#include <referat/plugin.h>
#include <sys/stat.h>

struct file {
	char *key;  /* path below the folder, NFC; owned */
	char *path; /* as the system names it, links resolved; owned */
	struct stat status;
	int64_t since_us;       /* monotonic: unchanged from then on */
	bool handled;           /* handed over, or refused: nothing to do until it changes */
	const char *unreadable; /* key of the text that says why to the publisher; NULL: it is not */
	const char *nameless;   /* why it has no name to hand it over by, in words; NULL: it has one */
};

struct files {
	struct file *list;
	size_t n, room;
};

/* Looks once. Files that are nobody's documents (hidden, lock files of office programs, unfinished downloads) are left
 * out; what should be one and can't be is there with the reason. False: the folder itself can't be read, and the call's
 * reason says why. */
bool folder_look(struct referat_call *call, const char *folder, struct files *files);
void files_deinit(struct files *files);

#endif
