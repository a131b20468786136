#include "broker/exposition.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "broker/metrics.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CONNECTIONS = 16, MOST_SECONDS = 5, MOST_REQUEST = 8 * 1024 };

static const char text_format[] = "text/plain; version=0.0.4; charset=utf-8";

struct rf_exposition {
	struct rf_loop *loop;
	struct rf_core *core;
	struct MHD_Daemon *daemon;
	int fd; /* of the daemon's epoll */
	uint64_t timer;
};

/* ---- answers -------------------------------------------------------------------------------------------------------
 */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type, char *text,
			      size_t size)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	enum MHD_Result queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
	return answer(connection, status, "text/plain; charset=utf-8", rf_strdup(text), strlen(text));
}

/* Between rounds: the loop has one thread. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
				  const char *version, const char *data, size_t *data_size, void **request)
{
	(void)version;
	(void)data;
	*data_size = 0; /* what is sent with the request is not read */
	(void)request;
	const struct rf_exposition *exposition = context;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET is answered\n");
	if (strcmp(url, "/metrics") != 0)
		return refuse(connection, MHD_HTTP_NOT_FOUND, "there is only /metrics\n");
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	struct rf_error error = {""};
	if (rf_metrics_write(exposition->core, &text, &error) < 0) {
		rf_log(RF_LOG_ERROR, NULL, "metrics: %s", error.text);
		return refuse(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "the store can't be read\n");
	}
	size_t size = text.size;
	return answer(connection, MHD_HTTP_OK, text_format, rf_buffer_take(&text), size);
}

/* ---- on the loop ---------------------------------------------------------------------------------------------------
 */

static int on_event(void *context);

/* What times out is closed when the daemon runs, so it is run when that is due. */
static void wait_for_timeout(struct rf_exposition *exposition)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;
	rf_loop_cancel(exposition->loop, exposition->timer);
	exposition->timer = 0;
	if (MHD_get_timeout(exposition->daemon, &wait_ms) == MHD_YES)
		exposition->timer = rf_loop_add_timer(exposition->loop, (int64_t)(wait_ms + 1) * RF_MILLISECOND, 0,
						      on_event, exposition);
}

static int on_event(void *context)
{
	struct rf_exposition *exposition = context;
	MHD_run(exposition->daemon);
	wait_for_timeout(exposition);
	return 0;
}

int rf_exposition_open(struct rf_loop *loop, struct rf_core *core, uint16_t port, struct rf_exposition **exposition,
		       struct rf_error *error)
{
	struct rf_exposition *opened = rf_alloc(sizeof *opened);
	*opened = (struct rf_exposition){.loop = loop, .core = core, .fd = -1};
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	opened->daemon = MHD_start_daemon(MHD_USE_EPOLL, port, NULL, NULL, on_request, opened, MHD_OPTION_SOCK_ADDR,
					  &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS,
					  MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)MOST_SECONDS,
					  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MOST_REQUEST, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
	    opened->daemon ? MHD_get_daemon_info(opened->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (!info) {
		rf_exposition_close(opened);
		return rf_error_set(error, "metrics: port %u of 127.0.0.1 can't be listened on: is it taken?", port);
	}
	opened->fd = info->epoll_fd;
	rf_loop_add_fd(loop, opened->fd, on_event, opened);
	*exposition = opened;
	return 0;
}

void rf_exposition_close(struct rf_exposition *exposition)
{
	if (!exposition)
		return;
	if (exposition->fd >= 0)
		rf_loop_remove_fd(exposition->loop, exposition->fd);
	rf_loop_cancel(exposition->loop, exposition->timer);
	if (exposition->daemon)
		MHD_stop_daemon(exposition->daemon);
	free(exposition);
}
