#include "plugin/safety.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What plugins for this processor say in their ELF header; 0: not known here, any is tried. */
#if defined(__x86_64__)
enum { OUR_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { OUR_MACHINE = EM_AARCH64 };
#else
enum { OUR_MACHINE = 0 };
#endif

bool rf_safety_is_exec(const char *path)
{
	return rf_text_ends(path, ".exec");
}

char *rf_safety_path(const char *path)
{
	rf_autofree char *folder = rf_path_folder(path);
	rf_autofree char *real = realpath(folder, NULL);
	const char *slash = strrchr(path, '/');
	return real ? rf_path_join(real, slash ? slash + 1 : path) : NULL;
}

static int check_folder(const char *path, struct rf_error *error)
{
	rf_autofree char *folder = rf_path_folder(path);
	struct stat at;
	if (stat(folder, &at))
		return rf_error_errno(error, "%s", folder);
	if ((at.st_mode & S_IWOTH) && !(at.st_mode & S_ISVTX))
		return rf_error_set(error, "%s: anybody may write in its folder %s; run: chmod o-w %s", path, folder,
				    folder);
	return 0;
}

static int check_rights(const char *path, const struct stat *at, struct rf_error *error)
{
	if (!S_ISREG(at->st_mode))
		return rf_error_set(error, "%s: not a file", path);
	if (at->st_uid != 0 && at->st_uid != geteuid())
		return rf_error_set(error,
				    "%s: belongs to user %u; it must be root's or belong to the user who runs Referat",
				    path, (unsigned)at->st_uid);
	if (at->st_mode & S_IWOTH)
		return rf_error_set(error, "%s: anybody may write to it (mode %04o); run: chmod o-w %s", path,
				    (unsigned)(at->st_mode & 07777), path);
	bool own = at->st_uid == geteuid() && at->st_gid == getegid();
	if ((at->st_mode & S_IWGRP) && !own)
		return rf_error_set(error, "%s: group %u may write to it (mode %04o); run: chmod g-w %s", path,
				    (unsigned)at->st_gid, (unsigned)(at->st_mode & 07777), path);
	return 0;
}

static int check_elf(const char *path, int fd, struct rf_error *error)
{
	Elf64_Ehdr header;
	ssize_t n = pread(fd, &header, sizeof header, 0);
	if (n < (ssize_t)sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN)
		return rf_error_set(error, "%s: not a shared object; build it with cc -shared -fPIC", path);
	if (OUR_MACHINE != 0 && (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != OUR_MACHINE))
		return rf_error_set(error, "%s: built for another processor (ELF machine %u); rebuild it on this one",
				    path, header.e_machine);
	return 0;
}

int rf_safety_check(const char *path, struct rf_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return rf_error_errno(error, "%s", path);
	struct stat at;
	int status = fstat(fd, &at) ? rf_error_errno(error, "%s", path) : check_rights(path, &at, error);
	if (!status && !rf_safety_is_exec(path))
		status = check_elf(path, fd, error);
	else if (!status && !(at.st_mode & S_IXUSR))
		status = rf_error_set(error, "%s: not executable; run: chmod +x %s", path, path);
	close(fd);
	return status ? status : check_folder(path, error);
}
