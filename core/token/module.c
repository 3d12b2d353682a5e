#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/place.h"
#include "token/ground.h"
#include "token/module.h"

/* often enough for the shortest limit, a second */
#define PULSE_MS 500

void
ck_module_alive(struct ck_module *m)
{
	int64_t now = ck_mono_ms();

	if (m->pulse.beat == NULL || now - m->pulse.last < PULSE_MS)
		return;
	m->pulse.last = now;
	m->pulse.beat(m->pulse.u);
}

static int
open_guard(struct ck_module *m, struct ck_err *err)
{
	if (m->guard != NULL)
		return 0;
	ck_place("p11guard.so", CK_LIBDIR, m->guard_path, sizeof m->guard_path);
	m->guard = dlopen(m->guard_path, RTLD_NOW | RTLD_LOCAL);
	if (m->guard == NULL)
		return ck_fail(err, CK_E_MODULE_MISSING, "%s", dlerror());
	*(void **)&m->enter = dlsym(m->guard, CK_GUARD_ENTER);
	*(void **)&m->show = dlsym(m->guard, CK_GUARD_SHOW);
	if (m->enter == NULL || m->show == NULL)
		return ck_fail(err, CK_E_MODULE_BROKEN, "%s", m->guard_path);
	return 0;
}

static CK_RV
initialize(CK_FUNCTION_LIST *f)
{
	CK_C_INITIALIZE_ARGS args = { .flags = CKF_OS_LOCKING_OK };
	CK_RV rv = f->C_Initialize(&args);

	/* modules without threads refuse the flag (PKCS#11 2.40, 5.4); one thread is all we have */
	if (rv == CKR_CANT_LOCK || rv == CKR_ARGUMENTS_BAD)
		rv = f->C_Initialize(NULL);
	return rv;
}

static int
load(struct ck_module *m, const char *path, struct ck_err *err)
{
	char why[512] = "";
	CK_FUNCTION_LIST *f = NULL;
	CK_RV rv = CKR_OK;

	if (access(path, R_OK) != 0)
		return ck_fail_native(err, CK_E_MODULE_MISSING, (unsigned long)errno, "%s: %s",
		    path, strerror(errno));
	if (m->enter(path, &f, why, sizeof why) != 0)
		return ck_fail(err, CK_E_MODULE_BROKEN, "%s", why);
	rv = initialize(f);
	if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return ck_fail_native(
		    err, CK_E_MODULE_BROKEN, rv, "%s: C_Initialize 0x%lx", path, rv);
	m->f = f;
	snprintf(m->path, sizeof m->path, "%s", path);
	return 0;
}

int
ck_module_load(struct ck_module *m, const char *path, struct ck_err *err)
{
	struct ck_ground ground;
	int r;

	ck_module_unload(m);
	if (open_guard(m, err) != 0)
		return -1;
	ck_ground_keep(&ground);
	r = load(m, path, err);
	ck_ground_restore(&ground);
	ck_module_alive(m);
	return r;
}

void
ck_module_unload(struct ck_module *m)
{
	struct ck_ground ground;

	if (m->f != NULL) {
		ck_ground_keep(&ground);
		m->f->C_Finalize(NULL);
		ck_ground_restore(&ground);
	}
	m->f = NULL;
	m->path[0] = '\0';
}

void
ck_module_free(struct ck_module *m)
{
	ck_module_unload(m);
	if (m->guard != NULL)
		dlclose(m->guard);
	m->guard = NULL;
}

int
ck_module_slots(
    struct ck_module *m, bool relist, CK_SLOT_ID slots[CK_SLOTS_MAX], size_t *n, struct ck_err *err)
{
	CK_ULONG count = 0;
	CK_RV rv = CKR_OK;

	*n = 0;
	/* asking for the number of all slots is what makes OpenSC and others look again */
	if (relist)
		m->f->C_GetSlotList(CK_FALSE, NULL, &count);
	count = CK_SLOTS_MAX;
	rv = m->f->C_GetSlotList(CK_TRUE, slots, &count);
	if (rv != CKR_OK || count > CK_SLOTS_MAX)
		return ck_fail_native(
		    err, CK_E_MODULE_BROKEN, rv, "%s: C_GetSlotList 0x%lx", m->path, rv);
	*n = count;
	return 0;
}
