/* channel.maildir: writes each mail as a file into a maildir, for tests, demonstrations and local delivery.
 *
 * The file is named after the effect, so what was interrupted is found again and nobody gets a mail twice. */
#include <referat/files.h>
#include <referat/mail.h>

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *folder_of(struct referat_call *call, const char *name)
{
	const char *path = referat_option(call, "path");
	if (!path[0])
		path = referat_format(call, "%s/maildir", referat_get(call, "state"));
	return referat_format(call, "%s/%s", path, name);
}

/* A reader of mail moves it from new/ to cur/ and adds its flags: "NAME:2,S". */
static bool is_in(struct referat_call *call, const char *folder, const char *name)
{
	DIR *entries = opendir(folder_of(call, folder));
	size_t length = strlen(name);
	bool found = false;
	if (!entries)
		return false;
	for (const struct dirent *entry; !found && (entry = readdir(entries));)
		found = !strncmp(entry->d_name, name, length) &&
			(entry->d_name[length] == '\0' || entry->d_name[length] == ':');
	closedir(entries);
	return found;
}

static enum referat_result lookup(struct referat_call *call)
{
	const char *name = referat_mail_name(call);
	struct stat status;
	bool is_new = !stat(referat_format(call, "%s/%s", folder_of(call, "new"), name), &status);
	return is_new || is_in(call, "cur", name) ? referat_published(call, name, NULL, NULL) : REFERAT_NOT_FOUND;
}

/* Mails name their recipients: they are for the user alone, as in any maildir. */
static enum referat_result make_maildir(struct referat_call *call)
{
	static const char *const folders[] = {"", "tmp", "new", "cur"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (mkdir(folder_of(call, folders[i]), 0700) && errno != EEXIST)
			return referat_because(call, REFERAT_YIELD, "can't make the maildir %s: %s",
					       folder_of(call, folders[i]), strerror(errno));
	return REFERAT_OK;
}

static enum referat_result put(struct referat_call *call)
{
	const char *name = referat_mail_name(call);
	if (!name[0])
		return referat_because(call, REFERAT_FAIL, "the effect has no key");
	if (lookup(call) == REFERAT_OK)
		return REFERAT_OK;
	enum referat_result result = make_maildir(call);
	if (result != REFERAT_OK)
		return result;
	struct referat_bytes mail = referat_mail_compose(call, "\n");
	if (!mail.data)
		return REFERAT_FAIL;
	result = referat_file_replace(call, referat_format(call, "%s/%s", folder_of(call, "new"), name),
				      referat_format(call, "%s/%s", folder_of(call, "tmp"), name), mail.data, mail.size,
				      true);
	return result == REFERAT_OK ? referat_published(call, name, NULL, NULL) : result;
}

static const struct referat_option options[] = {
    {.name = "path",
     .type = REFERAT_PATH,
     .help = "the maildir, made when it is missing; \"maildir\" in the state folder when not given"},
    REFERAT_MAIL_OPTIONS,
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHANNEL,
    .name = "channel.maildir",
    .version = REFERAT_VERSION,
    .summary = "writes mails into a maildir",
    .accepts = "text/plain text/html",
    .capabilities = REFERAT_CAN_LOOKUP,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .lookup = lookup,
    .recipients = referat_mail_recipients,
    .probe = make_maildir, /* changes nobody's mail */
};
