/*
 * An engine that misbehaves, for the front's tests: it speaks the link as certkiosk-engine does,
 * and the name given as its configuration says what it does wrong. A name may end in ":FILE": every
 * start adds a byte to that file, so that a test can count engines and the third may behave.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/frame.h"
#include "certkiosk/ask.h"

struct fake {
	struct ck_link *link;
	json_t *request;
	const char *mode;
	long starts; /* this one included; 1 when nothing counts */
};

/* takes line */
static void
say(struct fake *f, json_t *line)
{
	struct ck_err err = { 0 };

	if (line == NULL || ck_link_send(f->link, line, &err) == -1)
		_exit(9);
	json_decref(line);
}

static json_t *
hear(struct fake *f)
{
	struct ck_err err = { 0 };
	json_t *line = NULL;

	if (ck_link_recv(f->link, -1, &line, &err) != 1)
		_exit(8);
	return line;
}

static void
step(struct fake *f, const char *station, int limit)
{
	say(f,
	    json_pack("{s:s, s:i, s:i, s:i}", "step", station, "n", 2, "of", 13, "limit", limit));
}

static void
busy(struct fake *f, const char *what, int limit)
{
	say(f, json_pack("{s:s, s:i}", "busy", what, "limit", limit));
}

static void
did(struct fake *f, const char *station, const char *word)
{
	say(f, json_pack("{s:s, s:i, s:i, s:s, s:{s:s}}", "did", station, "n", 2, "of", 13, "say",
		   word, "facts", "name", "\xe5\xbc\xa0\xe4\xb8\x89"));
}

static void
end_with(struct fake *f, const char *outcome, int code, json_t *facts)
{
	struct ck_err err = { .code = (enum ck_code)code };

	say(f, json_pack("{s:s, s:s, s:o*, s:o*}", "end", outcome, "record", "CK-20261120-000027",
		   "facts", facts, "error", code != 0 ? ck_err_json(&err) : NULL));
}

/* ---- ways to behave ---- */

static void
done(struct fake *f)
{
	step(f, "cert", 5);
	did(f, "cert", "confirmed");
	busy(f, CK_BUSY_NET, 5);
	end_with(f, "done", 0, json_pack("{s:O}", "request", f->request));
}

static json_t *
ask_envelope(struct fake *f)
{
	step(f, "authorise", 1);
	say(f, json_pack("{s:s, s:i, s:[{s:s, s:s}, {s:s, s:s}], s:{}}", "ask", "envelope", "id", 7,
		   "fields", "name", "serial", "kind", "text", "name", "password", "kind", "secret",
		   "facts"));
	return hear(f);
}

/* says back what it was told, but of the secret only its length and sum */
static void
ask(struct fake *f)
{
	json_t *answer = ask_envelope(f);
	struct ck_secret *s = ck_link_secret(f->link);
	const char *bytes = s != NULL ? ck_secret_bytes(s) : "";
	int sum = 0;

	for (size_t i = 0; bytes[i] != '\0'; i++)
		sum += (unsigned char)bytes[i];
	if (json_is_true(json_object_get(answer, "stop")))
		end_with(f, f->starts > 1 ? "failed" : "refused", CK_E_STOPPED, NULL);
	else
		end_with(f, "done", 0,
		    json_pack("{s:O, s:i, s:i}", "answer", answer, "length", (int)strlen(bytes),
			"sum", sum));
	json_decref(answer);
	ck_secret_free(s);
}

/* a PIN that is never right */
static void
again(struct fake *f)
{
	struct ck_err wrong = { .code = CK_E_PIN_WRONG };
	json_t *error = NULL, *answer = NULL;
	bool stop = false;

	step(f, "unlock", 2);
	while (!stop) {
		say(f, json_pack("{s:s, s:i, s:[{s:s, s:s}], s:o*}", "ask", "pin", "id", 1,
			   "fields", "name", "pin", "kind", "secret", "error", error));
		answer = hear(f);
		error = ck_err_json(&wrong);
		ck_link_drop_secrets(f->link);
		stop = json_object_get(answer, "stop") != NULL;
		json_decref(answer);
	}
	json_decref(error);
	end_with(f, "refused", CK_E_STOPPED, NULL);
}

static void
hang(struct fake *f, const char *what)
{
	if (what != NULL)
		busy(f, what, 1);
	for (;;)
		pause();
}

static void
hang_first(struct fake *f)
{
	hang(f, NULL);
}

static void
hang_key(struct fake *f)
{
	step(f, "cert", 5);
	hang(f, CK_BUSY_KEY);
}

static void
hang_net(struct fake *f)
{
	step(f, "cert", 5);
	busy(f, CK_BUSY_KEY, 5);
	hang(f, CK_BUSY_NET);
}

