/*
 * Measures from outside what an engine cannot avoid. Preloaded into it, it sums the time of exchanges
 * (curl_easy_perform) and of waiting for the disk (fsync, fdatasync); named as the module in keys.d, it
 * hands every PKCS#11 call on to SoftHSM2 and sums that too, key generation apart. At the end of the
 * process one line goes to the file named by CK_METER (nanoseconds and counts):
 *   key NS N keygen NS N net NS N disk NS N
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <p11-kit/pkcs11.h>

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"

struct sum {
	long long ns;
	long count;
};
static struct sum key, keygen, net, disk;

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void
add(struct sum *s, long long since)
{
	s->ns += now() - since;
	s->count++;
}

/* ---- the key ---- */

static CK_FUNCTION_LIST *real, timed;

#define TIMED(sum, name, params, args) \
	static CK_RV m_##name params \
	{ \
		long long t = now(); \
		CK_RV rv = real->name args; \
\
		add(&(sum), t); \
		return rv; \
	}
typedef CK_SESSION_HANDLE H;
typedef CK_OBJECT_HANDLE O;
typedef CK_ATTRIBUTE A;
typedef CK_BYTE B;
typedef CK_ULONG U;
TIMED(key, C_Initialize, (void *a), (a))
TIMED(key, C_Finalize, (void *a), (a))
TIMED(key, C_GetSlotList, (CK_BBOOL p, CK_SLOT_ID *l, U *n), (p, l, n))
TIMED(key, C_GetSlotInfo, (CK_SLOT_ID s, CK_SLOT_INFO *i), (s, i))
TIMED(key, C_GetTokenInfo, (CK_SLOT_ID s, CK_TOKEN_INFO *i), (s, i))
TIMED(key, C_OpenSession, (CK_SLOT_ID s, CK_FLAGS f, void *a, CK_NOTIFY n, H *h), (s, f, a, n, h))
TIMED(key, C_CloseSession, (H h), (h))
TIMED(key, C_Login, (H h, CK_USER_TYPE u, B *p, U n), (h, u, p, n))
TIMED(key, C_Logout, (H h), (h))
TIMED(key, C_SetPIN, (H h, B *o, U on, B *p, U n), (h, o, on, p, n))
TIMED(key, C_FindObjectsInit, (H h, A *a, U n), (h, a, n))
TIMED(key, C_FindObjects, (H h, O *o, U m, U *n), (h, o, m, n))
TIMED(key, C_FindObjectsFinal, (H h), (h))
TIMED(key, C_GetAttributeValue, (H h, O o, A *a, U n), (h, o, a, n))
TIMED(key, C_CreateObject, (H h, A *a, U n, O *o), (h, a, n, o))
TIMED(key, C_DestroyObject, (H h, O o), (h, o))
TIMED(key, C_SignInit, (H h, CK_MECHANISM *m, O k), (h, m, k))
TIMED(key, C_Sign, (H h, B *d, U n, B *s, U *sn), (h, d, n, s, sn))
TIMED(keygen, C_GenerateKeyPair, (H h, CK_MECHANISM *m, A *a, U an, A *b, U bn, O *p, O *q),
    (h, m, a, an, b, bn, p, q))

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **out)
{
	void *module = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
	CK_RV (*get)(CK_FUNCTION_LIST **);

	*(void **)&get = module != NULL ? dlsym(module, "C_GetFunctionList") : NULL;
	if (get == NULL || get(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	timed = *real;
#define PUT(name) timed.name = m_##name
	PUT(C_Initialize), PUT(C_Finalize), PUT(C_GetSlotList), PUT(C_GetSlotInfo);
	PUT(C_GetTokenInfo), PUT(C_OpenSession), PUT(C_CloseSession), PUT(C_Login);
	PUT(C_Logout), PUT(C_SetPIN), PUT(C_FindObjectsInit), PUT(C_FindObjects);
	PUT(C_FindObjectsFinal), PUT(C_GetAttributeValue), PUT(C_CreateObject);
	PUT(C_DestroyObject), PUT(C_SignInit), PUT(C_Sign), PUT(C_GenerateKeyPair);
	timed.C_GetFunctionList = C_GetFunctionList;
	*out = &timed;
	return CKR_OK;
}

/* ---- the line and the disk ---- */

int curl_easy_perform(void *curl);
int
curl_easy_perform(void *curl)
{
	static int (*next)(void *);
	long long t;
	int r;

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "curl_easy_perform");
	t = now();
	r = next(curl);
	add(&net, t);
	return r;
}

static int
timed_sync(int (**next)(int), const char *name, int fd)
{
	long long t;
	int r;

	if (*next == NULL)
		*(void **)next = dlsym(RTLD_NEXT, name);
	t = now();
	r = (*next)(fd);
	add(&disk, t);
	return r;
}

int
fsync(int fd)
{
	static int (*next)(int);

	return timed_sync(&next, "fsync", fd);
}

int
fdatasync(int fd)
{
	static int (*next)(int);

	return timed_sync(&next, "fdatasync", fd);
}

__attribute__((destructor)) static void
report(void)
{
	const char *file = getenv("CK_METER");
	int fd = file != NULL ? open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd == -1)
		return;
	if (net.count > 0)
		dprintf(fd, "key %lld %ld keygen %lld %ld net %lld %ld disk %lld %ld\n", key.ns, key.count,
		    keygen.ns, keygen.count, net.ns, net.count, disk.ns, disk.count);
	close(fd);
}
