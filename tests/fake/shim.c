/*
 * shim.so: a PKCS#11 module over SoftHSM2 that fails on demand, as real keys do.
 *
 * Its folder says what to do (shim_ctl.h).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <p11-kit/pkcs11.h>

#include "seat.h"
#include "shim_ctl.h"

#define REAL_MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define SLOTS_MAX 32
/* a handle SoftHSM never gives out */
#define NO_OBJECT 0x7ffffff0UL

/* every function wrapped; what isn't here goes to SoftHSM unseen */
#define FUNCTIONS(X) \
	X(C_Initialize) \
	X(C_Finalize) \
	X(C_GetSlotList) \
	X(C_GetSlotInfo) \
	X(C_GetTokenInfo) \
	X(C_GetMechanismList) \
	X(C_GetMechanismInfo) \
	X(C_InitToken) \
	X(C_InitPIN) \
	X(C_SetPIN) \
	X(C_OpenSession) \
	X(C_CloseSession) \
	X(C_CloseAllSessions) \
	X(C_GetSessionInfo) \
	X(C_Login) \
	X(C_Logout) \
	X(C_CreateObject) \
	X(C_DestroyObject) \
	X(C_GetAttributeValue) \
	X(C_SetAttributeValue) \
	X(C_FindObjectsInit) \
	X(C_FindObjects) \
	X(C_FindObjectsFinal) \
	X(C_SignInit) \
	X(C_Sign) \
	X(C_SignUpdate) \
	X(C_SignFinal) \
	X(C_DecryptInit) \
	X(C_Decrypt) \
	X(C_EncryptInit) \
	X(C_Encrypt) \
	X(C_VerifyInit) \
	X(C_Verify) \
	X(C_GenerateKeyPair) \
	X(C_GenerateRandom)

#define AS_ENUM(f) F_##f,
#define AS_NAME(f) #f,
enum function { FUNCTIONS(AS_ENUM) F_COUNT };
static const char *const names[] = { FUNCTIONS(AS_NAME) };

static struct {
	CK_FUNCTION_LIST *real, list;
	char text[CTL_MAX]; /* ctl as it was last read */
	struct ctl now;
	bool absent; /* as of the last call */
	bool stale;  /* back in, and not noticed */
	unsigned long count[F_COUNT], total;
	const struct rule *after; /* dieafter or failafter of the call under way */
} shim;

/* ---- ctl ---- */

static void
drop_sessions(void)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;

	if (shim.real->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK)
		for (CK_ULONG i = 0; i < n; i++)
			shim.real->C_CloseAllSessions(slots[i]);
}

static void
read_ctl(void)
{
	char text[CTL_MAX], yanked[CTL_MAX], *line = NULL, *rest = NULL;
	long plug = shim.now.plug;

	shim_read("ctl", text, sizeof text);
	if (strcmp(text, shim.text) != 0) {
		memcpy(shim.text, text, sizeof text);
		memset(&shim.now, 0, sizeof shim.now);
		for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			shim_parse(&shim.now, line);
	}
	shim_read("yanked", yanked, sizeof yanked);
	if (yanked[0] != '\0' && strcmp(yanked, shim.text) == 0)
		shim.now.absent = true;
	if ((shim.now.absent && !shim.absent) || shim.now.plug != plug)
		drop_sessions();
	if (shim.absent && !shim.now.absent && (shim.now.stale || shim.now.stalemate))
		shim.stale = true;
	shim.absent = shim.now.absent || shim.stale;
	shim_read("seats", text, sizeof text);
	seat_read(shim.real, text);
}

/* Whoever steers the test does something meanwhile. */
static void
hold(void)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	char text[CTL_MAX];

	shim_write("held", O_TRUNC, "");
	do {
		nanosleep(&moment, NULL);
		shim_read("ctl", text, sizeof text);
	} while (strcmp(text, shim.text) == 0);
	read_ctl();
}

/* What vendors' modules have been seen to do to their host. */
static void
be_rude(void)
{
	sigset_t all;

	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGSEGV, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	umask(0);
	if (chdir("/") != 0 || setlocale(LC_ALL, "C.UTF-8") == NULL)
		abort();
	fputs("driver: hello\n", stderr);
	puts("{\"end\":\"done\"}");
	fflush(stdout);
	if (fork() == 0) {
		sleep(20);
		_exit(0);
	}
}

