#include "wire/link.h"

#include "base/digest.h"
#include "base/error.h"
#include "wire/frames.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

enum {
	LINGER_MS = 200,
	QUEUE_FRAMES = 10000,
	RECONNECT_MS = 50,
	RECONNECT_MOST_MS = 1000,
	SOCKET_PATH_MOST = 107,
};

struct rf_link {
	void *context;
	void *socket;
};

static int zmq_failed(const char *endpoint, struct rf_error *error)
{
	return rf_error_set(error, "%s: %s", endpoint, zmq_strerror(zmq_errno()));
}

static void set_options(void *socket)
{
	const int linger = LINGER_MS;
	const int queue = QUEUE_FRAMES;
	const int reconnect = RECONNECT_MS;
	const int reconnect_most = RECONNECT_MOST_MS;
	const int64_t most = RF_WIRE_MOST_FRAME;
	zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
	zmq_setsockopt(socket, ZMQ_SNDHWM, &queue, sizeof queue);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &queue, sizeof queue);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &reconnect, sizeof reconnect);
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &reconnect_most, sizeof reconnect_most);
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
}

int rf_link_open(const char *endpoint, struct rf_link **link, struct rf_error *error)
{
	struct rf_link *opened = rf_alloc(sizeof *opened);
	opened->context = zmq_ctx_new();
	opened->socket = opened->context ? zmq_socket(opened->context, ZMQ_DEALER) : NULL;
	if (opened->socket)
		set_options(opened->socket);
	if (!opened->socket || zmq_connect(opened->socket, endpoint)) {
		int result = zmq_failed(endpoint, error);
		rf_link_close(opened);
		return result;
	}
	*link = opened;
	return 0;
}

void rf_link_close(struct rf_link *link)
{
	if (!link)
		return;
	if (link->socket)
		zmq_close(link->socket);
	if (link->context)
		zmq_ctx_term(link->context);
	free(link);
}

void *rf_link_socket(struct rf_link *link)
{
	return link->socket;
}

int rf_link_send(struct rf_link *link, struct rf_message *message, struct rf_error *error)
{
	int result = rf_frames_send_message(link->socket, NULL, message, error);
	return result == RF_FRAMES_NONE ? RF_LINK_NONE : result;
}

int rf_link_send_bundle(struct rf_link *link, struct rf_message *const *messages, size_t n_messages,
			struct rf_error *error)
{
	struct rf_message bundle = rf_message_make(messages[0]->verb);
	for (size_t i = 0; i < n_messages; i++) {
		const Referat__Wire__Header *header = messages[i]->header;
		for (size_t j = 0; j < header->n_items; j++)
			RF_WIRE_ADD(bundle.header->items, bundle.header->n_items, header->items[j]);
		for (size_t j = 0; j < messages[i]->n_frames; j++)
			rf_message_add_frame(&bundle,
					     rf_frame_copy(messages[i]->frames[j].data, messages[i]->frames[j].size));
	}
	struct rf_frame head[2];
	int result = rf_message_encode(&bundle, head, error);
	if (result == 0)
		result = rf_frames_send(link->socket, head, 2, bundle.n_frames > 0, error);
	if (result == 0 && bundle.n_frames > 0)
		result = rf_frames_send(link->socket, bundle.frames, bundle.n_frames, false, error);
	bundle.header->n_items = 0; /* the items stay with their messages */
	rf_message_deinit(&bundle);
	return result == RF_FRAMES_NONE ? RF_LINK_NONE : result;
}

int rf_link_receive(struct rf_link *link, struct rf_message *message, struct rf_error *error)
{
	struct rf_frame frames[RF_WIRE_MOST_FRAMES];
	size_t n;
	int result = rf_frames_receive(link->socket, frames, RF_WIRE_MOST_FRAMES, &n, error);
	if (result == RF_FRAMES_NONE)
		return RF_LINK_NONE;
	if (result < 0)
		return result;
	if (result == RF_FRAMES_TOO_MANY) {
		while (n > 0)
			rf_frame_deinit(&frames[--n]);
		return rf_error_set(error, "a message of more than %d frames", RF_WIRE_MOST_FRAMES);
	}
	return rf_message_decode(frames, n, message, error);
}

int rf_link_wait(struct rf_link *link, int64_t limit_us, struct rf_error *error)
{
	zmq_pollitem_t item = {.socket = link->socket, .events = ZMQ_POLLIN};
	int n = zmq_poll(&item, 1, limit_us < 0 ? -1 : (long)((limit_us + 999) / 1000));
	if (n < 0 && zmq_errno() != EINTR)
		return zmq_failed("waiting for the broker", error);
	return n > 0 ? 0 : RF_LINK_NONE;
}

/* ---- the endpoint of a pipeline -------------------------------------------------------------------------------- */

static char *run_folder(void)
{
	const char *given = getenv("RUNTIME_DIRECTORY"); /* systemd's; may name several */
	if (given && *given)
		return rf_strndup(given, strcspn(given, ":"));
	given = getenv("XDG_RUNTIME_DIR");
	if (given && *given)
		return rf_format("%s/referat", given);
	return rf_format("/tmp/referat-%lu", (unsigned long)geteuid());
}

/* Somebody else's folder, or a link to one, would let them take the broker's place. */
static int make_run_folder(const char *folder, struct rf_error *error)
{
	if (mkdir(folder, 0700) && errno != EEXIST)
		return rf_error_errno(error, "making the run folder %s", folder);
	struct stat status;
	if (lstat(folder, &status))
		return rf_error_errno(error, "%s", folder);
	if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() || status.st_mode & 022)
		return rf_error_set(error,
				    "the run folder %s is not a folder of this user that only they can write to; "
				    "remove it, or set XDG_RUNTIME_DIR",
				    folder);
	return 0;
}

static char *socket_path(const char *folder, const char *real_state)
{
	struct rf_digest digest = rf_digest_of(real_state, strlen(real_state));
	char name[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, name);
	return rf_format("%s/%.16s.sock", folder, name);
}

/* The socket of a pipeline that the service manager runs, for those who ask it from a shell, or NULL. Only root can put
 * a folder into /run. */
static char *service_socket(const char *real_state)
{
	char *path = socket_path("/run/referat", real_state);
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int rf_link_endpoint(const char *state_folder, char **endpoint, struct rf_error *error)
{
	char real[PATH_MAX];
	if (!realpath(state_folder, real))
		return rf_error_errno(error, "the state folder %s", state_folder);
	rf_autofree char *folder = run_folder();
	rf_autofree char *path = getenv("RUNTIME_DIRECTORY") ? NULL : service_socket(real);
	if (!path && make_run_folder(folder, error))
		return -1;
	if (!path)
		path = socket_path(folder, real);
	if (strlen(path) > SOCKET_PATH_MOST)
		return rf_error_set(error,
				    "the socket's path %s has %zu bytes; %d are possible: set XDG_RUNTIME_DIR to"
				    " a shorter one",
				    path, strlen(path), SOCKET_PATH_MOST);
	*endpoint = rf_format("ipc://%s", path);
	return 0;
}
