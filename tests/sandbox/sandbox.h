/*
 * One sandbox: a directory that holds a made-up certificate authority - its keys (pki/), its books
 * (sandbox.db) and its faults on demand (knobs/). casandbox serves it; makekey and sandboxctl write
 * into the same books while it runs. Nothing here is ever installed.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <pthread.h>
#include <stdint.h>

#include "db.h"
#include "pki.h"

#define SB_PATH_MAX 1024 /* DIR and a name below it */
#define SB_DIR_MAX 512
#define SB_ID_MAX 64  /* PROTOCOL.desk: ids have at most 63 characters */
#define SB_HEX_MAX 65 /* SHA-256 in hexadecimal */

struct sb {
	char dir[SB_DIR_MAX];
	sqlite3 *db;
	struct sb_pki pki;
	bool no_desk; /* another program is the desk: the CA alone is served */
	pthread_mutex_t
	    act; /* one request acts at a time: what it reads stays true until it writes */
	pthread_mutex_t knobs;
};

/* Opens an initialised directory; says on the log what is wrong. close accepts a half-open one. */
int sb_open(struct sb *, const char *dir);
void sb_close(struct sb *);
/* The desk's clock: ours, moved by knob desk.clock. */
int64_t sb_now(struct sb *);

/* prefix and n random bytes in hexadecimal; out holds SB_ID_MAX */
void sb_new_id(const char *prefix, size_t n, char out[SB_ID_MAX]);
/* kill -9 of this very process: the fault that no clean-up softens */
void sb_die(const char *where);

#endif
