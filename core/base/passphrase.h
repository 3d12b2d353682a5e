/*
 * A clerk's passphrase as a site's file holds it: "scrypt$SALT$HASH", from which nobody reads it.
 * Every one costs the same to check, so that the time an answer takes tells nothing of whose it is.
 */
#ifndef CK_PASSPHRASE_H
#define CK_PASSPHRASE_H

#include <stdbool.h>

#include "certkiosk/err.h"
#include "certkiosk/secret.h"

/* Whoever has the file may try at home as fast as the machine allows: shorter ones fall. */
#define CK_PASSPHRASE_MIN 10

#define CK_PASSPHRASE_LINE_MAX 64

bool ck_passphrase_line_good(const char *line);
int ck_passphrase_make(
    const struct ck_secret *, char line[CK_PASSPHRASE_LINE_MAX], struct ck_err *);
/* 1 it is the one, 0 it is not, -1. line empty: somebody without one, which takes as long. */
int ck_passphrase_fits(const struct ck_secret *, const char *line, struct ck_err *);

#endif
