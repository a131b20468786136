#include <referat/topics.h>

#include <referat/difference.h>
#include <referat/files.h>
#include <referat/words.h>

#include <string.h>

enum { BEGINNINGS_MOST = 64, FILE_MOST = 64 * 1024 };

struct topic {
	const char *name;
	const char *beginnings[BEGINNINGS_MOST]; /* of words, as slugs */
	size_t n;
	bool found;
};

struct topics {
	struct topic all[REFERAT_TOPICS_MOST];
	size_t n;
};

/* ---- the list ---------------------------------------------------------------------------------------------------- */

static const char *trimmed(struct referat_call *call, const char *text)
{
	text += strspn(text, " \t\r");
	size_t size = strlen(text);
	while (size > 0 && strchr(" \t\r", text[size - 1]))
		size--;
	return referat_copy(call, text, size);
}

/* "Skola: skola, elev". */
static bool read_line(struct referat_call *call, char *line, struct topic *topic)
{
	char *words = strchr(line, ':');
	if (!words)
		return false;
	*words++ = '\0';
	topic->name = trimmed(call, line);
	for (char *word; topic->n < BEGINNINGS_MOST && (word = strsep(&words, ","));) {
		const char *slug = referat_slug(call, word);
		if (slug[0])
			topic->beginnings[topic->n++] = slug;
	}
	return topic->name[0] && topic->n > 0;
}

static enum referat_result read_list(struct referat_call *call, struct topics *topics)
{
	const char *path = referat_option(call, "topics");
	if (!path[0])
		return REFERAT_OK;
	struct referat_bytes file = referat_file_read(call, path, FILE_MOST);
	if (!file.data)
		return referat_because(call, REFERAT_FAIL, "can't read the topics in %s (at most 64 KiB)", path);
	char *rest = (char *)referat_copy(call, file.data, file.size);
	int number = 0;
	for (char *line; (line = strsep(&rest, "\n"));) {
		number++;
		const char *text = trimmed(call, line);
		if (!text[0] || text[0] == '#')
			continue;
		if (topics->n == REFERAT_TOPICS_MOST || !read_line(call, (char *)text, &topics->all[topics->n]))
			return referat_because(call, REFERAT_FAIL,
					       "%s:%d: expected a topic and words ('Skola: skola, elev'), at most %d "
					       "topics",
					       path, number, REFERAT_TOPICS_MOST);
		topics->n++;
	}
	return REFERAT_OK;
}

static struct topics *new_topics(struct referat_call *call)
{
	return referat_alloc(call, sizeof(struct topics));
}

enum referat_result referat_topics_check(struct referat_call *call)
{
	return read_list(call, new_topics(call));
}

/* ---- the document ------------------------------------------------------------------------------------------------ */

static void mark(struct topics *topics, const char *word)
{
	for (size_t i = 0; i < topics->n; i++) {
		struct topic *topic = &topics->all[i];
		for (size_t j = 0; j < topic->n && !topic->found; j++)
			topic->found = strncmp(word, topic->beginnings[j], strlen(topic->beginnings[j])) == 0;
	}
}

enum referat_result referat_topics(struct referat_call *call, const char *names[static REFERAT_TOPICS_MOST], size_t *n)
{
	struct topics *topics = new_topics(call);
	enum referat_result result = read_list(call, topics);
	*n = 0;
	if (result != REFERAT_OK || topics->n == 0)
		return result;
	const char *text = referat_lines(call, referat_article(call));
	char *rest = (char *)referat_format(call, "%s %s", referat_get(call, "title"), text);
	for (char *word; (word = strsep(&rest, " \n"));)
		mark(topics, referat_slug(call, word));
	for (size_t i = 0; i < topics->n; i++)
		if (topics->all[i].found)
			names[(*n)++] = topics->all[i].name;
	return REFERAT_OK;
}
