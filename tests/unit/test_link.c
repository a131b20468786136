/* A link and a ROUTER in one process: messages there and back, and what a link refuses. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "tests/support/folder.h"
#include "wire/frames.h"
#include "wire/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

struct pair {
	char *folder;
	void *context;
	void *router;
	struct rf_link *link;
};

static int set_up(void **state)
{
	struct pair *pair = rf_alloc(sizeof *pair);
	pair->folder = test_folder_make();
	rf_autofree char *endpoint = rf_format("ipc://%s/socket", pair->folder);
	pair->context = zmq_ctx_new();
	pair->router = zmq_socket(pair->context, ZMQ_ROUTER);
	assert_int_equal(zmq_bind(pair->router, endpoint), 0);
	assert_int_equal(rf_link_open(endpoint, &pair->link, NULL), 0);
	*state = pair;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *pair = *state;
	rf_link_close(pair->link);
	zmq_close(pair->router);
	zmq_ctx_term(pair->context);
	test_folder_remove(pair->folder);
	free(pair);
	return 0;
}

/* The next message at the ROUTER, within two seconds. */
static size_t router_receive(void *router, struct rf_frame *frames, size_t most, int expected)
{
	zmq_pollitem_t item = {.socket = router, .events = ZMQ_POLLIN};
	assert_int_equal(zmq_poll(&item, 1, 2000), 1);
	size_t n;
	assert_int_equal(rf_frames_receive(router, frames, most, &n, NULL), expected);
	return n;
}

static struct rf_message message_with_part(size_t size)
{
	struct rf_message message = rf_message_make(RF_VERB_DONE);
	rf_message_add_item(&message);
	uint8_t *bytes = rf_alloc(size);
	memset(bytes, 'x', size);
	rf_message_add_part(&message, "document", "referat.document/1", rf_frame_adopt(bytes, size));
	return message;
}

static void messages_go_there_and_back(void **state)
{
	struct pair *pair = *state;
	static const size_t sizes[] = {0, 10, 1024, RF_WIRE_MOST_PART};
	for (size_t i = 0; i < RF_COUNT(sizes); i++) {
		struct rf_message message = message_with_part(sizes[i]);
		assert_int_equal(rf_link_send(pair->link, &message, NULL), 0);
		assert_null(message.header);
		struct rf_frame frames[8];
		size_t n = router_receive(pair->router, frames, RF_COUNT(frames), 0);
		assert_int_equal(n, 4); /* the routing id first */
		assert_int_equal(rf_message_decode(frames + 1, n - 1, &message, NULL), 0);
		assert_int_equal(rf_frames_send_message(pair->router, &frames[0], &message, NULL), 0);
		rf_frame_deinit(&frames[0]);
		assert_int_equal(rf_link_wait(pair->link, 2 * RF_SECOND, NULL), 0);
		assert_int_equal(rf_link_receive(pair->link, &message, NULL), 0);
		assert_int_equal(message.verb, RF_VERB_DONE);
		assert_int_equal(message.frames[0].size, sizes[i]);
		rf_message_deinit(&message);
	}
}

static void waiting_ends_at_its_limit(void **state)
{
	struct pair *pair = *state;
	struct rf_message message;
	assert_int_equal(rf_link_wait(pair->link, 1000, NULL), RF_LINK_NONE);
	assert_int_equal(rf_link_receive(pair->link, &message, NULL), RF_LINK_NONE);
}

static void what_is_no_message_is_an_error(void **state)
{
	struct pair *pair = *state;
	struct rf_message message = {.verb = RF_VERB_PING};
	assert_int_equal(rf_link_send(pair->link, &message, NULL), 0);
	struct rf_frame frames[3];
	assert_int_equal(router_receive(pair->router, frames, RF_COUNT(frames), 0), 3);
	rf_frame_deinit(&frames[1]);
	rf_frame_deinit(&frames[2]);
	assert_int_equal(zmq_send(pair->router, frames[0].data, frames[0].size, ZMQ_SNDMORE), (int)frames[0].size);
	assert_int_equal(zmq_send(pair->router, "GET /", 5, 0), 5);
	rf_frame_deinit(&frames[0]);
	assert_int_equal(rf_link_wait(pair->link, 2 * RF_SECOND, NULL), 0);
	struct rf_error error = {{0}};
	assert_int_equal(rf_link_receive(pair->link, &message, &error), -1);
	assert_non_null(strstr(error.text, "at least 2"));
}

static void frames_beyond_the_bound_are_dropped(void **state)
{
	struct pair *pair = *state;
	for (int i = 0; i < 9; i++)
		assert_int_equal(zmq_send(rf_link_socket(pair->link), "x", 1, i < 8 ? ZMQ_SNDMORE : 0), 1);
	struct rf_frame frames[4];
	size_t n = router_receive(pair->router, frames, RF_COUNT(frames), RF_FRAMES_TOO_MANY);
	assert_int_equal(n, 4);
	while (n > 0)
		rf_frame_deinit(&frames[--n]);
	assert_int_equal(rf_frames_receive(pair->router, frames, 4, &n, NULL), RF_FRAMES_NONE);
}

static void a_link_opens_before_there_is_a_broker(void **state)
{
	(void)state;
	struct rf_link *link = NULL;
	assert_int_equal(rf_link_open("ipc:///tmp/referat-nobody", &link, NULL), 0);
	struct rf_message message = {.verb = RF_VERB_PING};
	assert_int_equal(rf_link_send(link, &message, NULL), 0);
	rf_link_close(link);
	rf_link_close(NULL);
	assert_int_equal(rf_link_open("nonsense", &link, NULL), -1);
}

static void the_endpoint_is_short_and_the_same_for_the_same_folder(void **state)
{
	struct pair *pair = *state;
	setenv("XDG_RUNTIME_DIR", pair->folder, 1);
	unsetenv("RUNTIME_DIRECTORY");
	rf_autofree char *first = NULL;
	rf_autofree char *second = NULL;
	rf_autofree char *detour = rf_format("%s/../%s", pair->folder, strrchr(pair->folder, '/') + 1);
	assert_int_equal(rf_link_endpoint(pair->folder, &first, NULL), 0);
	assert_int_equal(rf_link_endpoint(detour, &second, NULL), 0);
	assert_string_equal(first, second);
	assert_true(strlen(first) < 107);
	rf_autofree char *folder = rf_format("%s/referat", pair->folder);
	struct stat status;
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);

	struct rf_error error = {{0}};
	rf_autofree char *third = NULL;
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(rf_link_endpoint(pair->folder, &third, &error), -1);
	assert_non_null(strstr(error.text, "only they can write to"));
	assert_int_equal(rf_link_endpoint("/nowhere/at/all", &third, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(messages_go_there_and_back, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(waiting_ends_at_its_limit, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_no_message_is_an_error, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(frames_beyond_the_bound_are_dropped, set_up, tear_down),
	    cmocka_unit_test(a_link_opens_before_there_is_a_broker),
	    cmocka_unit_test_setup_teardown(the_endpoint_is_short_and_the_same_for_the_same_folder, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
