/*
 * One visit: everything a station may look at, and the stations themselves.
 *
 * How the data travels: the loop (walk.c) asks plan.c for the next station and runs it. A station
 * looks at the world first (key, desk, record), writes down what it is about to do, does it once,
 * looks again, writes down what is true now, and returns. It never loops on its own and never asks:
 * it fills in a question and returns ASK; the loop brings the answer and calls it again.
 */
#ifndef CK_VISIT_H
#define CK_VISIT_H

#include <stdbool.h>

#include "certkiosk/ca.h"
#include "certkiosk/desk.h"
#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "certkiosk/record.h"
#include "certkiosk/secret.h"
#include "certkiosk/token.h"
#include "base/site.h"
#include "base/slip.h"
#include "pki/pki.h"
#include "policy/policy.h"
#include "walk/plan.h"
#include "walk/steps.h"
#include "walk/talk.h"

enum ck_turn {
	CK_GO,	  /* settled and written down */
	CK_ASK,	  /* talk.question is filled in */
	CK_LATER, /* nothing to do before retry_at */
	CK_STOP,  /* err says why */
};

/* the certificate to be renewed, as it was found on the key or kept in the record; of a download
 * the authority's own, which counts as gone whether or not it is on the key: nobody asks */
struct ck_old {
	unsigned char *der;
	size_t der_len;
	struct ck_cert_facts facts;
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len;
	char label[65];
	enum ck_has has_private;
	bool gone; /* retired already, wholly or in part */
};

/* what is known of a key that went (lost.c) */
struct ck_lost {
	bool missing;	    /* it is out, or nobody has seen yet that it is back */
	enum ck_station at; /* where it went last */
	int times;	    /* there, and nobody was asked to put it in since */
	bool was_out;	    /* that was asked since it went last */
	bool slips;	    /* it left its reader in between */
	bool left;	    /* a reader saw it leave, and it was not lost by that yet */
	struct ck_err why;
	struct ck_err told; /* by a reader, while a question stood */
};

struct ck_wish { /* what the front asked for; NULL = not said */
	const char *key, *cert, *record;
	const char *medium, *save_to; /* of files: where to look, where to put the new one */
	const char *batch;	      /* the visit is one of those (batch.h) */
};

/* another counter's visit that was asked for by name (find.c); lease empty: none was */
struct ck_meant {
	char lease[CK_DESK_ID_MAX], visit[96]; /* kiosk and record, for people */
	bool bound;
	bool confirmed; /* and the PIN as it should be: the old pair may be there still */
	unsigned char spki[CK_HASH_LEN]; /* when bound */
};

/* while a question stands that a key put in or pulled makes another one (insert.c) */
struct ck_await {
	struct ck_reader_watch *readers;
	unsigned char
	    looked[CK_HASH_LEN]; /* which keys there were when they were looked for last */
	int64_t lag_until;	 /* ck_mono_ms: until then a module may show one late */
	bool unheard;		 /* those no reader tells of are looked for, too */
};

struct ck_visit {
	const struct ck_site *site;
	const struct ck_site_system *system;
	struct ck_policy policy;
	struct ck_rules rules;
	enum ck_way way;
	const struct ck_clerk *clerk; /* NULL for self */
	bool signs_in;		      /* it is a clerk's own key that is meant, and no other */
	struct ck_wish wish;
	struct ck_meant meant;
	struct ck_talk talk;

	struct ck_store *store;
	struct ck_record *record;
	struct ck_progress done;
	struct ck_seen seen;
	bool resumed;  /* the record was there before this engine */
	bool agreed;   /* to go on with it, or another counter's (resume.c), or it was begun now */
	bool looked;   /* what became of the record's lease was asked */
	bool declined; /* a person said not to: nothing is changed */

	struct ck_keyring *ring;
	struct ck_reader_watch *readers; /* NULL where no key of the site is in a reader */
	struct ck_token *token;
	struct ck_token_info key;
	struct ck_await await;
	bool had_key; /* key is filled in */
	struct ck_lost lost;
	struct ck_old old;