/* ---- rules ---- */

static bool
its_turn(const struct rule *r, enum function f)
{
	char fired[CTL_MAX];
	bool any = strcmp(r->function, "*") == 0;

	if (!any && strcmp(r->function, names[f]) != 0)
		return false;
	if (r->n != (any ? shim.total : shim.count[f]))
		return false;
	if (!r->once)
		return true;
	shim_read("fired", fired, sizeof fired);
	if (strstr(fired, r->line) != NULL)
		return false;
	shim_write("fired", O_APPEND, r->line);
	return true;
}

static void
die(void)
{
	if (shim.now.power)
		kill(getppid(), SIGKILL);
	kill(getpid(), SIGKILL);
}

static CK_RV
act(const struct rule *r)
{
	switch (r->action) {
	case A_FAIL:
		return r->rv;
	case A_YANK:
		shim_write("yanked", O_TRUNC, shim.text);
		shim.absent = shim.now.absent = true;
		drop_sessions();
		break;
	case A_DIE:
		die();
		break;
	case A_CRASH:
		signal(SIGSEGV, SIG_DFL);
		kill(getpid(), SIGSEGV);
		break;
	case A_HANG:
		for (;;)
			pause();
	case A_HOLD:
		hold();
		break;
	case A_DIEAFTER:
	case A_FAILAFTER:
		shim.after = r;
		break;
	case A_COUNT:
		break;
	}
	return CKR_OK;
}

static CK_RV
before(enum function f)
{
	char line[64];
	CK_RV rv = CKR_OK;

	read_ctl();
	snprintf(line, sizeof line, "%s\n", names[f]);
	shim_write("calls", O_APPEND, line);
	if (shim.now.slow_ms > 0) {
		struct timespec t = { .tv_sec = (time_t)(shim.now.slow_ms / 1000),
			.tv_nsec = (long)(shim.now.slow_ms % 1000) * 1000000 };

		nanosleep(&t, NULL);
	}
	shim.after = NULL;
	for (size_t i = 0; i < shim.now.n_rules && rv == CKR_OK; i++)
		if (its_turn(&shim.now.rules[i], f))
			rv = act(&shim.now.rules[i]);
	shim.count[f]++;
	shim.total++;
	return rv;
}

static CK_RV
after(CK_RV rv)
{
	if (shim.after == NULL)
		return rv;
	if (shim.after->action == A_DIEAFTER)
		die();
	return shim.after->rv;
}

/* ---- the plain ones: the rules, then SoftHSM; gone is what the call answers while the key is out
 * ---- */

#define PLAIN(fn, gone, params, args) \
	static CK_RV s_##fn params \
	{ \
		CK_RV rv = before(F_##fn); \
\
		if (rv == CKR_OK && shim.absent) \
			rv = gone; \
		return rv != CKR_OK ? rv : after(shim.real->fn args); \
	}

PLAIN(C_GetMechanismList, CKR_TOKEN_NOT_PRESENT, (CK_SLOT_ID s, CK_MECHANISM_TYPE *l, CK_ULONG *n),
    (s, l, n))
PLAIN(C_InitToken, CKR_TOKEN_NOT_PRESENT, (CK_SLOT_ID s, CK_BYTE *p, CK_ULONG n, CK_BYTE *l),
    (s, p, n, l))
PLAIN(C_InitPIN, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_BYTE *p, CK_ULONG n), (s, p, n))
PLAIN(C_OpenSession, CKR_TOKEN_NOT_PRESENT,
    (CK_SLOT_ID s, CK_FLAGS f, void *a, CK_NOTIFY n, CK_SESSION_HANDLE *h), (s, f, a, n, h))
PLAIN(C_CloseSession, CKR_OK, (CK_SESSION_HANDLE s), (s))
PLAIN(C_CloseAllSessions, CKR_OK, (CK_SLOT_ID s), (s))
PLAIN(C_GetSessionInfo, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_SESSION_INFO *i), (s, i))
PLAIN(C_Logout, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s), (s))
PLAIN(C_GetAttributeValue, CKR_DEVICE_REMOVED,
    (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, CK_ULONG n), (s, o, a, n))
