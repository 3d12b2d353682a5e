#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#include "token/guard.h"

/* libp11 opens one session a thread; anything near this bound is a leak we'd rather see fail */
#define GUARD_SESSIONS_MAX 32

/* A PKCS#11 module is called without a context, so its state can only be static. */
static struct {
	CK_FUNCTION_LIST *real, list;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE
	sessions[GUARD_SESSIONS_MAX]; /* libp11's own; ours are never among them */
} guard;

/* The engine starts and ends the module; libp11 would take it from under the direct sessions. */
static CK_RV
g_initialize(void *args)
{
	(void)args;
	return CKR_OK;
}

static CK_RV
g_finalize(void *reserved)
{
	(void)reserved;
	return CKR_OK;
}

/* One slot only: a failing C_GetTokenInfo of any other reader would fail libp11's whole list. */
static CK_RV
g_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
	(void)present;
	if (slots != NULL && *n < 1)
		return CKR_BUFFER_TOO_SMALL;
	if (slots != NULL)
		slots[0] = guard.slot;
	*n = 1;
	return CKR_OK;
}

static CK_SESSION_HANDLE *
place_of(CK_SESSION_HANDLE s)
{
	for (size_t i = 0; i < GUARD_SESSIONS_MAX; i++)
		if (guard.sessions[i] == s)
			return &guard.sessions[i];
	return NULL;
}

/* libp11 0.4.12 waits for ever for a session when C_OpenSession fails (repaired in 0.4.14): it gets
 * the invalid handle instead and its next call fails cleanly. */
static CK_RV
g_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify, CK_SESSION_HANDLE *s)
{
	CK_SESSION_HANDLE *place = place_of(CK_INVALID_HANDLE);

	if (place == NULL || guard.real->C_OpenSession(slot, flags, app, notify, s) != CKR_OK)
		*s = CK_INVALID_HANDLE;
	else
		*place = *s;
	return CKR_OK;
}

