/* Which visit a text is about that a person or a scanner typed. */
#ifndef CK_FIND_H
#define CK_FIND_H

#include "walk/visit.h"

struct ck_found {
	char record[CK_NUMBER_MAX];    /* ours; empty: another counter's, to be taken over */
	char system[64], way[16];      /* then, as the desk says; way may be empty */
	char envelope[CK_DESK_ID_MAX]; /* its serial, when that was typed */
};

/* The store is open; of systems the one named, or all. NO_RECORD; RECORD_CLOSED when the desk says
 * that it is over; SLIP_WRONG; RECORD_PURGED; as desk.h when one could not be asked and none knows
 * it. */
int ck_find(
    struct ck_visit *, const char *text, const char *system, struct ck_found *, struct ck_err *);

/* The key in the reader is the one of the visit that was asked for by name: its certificate is
 * renewed there, or the new pair is on it. OTHER_KEY. */
int ck_judge_meant(struct ck_visit *, const struct ck_lookup *, struct ck_err *);
/* The same of a record that the key in the reader has here. */
int ck_judge_meant_record(struct ck_visit *, struct ck_err *);

#endif