	struct ck_http *http;
	struct ck_desk *desk;
	struct ck_ca *ca;
	struct ck_key_proof proof;
	int64_t promised; /* of a download: the end the codes were given for; 0: not told */
	struct ck_lease lease;
	struct ck_envelope envelope; /* with a challenge not answered yet; serial empty = none */

	struct ck_secret *pin;		/* as typed and taken by the key */
	struct ck_secret *password;	/* of the envelope, once the desk took its proof */
	char reference[CK_DESK_ID_MAX]; /* the envelope's serial; the first download code */
	struct ck_secret *once;		/* the desk's one-time secret, where no envelope serves */
	char once_for[CK_DESK_ID_MAX];	/* the reference that goes with it */
	struct ck_err trouble;		/* why the last answer was not good enough */
	bool last_try_granted;		/* a clerk's word for the next PIN, used up by it */
	bool last_try_said;		/* the same, but a second clerk has still to agree */
	bool seconded[CK_SECOND_N];	/* a second clerk's word; of PINs, used up by one */
	bool second_failed;		/* a second clerk's PIN was wrong in this visit */
	bool left_pair;	  /* it closes without the key: a clerk's word, or nobody came back */
	bool pin_failed;  /* one was wrong in this visit */
	bool by_envelope; /* the PIN in hand was said to be the envelope password (unsettled) */

	struct ck_errand errand; /* what the desk wants first (steps.h) */

	json_t *left;	      /* of a record that was closed: what it leaves undone (parked.h) */
	int64_t retry_at;     /* when a station returned LATER */
	int64_t waited_since; /* first LATER in a row, 0 = none */
	enum ck_station at;
};

