/*
 * What a test tells shim.so to do.
 *
 * Its folder is the environment's CK_SHIM_DIR; everything in it is a plain file, so that a test
 * steers a module that lives in another process. Files:
 *
 *   ctl      what to do, one line each (below); read again on every call; replace it by rename
 *   calls    written: the name of every function called, one line a call
 *   logins   written: one byte per PIN verification on the wire (C_Login of the user, C_SetPIN)
 *   tries    kept: wrong PINs in a row, when pinmax is set
 *   yanked   kept: the ctl under which a yank took place; absent while ctl still reads so
 *   held     written: by a rule "hold" while it holds
 *   seats    which keys are in which readers, where there are several (seat.h)
 *   fired    kept: rules marked "once" that have had their turn
 *
 * Lines of ctl:
 *
 *   absent                the key is out; sessions die
 *   replugged N           another N than before: it was out and is back, sessions died
 *   stale                 put in again, it stays "removed" until all slots are asked for (OpenSC)
 *   stalemate             or until the module is finalized
 *   serial TEXT           another key answers
 *   reader TEXT           the slot's description
 *   rude                  what vendors' modules do to their host: signals, mask, umask, folder
 *                         and locale changed, lines printed, a child left behind
 *   noset                 C_SetAttributeValue answers CKR_ATTRIBUTE_READ_ONLY
 *   pinmax N              locks after N wrong PINs, with the flags a card gives
 *   noflags               never shows a flag: tries unknown
 *   lowflag finalflag lockedflag defaultpin   shows that flag in any case
 *   lockedasincorrect     a locked PIN answers CKR_PIN_INCORRECT (OpenSC)
 *   pinlen MIN MAX        bounds of the PIN the key tells
 *   pinpad readonly       flags; readonly also refuses to write
 *   full                  C_GenerateKeyPair and C_CreateObject answer CKR_DEVICE_MEMORY
 *   fullsilent            C_CreateObject says OK and keeps nothing
 *   fullshort             C_CreateObject keeps half of CKA_VALUE
 *   badsign               signatures are wrong
 *   nomech HEX            this mechanism isn't there
 *   slow MS               every call takes so long
 *   power                 what dies takes its parent, the front, with it, as a power cut does
 *   memory FREE TOTAL     bytes the key tells of; SoftHSM tells nothing
 *   ACTION FUNC N [once]  at the N-th call of FUNC (from 0, counted in this process; * = any call):
 *     fail FUNC HEXRV N     answers HEXRV and does nothing; failafter: does it, and answers HEXRV
 *     yank FUNC N           is pulled, and stays out until ctl changes
 *     die FUNC N            the process is killed before the call; dieafter: after it
 *     crash FUNC N          SIGSEGV
 *     hang FUNC N           never returns
 *     hold FUNC N           waits until ctl changes
 */
#ifndef SHIM_CTL_H
#define SHIM_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <p11-kit/pkcs11.h>

#define CTL_MAX 4096
#define RULES_MAX 16

enum action { A_FAIL, A_FAILAFTER, A_YANK, A_DIE, A_DIEAFTER, A_CRASH, A_HANG, A_HOLD, A_COUNT };

struct rule {
	enum action action;
	char function[32];
	unsigned long n;
	CK_RV rv;
	bool once;
	char line[128];
};

struct ctl {
	bool absent, noflags, low, final, locked, defaultpin, locked_as_incorrect, pinpad, readonly;
	bool full, full_silent, full_short, bad_sign;
	bool stale, stalemate, rude, no_set, power;
	char serial[17], reader[65];
	int pinmax;
	unsigned long pin_min, pin_max, no_mechanism, slow_ms, memory_free, memory;
	long plug;
	struct rule rules[RULES_MAX];
	size_t n_rules;
};

/* A file of the folder: empty when it is not there. how: O_TRUNC, O_APPEND. */
void shim_read(const char *name, char *out, size_t cap);
void shim_write(const char *name, int how, const char *text);
int shim_tries(void);
void shim_set_tries(int n);

/* A line no one understands would be a test that tests nothing: it ends the process. */
void shim_parse(struct ctl *, const char *line);

#endif
