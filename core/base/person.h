/*
 * What people type of themselves and of whom they act for, under the names of PROTOCOL.desk, 14:
 * the form it goes out in, what of it is shown once it was typed, and whether it can be right at
 * all. Pure. Resident identity number: GB 11643; unified social credit code: GB 32100.
 */
#ifndef CK_PERSON_H
#define CK_PERSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

enum ck_person {
	CK_PERSON_NAME,
	CK_PERSON_RESIDENT_ID,
	CK_PERSON_MOBILE,
	CK_PERSON_MAIL,
	CK_PERSON_ORGANISATION,
	CK_PERSON_CREDIT_CODE,
	CK_PERSON_LEGAL,
	CK_PERSON_TITLE,
	CK_PERSON_TAX_ID,
	CK_PERSON_ADDRESS,
	CK_PERSON_POSTCODE,
	CK_PERSON_PHONE,
	CK_PERSON_BANK,
};
#define CK_PERSONS (CK_PERSON_BANK + 1)
#define CK_PERSON_CHARS 200 /* the desk takes no more */
#define CK_PERSON_MAX (4 * CK_PERSON_CHARS + 1)

const char *ck_person_name(enum ck_person); /* "name" "resident-id" "mobile" … */
int ck_person_from(const char *name);	    /* -1: none of these */

enum ck_person_is {
	CK_PERSON_WRONG,
	CK_PERSON_RIGHT,
	/* its check digit is wrong, but such codes are in use: who has the paper before him may say
	   so */
	CK_PERSON_DOUBTFUL,
};
/* Out: the normal form, unless it is WRONG. Today: nobody is born later. */
enum ck_person_is ck_person_take(
    enum ck_person, const char *typed, ck_day today, char out[CK_PERSON_MAX]);

/* The normal form as screens, lists and logs show it: 110105********002X, 138****8000; others as
 * they are. */
void ck_person_mask(enum ck_person, const char *normal, char out[CK_PERSON_MAX]);

/* Are both the same name? Unicode's NFC, full and half width, kinds of brackets, blanks and the
 * case of Latin letters make none another one. False also for what is no text. */
bool ck_person_same(const char *a, const char *b);

#endif