PLAIN(C_FindObjectsInit, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG n),
    (s, a, n))
PLAIN(C_FindObjects, CKR_DEVICE_REMOVED,
    (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o, CK_ULONG max, CK_ULONG *n), (s, o, max, n))
PLAIN(C_FindObjectsFinal, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s), (s))
PLAIN(C_SignUpdate, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n), (s, d, n))
PLAIN(C_SignFinal, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_BYTE *o, CK_ULONG *n), (s, o, n))
PLAIN(C_DecryptInit, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k),
    (s, m, k))
PLAIN(C_Decrypt, CKR_DEVICE_REMOVED,
    (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n, CK_BYTE *o, CK_ULONG *on), (s, d, n, o, on))
PLAIN(C_EncryptInit, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k),
    (s, m, k))
PLAIN(C_Encrypt, CKR_DEVICE_REMOVED,
    (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n, CK_BYTE *o, CK_ULONG *on), (s, d, n, o, on))
PLAIN(C_VerifyInit, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k),
    (s, m, k))
PLAIN(C_Verify, CKR_DEVICE_REMOVED,
    (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n, CK_BYTE *g, CK_ULONG gn), (s, d, n, g, gn))
PLAIN(
    C_GenerateRandom, CKR_DEVICE_REMOVED, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n), (s, d, n))

static CK_RV
s_C_Initialize(void *args)
{
	CK_RV rv = before(F_C_Initialize);

	if (shim.now.rude)
		be_rude();
	return rv != CKR_OK ? rv : after(shim.real->C_Initialize(args));
}

static CK_RV
s_C_Finalize(void *reserved)
{
	CK_RV rv = before(F_C_Finalize);

	shim.stale = false;
	shim.absent = shim.now.absent;
	return rv != CKR_OK ? rv : after(shim.real->C_Finalize(reserved));
}

/* ---- slots and what the key says of itself ---- */

static CK_RV
s_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
	CK_RV rv = before(F_C_GetSlotList);

	if (rv != CKR_OK)
		return rv;
	if (!present && slots == NULL && !shim.now.stalemate && !shim.now.absent)
		shim.absent = shim.stale = false;
	if (shim.absent && present) {
		*n = 0;
		return CKR_OK;
	}
	rv = shim.real->C_GetSlotList(present, slots, n);
	if (rv == CKR_OK && present && slots != NULL)
		seat_keep(shim.real, slots, n);
	return after(rv);
}

static CK_RV
s_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
	CK_RV rv = before(F_C_GetSlotInfo);

	if (rv != CKR_OK)
		return rv;
	rv = shim.real->C_GetSlotInfo(slot, info);
	info->flags |= CKF_REMOVABLE_DEVICE;
	seat_name(shim.real, slot, info);
	if (shim.now.reader[0] != '\0') {
		memset(info->slotDescription, ' ', sizeof info->slotDescription);
		memcpy(info->slotDescription, shim.now.reader, strlen(shim.now.reader));
	}
	if (shim.absent || !seat_there(shim.real, slot))
		info->flags &= ~CKF_TOKEN_PRESENT;
	return after(rv);
}

static CK_FLAGS
pin_flags(CK_FLAGS flags)
{
	const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
	const struct ctl *c = &shim.now;

	if (c->pinmax > 0) {
		int n = shim_tries();

		flags &= ~all;
		flags |= n > 0 ? CKF_USER_PIN_COUNT_LOW : 0;
		flags |= n == c->pinmax - 1 ? CKF_USER_PIN_FINAL_TRY : 0;
		flags |= n >= c->pinmax ? CKF_USER_PIN_LOCKED : 0;
	}
	if (c->noflags)
		flags &= ~all;
	flags |= c->low ? CKF_USER_PIN_COUNT_LOW : 0;
	flags |= c->final ? CKF_USER_PIN_FINAL_TRY : 0;
	flags |= c->locked ? CKF_USER_PIN_LOCKED : 0;
	flags |= c->defaultpin ? CKF_USER_PIN_TO_BE_CHANGED : 0;
	return flags;
}

