/*
 * Interrupted visits, tried by the thousand: a world (one sandbox, one key, put back as it was
 * before each case), visits of the real certkiosk in it with a person played by this program, and a
 * judge of the end. What goes wrong, and where, is a mode's own.
 *
 * To add a mode: a file MODE.c with one function of type prove_mode, its line in the table of
 * prove_main.c, and a NAME.sh that calls it (see kill_calls.sh). The function goes through its
 * cases:
 *
 *	struct trial t;
 *	trial_begin(w, &t, "point 12");         the world as it was, nothing typed yet
 *	struct visit v = { .fault_at = "12", .fault_how = "power" };
 *	trial_visit(&t, &v);                    the fault
 *	trial_finish(&t);                       the same visit until it has ended, judged as done
 *	trial_end(&t, &count, "12");            says what was found, and counts it
 *
 * and ends with prove_count(), which prints the ok or not ok line. What the shim does to the key is
 * set by world_shim(), what CA and desk do by sb_knob_set(&w->sb, …).
 */
#ifndef PROVE_H
#define PROVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <jansson.h>

#include "../sandbox/sandbox.h"

#define OLD_PIN "Old-4471-kestrel"
#define PASSWORD "Env-9038-osprey"
#define ENVELOPE "20261120000371"
#define FIRST_CODE "D-20261120-4711"
#define SECOND_CODE "Zk7-q9w2-heron"

/* ---- world.c: a sandbox in a folder ---- */

struct wish {
	const char *dir, *bin; /* sandbox and programs */
	const char *system, *way, *alg;
	const char *medium; /* key, or p12: a PKCS#12 file on a stick */
	const char *points, *only;
	const char *pay; /* how orders are paid: alipay, or transfer with its receipt */
	long seed, cases;
	bool readers, two_keys;
	bool patient; /* screens go on by themselves, no button is pressed */
};

struct world {
	const struct wish *wish;
	struct sb sb;
	bool on_behalf, file, confirms; /* confirms: the CA hears of each certificate by itself */
	bool download;			/* beside the certificate it makes anew, which stays */
	bool order;			/* the system takes one, to be paid, and more */
	bool seal;			/* with each certificate one is renewed */
	long looked;			/* seals it took the doctor for */
	pid_t server, readers;
	int port, to_readers, from_readers;
	char serial[32], old[SB_HEX_MAX], label[32];
	char other_serial[32], other_label[32]; /* of the key that is none of ours */
	bool same_serial;			/* both keys say that they are 0000 */
	int n_ctl;
};

int world_open(struct world *, const struct wish *);
void world_close(struct world *);
/* Key, record and books as they were before the first visit; no knob, no order for the shim. */
int world_fresh(struct world *);
void world_path(const struct world *, const char *name, char out[SB_PATH_MAX]);
/* Documents that came out of the printer; -1: this world has none. */
int world_sheets(const struct world *);
/* What the shim does from now on: lines, NULL for nothing. Each order is another one, so that a key
 * that was yanked is back in. */
int world_shim(struct world *, const char *lines);
/* Is it out by an order to yank it? */
bool world_yanked(const struct world *);
/* How often a function of the module was called, or (NULL) any; and PINs that reached the key. */
long world_calls(const struct world *, const char *function);
long world_logins(const struct world *);
/* For visit.fault_log, emptied; and how often that visit came by a fault point, or (NULL) any. */
void world_points_log(const struct world *, char out[SB_PATH_MAX]);
long world_points(const struct world *, const char *point);
/* How often it came by such a one, or (NULL) any, before the first that is called so; -1: there is
 * none. */
long world_points_before(const struct world *, const char *first, const char *point);
/* kill -9; and up again on the same port and books, which returns when it listens. */
void world_server_kill(struct world *);
int world_server_start(struct world *);
/* The other key is in instead of ours, and back. */
int world_swap(struct world *);
/* What the readers see of it, done when they return. */
int world_take_out(struct world *);
int world_put_in(struct world *);

/* files.c; join ends the program when there is no room: a cut path would be another file */
void files_join(const char *dir, const char *name, char out[SB_PATH_MAX]);
int files_remove(const char *path);
int files_copy(const char *from, const char *to);
bool files_same(const char *a, const char *b); /* all that is in a is in b, byte for byte */
/* The first file below path in which this stands, in raw bytes. */
bool files_find(const char *path, const char *text, char found[SB_PATH_MAX]);

/* ---- visit.c: one run of certkiosk ---- */

