/*
 * Where the walk stands and where it goes next. Pure: what the record says, what the policy asks
 * and what this engine has seen with its own eyes go in, a station comes out. The order of the
 * stations is the order of this enum; a policy switches them off, nothing reorders them.
 */
#ifndef CK_PLAN_H
#define CK_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum ck_station {
	CK_AT_KEY,
	CK_AT_CERT,
	CK_AT_ELIGIBLE,
	CK_AT_CONSENT,
	CK_AT_UNLOCK,
	CK_AT_AUTHORISE,
	CK_AT_APPLICANT, /* these up to review only when the desk asks for them */
	CK_AT_FORM_BEFORE,
	CK_AT_PAPERS,
	CK_AT_IDENTITY,
	CK_AT_PAY,
	CK_AT_REVIEW,
	CK_AT_NEWKEY,
	CK_AT_REQUEST,
	CK_AT_ISSUE,
	CK_AT_INSTALL,
	CK_AT_CONFIRM,
	CK_AT_SEAL,
	CK_AT_PIN,
	CK_AT_RETIRE,
	CK_AT_FORM,
	CK_AT_CLOSE,
	CK_AT_ABANDON, /* instead of going on, from wherever it is said */
	CK_AT_END,
};

const char *ck_station_name(enum ck_station);
enum ck_station ck_station_from(const char *name); /* CK_AT_KEY: NULL, and what is none */

/* What the record holds: places to stand, and the intents of acts that can't be undone. */
struct ck_progress {
	bool begun;		  /* verdict frozen, old certificate known */
	bool consented;		  /* every document was agreed to, as it was then */
	bool lease_meant, leased; /* asked for, and no refusal heard; granted */
	/* what the desk waits for before it lets a request be bound, as it said last: the station
	 * of its first step that has not passed; CK_AT_KEY: none */
	enum ck_station due;
	bool form_due;			/* among the papers it wants is our form */
	bool newkey_meant, newkey_made; /* id chosen; pair seen on the key */
	bool requested;			/* request made and bound at the desk */
	bool issued, installed, confirmed;
	bool sealed; /* the seal was written, or it is known why not */
	bool pin_meant, pin_settled;
	bool retire_meant, naming_meant, named, retired; /* old pair gone; new one renamed */
	bool formed; /* the form is kept, or it is known why there is none */
	bool abandon_meant, released, swept; /* giving up: at the desk, on the key */
	bool closed;
};

/* What the policy asks of this way. */
struct ck_rules {
	bool envelope;	  /* authorised by one; otherwise by the key proof itself */
	bool download;	  /* authorised by two codes in the key proof's place; no old pair counts */
	bool pin_changes; /* the PIN becomes the envelope password */
	bool form;	  /* one is signed by the new key at the end */
	bool consent;	  /* documents are agreed to before anything is asked of the key */
	bool form_before; /* one is signed by the old key and printed, where it is wanted as a paper
			   */
	bool applicant, papers, identity, pay, review; /* steps the desk may ask for */
	bool seal;				       /* one may be renewed with the certificate */
};

/* What this engine has seen since it started; nothing here survives it. */
struct ck_seen {
	bool key;  /* open, the record's own, nobody else's engine on it */
	bool cert; /* the old certificate (or what is left of it) found there */
	bool unlocked;
	bool authorised; /* lease confirmed by the desk, and the secret for enrolment in hand */
	bool consented;	 /* the documents as they are now are those that were agreed to */
};

/* Is the envelope password, or the one-time pair, still needed for what is left to do? */
bool ck_wants_authority(const struct ck_progress *, const struct ck_rules *);

/* Does giving up now mean giving back what was issued, and sweeping the pair that was made? Once
 * the CA has confirmed, the new certificate stays. */
bool ck_abandon_gives_back(const struct ck_progress *);

/* Is there something of a given-up record left on the key, to be swept or brought to its end? */
bool ck_abandon_wants_key(const struct ck_progress *);

enum ck_station ck_next(
    const struct ck_progress *, const struct ck_rules *, const struct ck_seen *);

/* What was not brought to its end, whatever was tried since: people are told this. */
enum ck_station ck_stopped_at(const struct ck_progress *, const struct ck_rules *);

/* Place of a station among those this policy has, from 1; and their number. For the step bar. */
int ck_step_of(enum ck_station, const struct ck_rules *, int *of);

#endif
