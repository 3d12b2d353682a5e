/*
 * What a slip says of a visit: CK-20261120-000027-KIOSK-1-X, the record's number, the kiosk's name
 * and a check character. Only A-Z 0-9 and "-", which every keyboard layout and every scanner that
 * types gives the same. In the name a letter a-y stands as its capital, digits and "-" as they are,
 * everything else as Z and two hexadecimal digits. The check character is that of ISO 7064, MOD
 * 37,36, over all letters and digits before it: one wrong, or two swapped, never fit.
 */
#ifndef CK_SLIP_H
#define CK_SLIP_H

#include <stdbool.h>
#include <stddef.h>

#define CK_SLIP_MAX 256 /* a number, and a name of 63 bytes, each as three */
#define CK_SLIP_KIOSK_MAX 64
#define CK_SLIP_RECORD_MAX 32

struct ck_slip {
	char kiosk[CK_SLIP_KIOSK_MAX]; /* empty: the number alone */
	char record[CK_SLIP_RECORD_MAX];
};

/* false: no such number, or the name is too long */
bool ck_slip_make(const char *kiosk, const char *record, char out[CK_SLIP_MAX]);

/* typed: as ck_typed leaves it, in either case. 1 a slip or a number, 0 neither, -1 a slip with a
 * mistake in it. */
int ck_slip_read(const char *typed, struct ck_slip *);

/* The same, typed without dashes, or without some of them; a count has six digits there. Of the name
 * its dashes are lost. 0 and -1 as above. */
int ck_slip_read_bare(const char *typed, struct ck_slip *);

/* Does the number of a record come by, character by character: was a slip scanned where something else
 * is typed? Takes what it returned for the character before, 0 at first; what is typed may be a secret
 * and is not kept. CK_SLIP_SEEN: it came, and stays. */
#define CK_SLIP_SEEN 18
int ck_slip_step(int seen, int c);

/* A text as a person or a scanner typed it: without blanks and line ends around it, the wide
 * letters, digits and dashes of an input method as plain ones. false: nothing is left, or it does
 * not fit. */
bool ck_typed(const char *text, char *out, size_t cap);

#endif
