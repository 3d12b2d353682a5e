/*
 * Reading libconfig files so that a mistake names file, line, setting and what was expected.
 * Every setting a reader does not ask for is an error too (ck_conf_done): typos must not be silent.
 */
#ifndef CK_CONF_H
#define CK_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "certkiosk/err.h"

struct ck_conf;	   /* one file */
struct ck_conf_at; /* one group within it; owned by the file */

int ck_conf_open(const char *file, struct ck_conf **, struct ck_err *);
/* The same in two steps: what stands in the file, malloc'd; what it says. A pipe, a device and more
 * than max bytes are CONFIG. */
int ck_conf_slurp(const char *file, size_t max, char **text, struct ck_err *);
int ck_conf_parse(const char *file, const char *text, struct ck_conf **, struct ck_err *);
void ck_conf_close(struct ck_conf *);
const struct ck_conf_at *ck_conf_root(struct ck_conf *);

/*
 * Each returns 1 and fills out when the setting is there and right, 0 when it is absent (out is
 * untouched), -1 with CONFIG when it is wrong (type, bounds, too long). With need, absent is -1
 * too.
 */
int ck_conf_text(
    const struct ck_conf_at *, const char *name, bool need, char *out, size_t cap, struct ck_err *);
int ck_conf_int(const struct ck_conf_at *, const char *name, bool need, int min, int max, int *out,
    struct ck_err *);
/* the same, or the word, which stands for a number of the reader's */
int ck_conf_int_or(const struct ck_conf_at *, const char *name, bool need, int min, int max,
    const char *word, int worth, int *out, struct ck_err *);
int ck_conf_bool(
    const struct ck_conf_at *, const char *name, bool need, bool *out, struct ck_err *);
/* one of words (NULL-terminated); out is its index */
int ck_conf_word(const struct ck_conf_at *, const char *name, bool need, const char *const *words,
    int *out, struct ck_err *);
/* a path: relative ones stand relative to the file they are written in */
int ck_conf_path(
    const struct ck_conf_at *, const char *name, bool need, char *out, size_t cap, struct ck_err *);
int ck_conf_group(const struct ck_conf_at *, const char *name, bool need,
    const struct ck_conf_at **out, struct ck_err *);
/* a list of groups or of texts: its length, then member i */
int ck_conf_list(
    const struct ck_conf_at *, const char *name, bool need, size_t max, size_t *n, struct ck_err *);
const struct ck_conf_at *ck_conf_list_group(
    const struct ck_conf_at *, const char *name, size_t i, struct ck_err *);
int ck_conf_list_text(
    const struct ck_conf_at *, const char *name, size_t i, char *out, size_t cap, struct ck_err *);

/* "FILE:LINE" of a setting that is there, for what is found wrong about it later */
void ck_conf_place(const struct ck_conf_at *, const char *name, char *out, size_t cap);

/* CONFIG about a setting whose value is well-formed but wrong for a reason of the reader's own */
int ck_conf_wrong(const struct ck_conf_at *, const char *name, struct ck_err *, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* -1 with CONFIG when a setting anywhere in the file was never asked for */
int ck_conf_done(struct ck_conf *, struct ck_err *);

/* Call each for every *.conf of a folder in name order; stops at -1. An absent folder is CONFIG. */
int ck_conf_each_file(const char *dir, int (*each)(void *u, const char *file, struct ck_err *),
    void *u, struct ck_err *);

#endif
