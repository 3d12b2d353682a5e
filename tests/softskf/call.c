#include "softskf.h"

#include <pthread.h>
#include <sys/file.h>
#include <time.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void
find(struct ss_call *c, int kinds, HANDLE handle)
{
	const int any = SS_DEV | SS_APP | SS_CON;

	c->dev = c->app = c->con = NULL;
	c->at = ss_handle_find(handle, kinds);
	for (struct ss_handle *h = c->at; h != NULL; h = ss_handle_find(h->parent, any)) {
		c->dev = h->kind == SS_DEV ? h : c->dev;
		c->app = h->kind == SS_APP ? h : c->app;
		c->con = h->kind == SS_CON ? h : c->con;
	}
}

/* false: waited long enough */
static bool
moment(const struct ss_call *c, ULONG *waited_ms)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	if (c->patient && *waited_ms >= c->patience_ms)
		return false;
	pthread_mutex_unlock(&one_at_a_time);
	nanosleep(&ms, NULL);
	pthread_mutex_lock(&one_at_a_time);
	++*waited_ms;
	return true;
}

/* The key for this call alone. Meanwhile it may be pulled, or its handle closed. */
static ULONG
take(struct ss_call *c, int kinds, HANDLE handle)
{
	ULONG rv = SAR_OK, waited = 0;

	while ((rv = ss_connected(c->dev)) == SAR_OK &&
	       flock(c->dev->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (!moment(c, &waited))
			return SAR_TIMEOUTERR;
		find(c, kinds, handle);
		if (c->at == NULL)
			return SAR_INVALIDHANDLEERR;
	}
	c->locked = rv == SAR_OK;
	return rv;
}

ULONG
ss_enter(struct ss_call *c, int kinds, HANDLE handle)
{
	ULONG rv = SAR_OK, fault = SAR_OK;

	pthread_mutex_lock(&one_at_a_time);
	if (kinds != 0)
		find(c, kinds, handle);
	if (kinds != 0 && c->at == NULL)
		rv = SAR_INVALIDHANDLEERR;
	else if (kinds != 0 && !c->closing)
		rv = take(c, kinds, handle);
	/* calls that come to nothing count, too */
	fault = ss_fault_before(c->function, c->dev != NULL ? c->dev->name : NULL);
	return fault != SAR_OK ? fault : rv;
}

ULONG
ss_leave(struct ss_call *c, ULONG rv)
{
	rv = ss_fault_after(rv);
	if (c->locked) {
		/* pulled amid the call: whatever it says is not heard */
		if (rv != SAR_OK && ss_connected(c->dev) != SAR_OK)
			rv = SAR_DEVICE_REMOVED;
		if (!c->dev->locked)
			flock(c->dev->lock_fd, LOCK_UN);
	}
	pthread_mutex_unlock(&one_at_a_time);
	return rv;
}
