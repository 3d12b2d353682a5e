/* The link as the other side may really behave: in pieces, too much at once, garbage, gone. */
#include "t.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/frame.h"

/* a link, and the bare descriptor at its other end */
static struct ck_link *
pair(int *other)
{
	int fds[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return NULL;
	*other = fds[1];
	return ck_link_new(fds[0]);
}

static void
put(int fd, const void *bytes, size_t n)
{
	if (write(fd, bytes, n) != (ssize_t)n)
		printf("not ok - write of %zu bytes\n", n);
}
#define PUT(fd, text) put((fd), (text), sizeof(text) - 1)

/* the next line as text, "later" on a time-out, or the detail of the error */
static const char *
next_within(struct ck_link *l, int ms)
{
	static char text[CK_DETAIL_MAX];
	struct ck_err err = { 0 };
	json_t *line = NULL;
	int rc = ck_link_recv(l, ms, &line, &err);
	char *dump = rc == 1 ? json_dumps(line, JSON_COMPACT) : NULL;

	snprintf(text, sizeof text, "%s", rc == 1 ? dump : rc == 0 ? "later" : err.detail);
	if (rc < 0 && err.code != CK_E_LINK)
		snprintf(text, sizeof text, "code %d", (int)err.code);
	free(dump);
	json_decref(line);
	return text;
}

static const char *
next(struct ck_link *l)
{
	return next_within(l, 0);
}

/* of this process; 0 where ASan takes mlock for nothing */
static long
locked_kb(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kb = -1;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "VmLck: %ld", &kb) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return kb;
}

static void
lines(void)
{
	int fd = -1;
	struct ck_link *l = pair(&fd);

	T(ck_link_fd(l) >= 0, "the link has a descriptor");
	T_STR(next(l), "later", "nothing yet");
	PUT(fd, "{\"a\":");
	T_STR(next(l), "later", "half a line");
	PUT(fd, "1}\n{\"b\":2}\n{\"c\"");
	T_STR(next(l), "{\"a\":1}", "the line when it is whole");
	T_STR(next(l), "{\"b\":2}", "the second of one read");
	T_STR(next(l), "later", "the third is not whole");
	PUT(fd, ":3}\n");
	close(fd);
	T_STR(next(l), "{\"c\":3}", "what was sent before closing arrives");
	T_STR(next(l), "the other side is gone", "then the other side is gone");
	T_STR(next(l), "the link is broken", "and stays so");
	ck_link_free(l);
	ck_link_free(NULL);
}

static void
secrets(void)
{
	char bytes[3 + CK_SECRET_MAX] = { 0, 0, (char)CK_SECRET_MAX };
	int fd = -1;
	struct ck_link *l = pair(&fd);
	struct ck_secret *s = NULL;

	memset(bytes + 3, '\n', CK_SECRET_MAX);
	T(ck_link_secret(l) == NULL, "no secret waits");
	PUT(fd, "\0");
	T_STR(next(l), "later", "a secret's first byte");
	PUT(fd, "\0\6"
		"123");
	T_STR(next(l), "later", "half a secret");
	PUT(fd, "456");
	put(fd, bytes, sizeof bytes);
	PUT(fd, "\0\0\0{\"answer\":1}\n");
	T_STR(next(l), "{\"answer\":1}", "the line behind three secrets");
	s = ck_link_secret(l);
	T(s != NULL && ck_secret_len(s) == 6, "the oldest comes first");
	T_STR(ck_secret_bytes(s), "123456", "and is whole");
	ck_secret_free(s);
	s = ck_link_secret(l);
	T(s != NULL && ck_secret_len(s) == 255 && memcmp(ck_secret_bytes(s), bytes + 3, 255) == 0,
	    "the longest, of newlines only");
	ck_secret_free(s);
	s = ck_link_secret(l);
	T(s != NULL && ck_secret_len(s) == 0, "the empty one");
	ck_secret_free(s);
	T(ck_link_secret(l) == NULL, "and no more");
	PUT(fd, "\0\0\1a\0\0\1b{}\n");
	T_STR(next(l), "{}", "a line with two secrets before it");
	ck_link_drop_secrets(l);
	T(ck_link_secret(l) == NULL, "dropped");
	ck_link_free(l);
	close(fd);
}

