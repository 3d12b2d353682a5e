/* The software smart key library's faults, on which every story of an interrupted visit rests. */
#include <signal.h>

#include "softskf_lab.h"

/* its table of functions */
#define SKF_ULONG_BYTES 8
#define SKF_NATURAL
#include "../softskf/softskf.h"

#define AS_NAME(f) #f,
static const char *const functions[] = { SS_FUNCTIONS(AS_NAME) };

static uint32_t
label(void)
{
	uint8_t info[1024];

	return CALL(SKF_GetDevInfo, P(dev), P(info));
}

/* ---- answers ---- */

static void
at_every_call(void)
{
	int missed = 0;

	lab_ctl("fail * A00000E *\n");
	for (size_t i = 0; i < F_COUNT; i++) {
		uint32_t rv = lab_call(functions[i], (const uint64_t[8]){ 0 });

		missed += rv != SAR_MEMORYERR;
		if (rv != SAR_MEMORYERR)
			printf("# %s says %08X\n", functions[i], rv);
	}
	T(missed == 0, "each of %d functions can fail", F_COUNT);
	for (size_t i = 0; i < F_COUNT; i++)
		missed += lab_called(functions[i]) == 0;
	T(missed == 0, "and is written down");
}

static void
answers(void)
{
	lab_ctl("fail SKF_GetDevInfo A000001 1\n");
	T(label() == SAR_OK && label() == SAR_FAIL && label() == SAR_OK, "the second call fails");
	lab_ctl("fail SKF_GetDevInfo A000001 0 once\nfail * A00000F 2\n");
	T(label() == SAR_FAIL && label() == SAR_OK && label() == SAR_TIMEOUTERR &&
		label() == SAR_OK,
	    "any call, and two rules");
	lab_ctl("fail SKF_GetDevInfo A000001 0 once\n");
	T(label() == SAR_OK, "once is once");
	lab_ctl("failafter SKF_VerifyPIN A000001 0\n");
	T(login("000000", NULL) == SAR_FAIL, "what was done may be said to have failed");
	lab_ctl("");
	T(tries_left(USER_TYPE) == 2, "but was done");
	LAB(login(PIN, NULL) == SAR_OK);
}

static void
yanks(void)
{
	lab_ctl("yank SKF_GetDevInfo 1\n");
	T(label() == SAR_OK && label() == SAR_DEVICE_REMOVED && label() == SAR_DEVICE_REMOVED,
	    "pulled, and out");
	lab_ctl("");
	T(label() == SAR_DEVICE_REMOVED, "whatever ctl says then");
	plug(KEY);
	T(label() == SAR_INVALIDHANDLEERR, "until it is plugged");
	close_key();
	open_key(KEY);
	lab_ctl("yankafter SKF_ChangePIN 0\n");
	T(CALL(SKF_ChangePIN, P(app), USER_TYPE, P(PIN), P(NEW_PIN), 0) == SAR_DEVICE_REMOVED,
	    "pulled before the answer arrives");
	plug(KEY);
	close_key();
	open_key(KEY);
	T(login(PIN, NULL) == SAR_PIN_INCORRECT && login(NEW_PIN, NULL) == SAR_OK,
	    "the PIN has changed");
}

