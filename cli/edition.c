#include "cli/edition.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

static int write_all(int fd, const char *text)
{
	for (size_t size = strlen(text); size > 0;) {
		ssize_t written = write(fd, text, size);
		if (written < 0)
			return -1;
		text += written;
		size -= (size_t)written;
	}
	return 0;
}

/* A file in memory that nobody can change. Returns its descriptor, out of the way of the low ones, which children get
 * with a meaning. */
static int make_copy(const char *text, struct rf_error *error)
{
	enum { HIGH = 10 };
	int low = memfd_create("definition", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int high = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, HIGH);
	if (low >= 0)
		close(low);
	if (high >= 0 && write_all(high, text) == 0 &&
	    fcntl(high, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
		return high;
	int result = rf_error_errno(error, "the definition can't be kept in memory");
	if (high >= 0)
		close(high);
	return result;
}

static int load(const char *path, const char *plugins, struct rf_edition *edition, struct rf_error *error)
{
	if (rf_registry_scan(plugins, &edition->registry, error) < 0)
		return EX_CONFIG;
	const struct rf_pipeline_options options = {.registry = &edition->registry, .check_secrets = true};
	struct rf_diagnostics diagnostics = {0};
	int status = rf_pipeline_load(path, &options, &edition->pipeline, &diagnostics, error);
	rf_diagnostics_print(&diagnostics, stderr, rf_text_colours(STDERR_FILENO));
	rf_diagnostics_deinit(&diagnostics);
	if (status)
		return status < 0 ? EX_NOINPUT : EX_CONFIG;
	edition->copy = make_copy(edition->pipeline->text, error);
	if (edition->copy >= 0)
		edition->publisher_copy = make_copy(edition->pipeline->publisher_text, error);
	return edition->publisher_copy < 0 ? EX_OSERR : EX_OK;
}

int rf_edition_load(const char *path, const char *plugins, struct rf_edition **edition, struct rf_error *error)
{
	struct rf_edition *loaded = rf_alloc(sizeof *loaded);
	loaded->copy = loaded->publisher_copy = -1;
	error->text[0] = '\0';
	int status = load(path, plugins, loaded, error);
	if (status == EX_OK)
		*edition = loaded;
	else
		rf_edition_free(loaded);
	return status;
}

void rf_edition_free(struct rf_edition *edition)
{
	if (!edition)
		return;
	if (edition->copy >= 0)
		close(edition->copy);
	if (edition->publisher_copy >= 0)
		close(edition->publisher_copy);
	rf_pipeline_free(edition->pipeline);
	rf_registry_deinit(&edition->registry);
	free(edition);
}
