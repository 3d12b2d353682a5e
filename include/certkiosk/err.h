/*
 * Errors: a code from the closed list in err.def, the native number behind it, and the facts the
 * sentence needs. The sentence itself is made once, in the front (tui/words/).
 * A ck_err is owned by the caller; the first cause wins, clean-up never overwrites it.
 */
#ifndef CK_ERR_H
#define CK_ERR_H

enum ck_code {
	CK_E_NONE = 0,
#define CK_ERR(name, number, whose, key) CK_E_##name = number,
#include "certkiosk/err.def"
#undef CK_ERR
};

/* who can put it right */
enum ck_whose { CK_WHOSE_CUSTOMER, CK_WHOSE_CLERK, CK_WHOSE_SITE, CK_WHOSE_CA, CK_WHOSE_PROGRAM };

/* what became of the customer's key: nothing was done to it, or what was done leaves it usable */
enum ck_key_state { CK_KEY_UNTOUCHED, CK_KEY_SAFE };

/* long enough for a filtered text of the CA with a file name or two dates beside it */
#define CK_DETAIL_MAX 512

struct ck_err {
	enum ck_code code;
	unsigned long native; /* CKR_*, CURLE_*, SQLITE_*, errno; 0 = none */
	char detail[CK_DETAIL_MAX]; /* facts for the sentence, UTF-8, filtered when it was set */
};

struct ck_err_fact {
	enum ck_code code;
	const char *name; /* "NO_KEY" */
	enum ck_whose whose;
	enum ck_key_state key;
};

/* Record the first cause; a no-op when err is NULL or already holds one. Always returns -1. */
int ck_fail(struct ck_err *err, enum ck_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int ck_fail_native(struct ck_err *err, enum ck_code code, unsigned long native, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Row of a code, NULL for a number that is not in the list; ck_err_at walks the list to NULL. */
const struct ck_err_fact *ck_err_fact(int code);
const struct ck_err_fact *ck_err_at(int i);
const struct ck_err_fact *ck_err_named(const char *name); /* NULL: none is */
const char *ck_whose_name(enum ck_whose whose); /* "customer", "clerk", "site", "ca", "program" */

#endif