static CK_RV
g_close_session(CK_SESSION_HANDLE s)
{
	CK_SESSION_HANDLE *place = s == CK_INVALID_HANDLE ? NULL : place_of(s);

	if (place == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	*place = CK_INVALID_HANDLE;
	return guard.real->C_CloseSession(s);
}

/* libp11 calls this whenever it drops a slot; the real one would close the direct session too and
 * log the customer out behind our back. */
static CK_RV
g_close_all(CK_SLOT_ID slot)
{
	(void)slot;
	for (size_t i = 0; i < GUARD_SESSIONS_MAX; i++)
		if (guard.sessions[i] != CK_INVALID_HANDLE)
			g_close_session(guard.sessions[i]);
	return CKR_OK;
}

/* No login of libp11's reaches the key: verifications on the wire = PINs typed. */
static CK_RV
g_login(CK_SESSION_HANDLE s, CK_USER_TYPE who, CK_BYTE *pin, CK_ULONG n)
{
	(void)s, (void)who, (void)pin, (void)n;
	return CKR_USER_ALREADY_LOGGED_IN;
}

static CK_RV
g_logout(CK_SESSION_HANDLE s)
{
	(void)s;
	return CKR_OK;
}

static CK_RV
g_init_token(CK_SLOT_ID slot, CK_BYTE *pin, CK_ULONG n, CK_BYTE *label)
{
	(void)slot, (void)pin, (void)n, (void)label;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_init_pin(CK_SESSION_HANDLE s, CK_BYTE *pin, CK_ULONG n)
{
	(void)s, (void)pin, (void)n;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_set_pin(CK_SESSION_HANDLE s, CK_BYTE *old, CK_ULONG on, CK_BYTE *new, CK_ULONG nn)
{
	(void)s, (void)old, (void)on, (void)new, (void)nn;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_create(CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG n, CK_OBJECT_HANDLE *o)
{
	(void)s, (void)a, (void)n, (void)o;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_destroy(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
	(void)s, (void)o;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_set_attribute(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, CK_ULONG n)
{
	(void)s, (void)o, (void)a, (void)n;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
g_generate_pair(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *pub, CK_ULONG pn,
    CK_ATTRIBUTE *priv, CK_ULONG vn, CK_OBJECT_HANDLE *po, CK_OBJECT_HANDLE *vo)
{
	(void)s, (void)m, (void)pub, (void)pn, (void)priv, (void)vn, (void)po, (void)vo;
	return CKR_FUNCTION_NOT_SUPPORTED;
}

/* The handle handed out for a session that could not be opened must not reach the vendor's module,
 * which may well index with it. */
static CK_RV
g_session_info(CK_SESSION_HANDLE s, CK_SESSION_INFO *info)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_GetSessionInfo(s, info);
}

static CK_RV
g_find_init(CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG n)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_FindObjectsInit(s, a, n);
}

static CK_RV
g_attributes(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, CK_ULONG n)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_GetAttributeValue(s, o, a, n);
}

static CK_RV
g_sign_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_SignInit(s, m, key);
}

static CK_RV
g_decrypt_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_DecryptInit(s, m, key);
}

static CK_RV
g_encrypt_init(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	return s == CK_INVALID_HANDLE ? CKR_SESSION_HANDLE_INVALID
				      : guard.real->C_EncryptInit(s, m, key);
}

static void
fill_list(void)
{
	CK_FUNCTION_LIST *l = &guard.list;

	*l = *guard.real;
	l->C_GetFunctionList = C_GetFunctionList;
	l->C_Initialize = g_initialize;
	l->C_Finalize = g_finalize;
	l->C_GetSlotList = g_slot_list;
	l->C_OpenSession = g_open_session;
	l->C_CloseSession = g_close_session;
	l->C_CloseAllSessions = g_close_all;
	l->C_GetSessionInfo = g_session_info;
	l->C_Login = g_login;
	l->C_Logout = g_logout;
	l->C_InitToken = g_init_token;
	l->C_InitPIN = g_init_pin;
	l->C_SetPIN = g_set_pin;
	l->C_CreateObject = g_create;
	l->C_DestroyObject = g_destroy;
	l->C_SetAttributeValue = g_set_attribute;
	l->C_GenerateKeyPair = g_generate_pair;
	l->C_FindObjectsInit = g_find_init;
	l->C_GetAttributeValue = g_attributes;
	l->C_SignInit = g_sign_init;
	l->C_DecryptInit = g_decrypt_init;
	l->C_EncryptInit = g_encrypt_init;
}

/* every function we or libp11 may call through the list */
static bool
complete(const CK_FUNCTION_LIST *f)
{
	return f->version.major == 2 && f->C_Initialize && f->C_Finalize && f->C_GetInfo &&
	       f->C_GetSlotList && f->C_GetSlotInfo && f->C_GetTokenInfo && f->C_GetMechanismInfo &&
	       f->C_OpenSession && f->C_CloseSession && f->C_GetSessionInfo && f->C_Login &&
	       f->C_Logout && f->C_SetPIN && f->C_CreateObject && f->C_DestroyObject &&
	       f->C_GetAttributeValue && f->C_FindObjectsInit && f->C_FindObjects &&
	       f->C_FindObjectsFinal && f->C_SignInit && f->C_Sign && f->C_DecryptInit &&
	       f->C_Decrypt && f->C_EncryptInit && f->C_Encrypt && f->C_GenerateKeyPair;
}

/* The vendor's module stays mapped until the process ends: several of them leave threads or exit
 * handlers behind that would run in unmapped code. */
int
ck_guard_enter(const char *module, CK_FUNCTION_LIST **real, char *why, size_t cap)
{
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
	CK_FUNCTION_LIST *list = NULL;
	void *so = dlopen(module, RTLD_NOW | RTLD_LOCAL);

	if (so == NULL) {
		snprintf(why, cap, "%s", dlerror());
		return -1;
	}
	*(void **)&get = dlsym(so, "C_GetFunctionList");
	if (get == NULL || get(&list) != CKR_OK || list == NULL || !complete(list)) {
		snprintf(why, cap, "%s: not a PKCS#11 module", module);
		dlclose(so);
		return -1;
	}
	guard.real = list;
	fill_list();
	*real = list;
	return 0;
}

void
ck_guard_show(CK_SLOT_ID slot)
{
	guard.slot = slot;
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	if (guard.real == NULL)
		return CKR_GENERAL_ERROR;
	*list = &guard.list;
	return CKR_OK;
}
