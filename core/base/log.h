/* The program's log: one filtered line an event on standard error. Never a name of a person, never
 * a secret. */
#ifndef CK_LOG_H
#define CK_LOG_H

#include "certkiosk/err.h"

enum ck_log_level { CK_LOG_ERROR, CK_LOG_WARN, CK_LOG_INFO, CK_LOG_DEBUG };
void ck_log_open(const char *program, enum ck_log_level highest);
void ck_log(enum ck_log_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ck_log_err(enum ck_log_level, const char *what, const struct ck_err *);

#endif