struct visit {
	/* before */
	const char *abandon;		  /* this record, instead of a renewal */
	const char *print;		  /* the form of this record, instead */
	bool doctor;			  /* he looks at the key, instead */
	const char *fault_at, *fault_how; /* CK_FAULT_AT, CK_FAULT_HOW */
	const char *fault_log;		  /* CK_FAULT_LOG */
	/* Does something when the key is asked for, the n-th time; -1: nobody puts it in. */
	int (*hands)(struct visit *, int n, const json_t *question);
	/* Looks after things when nothing was said for a while. */
	void (*quiet)(struct visit *);
	/* Does something when the engine holds at its fault point. */
	void (*held)(struct visit *);
	void *u;
	struct world *w;
	/* after */
	int status;	  /* exit status, or -SIGNAL */
	bool stood_still; /* and was killed by us */
	bool was_held;
	int typed; /* PINs handed over */
	int unlocked, changed, key_back, restarts;
	char wrong[96]; /* what the customer saw and should not have */
	char end[16], error[40], detail[512], record[40];
	char *said; /* everything, NUL-terminated; freed by visit_free */
	size_t said_n;
};

int visit_run(struct world *, struct visit *);
void visit_free(struct visit *);

/* ---- order.c: a customer who orders and pays ---- */

#define ORDER_LINE 512
/* The customer's answer to a question about an order; false: it is about something else. */
bool order_answer(struct visit *, const json_t *question, char line[ORDER_LINE]);

/* ---- stretch.c: a part of a visit, by --points order, seal ---- */

/* numbers of fault points, and of exchanges, the last of each included */
struct stretch {
	long first, last, first_exchange, last_exchange;
};
struct count;
bool stretch_wanted(const struct world *);
/* Everything, or that part as a visit that nothing happens to comes by it, which is printed; -1: it
 * went wrong. */
int stretch_find(struct world *, struct count *, struct stretch *);
/* Of the part: its calls of the key, from 0, the last included. */
void stretch_calls(struct world *, long *first, long *last);

/* ---- seal.c: an electronic seal that is renewed, too ---- */

#define SEAL_LABEL "电子印章"
int seal_waits(struct world *); /* at the desk */
int seal_put(struct world *, const char *pin, const char *bytes);

/* ---- holder.c: what is on the key, seen without the kiosk ---- */

#define HELD_MAX 8
struct held {
	int pairs, certs, strays; /* whole pairs; certificates; objects that belong to no pair */
	int seals;		  /* data objects with the seal's label */
	char seal[SB_HEX_MAX];	  /* of the last of them */
	bool opens;		  /* the PIN is taken */
	bool signs;		  /* each pair with a certificate signs for it */
	int good;		  /* those that do, and whose certificate is valid and live */
	char cert[HELD_MAX][SB_HEX_MAX];
	bool valid[HELD_MAX]; /* by the sandbox's issuers, today */
};
int held_look(struct world *, const char *pin, struct held *);
bool held_opens(struct world *, const char *pin);

/* ---- trial.c and judge.c: one case ---- */

struct trial {
	struct world *w;
	char name[128];
	int visits, typed, unlocked, changed;
	struct visit last;
	bool doubled;	  /* the wire sent something twice, which is not the kiosk's doing */
	char wrong[4096]; /* what was found, a line each; empty: all is right */
};

void trial_begin(struct world *, struct trial *, const char *name, ...)
    __attribute__((format(printf, 3, 4)));
/* Runs it and takes what was typed to account. */
void trial_visit(struct trial *, struct visit *);
/* The newest record's state in the words of record.h, "none" without one; and its number. */
const char *trial_record(const struct trial *, char number[40]);
/* Goes on with the same visit, unless its record is done already, and judges. */
void trial_finish(struct trial *);
void trial_wrong(struct trial *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* One certificate, the new one, alone and in use; everything else of promises 1 to 4. */
void judge_done(struct trial *);
/* Before the CA had confirmed: the key as it came, nothing live or held, the envelope free; after
 * it: the new certificate stays, whole. */
void judge_given_up(struct trial *);
/* What is owed at any end: the ledger, PINs on the wire, no secret in any file. */
void judge_always(struct trial *);
/* What is owed at any moment, also to whoever pulls the plug: a certificate that is of use. */
void judge_usable(struct trial *);
/* And to a CA that takes orders: nothing is issued that is not paid. */
void judge_unpaid(struct trial *);
/* One seal on the key, the desk's, and the desk knows; where the visit was kept from it, once the
 * doctor has looked. */
void judge_seal(struct trial *);

struct count {
	long points, wrong;
	const char *mode;
};
/* Says what was wrong and how to see it again: by this --only. */
void trial_end(struct trial *, struct count *, const char *only);
/* What is enumerated must not come to its end because its fault is gone: as many points as there
 * are were tried since there were so many, and of each kind at least one. Otherwise it is said, and
 * counted as wrong. */
void count_each(struct count *, long since, long there_are, const char *what);
void count_some(struct count *, long n, const char *what);
/* the ok or not ok line; 0 or 1 */
int prove_count(const struct count *, const char *what);

typedef int prove_mode(struct world *);
prove_mode prove_kill, prove_yank, prove_back, prove_restart, prove_pairs, prove_wreck;
prove_mode prove_lost, prove_disk, prove_paper;

#endif
