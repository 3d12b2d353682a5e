/* A vendor's PKCS#11 module behind the guard; one at a time. */
#ifndef CK_MODULE_H
#define CK_MODULE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <p11-kit/pkcs11.h>

#include "certkiosk/err.h"
#include "token/guard.h"

/* readers one module shows; multi-reader hubs at counters have 8 */
#define CK_SLOTS_MAX 64

/* Told between two calls, so that one long look at a key is not taken for one call that hangs. */
struct ck_pulse {
	void (*beat)(void *u); /* NULL: nobody wants to hear it */
	void *u;
	int64_t last; /* ck_mono_ms */
};

struct ck_module {
	void *guard; /* p11guard.so, kept until ck_module_free */
	char guard_path[PATH_MAX];
	ck_guard_enter_fn *enter;
	ck_guard_show_fn *show;
	char path[256];	     /* of the module loaded now; empty when there is none */
	CK_FUNCTION_LIST *f; /* its own list: true error codes */
	bool taken;	     /* a key of it is open */
	struct ck_pulse pulse;
};

/* Load and initialize; whatever was loaded before is finalized first. MODULE_MISSING, _BROKEN. */
int ck_module_load(struct ck_module *, const char *path, struct ck_err *);
/* The last call has returned. */
void ck_module_alive(struct ck_module *);
void ck_module_unload(struct ck_module *);
void ck_module_free(struct ck_module *);

/* Slots with a key in them now; relist: it is first asked for the number of all slots. */
int ck_module_slots(
    struct ck_module *, bool relist, CK_SLOT_ID slots[CK_SLOTS_MAX], size_t *n, struct ck_err *);

#endif