static void
too_many_secrets(void)
{
	int fd = -1;
	struct ck_link *l = pair(&fd);

	PUT(fd, "\0\0\1a\0\0\1b\0\0\1c\0\0\1d{}\n");
	T_STR(next(l), "{}", "four secrets may wait");
	ck_link_free(l);
	close(fd);
	l = pair(&fd);
	PUT(fd, "\0\0\1a\0\0\1b\0\0\1c\0\0\1d\0\0\1e{}\n");
	T_STR(next(l), "more than 4 secrets before a line", "five may not");
	T(ck_link_secret(l) == NULL, "and none of them is handed out");
	ck_link_free(l);
	close(fd);
}

static void
hostile(const char *bytes, size_t n, const char *want, const char *name)
{
	int fd = -1;
	struct ck_link *l = pair(&fd);

	put(fd, bytes, n);
	T_STR(next(l), want, "%s", name);
	ck_link_free(l);
	close(fd);
}
#define HOSTILE(bytes, want, name) hostile(bytes, sizeof bytes - 1, want, name)

static void
garbage(void)
{
	static const char not_json[] = "line is not a JSON object";

	HOSTILE("GET / HTTP/1.0\r\n", not_json, "another protocol");
	HOSTILE("\n", not_json, "an empty line");
	HOSTILE("[1]\n", not_json, "an array");
	HOSTILE("{\"a\":1}}\n", not_json, "something behind the object");
	HOSTILE("{\"a\":1,\"a\":2}\n", not_json, "a name twice");
	HOSTILE("{\"a\":1}\0\n", not_json, "a NUL in the line");
	HOSTILE("{\"a\":\"\\u0000\"}\n", not_json, "a NUL in a text");
	HOSTILE("{\"a\":\"\xff\"}\n", not_json, "broken UTF-8");
	HOSTILE("\0\1\0", "secret of 256 bytes", "a secret too long, before it is sent");
	HOSTILE("{\"pin\":\"1234\"\n", not_json, "no bit of a broken line is repeated");
}

struct writer {
	int fd;
	const char *bytes;
	size_t n;
};

static void *
write_all(void *u)
{
	struct writer *w = u;

	put(w->fd, w->bytes, w->n);
	return NULL;
}

/* more than a socket takes at once */
static const char *
next_of(struct ck_link *l, int fd, const char *bytes, size_t n)
{
	struct writer w = { .fd = fd, .bytes = bytes, .n = n };
	pthread_t thread;
	const char *got;

	pthread_create(&thread, NULL, write_all, &w);
	got = next_within(l, 20000);
	pthread_join(thread, NULL);
	return got;
}

static void
long_lines(void)
{
	char *line = malloc(CK_LINE_MAX + 1);
	int fd = -1;
	struct ck_link *l = pair(&fd);
	struct ck_err err = { 0 };
	json_t *o = NULL;

	memset(line, ' ', CK_LINE_MAX + 1);
	line[0] = '{';
	line[CK_LINE_MAX - 2] = '}';
	line[CK_LINE_MAX - 1] = '\n';
	T_STR(next_of(l, fd, line, CK_LINE_MAX), "{}", "the longest line");
	line[CK_LINE_MAX - 2] = ' ';
	line[CK_LINE_MAX - 1] = '}';
	line[CK_LINE_MAX] = '\n';
	T_STR(next_of(l, fd, line, CK_LINE_MAX), "line longer than 1048576 bytes", "one byte more");

	line[CK_LINE_MAX] = '\0';
	o = json_pack("{s:s}", "a", line);
	T(ck_link_send(l, o, &err) == -1 && err.code == CK_E_INTERNAL, "such a line is not sent");
	json_decref(o);
	free(line);
	ck_link_free(l);
	close(fd);
}

/* Every program of ours has one or two: as large as its longest line each would cost a megabyte. */
static void
locked_room(void)
{
	long before = locked_kb(), one = 0, idle = 0;
	int fd = -1;
	struct ck_link *l = pair(&fd);

	one = locked_kb() - before;
	PUT(fd, "{\"a\":1}\n");
	T_STR(next(l), "{\"a\":1}", "a short line");
	idle = locked_kb() - before;
	T(one <= 64 && idle == one, "a link takes little of what cannot be swapped (%ld kB)", one);
	ck_link_free(l);
	T(locked_kb() == before, "and gives it back");
	close(fd);
}

