/* For tests of the store's interface: a store of its own for each test, over every implementation, and short ways to
 * fill and walk it. What fails ends the test with the store's reason. */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include "base/error.h"
#include "store/store.h"

struct test_store {
	char *folder;
	char *url;
	struct rf_store *store;
	struct rf_error error;
};

int test_store_set_up(void **state);
int test_store_tear_down(void **state);

/* The next implementation's name, or NULL after the last; set_up opens a store of it. */
const char *test_store_next_implementation(void);

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, test_store_set_up, test_store_tear_down)

/* How many failed. */
#define RUN_STORE_TESTS(tests)                                                                                         \
	({                                                                                                             \
		int failed_ = 0;                                                                                       \
		for (const char *name_; (name_ = test_store_next_implementation());)                                   \
			failed_ += cmocka_run_group_tests_name(name_, tests, NULL, NULL);                              \
		failed_;                                                                                               \
	})

/* What a call is to return; `fixture` is the test's struct test_store. */
#define OK(call)    test_store_expect(fixture, 0, call, #call, __LINE__)
#define NONE(call)  test_store_expect(fixture, RF_STORE_NONE, call, #call, __LINE__)
#define FAULT(call) test_store_expect(fixture, -1, call, #call, __LINE__)
void test_store_expect(const struct test_store *fixture, int expected, int result, const char *call, int line);

void test_store_begin(struct test_store *fixture); /* relaxed */
void test_store_commit(struct test_store *fixture);
void test_store_reopen(struct test_store *fixture);

struct rf_revision test_store_revision(const char *document, uint32_t number);
void test_store_add_revision(struct test_store *fixture, const char *document, uint32_t number);
struct rf_part test_store_part(const char *document, const char *name, const char *text); /* of revision 1 */
void test_store_put_part(struct test_store *fixture, const char *document, const char *name, const char *text);
uint64_t test_store_add_task(struct test_store *fixture, const char *document, const char *stage,
			     enum rf_task_state state); /* of revision 1 */
struct rf_task test_store_get_task(struct test_store *fixture, uint64_t id);

/* What a walk came by, as a text: names with a blank after each. */
struct test_trail {
	char text[1024];
	int stop_after; /* 0: never */
	int answer;     /* given then */
	int n;
};

int test_trail_add(struct test_trail *trail, const char *name);
int test_trail_task(void *context, const struct rf_task *task);    /* its id */
int test_trail_count(void *context, const struct rf_count *count); /* stage/state=n */

#define ASSERT_COUNTS(expected)                                                                                        \
	do {                                                                                                           \
		struct test_trail trail = {0};                                                                         \
		OK(rf_store_each_count(fixture->store, test_trail_count, &trail, &fixture->error));                    \
		assert_string_equal(trail.text, expected);                                                             \
	} while (0)

#endif