static CK_RV
s_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = before(F_C_GetTokenInfo);
	const struct ctl *c = &shim.now;

	if (rv == CKR_OK && (shim.absent || !seat_there(shim.real, slot)))
		rv = CKR_TOKEN_NOT_PRESENT;
	if (rv == CKR_OK)
		rv = shim.real->C_GetTokenInfo(slot, info);
	if (rv != CKR_OK)
		return rv;
	info->flags = pin_flags(info->flags);
	info->flags |= c->pinpad ? CKF_PROTECTED_AUTHENTICATION_PATH : 0;
	info->flags |= c->readonly ? CKF_WRITE_PROTECTED : 0;
	if (c->serial[0] != '\0') {
		memset(info->serialNumber, ' ', sizeof info->serialNumber);
		memcpy(info->serialNumber, c->serial, strlen(c->serial));
	}
	if (c->memory != 0) {
		info->ulFreePublicMemory = c->memory_free;
		info->ulTotalPublicMemory = c->memory;
	}
	if (c->pin_max != 0) {
		info->ulMinPinLen = c->pin_min;
		info->ulMaxPinLen = c->pin_max;
	}
	return after(CKR_OK);
}

static CK_RV
s_C_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
	CK_RV rv = before(F_C_GetMechanismInfo);

	if (rv == CKR_OK && shim.absent)
		rv = CKR_TOKEN_NOT_PRESENT;
	/* 0 is RSA key generation, and no test needs a key without it */
	if (rv == CKR_OK && shim.now.no_mechanism != 0 && type == shim.now.no_mechanism)
		rv = CKR_MECHANISM_INVALID;
	return rv != CKR_OK ? rv : after(shim.real->C_GetMechanismInfo(slot, type, info));
}

static CK_RV
s_C_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM *how, CK_OBJECT_HANDLE key)
{
	CK_RV rv = before(F_C_SignInit);

	if (rv == CKR_OK && shim.absent)
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_OK && shim.now.no_mechanism != 0 && how->mechanism == shim.now.no_mechanism)
		rv = CKR_MECHANISM_INVALID;
	return rv != CKR_OK ? rv : after(shim.real->C_SignInit(session, how, key));
}

/* ---- the PIN ---- */

static CK_RV
counted(CK_RV rv)
{
	if (shim.now.pinmax == 0)
		return rv;
	if (rv == CKR_OK)
		shim_set_tries(0);
	if (rv != CKR_PIN_INCORRECT)
		return rv;
	shim_set_tries(shim_tries() + 1);
	return shim_tries() >= shim.now.pinmax && !shim.now.locked_as_incorrect ? CKR_PIN_LOCKED
										: rv;
}

/* counts the verification; a locked key verifies nothing more */
static CK_RV
on_the_wire(void)
{
	shim_write("logins", O_APPEND, ".");
	if (shim.now.pinmax == 0 || shim_tries() < shim.now.pinmax)
		return CKR_OK;
	return shim.now.locked_as_incorrect ? CKR_PIN_INCORRECT : CKR_PIN_LOCKED;
}

static CK_RV
s_C_Login(CK_SESSION_HANDLE s, CK_USER_TYPE who, CK_BYTE *pin, CK_ULONG n)
{
	CK_RV rv = before(F_C_Login);
	CK_SESSION_INFO si = { .state = 0 };

	if (rv == CKR_OK && shim.absent)
		rv = CKR_DEVICE_REMOVED;
	if (rv != CKR_OK)
		return rv;
	/* SoftHSM answers "already" without looking at the PIN */
	shim.real->C_GetSessionInfo(s, &si);
	if (who != CKU_USER || si.state == CKS_RW_USER_FUNCTIONS ||
	    si.state == CKS_RO_USER_FUNCTIONS)
		return after(shim.real->C_Login(s, who, pin, n));
	rv = on_the_wire();
	return after(rv != CKR_OK ? rv : counted(shim.real->C_Login(s, who, pin, n)));
}

