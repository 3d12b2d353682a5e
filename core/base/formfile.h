/*
 * The text of a form's file (certkiosk-forms(5)), for who draws it and for who keeps it with what
 * was signed: all that stands on the paper is in it or in the fields.
 */
#ifndef CK_FORMFILE_H
#define CK_FORMFILE_H

#include <stdbool.h>

#include "certkiosk/err.h"

/* A name is part of a path, and of the code on the paper (formcode.h). */
bool ck_form_name_good(const char *name);
/* Malloc'd. FORM_UNKNOWN no such form; CONFIG: no regular file, more than CK_PAPER_TEMPLATE_MAX
 * bytes, not UTF-8, or it includes another file. */
int ck_form_file(const char *dir, const char *name, char **text, struct ck_err *);

#endif