static void
torn_writes(void)
{
	lab_ctl("yank write 2\n");
	T(CALL(SKF_ChangePIN, P(app), USER_TYPE, P(NEW_PIN), P(PIN), 0) == SAR_DEVICE_REMOVED,
	    "pulled amid a write");
	plug(KEY);
	close_key();
	open_key(KEY);
	T(tries_left(USER_TYPE) == 3 && login(NEW_PIN, NULL) == SAR_OK, "of which nothing came");
	lab_ctl("fail write A000008 5\n");
	T(CALL(SKF_ChangePIN, P(app), USER_TYPE, P(NEW_PIN), P(PIN), 0) == SAR_WRITEFILEERR,
	    "a write fails");
	lab_ctl("");
	T(tries_left(USER_TYPE) == 2 && login(NEW_PIN, NULL) == SAR_OK, "and the try was counted");
	OK(SKF_ChangePIN, P(app), USER_TYPE, P(NEW_PIN), P(PIN), 0);
	lab_ctl("yankafter SKF_DisConnectDev 0\n");
	T(CALL(SKF_DisConnectDev, P(dev)) == SAR_DEVICE_REMOVED &&
		CALL(SKF_ConnectDev, P(KEY), P(&dev)) == SAR_DEVICE_REMOVED,
	    "pulled as it was let go");
	plug(KEY);
	open_key(KEY);
	lab_ctl("yank SKF_EnumDev 0\n");
	T(CALL(SKF_EnumDev, 1, 0, 0) == SAR_DEVICE_REMOVED && label() == SAR_DEVICE_REMOVED,
	    "a call that names no key pulls them all");
	plug(KEY);
	close_key();
	lab_ctl("");
}

/* ---- deaths ---- */

static void
wrong_pin(void)
{
	login("000000", NULL);
}

static void
right_pin(void)
{
	LAB(login(PIN, NULL) == SAR_OK);
}

static void
never_heard(void)
{
	LAB(false);
}

/* a front whose engine dies */
static void
in_front(void)
{
	pid_t pid = fork();

	LAB(pid >= 0);
	if (pid == 0) {
		login(PIN, NULL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void
nothing_known(void)
{
	LAB(CALL(SKF_CreateContainer, P(app), P("C1"), P(&con)) == SAR_USER_NOT_LOGGED_IN);
}

static void
deaths(void)
{
	T(ends("", wrong_pin) == 0, "no fault: it lives");
	T(ends("die SKF_VerifyPIN 0\n", wrong_pin) == SIGKILL, "killed before the call");
	T(ends("dieafter SKF_VerifyPIN 0\n", wrong_pin) == SIGKILL, "killed after it");
	open_key(KEY);
	T(tries_left(USER_TYPE) == 1, "and its try is counted");
	close_key();
	T(ends("die SKF_VerifyPIN 1\n", right_pin) == 0, "but not before its turn");
	T(ends("crash SKF_VerifyPIN 0\n", wrong_pin) == SIGSEGV, "crashed");
	T(ends("hang SKF_VerifyPIN 0\n", wrong_pin) == SIGALRM, "hung");
	T(ends("die * 2 once\n", right_pin) == SIGKILL && ends("die * 2 once\n", right_pin) == 0,
	    "once is once, over processes");
	T(ends("polish SKF_VerifyPIN 0\n", never_heard) == SIGABRT &&
		ends("fail SKF_Nothing A000001 0\n", never_heard) == SIGABRT &&
		ends("dieafter write 0\n", never_heard) == SIGABRT,
	    "a rule nobody understands ends the test");
	T(ends("power\ndieafter SKF_VerifyPIN 0\n", in_front) == SIGKILL,
	    "a power cut takes the front with it");
	T(ends("", nothing_known) == 0, "and who was logged in");
}

static void
held(void)
{
	char path[2 * PATH_MAX];
	int status = -1;
	pid_t pid = -1;

	lab_ctl("hold SKF_VerifyPIN 0\n");
	snprintf(path, sizeof path, "%s/held", lab.dir);
	pid = fork();
	LAB(pid >= 0);
	if (pid == 0) {
		open_key(KEY);
		_exit(login(PIN, NULL) == SAR_OK ? 0 : 1);
	}
	while (access(path, F_OK) != 0 && waitpid(pid, NULL, WNOHANG) == 0)
		continue;
	T(waitpid(pid, NULL, WNOHANG) == 0, "a call waits");
	lab_ctl("");
	T(waitpid(pid, &status, 0) == pid && status == 0, "until it may go on");
}

int
main(void)
{
	lab_begin();
	lab_make(KEY);
	lab_load("u32-packed");
	at_every_call();
	lab_ctl("");
	open_key(KEY);
	answers();
	yanks();
	torn_writes();
	deaths();
	held();
	return T_END();
}
