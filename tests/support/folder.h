/* A folder of its own for a test. */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

/* Makes an empty folder under $TMPDIR or /tmp; ends the test program when it can't. */
char *test_folder_make(void);

/* The same in memory, where there is such a folder: for tests that make thousands of durable commits. */
char *test_folder_make_in_memory(void);

/* Removes it with all that is in it, and frees the path. */
void test_folder_remove(char *folder);

#endif
