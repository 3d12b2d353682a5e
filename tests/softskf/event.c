/* Keys plugged and pulled, as told to the one thread that waits for it. */
#include "softskf.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

static struct {
	pthread_mutex_t lock;
	bool begun, waiting;
	int cancel_fd;
	/* what the last event said, so that none is lost between two waits */
	struct seen {
		char name[SS_NAME_LONGEST + 1];
		struct ss_seat seat;
	} seen[SS_NAMES_MAX];
	size_t n;
} events = { .lock = PTHREAD_MUTEX_INITIALIZER, .cancel_fd = -1 };

static struct seen *
seen_of(const char *name)
{
	struct seen *s = NULL;

	for (size_t i = 0; i < events.n; i++)
		if (strcmp(events.seen[i].name, name) == 0)
			return &events.seen[i];
	if (events.n == SS_NAMES_MAX)
		return NULL;
	s = &events.seen[events.n++];
	snprintf(s->name, sizeof s->name, "%s", name);
	s->seat = (struct ss_seat){ .in = false };
	return s;
}

static void
begin(void)
{
	struct ss_names keys;

	if (events.begun)
		return;
	events.begun = true;
	events.cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ss_devices(&keys);
	for (size_t i = 0; i < keys.n; i++)
		ss_seat_read(keys.name[i], &seen_of(keys.name[i])->seat);
}

/* A key that was pulled and is back is told of twice. */
static ULONG
changed(struct seen *s, struct ss_seat *now)
{
	ss_seat_read(s->name, now);
	if (s->seat.in && (!now->in || now->plug != s->seat.plug)) {
		now->in = false;
		return DEV_EVENT_OUT;
	}
	return !s->seat.in && now->in ? DEV_EVENT_IN : 0;
}

/* SAR_NOT_EVENTERR: nothing happened yet */
static ULONG
tell(LPSTR name, ULONG *size, ULONG *event)
{
	struct ss_names keys;
	ULONG what = 0, rv = SAR_OK;
	struct ss_seat now;

	ss_devices(&keys);
	for (size_t i = 0; i < keys.n; i++)
		seen_of(keys.name[i]);
	for (size_t i = 0; i < events.n; i++) {
		struct seen *s = &events.seen[i];

		what = changed(s, &now);
		if (what == 0)
			continue;
		rv = ss_bytes_out(s->name, strlen(s->name) + 1, (BYTE *)name, size);
		if (rv == SAR_OK && name != NULL) {
			*event = what;
			s->seat = now;
		}
		return rv;
	}
	return SAR_NOT_EVENTERR;
}

static int
watch(void)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct ss_path p = ss_path(NULL, NULL, NULL, NULL);
	struct ss_names keys;

	if (fd < 0)
		return -1;
	inotify_add_watch(fd, p.text, IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
	ss_names(p.text, "", &keys);
	for (size_t i = 0; i < keys.n; i++) {
		p = ss_path(keys.name[i], NULL, NULL, NULL);
		inotify_add_watch(fd, p.text, IN_MOVED_TO | IN_ONLYDIR);
	}
	return fd;
}

/* Watched first and looked at afterwards: what happens in between wakes the wait. */
static ULONG
wait_for(LPSTR name, ULONG *size, ULONG *event)
{
	ULONG rv = SAR_NOT_EVENTERR;
	bool cancelled = false;

	while (rv == SAR_NOT_EVENTERR && !cancelled) {
		int fd = watch();
		struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			{ .fd = events.cancel_fd, .events = POLLIN } };
		eventfd_t n = 0;

		if (fd < 0)
			return SAR_FAIL;
		rv = tell(name, size, event);
		if (rv == SAR_NOT_EVENTERR) {
			poll(p, 2, -1);
			cancelled = eventfd_read(events.cancel_fd, &n) == 0;
		}
		close(fd);
	}
	return rv;
}

static ULONG
wait_alone(LPSTR name, ULONG *size, ULONG *event)
{
	ULONG rv = SAR_FAIL;

	if (size == NULL || event == NULL)
		return SAR_INVALIDPARAMERR;
	pthread_mutex_lock(&events.lock);
	begin();
	if (events.waiting) {
		pthread_mutex_unlock(&events.lock);
		return rv;
	}
	events.waiting = true;
	pthread_mutex_unlock(&events.lock);
	rv = wait_for(name, size, event);
	pthread_mutex_lock(&events.lock);
	events.waiting = false;
	/* of a cancel that an event overtook */
	eventfd_read(events.cancel_fd, &(eventfd_t){ 0 });
	pthread_mutex_unlock(&events.lock);
	return rv;
}

static ULONG
cancel(void)
{
	pthread_mutex_lock(&events.lock);
	if (events.waiting)
		eventfd_write(events.cancel_fd, 1);
	pthread_mutex_unlock(&events.lock);
	return SAR_OK;
}

SS_EXPORT(SKF_CancelWaitForDevEvent, 0, NULL, (void), cancel())

/* Nobody else's call waits for this one. */
SKF_API ULONG SKF_WaitForDevEvent(LPSTR name, ULONG *size, ULONG *event);
ULONG
SKF_WaitForDevEvent(LPSTR name, ULONG *size, ULONG *event)
{
	struct ss_call c = { .function = F_SKF_WaitForDevEvent };
	ULONG rv = ss_leave(&c, ss_enter(&c, 0, NULL));

	return rv != SAR_OK ? rv : wait_alone(name, size, event);
}