static void
die(struct fake *f, int sig)
{
	step(f, "cert", 5);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
fall(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void
die_segv(struct fake *f)
{
	die(f, SIGSEGV);
}

/* while a PIN is being changed, and after it was said to be */
static void
pin_segv(struct fake *f)
{
	busy(f, CK_BUSY_OWN_PIN, 5);
	busy(f, CK_BUSY_KEY, 5);
	fall();
}

static void
pin_hang(struct fake *f)
{
	hang(f, CK_BUSY_OWN_PIN);
}

static void
pin_later(struct fake *f)
{
	busy(f, CK_BUSY_OWN_PIN, 5);
	did(f, "set-pin", "own-pin-changed");
	fall();
}

static void
die_abort(struct fake *f)
{
	die(f, SIGABRT);
}

static void
die_alarm(struct fake *f)
{
	die(f, SIGALRM);
}

static void
die_kill(struct fake *f)
{
	die(f, SIGKILL);
}

static void
leave(struct fake *f)
{
	step(f, "cert", 5);
	_exit(3);
}

static void
write_all(struct fake *f, const char *text)
{
	if (write(ck_link_fd(f->link), text, strlen(text)) == -1)
		_exit(9);
}

static void
garbage(struct fake *f)
{
	write_all(f, "Segmentation fault\n");
	hang(f, NULL);
}

static void
unknown(struct fake *f)
{
	say(f, json_pack("{s:s}", "good", "morning"));
	hang(f, NULL);
}

static void
endless(struct fake *f)
{
	for (;;)
		write_all(f, "                                                                ");
}

static void
chatter(struct fake *f)
{
	for (;;)
		busy(f, CK_BUSY_KEY, 60);
}

/* three times as much as a visit says, with rests between */
static void
weeks(struct fake *f)
{
	for (int rest = 0; rest < 3; rest++) {
		for (int i = 0; i < 19000; i++)
			busy(f, CK_BUSY_KEY, 60);
		say(f, json_pack("{s:b}", "idle", 1));
	}
	end_with(f, "done", 0, NULL);
}

static void
stays(struct fake *f)
{
	end_with(f, "done", 0, NULL);
	hang(f, NULL);
}

/* ---- questions that go off ---- */

/* off: the question before, which nobody answered in time */
static void
ask_paid(struct fake *f, int id, int off, bool wrong)
{
	struct ck_err err = { .code = CK_E_CODE_EXPIRED };

	say(f, json_pack("{s:s, s:i, s:[{s:s, s:s}], s:{}, s:o*, s:o*}", "ask", "payment", "id", id,
		   "fields", "name", "do", "kind", "choice", "facts", "off",
		   off != 0 ? json_integer(off) : NULL, "error", wrong ? ck_err_json(&err) : NULL));
}

/* was answered as it went off; says back what it was told after that */
static void
off(struct fake *f)
{
	json_t *first, *next;

	step(f, "pay", 60);
	ask_paid(f, 1, 0, false);
	json_decref(hear(f));
	ask_paid(f, 2, 1, false);
	first = hear(f);
	ask_paid(f, 3, 0, false);
	next = hear(f);
	end_with(f, "done", 0, json_pack("{s:o, s:o}", "first", first, "next", next));
}

/* is off while somebody waits, who tells nothing of it: after a moment; and then something is wrong
 */
static void
off_waiting(struct fake *f)
{
	json_t *first, *next;

	step(f, "pay", 60);
	ask_paid(f, 1, 0, false);
	poll(NULL, 0, 200);
	ask_paid(f, 2, 1, false);
	first = hear(f);
	ask_paid(f, 3, 2, true);
	next = hear(f);
	end_with(f, "done", 0, json_pack("{s:o, s:o}", "first", first, "next", next));
}

/* is off before anybody can have read it */
static void
off_at_once(struct fake *f)
{
	ask_paid(f, 1, 0, false);
	ask_paid(f, 2, 1, false);
	end_with(f, "done", 0, json_pack("{s:o}", "answer", hear(f)));
}

/* ---- after a record is open ---- */

/* from here on there is a record to come back to */
static void
begin(struct fake *f)
{
	say(f, json_pack("{s:s, s:i, s:i, s:s, s:{s:s, s:s}}", "did", "eligible", "n", 3, "of", 13,
		   "say", "eligible", "facts", "record", "CK-20261120-000027", "slip",
		   "CK-20261120-000027-KIOSK-1-X"));
	step(f, "newkey", 5);
}

static void
crash_once(struct fake *f)
{
	begin(f);
	if (f->starts == 1)
		die_segv(f);
	end_with(f, "done", 0, NULL);
}

static void
crash_always(struct fake *f)
{
	begin(f);
	die_segv(f);
}

static void
hang_once(struct fake *f)
{
	begin(f);
	if (f->starts == 1)
		hang(f, CK_BUSY_KEY);
	end_with(f, "done", 0, NULL);
}

/* crashes after the answer, and asks the next engine's front for another */
static void
crash_asked(struct fake *f)
{
	begin(f);
	if (f->starts > 1)
		ask(f);
	else
		json_decref(ask_envelope(f));
	if (f->starts == 1)
		die_segv(f);
}

/* ---- what was inherited ---- */

static void
descriptors(struct fake *f)
{
	struct stat null = { 0 }, in = { 0 }, out = { 0 };
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;
	long fd, extra = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		fd = strtol(e->d_name, NULL, 10);
		extra += e->d_name[0] != '.' && fd > 3 && fd != dirfd(d);
	}
	stat("/dev/null", &null);
	fstat(STDIN_FILENO, &in);
	fstat(STDOUT_FILENO, &out);
	end_with(f, "done", 0,
	    json_pack("{s:i, s:b, s:b}", "extra", (int)extra, "null",
		in.st_rdev == null.st_rdev && out.st_rdev == null.st_rdev, "session",
		getsid(0) == getpid()));
	closedir(d);
}

/* a text that would play with a terminal, and words nobody knows */
static void
escapes(struct fake *f)
{
	step(f, "cert", 5);
	say(f, json_pack("{s:s, s:i, s:i, s:s, s:{s:s, s:s}}", "did", "cert", "n", 1, "of", 2,
		   "say", "cert-read", "facts", "name", "a\033]0;b\007\033[2J", "not_after",
		   "2026-12-04T00:00:00+08:00"));
	did(f, "cert", "unheard-of");
	end_with(f, "failed", CK_E_CA_NO_ANSWER, NULL);
}

static void
verdict(struct fake *f)
{
	say(f, json_pack("{s:s, s:{s:b, s:s, s:s, s:s, s:s, s:s}}", "end", "done", "facts",
		   "eligible", 0, "rule", "window", "reason", "too early", "class", "person",
		   "first_day", "2026-11-04", "last_day", "2027-01-04"));
}

static void
unreadable(struct fake *f)
{
	end_with(f, "refused", CK_E_CERT_UNREADABLE, NULL);
}

static void
abandoned(struct fake *f)
{
	step(f, "abandon", 5);
	end_with(f, "abandoned", 0, NULL);
}

static void
parked(struct fake *f)
{
	end_with(f, "parked", 0, NULL);
}

static const struct {
	const char *name;
	void (*run)(struct fake *);
} modes[] = {
	{ "done", done },
	{ "ask", ask },
	{ "again", again },
	{ "hang-first", hang_first },
	{ "hang-key", hang_key },
	{ "hang-net", hang_net },
	{ "segv", die_segv },
	{ "pin-segv", pin_segv },
	{ "pin-hang", pin_hang },
	{ "pin-later", pin_later },
	{ "abort", die_abort },
	{ "alarm", die_alarm },
	{ "kill", die_kill },
	{ "leave", leave },
	{ "garbage", garbage },
	{ "unknown", unknown },
	{ "endless", endless },
	{ "chatter", chatter },
	{ "weeks", weeks },
	{ "stays", stays },
	{ "crash-once", crash_once },
	{ "crash-always", crash_always },
	{ "hang-once", hang_once },
	{ "crash-asked", crash_asked },
	{ "descriptors", descriptors },
	{ "escapes", escapes },
	{ "verdict", verdict },
	{ "unreadable", unreadable },
	{ "abandoned", abandoned },
	{ "parked", parked },
	{ "off", off },
	{ "off-waiting", off_waiting },
	{ "off-at-once", off_at_once },
};

static long
count_start(const char *file)
{
	struct stat st = { .st_size = 0 };
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1 || write(fd, "x", 1) != 1 || fstat(fd, &st) == -1)
		_exit(7);
	close(fd);
	return (long)st.st_size;
}

int
main(int argc, char **argv)
{
	struct fake f = { .starts = 1 };
	const char *file;
	size_t n;

	if (argc != 5 || strcmp(argv[1], "--link") != 0 || strcmp(argv[3], "--config") != 0)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	f.link = ck_link_new((int)strtol(argv[2], NULL, 10));
	f.mode = argv[4];
	if ((file = strchr(f.mode, ':')) != NULL)
		f.starts = count_start(file + 1);
	n = strcspn(f.mode, ":");
	f.request = hear(&f);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strncmp(modes[i].name, f.mode, n) == 0 && modes[i].name[n] == '\0')
			modes[i].run(&f);
	json_decref(f.request);
	ck_link_free(f.link);
	return 0;
}
