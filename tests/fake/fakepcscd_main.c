/*
 * A stand-in for pcscd: the real libpcsclite talks to it over the socket named by
 * PCSCLITE_CSOCK_NAME, and readers and keys are plugged by lines on its standard input. It speaks
 * what pcsc-lite 1.9.9 does from version 4:4 of its protocol (winscard_msg.h) without touching a
 * card: no connect, no APDU. A second argument is another version than it speaks: it turns all
 *down.
 *
 *	add READER	del READER	plug and unplug a reader
 *	card READER|ATR	nocard READER	put a key in, take it out
 *	swap READER|ATR	out and in before anybody can look	blip READER	in and out
 *	mute READER	a key that does not answer
 *	cycle READER|ATR|N	in and out N times, as fast as a client looks
 *	refuse yes|no	what pcscd says to those polkit turns down
 *	die	ends as it were killed: no goodbye
 * Every line is answered by one on standard output when it is done: "ok", "no such reader".
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define VERSION_MAJOR 4
#define VERSION_MINOR 4
#define READERS 16 /* PCSCLITE_MAX_READERS_CONTEXTS */
#define CLIENTS 32
#define BODY_MAX 512 /* the longest question we answer has 12 bytes */

enum command {
	ESTABLISH = 0x01,
	RELEASE = 0x02,
	CANCEL = 0x0d,
	VERSION = 0x11,
	READERS_STATE = 0x12,
	WAIT_CHANGE = 0x13,
	STOP_WAITING = 0x14,
};

#define OK 0u
#define CANCELLED 0x80100002u
#define DENIED 0x8010006Au
#define NO_SERVICE 0x8010001Du
#define ABSENT 0x02u
#define PRESENT 0x34u	/* present, powered, negotiable */
#define SWALLOWED 0x0cu /* present, and will not be powered */

/* as it goes over the socket */
struct reader {
	char name[128];
	uint32_t events, state;
	int32_t sharing;
	uint8_t atr[36]; /* 33 used */
	uint32_t atr_len, protocol;
};
_Static_assert(sizeof(struct reader) == 184, "READER_STATE of pcsc-lite 1.9");

struct client {
	int fd;
	bool waiting;
	uint32_t context;
};

static struct service {
	struct reader readers[READERS];
	struct client clients[CLIENTS];
	int n_clients;
	uint32_t contexts, version;
	bool refuse;
	char cycle_name[128], cycle_atr[80];
	long cycles; /* changes that are still to be made */
} s;

