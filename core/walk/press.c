/* One conversation with certkiosk-print. It is heard, and so is the front, which may leave. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/place.h"
#include "walk/paper.h"
#include "walk/show.h"

/* a call of libcups that hangs ends by its own limit; one that was told to leave has nothing to
 * save */
#define GRACE_MS 3000

int
ck_paper_file(const void *bytes, size_t n, struct ck_err *err)
{
	int fd = memfd_create("form", MFD_CLOEXEC);
	size_t done = 0;

	while (fd != -1 && done < n) {
		ssize_t did = write(fd, (const char *)bytes + done, n - done);

		if (did > 0) {
			done += (size_t)did;
		} else if (did == -1 && errno != EINTR) {
			close(fd);
			fd = -1;
		}
	}
	if (fd == -1)
		ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "form");
	else
		(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

int
ck_press_start(
    struct ck_press *p, struct ck_talk *talk, int file, json_t *request, struct ck_err *err)
{
	static char *const argv[] = { "certkiosk-print", "--link", NULL };
	char program[PATH_MAX];
	int rc;

	*p = (struct ck_press){ .peer = { .pidfd = -1 }, .talk = talk };
	ck_place("certkiosk-print", CK_LIBDIR, program, sizeof program);
	rc = ck_peer_start(program, argv, file, CK_E_PRINT_GONE, &p->peer, err);
	if (rc == 0)
		return ck_press_say(p, request, err);
	json_decref(request);
	return -1;
}

/* Whatever broke between us, it is that one that is gone. */
static int
gone(const struct ck_err *why, struct ck_err *err)
{
	return ck_fail_native(err, CK_E_PRINT_GONE, why->native, "%s", why->detail);
}

int
ck_press_say(struct ck_press *p, json_t *line, struct ck_err *err)
{
	struct ck_err why = { 0 };
	int rc = ck_link_send(p->peer.link, line, &why);

	json_decref(line);
	return rc == 0 ? 0 : gone(&why, err);
}

/* 1 there may be a line, 0 ms passed or the front left */
static int
wait_both(struct ck_press *p, int ms)
{
	struct pollfd both[] = {
		{ .fd = ck_link_fd(p->peer.link), .events = POLLIN },
		{ .fd = p->front_left ? -1 : ck_link_fd(p->talk->link), .events = POLLIN },
	};
	struct ck_err left = { 0 };
	int n = poll(both, 2, ms);

	if (n > 0 && both[1].revents != 0 && ck_talk_pause(p->talk, 0, &left) == -1) {
		p->front_left = true;
		return 0;
	}
	return n != 0;
}

static int
failed(json_t *line, struct ck_err *err)
{
	ck_err_from_json(json_object_get(line, "error"), err);
	json_decref(line);
	return -1;
}

int
ck_press_hear(struct ck_press *p, int ms, json_t **line, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + ms;
	struct ck_err why = { 0 };
	const char *end;
	int got, left;

	while ((got = ck_link_recv(p->peer.link, 0, line, &why)) == 0) {
		left = (int)(until - ck_mono_ms());
		if (left <= 0 || wait_both(p, left) == 0)
			return 0;
	}
	if (got == -1)
		return gone(&why, err);
	end = json_string_value(json_object_get(*line, "end"));
	return end != NULL && strcmp(end, "failed") == 0 ? failed(*line, err) : 1;
}

int
ck_press_silent(struct ck_press *p, int seconds, struct ck_err *err)
{
	ck_talk_busy(p->talk, CK_BUSY_PAPER, GRACE_MS / 1000 + CK_KEY_MARGIN_S);
	return ck_fail(err, CK_E_PRINT_GONE, "no word for %d s", seconds);
}

void
ck_press_end(struct ck_press *p)
{
	(void)ck_peer_end(&p->peer, GRACE_MS, NULL);
}

int
ck_press_ask(struct ck_talk *talk, json_t *request, int seconds,
    void (*each)(void *u, const json_t *line), void *u, struct ck_err *err)
{
	struct ck_press press;
	json_t *line = NULL;
	bool end = false;
	int got = -1;

	ck_talk_busy(talk, CK_BUSY_PAPER, seconds + CK_KEY_MARGIN_S);
	if (ck_press_start(&press, talk, -1, request, err) == 0)
		while (!end && (got = ck_press_hear(&press, seconds * 1000, &line, err)) == 1) {
			end = json_object_get(line, "end") != NULL;
			each(u, line);
			json_decref(line);
		}
	if (got == 0 && press.front_left)
		ck_fail(err, CK_E_STOPPED, "the person gave up for now");
	else if (got == 0)
		ck_press_silent(&press, seconds, err);
	ck_press_end(&press);
	return end ? 0 : -1;
}

enum ck_code
ck_print_code(const char *name)
{
	const struct ck_err_fact *f = ck_err_named(name);

	return f != NULL ? f->code : CK_E_PRINT_TROUBLE;
}
