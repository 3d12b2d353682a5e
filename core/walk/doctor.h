/*
 * What is wrong with a key, and what may be done about it. doctor_find.c judges: pure, a list of
 * entries in, findings out. doctor.c looks, tells, asks and does; doctor_fetch.c brings a
 * certificate back, doctor_seal.c a seal.
 *
 * An act is proposed only when nothing of value can be lost by it, whatever interrupts it:
 *   look     the PIN, so that private keys show
 *   fetch    the desk is asked, by proof of the private key, what was issued for it
 *   install  what it issued is written
 *   sweep    a half-made pair that a record of ours made and gave up
 *   clear    the same with the certificate it got, which the desk has revoked, beside a good one
 *   drop     an expired certificate that is there once more, byte for byte
 *   seal     the electronic seal of a renewal that could not be written then
 * Everything else is told and left alone.
 */
#ifndef CK_DOCTOR_H
#define CK_DOCTOR_H

#include "certkiosk/desk.h"
#include "walk/own.h"

enum ck_found_kind {
	CK_FOUND_UNSEEN,      /* private keys show only after the PIN */
	CK_FOUND_PAIR,	      /* both halves, no certificate */
	CK_FOUND_PRIVATE,     /* the private half alone */
	CK_FOUND_PUBLIC,      /* the public half alone */
	CK_FOUND_VISIT,	      /* any of these, and a renewal that is not over needs it */
	CK_FOUND_GIVEN_UP,    /* with the certificate that a renewal given up has got */
	CK_FOUND_APART,	      /* its certificate is on the key under another id */
	CK_FOUND_CERT,	      /* a certificate, no private key for it */
	CK_FOUND_TWO_PAIRS,   /* under one id */
	CK_FOUND_TWO_CERTS,   /* under one id, both could be meant */
	CK_FOUND_TWICE,	      /* the same bytes twice */
	CK_FOUND_EXPIRED,     /* and a newer one of the same subject is good */
	CK_FOUND_STRANGE,     /* a certificate nobody can read */
	CK_FOUND_FULL,	      /* no room for a new pair beside the old */
	CK_FOUND_AT_DESK,     /* the desk issued this for the pair */
	CK_FOUND_WITHDRAWN,   /* it did, and has revoked it or holds it */
	CK_FOUND_IN_VISIT,    /* it did, for a renewal that is not over */
	CK_FOUND_NOTHING,     /* no desk issued anything for it */
	CK_FOUND_UNFIT,	      /* what the desk gave is not to be accepted */
	CK_FOUND_DESK_SILENT, /* it could not be asked */
	CK_FOUND_SEAL,	      /* one waits at the desk for this key */
};
extern const char *const ck_found_words[];

enum ck_act {
	CK_ACT_NONE,
	CK_ACT_LOOK,
	CK_ACT_FETCH,
	CK_ACT_INSTALL,
	CK_ACT_SWEEP,
	CK_ACT_CLEAR,
	CK_ACT_DROP,
	CK_ACT_SEAL,
};

struct ck_finding {
	enum ck_found_kind kind;
	enum ck_act act; /* proposed, and safe; NONE: told only */
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len;
	char label[65];
	bool cert; /* the members below hold what it says */
	unsigned char sha256[CK_HASH_LEN];
	char name[CK_NAME_MAX], serial[64];
	int64_t not_after;
	char record[32]; /* of ours that made it; empty: none */
	bool answered;	 /* the person was asked about it in this run */
};

struct ck_findings {
	struct ck_finding *at; /* free() */
	size_t n, cap;
};

/* What our records know of an entry's id; beside the entries, one each. */
struct ck_origin {
	enum { CK_NOT_OURS, CK_OF_VISIT, CK_LEFT_OVER } is;
	bool revoked; /* of one left over: the desk says so of its certificate */
	char record[32];
};

/* Bytes a renewal needs beside what is there: an RSA-2048 pair with its attributes, a certificate
 */
#define CK_ROOM_FOR_RENEWAL 4096

struct ck_seen_key {
	const struct ck_entries *all;
	const struct ck_origin *origins;
	const struct ck_token_info *key;
	bool looked; /* logged in: private keys show */
	int64_t now;
};
/* Finds everything but what only a desk knows, in the order of the entries. */
int ck_doctor_find(const struct ck_seen_key *, struct ck_findings *, struct ck_err *);

/* A record of ours has made the pair of e and is over: is e what was left of it? The record has
 * given everything back, was never confirmed, and nothing contradicts that e is its pair; where e
 * has a certificate, it is surely of that pair. */
struct ck_made {
	bool closed_unused; /* abandoned or refused */
	bool bound, released, confirmed, swept;
	bool has_spki;
	unsigned char spki[CK_HASH_LEN];
};
bool ck_is_left_over(const struct ck_made *, const struct ck_entry *);

bool ck_same_finding(const struct ck_finding *, const struct ck_finding *);
int ck_findings_add(struct ck_findings *, const struct ck_finding *, struct ck_err *);

/* ---- the run (doctor.c) ---- */

#define CK_DOCTOR_STEPS 2 /* the key, the examination */

/* what a desk has for this key; bytes NULL: nothing that is not on it */
struct ck_doctor_seal {
	bool asked;
	struct ck_seal seal;
	char lease[CK_DESK_ID_MAX];
	const struct ck_site_system *system;
	unsigned char id[CK_TOKEN_ID_MAX]; /* of the certificate it belongs to */
	size_t id_len;
};

struct ck_doctor {
	struct ck_visit *v;
	const char *system; /* NULL: all of the site */
	char key[CK_KEY_NAME_MAX];
	bool looked;
	struct ck_entries all;
	struct ck_origin *origins;
	struct ck_findings now, told;
	struct ck_doctor_seal seal;
	bool silent[CK_SITE_SYSTEMS_MAX]; /* could not be asked: not tried again */
	struct ck_err first;		  /* why, of the first of them */
};

void ck_doctor_tell(const struct ck_doctor *, const struct ck_finding *, const struct ck_err *why);
/* 1 yes, 0 no, -1 */
int ck_doctor_agreed(
    struct ck_doctor *, const char *question, const struct ck_finding *, struct ck_err *);
int ck_doctor_note(struct ck_doctor *, enum ck_mark, const char *text, struct ck_err *);

/* The pair f has no certificate: asks the desks, and writes what they issued. 0 also when there is
 * nothing to be had, which is told. */
int ck_doctor_fetch(struct ck_doctor *, const struct ck_finding *f, struct ck_err *);

/* Adds what waits at a desk to the findings; the desks are asked at the first look only. */
int ck_doctor_seal_find(struct ck_doctor *, struct ck_err *);
/* Writes it, and tells how that went. 0 also when the key did not take it. */
int ck_doctor_seal(struct ck_doctor *, struct ck_err *);
void ck_doctor_seal_free(struct ck_doctor_seal *);

#endif