static CK_RV
s_C_SetPIN(CK_SESSION_HANDLE s, CK_BYTE *old, CK_ULONG on, CK_BYTE *new, CK_ULONG nn)
{
	CK_RV rv = before(F_C_SetPIN);

	if (rv == CKR_OK && shim.absent)
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_OK && shim.now.readonly)
		rv = CKR_TOKEN_WRITE_PROTECTED;
	if (rv == CKR_OK)
		rv = on_the_wire();
	return rv != CKR_OK ? rv : after(counted(shim.real->C_SetPIN(s, old, on, new, nn)));
}

/* ---- writing ---- */

static CK_RV
may_write(enum function f)
{
	CK_RV rv = before(f);

	if (rv == CKR_OK && shim.absent)
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_OK && shim.now.readonly)
		rv = CKR_TOKEN_WRITE_PROTECTED;
	if (rv == CKR_OK && shim.now.full && (f == F_C_CreateObject || f == F_C_GenerateKeyPair))
		rv = CKR_DEVICE_MEMORY;
	return rv;
}

static CK_RV
s_C_CreateObject(CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG n, CK_OBJECT_HANDLE *o)
{
	CK_RV rv = may_write(F_C_CreateObject);
	CK_ATTRIBUTE cut[32];

	if (rv != CKR_OK)
		return rv;
	if (shim.now.full_silent) {
		*o = NO_OBJECT;
		return after(CKR_OK);
	}
	if (!shim.now.full_short || n > sizeof cut / sizeof *cut)
		return after(shim.real->C_CreateObject(s, a, n, o));
	memcpy(cut, a, n * sizeof *a);
	for (CK_ULONG i = 0; i < n; i++)
		if (cut[i].type == CKA_VALUE)
			cut[i].ulValueLen /= 2;
	return after(shim.real->C_CreateObject(s, cut, n, o));
}

static CK_RV
s_C_DestroyObject(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
	CK_RV rv = may_write(F_C_DestroyObject);

	return rv != CKR_OK ? rv : after(shim.real->C_DestroyObject(s, o));
}

static CK_RV
s_C_SetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, CK_ULONG n)
{
	CK_RV rv = may_write(F_C_SetAttributeValue);

	if (rv == CKR_OK && shim.now.no_set)
		rv = CKR_ATTRIBUTE_READ_ONLY;
	return rv != CKR_OK ? rv : after(shim.real->C_SetAttributeValue(s, o, a, n));
}

static CK_RV
s_C_GenerateKeyPair(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *pub, CK_ULONG pn,
    CK_ATTRIBUTE *priv, CK_ULONG vn, CK_OBJECT_HANDLE *po, CK_OBJECT_HANDLE *vo)
{
	CK_RV rv = may_write(F_C_GenerateKeyPair);

	return rv != CKR_OK ? rv
			    : after(shim.real->C_GenerateKeyPair(s, m, pub, pn, priv, vn, po, vo));
}

static CK_RV
s_C_Sign(CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n, CK_BYTE *sig, CK_ULONG *sn)
{
	CK_RV rv = before(F_C_Sign);

	if (rv == CKR_OK && shim.absent)
		rv = CKR_DEVICE_REMOVED;
	if (rv != CKR_OK)
		return rv;
	rv = shim.real->C_Sign(s, d, n, sig, sn);
	if (rv == CKR_OK && sig != NULL && shim.now.bad_sign)
		sig[*sn - 1] ^= 1;
	return after(rv);
}

/* ---- the way in ---- */

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
	void *so = NULL;

	if (shim.real == NULL) {
		so = dlopen(REAL_MODULE, RTLD_NOW | RTLD_LOCAL);
		if (so != NULL)
			*(void **)&get = dlsym(so, "C_GetFunctionList");
		if (get == NULL || get(&shim.real) != CKR_OK)
			return CKR_GENERAL_ERROR;
		shim.list = *shim.real;
		shim.list.C_GetFunctionList = C_GetFunctionList;
#define WRAP(f) shim.list.f = s_##f;
		FUNCTIONS(WRAP)
	}
	*list = &shim.list;
	return CKR_OK;
}
