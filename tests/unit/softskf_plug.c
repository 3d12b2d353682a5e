/* The software smart key library: keys that are plugged, pulled, and used by more than one. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "softskf_lab.h"

static void
unplug(const char *key)
{
	LAB(lab_tool("unplug", key, NULL) == 0);
}

static const char *
listed(bool present)
{
	static char list[256];
	ulong_out n = { .w = sizeof list };

	OK(SKF_EnumDev, present, P(list), P(&n));
	for (size_t i = 0; i + 2 < n.v; i++)
		list[i] = list[i] == '\0' ? ' ' : list[i];
	return list;
}

static void
several(void)
{
	ulong_out n = { .w = 0 };

	T_STR(listed(true), "", "no key");
	lab_make("K2");
	lab_make(KEY);
	T_STR(listed(true), "K1 K2", "two keys");
	unplug("K2");
	T_STR(listed(true), "K1", "one of them is in");
	T_STR(listed(false), "K1 K2", "two are known");
	T(CALL(SKF_ConnectDev, P("K2"), P(&dev)) == SAR_DEVICE_REMOVED &&
		CALL(SKF_ConnectDev, P("K3"), P(&dev)) == SAR_INVALIDPARAMERR,
	    "neither to the other nor to none one connects");
	OK(SKF_EnumDev, 1, 0, P(&n));
	T(n.v == 4, "the list's size alone");
}

/* What was open before is nothing any more. */
static void
pulled(void)
{
	ulong_out n = { .w = 0 };
	uint8_t e[32] = { 1 }, out[256];

	open_key(KEY);
	LAB(login(PIN, NULL) == SAR_OK);
	OK(SKF_CreateContainer, P(app), P("C1"), P(&con));
	OK(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(out));
	unplug(KEY);
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(out)) == SAR_DEVICE_REMOVED &&
		CALL(SKF_GetPINInfo, P(app), USER_TYPE, P(&n), P(&n), 0) == SAR_DEVICE_REMOVED &&
		CALL(SKF_GetDevInfo, P(dev), P(out)) == SAR_DEVICE_REMOVED,
	    "of a pulled key nothing answers");
	plug(KEY);
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(out)) == SAR_INVALIDHANDLEERR &&
		CALL(SKF_GetDevInfo, P(dev), P(out)) == SAR_INVALIDHANDLEERR,
	    "in again, the handles are stale");
	T(CALL(SKF_CloseContainer, P(con)) == SAR_OK &&
		CALL(SKF_CloseApplication, P(app)) == SAR_OK &&
		CALL(SKF_DisConnectDev, P(dev)) == SAR_OK,
	    "and can be closed");
	open_key(KEY);
	OK(SKF_OpenContainer, P(app), P("C1"), P(&con));
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(out)) == SAR_USER_NOT_LOGGED_IN,
	    "nobody is logged in any more");
	LAB(login(PIN, NULL) == SAR_OK);
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(out)) == SAR_OK, "the pair is there");
	unplug(KEY);
	plug(KEY);
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(out)) == SAR_INVALIDHANDLEERR,
	    "nor does it last when no call fell in between");
	close_key();
}

/* ---- events ---- */

struct waiter {
	pthread_t thread;
	char name[64];
	ulong_out size, event;
	uint32_t rv;
};

static void *
wait_in_thread(void *arg)
{
	struct waiter *w = arg;

	w->size.w = sizeof w->name;
	w->rv = CALL(SKF_WaitForDevEvent, P(w->name), P(&w->size), P(&w->event));
	return NULL;
}

static void
cancelled(void)
{
	struct waiter w = { .rv = 0 };

	LAB(pthread_create(&w.thread, NULL, wait_in_thread, &w) == 0);
	/* before it waits it is not cancelled */
	while (pthread_tryjoin_np(w.thread, NULL) != 0) {
		OK(SKF_CancelWaitForDevEvent, 0);
		sched_yield();
	}
	T(w.rv == SAR_NOT_EVENTERR, "a wait is cancelled");
}

static bool
event(const char *key, unsigned what)
{
	struct waiter w = { .rv = 1 };

	wait_in_thread(&w);
	return w.rv == SAR_OK && w.event.v == what && strcmp(w.name, key) == 0 &&
	       w.size.v == strlen(key) + 1;
}

