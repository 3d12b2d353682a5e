/* The sandbox's books: SQLite with the binding of values in one line. Every failure is logged here.
 */
#ifndef SANDBOX_DB_H
#define SANDBOX_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>

int sb_db_open(const char *file, sqlite3 **);

/*
 * types has one letter per value that follows: t text (NULL is null), i int64_t, b bytes and
 * size_t. prepare: the caller finalizes; NULL on failure.
 */
sqlite3_stmt *sb_prepare(sqlite3 *, const char *sql, const char *types, ...);
int sb_exec(sqlite3 *, const char *sql, const char *types, ...);
/* first column of the first row; otherwise when there is none */
int64_t sb_int(sqlite3 *, int64_t otherwise, const char *sql, const char *types, ...);
/* true and out when there is a row whose first column is not null */
bool sb_text(sqlite3 *, char *out, size_t cap, const char *sql, const char *types, ...);
/* malloc'd bytes of the first column, NULL when there are none */
unsigned char *sb_blob(sqlite3 *, size_t *n, const char *sql, const char *types, ...);

/* column i as text, never NULL; copied when an out is given */
const char *sb_col(sqlite3_stmt *, int i);
void sb_col_copy(sqlite3_stmt *, int i, char *out, size_t cap);

#endif