static void
send_to(const struct client *c, const void *bytes, size_t n)
{
	if (send(c->fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		fprintf(stderr, "fakepcscd: a client does not listen\n");
}

static void
wake(struct client *c, uint32_t rv)
{
	uint32_t answer[2] = { 0, rv };

	if (!c->waiting)
		return;
	c->waiting = false;
	send_to(c, answer, sizeof answer);
}

static void
wake_all(void)
{
	for (int i = 0; i < s.n_clients; i++)
		wake(&s.clients[i], OK);
}

static struct reader *
reader_named(const char *name)
{
	for (int i = 0; i < READERS; i++)
		if (strcmp(s.readers[i].name, name) == 0)
			return &s.readers[i];
	return NULL;
}

static void
put_card(struct reader *r, const char *atr)
{
	unsigned byte = 0;

	memset(r->atr, 0, sizeof r->atr);
	for (r->atr_len = 0; r->atr_len < 33 && sscanf(atr, "%2x", &byte) == 1; atr += 2)
		r->atr[r->atr_len++] = (uint8_t)byte;
	r->state = PRESENT;
	r->events++;
}

static void
take_card(struct reader *r)
{
	r->atr_len = 0;
	r->state = ABSENT;
	r->events++;
}

/* The next change of a cycle; made right after a client got the states, so that it sees each. */
static void
cycle(void)
{
	struct reader *r = reader_named(s.cycle_name);

	if (s.cycles == 0 || r == NULL)
		return;
	if (r->state == ABSENT)
		put_card(r, s.cycle_atr);
	else
		take_card(r);
	if (--s.cycles == 0)
		puts("ok");
	wake_all();
}

/* ---- clients ---- */

static void
cancel(uint32_t context)
{
	for (int i = 0; i < s.n_clients; i++)
		if (s.clients[i].context == context)
			wake(&s.clients[i], CANCELLED);
}

static int
serve(struct client *c)
{
	uint32_t head[2], body[BODY_MAX / 4] = { 0 };

	if (recv(c->fd, head, sizeof head, MSG_WAITALL) != sizeof head || head[0] > sizeof body)
		return -1;
	if (head[0] > 0 && recv(c->fd, body, head[0], MSG_WAITALL) != (ssize_t)head[0])
		return -1;
	switch (head[1]) {
	case VERSION:
		body[0] = s.version;
		body[1] = VERSION_MINOR;
		body[2] = s.version == VERSION_MAJOR ? OK : NO_SERVICE;
		send_to(c, body, 12);
		return 0;
	case ESTABLISH:
		body[1] = c->context = ++s.contexts;
		body[2] = s.refuse ? DENIED : OK;
		send_to(c, body, 12);
		return 0;
	case RELEASE:
		body[1] = OK;
		send_to(c, body, 8);
		return 0;
	case READERS_STATE:
		send_to(c, s.readers, sizeof s.readers);
		return 0;
	case WAIT_CHANGE:
		c->waiting = true;
		send_to(c, s.readers, sizeof s.readers);
		cycle();
		return 0;
	case STOP_WAITING:
		wake(c, OK);
		return 0;
	case CANCEL:
		cancel(body[0]);
		body[1] = OK;
		send_to(c, body, 8);
		return 0;
	default:
		fprintf(stderr, "fakepcscd: command 0x%x is not played\n", head[1]);
		return -1;
	}
}

/* ---- whoever plugs ---- */

static bool
add(const char *name)
{
	struct reader *r = reader_named("");

	if (r == NULL || reader_named(name) != NULL)
		return false;
	*r = (struct reader){ .state = ABSENT };
	snprintf(r->name, sizeof r->name, "%s", name);
	return true;
}

static bool
change(const char *what, const char *name, const char *atr, long n)
{
	struct reader *r = reader_named(name);

	if (r == NULL || *name == '\0')
		return false;
	if (strcmp(what, "del") == 0) {
		*r = (struct reader){ .state = 0 };
	} else if (strcmp(what, "card") == 0) {
		put_card(r, atr);
	} else if (strcmp(what, "mute") == 0) {
		put_card(r, "");
		r->state = SWALLOWED;
	} else if (strcmp(what, "nocard") == 0) {
		take_card(r);
	} else if (strcmp(what, "swap") == 0) {
		take_card(r);
		put_card(r, atr);
	} else if (strcmp(what, "blip") == 0) {
		put_card(r, "3B00");
		take_card(r);
	} else if (strcmp(what, "cycle") == 0) {
		snprintf(s.cycle_name, sizeof s.cycle_name, "%s", name);
		snprintf(s.cycle_atr, sizeof s.cycle_atr, "%s", atr);
		s.cycles = 2 * n;
		cycle();
	} else {
		return false;
	}
	return true;
}

/* false: that was the end */
static bool
obey(char *line)
{
	char *save = NULL, *what = strtok_r(line, " \n", &save);
	char *name = strtok_r(NULL, "|\n", &save), *atr = strtok_r(NULL, "|\n", &save);
	char *n = strtok_r(NULL, "|\n", &save);
	bool good = true;

	if (what == NULL)
		return true;
	if (strcmp(what, "die") == 0)
		return false;
	if (strcmp(what, "refuse") == 0)
		s.refuse = name != NULL && strcmp(name, "yes") == 0;
	else if (name != NULL && strcmp(what, "add") == 0)
		good = add(name);
	else
		good = name != NULL && change(what, name, atr != NULL ? atr : "",
					   n != NULL ? strtol(n, NULL, 10) : 1);
	wake_all();
	if (!good || strcmp(what, "cycle") != 0)
		puts(good ? "ok" : "no such reader");
	return true;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if ((size_t)snprintf(a.sun_path, sizeof a.sun_path, "%s", path) >= sizeof a.sun_path) {
		fprintf(stderr, "fakepcscd: too long for a socket: %s\n", path);
		exit(1);
	}
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 8) != 0) {
		perror("fakepcscd");
		exit(1);
	}
	return fd;
}

static void
drop_client(int i)
{
	close(s.clients[i].fd);
	s.clients[i] = s.clients[--s.n_clients];
}

int
main(int argc, char **argv)
{
	char line[512];
	int door;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: fakepcscd SOCKET [VERSION]\n");
		return 2;
	}
	s.version = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : VERSION_MAJOR;
	setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	door = listen_at(argv[1]);
	puts("ok");
	for (;;) {
		struct pollfd p[CLIENTS + 2] = { { .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = s.n_clients < CLIENTS ? door : -1, .events = POLLIN } };
		int n = s.n_clients;

		for (int i = 0; i < n; i++)
			p[i + 2] = (struct pollfd){ .fd = s.clients[i].fd, .events = POLLIN };
		if (poll(p, (nfds_t)n + 2, -1) < 0)
			continue;
		for (int i = n - 1; i >= 0; i--)
			if (p[i + 2].revents != 0 && serve(&s.clients[i]) != 0)
				drop_client(i);
		if (p[1].revents != 0)
			s.clients[s.n_clients++] =
			    (struct client){ .fd = accept(door, NULL, NULL) };
		if (p[0].revents != 0 && (fgets(line, sizeof line, stdin) == NULL || !obey(line)))
			return 0;
	}
}
