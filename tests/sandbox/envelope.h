/* Password envelopes: handed out, asked for, proved, locked. */
#ifndef SANDBOX_ENVELOPE_H
#define SANDBOX_ENVELOPE_H

#include "sandbox.h"

#define SB_SALT_MAX 16
#define SB_PASSWORD_MAX 256 /* longer than any key takes as a PIN: refusals are tried with it */
#define SB_TRIES 5	    /* PROTOCOL.desk section 6 */

struct sb_envelope {
	char serial[SB_ID_MAX], password[SB_PASSWORD_MAX];
	unsigned char salt[SB_SALT_MAX];
	size_t salt_len;
	int iterations;
	char bound[SB_HEX_MAX];	      /* handed out for this certificate; empty: for any */
	char original_of[SB_HEX_MAX]; /* this certificate was first issued with it */
	char state[16];		      /* free, used, locked */
	bool open;		      /* CMP issues with it without a lease: for foreign clients */
};

/* 1 found, 0 none, -1 */
int sb_envelope_load(sqlite3 *, const char *serial, struct sb_envelope *);
/* Makes the salt; an envelope of that serial is replaced. */
int sb_envelope_put(sqlite3 *, struct sb_envelope *);
/* NULL when it may authorise this certificate's renewal, else the refusal's code */
const char *sb_envelope_refusal(sqlite3 *, const struct sb_envelope *, const char *cert);
/* Is mac the proof of the password over challenge and certificate? */
bool sb_envelope_proved(const struct sb_envelope *, const unsigned char *challenge, size_t n,
    const unsigned char cert_sha[32], const unsigned char *mac, size_t mac_len);
/* One wrong password more; returns the tries left, 0 = now locked. */
int sb_envelope_wrong(sqlite3 *, const struct sb_envelope *, const char *kiosk, const char *cert);

/* a refusal in words */
const char *sb_envelope_text(const char *code);

#endif
