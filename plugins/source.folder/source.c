/* source.folder: documents are files that somebody puts into a folder.
 *
 * Nothing is ever taken out of it. A file is handed over when two looks, `settle` apart on the monotonic clock, find it
 * unchanged (size, time of change, file number): one that is still being copied is left alone. What was handed over is
 * remembered in memory only: after a restart all is handed over again, and the same bytes do nothing. */
#include "folder.h"

#include <referat/words.h>
#include <stdlib.h>
#include <string.h>

static enum referat_result start(struct referat_call *call)
{
	call->state = calloc(1, sizeof(struct files));
	return call->state ? REFERAT_OK : referat_because(call, REFERAT_FAIL, "out of memory");
}

static enum referat_result end(struct referat_call *call)
{
	if (call->state)
		files_deinit(call->state);
	free(call->state);
	call->state = NULL;
	return REFERAT_OK;
}

static bool is_same(const struct file *a, const struct file *b)
{
	return a->status.st_size == b->status.st_size && a->status.st_ino == b->status.st_ino &&
	       a->status.st_dev == b->status.st_dev && a->status.st_mtim.tv_sec == b->status.st_mtim.tv_sec &&
	       a->status.st_mtim.tv_nsec == b->status.st_mtim.tv_nsec && !strcmp(a->path, b->path) &&
	       a->unreadable == b->unreadable && a->nameless == b->nameless;
}

/* What was known of each file goes on where it is unchanged. Both lists are in the order of keys. */
static void remember(const struct files *before, struct files *now, int64_t now_us)
{
	size_t k = 0;
	for (size_t i = 0; i < now->n; i++) {
		struct file *file = &now->list[i];
		file->since_us = now_us;
		while (k < before->n && strcmp(before->list[k].key, file->key) < 0)
			k++;
		for (size_t m = k; m < before->n && !strcmp(before->list[m].key, file->key); m++)
			if (is_same(&before->list[m], file)) {
				file->since_us = before->list[m].since_us;
				file->handled = before->list[m].handled;
			}
	}
}

/* The same reason every time, so that the document is held once. */
static struct referat_submission unreadable(struct referat_call *call, const struct file *file)
{
	const char *most = referat_size_text(call, referat_option_number(call, "max_size"));
	const char *reason = referat_say(call, file->unreadable, "most", most, NULL);
	return (struct referat_submission){.type = REFERAT_UNREADABLE,
					   .data = {(const uint8_t *)reason, strlen(reason)}};
}

/* OK; RETRY: the store is full, the rest waits as well. */
static enum referat_result hand_over(struct referat_call *call, struct file *file)
{
	const char *slash = strrchr(file->key, '/');
	if (file->nameless) {
		referat_log(call, REFERAT_LOG_WARNING, "%s is left out: %s", file->key, file->nameless);
		file->handled = true;
		return REFERAT_OK;
	}
	struct referat_submission submission =
	    file->unreadable ? unreadable(call, file) : (struct referat_submission){.path = file->path};
	submission.key = file->key;
	submission.name = slash ? slash + 1 : file->key;
	enum referat_result result = referat_submit(call, submission);
	file->handled = result == REFERAT_OK || result == REFERAT_FAIL;
	return file->handled ? REFERAT_OK : REFERAT_RETRY;
}

static enum referat_result run(struct referat_call *call)
{
	struct files *before = call->state;
	struct files now = {0};
	int64_t now_us = referat_monotonic(call);
	int64_t settle_us = referat_option_number(call, "settle");
	if (!folder_look(call, referat_option(call, "path"), &now))
		return REFERAT_YIELD;
	remember(before, &now, now_us);
	files_deinit(before);
	*before = now;
	size_t settling = 0;
	for (size_t i = 0; i < now.n && !referat_stopping(call); i++) {
		struct file *file = &before->list[i];
		if (file->handled)
			continue;
		if (now_us - file->since_us < settle_us)
			settling++;
		else if (hand_over(call, file) != REFERAT_OK)
			return referat_because(call, REFERAT_RETRY, "the store takes no more for now");
		referat_progress(call);
	}
	if (!settling)
		return REFERAT_OK;
	return referat_because(call, REFERAT_RETRY, "%zu file%s may still be changing", settling,
			       settling == 1 ? "" : "s");
}

static const struct referat_option options[] = {
    {.name = "path", .type = REFERAT_PATH, .required = true, .help = "the folder"},
    {.name = "settle",
     .type = REFERAT_DURATION,
     .fallback = "2s",
     .help = "how long a file must be unchanged before it is taken"},
    {.name = "max_size",
     .type = REFERAT_SIZE,
     .fallback = "300MiB",
     .max = 300 * 1024 * 1024,
     .help = "larger files are held, unread"},
    {.name = "recursive", .type = REFERAT_BOOLEAN, .fallback = "true", .help = "whether folders in the folder count"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_SOURCE,
    .name = "source.folder",
    .version = REFERAT_VERSION,
    .summary = "takes the files that are put into a folder",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .close = end,
    .run = run,
};
