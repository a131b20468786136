/* Tables for people: columns as wide as needed and as the terminal allows; colours where they show. What comes out of
 * documents is made harmless for a terminal first. */
#ifndef RF_CLI_TABLE_H
#define RF_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct rf_table;

/* headings: n_columns of them, borrowed. */
struct rf_table *rf_table_new(const char *const *headings, size_t n_columns);
void rf_table_free(struct rf_table *table); /* NULL is fine */

/* Adds a row; the cells are copied, control characters in them become spaces. */
void rf_table_add(struct rf_table *table, const char *const *cells);
size_t rf_table_rows(const struct rf_table *table);

/* Writes the table, every line moved in by indent. A cell that does not fit the width is broken into lines; width 0: no
 * limit. */
void rf_table_print(const struct rf_table *table, FILE *out, size_t indent, size_t width, bool colours);

/* How many columns a text takes on a terminal: letters, not bytes; wide ones count twice, combining ones not. */
size_t rf_text_width(const char *text);

/* The text without what would steer a terminal: control characters, and those that turn the direction of writing. The
 * caller frees. */
char *rf_terminal_text(const char *text);

/* "45 s", "12 min", "3 h", "9 d": rounded down. The caller frees. */
char *rf_age_text(int64_t age_us);

/* The width of the terminal; 0 when it is none. */
size_t rf_terminal_width(int fd);

#endif