/* ---- the stations, one file each ---- */
enum ck_turn ck_at_key(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_cert(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_eligible(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_consent(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_unlock(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_authorise(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_applicant(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_form_before(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_papers(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_identity(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_pay(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_review(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_newkey(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_request(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_issue(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_install(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_confirm(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_seal(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_pin(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_retire(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_form(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_close(struct ck_visit *, struct ck_err *);
enum ck_turn ck_at_abandon(struct ck_visit *, struct ck_err *);

/* ---- what stations share with the key's other services (pin, export, status) ---- */

/* key.c. GO: the key the person means is locked, judged (NULL: as it is) and open. */
typedef int ck_key_judge(const struct ck_token_info *, struct ck_err *);
enum ck_turn ck_take_key(struct ck_visit *, ck_key_judge *, struct ck_err *);
ck_key_judge ck_judge_pin;     /* can its PIN be typed here and changed? */
ck_key_judge ck_judge_renewal; /* and can it hold one pair more? */
/* which of them this visit wants; a download finds out later what is on the key */
ck_key_judge *ck_judge_of(const struct ck_visit *);

/* lost.c */
/* A call failed because the key went: everything open on it is let go, and the walk goes on at
 * station key. false: it did not, or it is there all the time and failed twice at one station. */
bool ck_key_lost(struct ck_visit *, struct ck_err *);
/* The missing key was not found: the question for it is filled in. false: something else is wrong,
 * or nobody will put it in. */
bool ck_key_awaited(struct ck_visit *, struct ck_err *);
/* The key in v->token is the one that was missing. */
void ck_key_found(struct ck_visit *);
/* Has a reader told that the key went? KEY_REMOVED. */
int ck_key_pulled(struct ck_visit *, struct ck_err *);
/* ck_talk_ask, until the key goes: KEY_REMOVED. */
int ck_key_ask(struct ck_visit *, struct ck_err *);

/* insert.c: which keys may be meant, and waiting for one to be put in */
/* Plugged in, and not a clerk's own (which is meant only by its serial); of who signs in, nothing
 * but clerks' own (CLERK_KEY_FOREIGN: there are others only). */
int ck_keys_here(
    struct ck_visit *, struct ck_token_info rows[CK_TOKENS_MAX], size_t *n, struct ck_err *);
/* Pure: of n keys, some of them clerks' own, is the clerk's at i meant by the serial that was
 * named? Serial numbers are not unique: a customer's key of the same one goes before. */
bool ck_own_key_meant(
    const char *named, const struct ck_token_info *rows, const bool *own, size_t n, size_t i);
/* None that will do, and err says why: ASK for one, or STOP where nothing a person puts in helps.
 */
enum ck_turn ck_ask_insert(struct ck_visit *, struct ck_err *);
/* A question is to be asked that is another one when keys come or go. */
int ck_watch_keys(struct ck_visit *, struct ck_err *);
void ck_watch_keys_end(struct ck_visit *);
/* The same for a question that is off when the key of the record is in again, and not before. */
int ck_watch_key_back(struct ck_visit *, struct ck_err *);

/* resume.c: what was begun before, here or at another counter. Nothing is asked of the key. */
/* GO: the record of this key is gone on with, or closed because another counter ended it, or there
 * is none. */
enum ck_turn ck_take_up(struct ck_visit *, struct ck_err *);
/* GO: no open visit of another record holds this certificate, or it is to be taken over. */
enum ck_turn ck_take_over(struct ck_visit *, const struct ck_lookup *, struct ck_err *);
/* Has another counter ended this record? 1 it is closed now, 0, -1. */
int ck_ended_elsewhere(struct ck_visit *, struct ck_err *);
/* What the record knows of the key is not on it: another counter may have brought the visit to its
 * end. A record by which nothing was ever granted then stands in nobody's way. GO: the record is
 * closed, or the key was taken after all; STOP: err stands as it was. */
enum ck_turn ck_look_back(struct ck_visit *, struct ck_err *);
/* Was nothing granted and nothing made by it? 1 it is closed now, 0, -1. */
int ck_close_idle(struct ck_visit *, struct ck_err *);

/* lease.c: what became of the record's lease */
/* By its id or, where the answer that granted it was lost, by the record's number. 1 the desk
 * tells, 0 it knows of none (now->now is its time all the same), -1. */
int ck_lease_now(struct ck_visit *, struct ck_lease *now, struct ck_err *);
/* Is it held by this record of this counter? */
bool ck_lease_is_ours(const struct ck_visit *, const struct ck_lease *);
/* Another counter brought it to its end: the record is closed as done. */
int ck_end_elsewhere(struct ck_visit *, const struct ck_lease *now, struct ck_err *);

/* consent.c: what was agreed to: [{"name", "version", "sha256", "at"}], oldest first; a new
 * reference, an empty array for nothing. A document agreed to anew, because it changed, stands
 * there twice. */
json_t *ck_consents_of(const struct ck_record *);

/* download.c */
/* GO: the desk has both codes; v->old is the certificate it makes anew, v->proof its proof. */
enum ck_turn ck_prove_codes(struct ck_visit *, struct ck_err *);
/* GO: the clerk has seen which certificate it is, and what it becomes. DOWNLOAD_DECLINED. */
enum ck_turn ck_show_download(struct ck_visit *, struct ck_err *);

/* authorise.c: is this end, promised at that time, the one our rules have? QUOTED_OTHER_END. */
int ck_judge_end(const struct ck_visit *, int64_t quoted, int64_t now, struct ck_err *);

/* adopt.c: the lease in v->lease was gone on with by somebody else; what is bound to it becomes the
 * record's, if it is on this key. PAIR_ELSEWHERE. */
int ck_adopt(struct ck_visit *, struct ck_err *);

/* unlock.c. GO: typed by the customer, taken by the key, kept in v->pin. Needs no record. Station
 * key asks already where the key shows nothing without it; then it is not asked for twice. */
enum ck_turn ck_enter_pin(struct ck_visit *, struct ck_err *);

/* guess.c */
/* 1 yes, 0 no, -1 nothing recorded to try it on. Local: the CA's replies on the tape are protected
 * with it. */
int ck_is_envelope_password(struct ck_visit *, const struct ck_secret *);
/* One that was typed: 0 it may be the one, as far as the tape tells; ENVELOPE_WRONG, and counted;
 * PASSWORD_WAIT: after too many it was not even tried. */
int ck_guess(struct ck_visit *, const struct ck_secret *, struct ck_err *);
int ck_guess_allowed(const struct ck_visit *, struct ck_err *); /* PASSWORD_WAIT */
/* Pure: seconds until the next may be tried, 0 at once; last: when the last wrong one was. */
int64_t ck_guess_wait(int wrong, int64_t last, int64_t now);

/* naming.c: the new pair gets id and label by its family's rule; all is what is on the key. */
int ck_name_new(struct ck_visit *, const struct ck_entries *all, struct ck_err *);

/* tries.c */
/* a PIN change of the record was begun and nobody knows whether the key took it */
bool ck_pin_unsettled(const struct ck_visit *);
/* Would one more wrong PIN be the last, or can't the key tell? failed: one was wrong already. */
bool ck_on_the_edge(const struct ck_tries *, bool failed);
/* GO: a PIN may be asked for, as far as the key tells of its tries. */
enum ck_turn ck_may_try_pin(struct ck_visit *, const struct ck_tries *, struct ck_err *);
/* One PIN, one verification. GO, or ASK again with the trouble, or STOP. */
enum ck_turn ck_try_pin(
    struct ck_visit *, struct ck_secret *pin, struct ck_tries *, struct ck_err *);

/* ---- what stations share (visit.c) ---- */

/* Everything a visit holds is closed, every secret wiped, and the visit freed; accepts NULL. */
void ck_visit_close(struct ck_visit *);
/* The same for all but record, store and the front: the key may go. */
void ck_visit_let_go(struct ck_visit *);
/* System and policy of this id. SYSTEM_UNKNOWN; RECORD_SYSTEM when it is that of v->record. */
int ck_visit_take_system(struct ck_visit *, const char *id, struct ck_err *);
/* A station by itself, asked for as long as it asks: 0 when it is settled, -1 with the cause. */
int ck_visit_settle(struct ck_visit *, enum ck_turn (*station)(struct ck_visit *, struct ck_err *),
    struct ck_err *);

/* why a record is abandoned when nothing failed: a person said so; another counter did it; nobody
 * came back in time; the desk holds nothing for it any more */
#define CK_ASKED_FOR "asked for"
#define CK_GIVEN_BACK_ELSEWHERE "given back at another counter"
#define CK_NOBODY_CAME "nobody came back"
#define CK_HELD_NO_MORE "the right to renew is gone"
/* From now on the record is on its way back; why is one of these or an error's name. */
int ck_mean_to_abandon(struct ck_visit *, const char *why, struct ck_err *);

/* A certificate issued for the record's request: judged, and on record if it is good. say: the
 * deed's word, NULL for none. Needs v->old. */
int ck_keep_issued(
    struct ck_visit *, const unsigned char *cert, size_t n, const char *say, struct ck_err *);
/* The record's last line; what is sealed in it is kept as long as the policy says. */
int ck_end_record(
    struct ck_visit *, enum ck_station, enum ck_record_state, const char *text, struct ck_err *);
/* There is no record of this number: was there one? RECORD_PURGED or NO_RECORD; -1. */
int ck_no_record(struct ck_store *, const char *number, struct ck_err *);

/* A line of the record; members as in struct ck_line. */
struct ck_note {
	int item;
	enum ck_mark mark;
	const char *text;
	bool ledger;
	const struct ck_fact *facts;
	size_t n_facts;
};
int ck_visit_note(struct ck_visit *, const struct ck_note *, struct ck_err *);
#define CK_FACTS(a) .facts = (a), .n_facts = sizeof(a) / sizeof((a)[0])
struct ck_fact ck_text_fact(const char *name, const char *text, unsigned flags);

#define ck_visit_did(v, ...) \
	ck_talk_did(&(v)->talk, ck_station_name((v)->at), \
	    ck_step_of((v)->at, &(v)->rules, &(int){ 0 }), ck_steps(v), __VA_ARGS__)
int ck_steps(const struct ck_visit *);

/* The text for a slip of the record; NULL: there is none, or it is closed. */
const char *ck_visit_slip(const struct ck_visit *, char out[CK_SLIP_MAX]);

/* The same key wherever it is put in: module and serial. What locks and records know it by. */
#define CK_KEY_NAME_MAX 300
void ck_key_name(const struct ck_token_info *, char out[CK_KEY_NAME_MAX]);

/* Before a call that may take long: the front's patience begins anew. */
void ck_busy_key(struct ck_visit *);
/* While a question stands the front has no limit, and a word from us would take the question back:
 * nobody hears of a look at the keys, and a module that hangs in one call ends us by the alarm. */
void ck_look_quietly(struct ck_visit *, bool quietly);
void ck_busy_net(struct ck_visit *); /* one exchange */
void ck_busy_net_twice(struct ck_visit *);
/* Two exchanges, and the key signs for them: a proof of the key, a step of the authority's. */
void ck_busy_signed(struct ck_visit *);

/* The record's word on this item; 0-length facts count as absent. */
size_t ck_visit_id(
    const struct ck_visit *, unsigned char id[CK_TOKEN_ID_MAX]);     /* of the new pair */
void ck_progress_of(const struct ck_record *, struct ck_progress *); /* NULL: nothing yet */
void ck_visit_read_progress(struct ck_visit *);
void ck_visit_take_rules(struct ck_visit *); /* what its policy asks of its way */
struct ck_rules ck_rules_of(const struct ck_policy *, enum ck_way);
/* What is on the key under this id; NULL when nothing is. */
const struct ck_entry *ck_entry_of(const struct ck_entries *, const unsigned char *id, size_t n);
const struct ck_entry *ck_entry_of_spki(const struct ck_entries *, const unsigned char *spki);

/* The key under this id signs for this certificate. */
int ck_visit_prove(struct ck_visit *, const unsigned char *id, size_t id_len,
    const unsigned char *cert, size_t n, struct ck_err *);
/* A signature that failed says only that the key had trouble: look whether it is still there.
 * Always -1. */
int ck_visit_blame_key(struct ck_visit *, struct ck_err *);

/* Our clock against the desk's, whenever it tells its time. CLOCK. */
int ck_visit_judge_clock(const struct ck_visit *, int64_t desk, struct ck_err *);

/* seal.c: 1 the desk has one for this lease, seal->bytes is the caller's; 0 none; -1 */
int ck_seal_fetch(struct ck_visit *, const char *lease, struct ck_seal *, struct ck_err *);
int ck_seal_write(struct ck_visit *, const struct ck_seal *, struct ck_err *);
/* The desk hears what became of it, if it listens. */
void ck_seal_tell(struct ck_visit *, const char *lease, const struct ck_seal *, bool written);

/* vouch.c: the first desk of the site that answers tells the time. CLOCK when ours is ahead by more
 * than the site allows; DESK_UNREACHABLE and the like when no desk answers. */
int ck_desks_vouch(const struct ck_site *, struct ck_link *, struct ck_err *);

/* What enrolment needs: reference, secret, request; handles of both keys where the way signs with
 * the old one, which ck_visit_enrolled lets go. resend as in ca.h. */
int ck_visit_enrol(struct ck_visit *, bool resend, struct ck_enrol *, struct ck_err *);
void ck_visit_enrolled(struct ck_enrol *);
/* Does enrolment rest on the desk's one-time pair? */
bool ck_visit_takes_pair(const struct ck_visit *);
/* Is there a request to the CA on this record's tape? 1, 0, -1 */
int ck_visit_asked_ca(const struct ck_visit *, struct ck_err *);
/* Can the old key still sign the request this record has yet to send? OLD_EXPIRED. */
int ck_visit_judge_signer(const struct ck_visit *, struct ck_err *);
/* What this record is for one engine at a time, held until the store's keys are unlocked; busy:
 * another one has it. */
int ck_visit_lock(
    struct ck_visit *, const char *what, const char *record, enum ck_code busy, struct ck_err *);
/* Lines to CA and desk; opened once. */
int ck_visit_connect(struct ck_visit *, struct ck_err *);
void ck_visit_disconnect(struct ck_visit *);

#endif
