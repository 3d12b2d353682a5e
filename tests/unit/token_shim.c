/* The shim itself: what it counts, keeps and does is what every story about keys rests on. */
#include <signal.h>
#include <sys/wait.h>

#include "token_lab.h"

static CK_FUNCTION_LIST *f;
static CK_SLOT_ID slot;
static CK_SESSION_HANDLE s;

static CK_FUNCTION_LIST *
shim(void)
{
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
	CK_FUNCTION_LIST *list = NULL;
	void *so = dlopen(lab.shim, RTLD_NOW);

	LAB(so != NULL);
	*(void **)&get = dlsym(so, "C_GetFunctionList");
	LAB(get != NULL && get(&list) == CKR_OK);
	return list;
}

static void
begin(void)
{
	CK_SLOT_ID slots[4];
	CK_ULONG n = 4;

	f = shim();
	LAB(f->C_Initialize(NULL) == CKR_OK && f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK);
	slot = slots[0];
	LAB(f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) == CKR_OK);
}

static CK_RV
login(const char *pin)
{
	CK_RV rv = f->C_Login(s, CKU_USER, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin));

	if (rv == CKR_OK)
		f->C_Logout(s);
	return rv;
}

static CK_FLAGS
flags(void)
{
	CK_TOKEN_INFO ti;

	LAB(f->C_GetTokenInfo(slot, &ti) == CKR_OK);
	return ti.flags & (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
}

static void
retry_counter(void)
{
	const CK_FLAGS low = CKF_USER_PIN_COUNT_LOW, last = CKF_USER_PIN_FINAL_TRY;
	size_t before = lab_logins();

	lab_ctl("pinmax 3\n");
	T(flags() == 0, "three tries: no flag");
	T(login("000000") == CKR_PIN_INCORRECT && flags() == low, "one wrong: low");
	T(login("000000") == CKR_PIN_INCORRECT && flags() == (low | last), "two: the last one");
	T(login(LAB_PIN) == CKR_OK && flags() == 0, "right: back to three");
	login("000000");
	login("000000");
	T(login("000000") == CKR_PIN_LOCKED && flags() == (low | CKF_USER_PIN_LOCKED),
	    "three: locked");
	T(login(LAB_PIN) == CKR_PIN_LOCKED, "for the right one too");
	T(lab_logins() - before == 7, "seven verifications");
	lab_ctl("");
	T(login(LAB_PIN) == CKR_OK, "without pinmax SoftHSM2 never locks");
	lab_write("shim/tries", "0");
}

static void
faults(void)
{
	size_t n = lab_called("C_GetTokenInfo");
	char ctl[64];
	CK_TOKEN_INFO ti;

	snprintf(ctl, sizeof ctl, "fail C_GetTokenInfo 30 %zu\n", n + 1);
	lab_ctl(ctl);
	T(f->C_GetTokenInfo(slot, &ti) == CKR_OK, "not yet");
	T(f->C_GetTokenInfo(slot, &ti) == CKR_DEVICE_ERROR, "now");
	T(f->C_GetTokenInfo(slot, &ti) == CKR_OK, "not any more");
	snprintf(ctl, sizeof ctl, "yank C_GetTokenInfo %zu\n", n + 3);
	lab_ctl(ctl);
	T(f->C_GetTokenInfo(slot, &ti) == CKR_TOKEN_NOT_PRESENT, "pulled");
	T(f->C_GetTokenInfo(slot, &ti) == CKR_TOKEN_NOT_PRESENT, "and out");
	lab_ctl("");
	T(f->C_GetTokenInfo(slot, &ti) == CKR_OK, "in again");
	T(login(LAB_PIN) == CKR_SESSION_HANDLE_INVALID, "its sessions are gone");
}

/* in a process of its own: how a call with this ctl ends it; stays 0 when it doesn't */
static int
ends_by(const char *ctl)
{
	int status = 0;
	pid_t pid = -1;

	lab_ctl(ctl);
	pid = fork();
	LAB(pid >= 0);
	if (pid == 0) {
		alarm(2);
		_exit(shim()->C_Initialize(NULL) == CKR_OK ? 0 : 9);
	}
	LAB(waitpid(pid, &status, 0) == pid);
	lab_ctl("");
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void
deaths(void)
{
	T(ends_by("") == 0, "no fault: it lives");
	T(ends_by("die C_Initialize 0\n") == SIGKILL, "killed before the call");
	T(ends_by("dieafter C_Initialize 0\n") == SIGKILL, "killed after it");
	T(ends_by("die C_Initialize 1\n") == 0, "but not before its turn");
	T(ends_by("crash C_Initialize 0\n") == SIGSEGV, "crashed");
	T(ends_by("hang C_Initialize 0\n") == SIGALRM, "hung");
	T(ends_by("die * 0 once\n") == SIGKILL && ends_by("die * 0 once\n") == 0,
	    "once is once, over processes");
}

int
main(void)
{
	lab_begin();
	lab_token("SHIM", true);
	/* these fork, and no module may be loaded by then */
	deaths();
	begin();
	retry_counter();
	faults();
	f->C_Finalize(NULL);
	return T_END();
}