static void
sending(void)
{
	static const unsigned char want[] = "\0\0\6"
					    "123456{\"a\":\"x\\ny\"}\n";
	unsigned char got[64] = { 0 };
	int fd = -1;
	struct ck_link *l = pair(&fd);
	struct ck_secret *s = ck_secret_new();
	struct ck_err err = { 0 };
	json_t *o = json_pack("{s:s}", "a", "x\ny");

	ck_secret_set(s, "123456", 6);
	T(ck_link_send_secret(l, s, &err) == 0 && ck_link_send(l, o, &err) == 0,
	    "secret and line sent");
	T(read(fd, got, sizeof got) == sizeof want - 1 && memcmp(got, want, sizeof want - 1) == 0,
	    "byte for byte");
	close(fd);
	T(ck_link_send(l, o, &err) == -1 && err.code == CK_E_LINK && err.native == EPIPE,
	    "sending to nobody is an error, not a signal");
	json_decref(o);
	ck_secret_free(s);
	ck_link_free(l);
}

/* takes everything, in small bites */
static void *
sip(void *u)
{
	int fd = *(int *)u;
	char bite[1000];
	long all = 0;
	ssize_t n = 0;

	while ((n = read(fd, bite, sizeof bite)) > 0)
		all += n;
	return (void *)all;
}

static void
sending_to_a_slow_reader(void)
{
	char *text = calloc(1, CK_LINE_MAX);
	void *all = NULL;
	int fd = -1, wrong = 0;
	struct ck_link *l = pair(&fd);
	json_t *o = NULL;
	pthread_t t;

	memset(text, 'x', CK_LINE_MAX - 100);
	o = json_pack("{s:s}", "a", text);
	fcntl(ck_link_fd(l), F_SETFL, O_NONBLOCK);
	pthread_create(&t, NULL, sip, &fd);
	for (int i = 0; i < 20; i++)
		wrong += ck_link_send(l, o, NULL) != 0;
	ck_link_free(l);
	pthread_join(t, &all);
	T(wrong == 0 && (long)all == 20L * (CK_LINE_MAX - 100 + 9), "a full pipe is waited for");
	json_decref(o);
	free(text);
	close(fd);
}

static void
on_alarm(int sig)
{
	(void)sig;
}

static void
waiting(void)
{
	struct sigaction sa = { .sa_handler = on_alarm }; /* no SA_RESTART: poll is interrupted */
	struct itimerval soon = { { 0, 20000 }, { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };
	int fd = -1;
	struct ck_link *l = pair(&fd);
	struct ck_err err = { 0 };
	json_t *line = NULL;
	int64_t start = ck_mono_ms(), took = 0;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	T(ck_link_recv(l, 150, &line, &err) == 0, "a time-out under signals");
	took = ck_mono_ms() - start;
	setitimer(ITIMER_REAL, &never, NULL);
	T(took >= 150 && took < 5000, "after its time, not at the first signal (%d ms)", (int)took);
	PUT(fd, "{}\n");
	T(ck_link_recv(l, -1, &line, &err) == 1, "waiting for ever ends with a line");
	json_decref(line);
	ck_link_free(l);
	close(fd);
}

static void
errors(void)
{
	struct ck_err err = { 0 }, back = { 0 };
	json_t *o = NULL;
	char *text = NULL;

	T(ck_err_json(&err) == NULL, "no error, no object");
	ck_fail_native(&err, CK_E_PIN_WRONG, 160, "2 tries left");
	o = ck_err_json(&err);
	text = json_dumps(o, JSON_COMPACT);
	T_STR(text,
	    "{\"code\":1201,\"name\":\"PIN_WRONG\",\"whose\":\"customer\",\"key\":\"safe\","
	    "\"detail\":\"2 tries left\",\"native\":160}",
	    "an error as ask.h shows it");
	ck_err_from_json(o, &back);
	T(back.code == CK_E_PIN_WRONG && back.native == 160, "and back");
	T_STR(back.detail, "2 tries left", "with its detail");
	free(text);
	json_decref(o);

	o = json_pack("{s:i, s:s}", "code", 4, "detail", "x\033y");
	ck_err_from_json(o, &back);
	T(back.code == CK_E_LINK && back.native == 0, "an unknown number is still an error");
	T_STR(back.detail, "x\xef\xbf\xbdy", "what came over the link is filtered");
	json_decref(o);
	ck_err_from_json(NULL, &back);
	T(back.code == CK_E_LINK, "so is no object at all");
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	lines();
	secrets();
	too_many_secrets();
	garbage();
	long_lines();
	locked_room();
	sending();
	sending_to_a_slow_reader();
	waiting();
	errors();
	return T_END();
}