static void
events(void)
{
	struct waiter w = { .rv = 1 };
	ulong_out small = { .w = 2 }, what = { .w = 0 };
	uint8_t info[512];

	cancelled();
	OK(SKF_ConnectDev, P(KEY), P(&dev));
	LAB(pthread_create(&w.thread, NULL, wait_in_thread, &w) == 0);
	OK(SKF_GetDevInfo, P(dev), P(info));
	unplug(KEY);
	LAB(pthread_join(w.thread, NULL) == 0);
	T(w.rv == SAR_OK && w.event.v == DEV_EVENT_OUT && strcmp(w.name, KEY) == 0,
	    "a key is pulled while another thread waits and this one calls");
	plug(KEY);
	T(CALL(SKF_WaitForDevEvent, P(info), P(&small), P(&what)) == SAR_BUFFER_TOO_SMALL &&
		small.v == 3,
	    "its name has no room");
	T(event(KEY, DEV_EVENT_IN), "so the event is not lost");
	unplug(KEY);
	plug(KEY);
	T(event(KEY, DEV_EVENT_OUT) && event(KEY, DEV_EVENT_IN),
	    "out and in between two waits: both");
	LAB(pthread_create(&w.thread, NULL, wait_in_thread, &w) == 0);
	lab_make("K3");
	LAB(pthread_join(w.thread, NULL) == 0);
	T(w.rv == SAR_OK && w.event.v == DEV_EVENT_IN && strcmp(w.name, "K3") == 0,
	    "a key never seen");
	OK(SKF_DisConnectDev, P(dev));
}

/* ---- one at a time ---- */

static void
locked(void)
{
	void *other = NULL;
	uint8_t info[512];

	OK(SKF_ConnectDev, P(KEY), P(&dev));
	OK(SKF_ConnectDev, P(KEY), P(&other));
	OK(SKF_LockDev, P(dev), 0xFFFFFFFF);
	T(CALL(SKF_LockDev, P(other), 3) == SAR_TIMEOUTERR, "one holds the key");
	T(CALL(SKF_GetDevInfo, P(dev), P(info)) == SAR_OK, "and uses it");
	OK(SKF_UnlockDev, P(dev));
	T(CALL(SKF_LockDev, P(other), 3) == SAR_OK &&
		CALL(SKF_LockDev, P(dev), 3) == SAR_TIMEOUTERR,
	    "then the other");
	OK(SKF_DisConnectDev, P(other));
	T(CALL(SKF_LockDev, P(dev), 3) == SAR_OK, "whose end frees it");
	OK(SKF_DisConnectDev, P(dev));
}

static void
locked_elsewhere(void)
{
	int ready[2] = { -1, -1 };
	char byte = 0;
	pid_t pid = -1;

	LAB(pipe(ready) == 0 && (pid = fork()) >= 0);
	if (pid == 0) {
		OK(SKF_ConnectDev, P(KEY), P(&dev));
		OK(SKF_LockDev, P(dev), 0xFFFFFFFF);
		LAB(write(ready[1], "x", 1) == 1);
		for (;;)
			pause();
	}
	LAB(read(ready[0], &byte, 1) == 1);
	OK(SKF_ConnectDev, P(KEY), P(&dev));
	T(CALL(SKF_LockDev, P(dev), 3) == SAR_TIMEOUTERR, "another process holds the key");
	kill(pid, SIGKILL);
	LAB(waitpid(pid, NULL, 0) == pid);
	T(CALL(SKF_LockDev, P(dev), 0xFFFFFFFF) == SAR_OK, "until it is dead");
	OK(SKF_DisConnectDev, P(dev));
	close(ready[0]);
	close(ready[1]);
}

/* ---- the tool ---- */

static void
tool(void)
{
	char said[1024];

	LAB(lab_tool("show", KEY, NULL) == 0);
	lab_file("said", said, sizeof said);
	T(strstr(said, "key K1 in\n") != NULL && strstr(said, "serial K1\n") != NULL &&
		strstr(said, "app " APP " pin 3/3 admin 3/3\n") != NULL &&
		strstr(said, "container C1 sign sm2 enc -\n") != NULL,
	    "softskf-init shows what is on a key");
	T(lab_tool("make", "K1", "--app", APP, "--pin", PIN, "--admin-pin", ADMIN, NULL) == 1,
	    "and makes none twice");
	T(lab_tool("make", "K9", "--app", APP, NULL) == 1 && lab_tool("polish", "K1", NULL) == 2,
	    "nor one without PINs, nor polishes any");
}

int
main(void)
{
	lab_begin();
	lab_load("u64-natural");
	several();
	pulled();
	events();
	locked();
	locked_elsewhere();
	tool();
	return T_END();
}
