/* The front with engines that hang, crash, talk nonsense or never stop: the code it reports, the
 * engines it starts, and that none of them is left behind. */
#include "t.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tui/front.h"
#include "base/clock.h"

/* what a test's front answers with and what it was told */
struct desk {
	int answers; /* questions it can answer */
	int asked, restarts, ends, lines;
	json_t *last;
};

static enum ck_asked
desk_ask(void *u, const json_t *question, const struct ck_watch *w, struct ck_reply *reply,
    struct ck_err *err)
{
	struct desk *d = u;

	(void)question;
	(void)w;
	(void)err;
	if (d->asked++ >= d->answers)
		return CK_ASKED_NONE;
	reply->fields = json_pack("{s:s}", "serial", "2026");
	reply->secrets[0].secret = ck_secret_new();
	ck_secret_set(reply->secrets[0].secret, "abc", 3);
	strcpy(reply->secrets[0].name, "password");
	reply->n_secrets = 1;
	return CK_ASKED_ANSWER;
}

static enum ck_asked
desk_leaves(void *u, const json_t *question, const struct ck_watch *w, struct ck_reply *reply,
    struct ck_err *err)
{
	(void)u;
	(void)question;
	(void)reply;
	(void)err;
	return ck_watch_wait(w, -1);
}

static void
desk_tell(void *u, const json_t *line)
{
	struct desk *d = u;

	d->lines++;
	d->restarts += json_object_get(line, "restart") != NULL;
	d->ends += json_object_get(line, "end") != NULL;
	json_decref(d->last);
	d->last = json_deep_copy(line);
}

static char engine[PATH_MAX];

static struct ck_ended
run(const char *mode, bool visit, struct desk *d)
{
	static const struct ck_front_ops ops = { .tell = desk_tell, .ask = desk_ask };
	struct ck_front front = { .engine = engine,
		.config = mode,
		.visit = visit,
		.first_s = 1,
		.stop_fd = -1,
		.ops = &ops,
		.u = d };
	json_t *request = json_pack("{s:s}", "do", "renew");
	struct ck_ended ended;

	ck_front_run(&front, request, &ended);
	json_decref(request);
	return ended;
}

static bool
nobody_left(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

/* Runs mode as a visit and looks at what came of it. */
static void
expect(const char *mode, enum ck_outcome outcome, enum ck_code code)
{
	struct desk d = { .answers = 0 };
	struct ck_ended e = run(mode, true, &d);

	T(e.outcome == outcome && e.err.code == code, "%s: outcome %d, code %d (%s)", mode,
	    e.outcome, e.err.code, e.err.detail);
	T(d.ends == 1 && json_object_get(d.last, "end") != NULL, "%s: one end line, the last",
	    mode);
	T(nobody_left(), "%s: no process is left", mode);
	json_decref(d.last);
}

static void
misbehaving(void)
{
	expect("done", CK_END_DONE, CK_E_NONE);
	expect("hang-first", CK_END_FAILED, CK_E_ENGINE_HUNG);
	expect("hang-key", CK_END_FAILED, CK_E_MODULE_HUNG);
	expect("hang-net", CK_END_FAILED, CK_E_ENGINE_HUNG);
	expect("segv", CK_END_FAILED, CK_E_MODULE_CRASHED);
	expect("pin-segv", CK_END_FAILED, CK_E_PIN_EITHER);
	expect("pin-hang", CK_END_FAILED, CK_E_PIN_EITHER);
	expect("pin-later", CK_END_FAILED, CK_E_MODULE_CRASHED);
	expect("abort", CK_END_FAILED, CK_E_MODULE_CRASHED);
	expect("alarm", CK_END_FAILED, CK_E_MODULE_HUNG);
	expect("kill", CK_END_FAILED, CK_E_ENGINE_GONE);
	expect("leave", CK_END_FAILED, CK_E_ENGINE_GONE);
	expect("garbage", CK_END_FAILED, CK_E_LINK);
	expect("unknown", CK_END_FAILED, CK_E_LINK);
	expect("endless", CK_END_FAILED, CK_E_LINK);
	expect("chatter", CK_END_FAILED, CK_E_LINK);
	expect("weeks", CK_END_DONE, CK_E_NONE);
	expect("nothing-known", CK_END_FAILED, CK_E_ENGINE_GONE);
	expect("stays", CK_END_DONE, CK_E_NONE);
}

static int
desk_wait(void *u, struct pollfd *p, nfds_t n, int ms)
{
	(*(int *)u)++;
	return poll(p, n, ms < 100 ? ms : 100); /* it may be back early */
}

static void
desk_hears(void *u, const json_t *line)
{
	(void)u;
	(void)line;
}

/* An engine that has said its end, and stays: whoever is at the screen is answered all that time.
 */
static void
answered(void)
{
	static const struct ck_front_ops ops = { .tell = desk_hears, .wait = desk_wait };
	int waits = 0;
	struct ck_front front = {
		.engine = engine, .config = "stays", .stop_fd = -1, .ops = &ops, .u = &waits
	};
	json_t *request = json_pack("{s:s}", "do", "renew");
	struct ck_ended e;
	int64_t t = ck_mono_ms();

	ck_front_run(&front, request, &e);
	t = ck_mono_ms() - t;
	T(e.outcome == CK_END_DONE && t >= 4000 && t < 7000, "it is given its time: %ld ms",
	    (long)t);
	T(waits >= t / 200, "and nobody waits for it in vain: %d times", waits);
	T(nobody_left(), "no process is left");
	json_decref(request);
}

static void
missing_engine(void)
{
	struct desk d = { .answers = 0 };
	char kept[PATH_MAX];
	struct ck_ended e;

	memcpy(kept, engine, sizeof kept);
	strcpy(engine, "/nonexistent/certkiosk-engine");
	e = run("done", true, &d);
	memcpy(engine, kept, sizeof engine);
	T(e.outcome == CK_END_FAILED && e.err.code == CK_E_ENGINE_GONE, "no engine to start");
	T(nobody_left(), "no process is left");
	json_decref(d.last);
}

/* ---- restarts ---- */

static void
counted(const char *name, bool visit, int answers, long starts, int restarts,
    enum ck_outcome outcome, enum ck_code code)
{
	char file[] = "/tmp/certkiosk-front.XXXXXX", mode[64];
	struct desk d = { .answers = answers };
	struct stat st = { .st_size = 0 };
	struct ck_ended e;
	int fd = mkstemp(file);

	snprintf(mode, sizeof mode, "%s:%s", name, file);
	e = run(mode, visit, &d);
	fstat(fd, &st);
	T(st.st_size == starts && d.restarts == restarts, "%s: %ld engines", name,
	    (long)st.st_size);
	T(e.outcome == outcome && e.err.code == code, "%s: outcome %d, code %d", name, e.outcome,
	    e.err.code);
	T(nobody_left(), "%s: no process is left", name);
	json_decref(d.last);
	close(fd);
	unlink(file);
}

static void
restarts(void)
{
	counted("crash-once", true, 0, 2, 1, CK_END_DONE, CK_E_NONE);
	counted("hang-once", true, 0, 2, 1, CK_END_DONE, CK_E_NONE);
	counted("crash-always", true, 0, 3, 2, CK_END_FAILED, CK_E_MODULE_CRASHED);
	/* not a visit; no record yet; nonsense is not cured by asking again */
	counted("crash-once", false, 0, 1, 0, CK_END_FAILED, CK_E_MODULE_CRASHED);
	counted("segv", true, 0, 1, 0, CK_END_FAILED, CK_E_MODULE_CRASHED);
	counted("garbage", true, 0, 1, 0, CK_END_FAILED, CK_E_LINK);
	/* the second engine asks again: with an answer it goes on, without one the crash is told */
	counted("crash-asked", true, 2, 2, 1, CK_END_DONE, CK_E_NONE);
	counted("crash-asked", true, 1, 2, 1, CK_END_FAILED, CK_E_MODULE_CRASHED);
}

/* The engine that told it is gone: the slip is the front's to say. */
static void
slip(void)
{
	struct desk d = { .answers = 0 };
	struct ck_ended e = run("crash-always:/dev/null", true, &d);
	const json_t *facts = json_object_get(d.last, "facts");

	T_STR(e.record, "CK-20261120-000027", "an engine that is gone: its record");
	T_STR(json_string_value(json_object_get(facts, "slip")), "CK-20261120-000027-KIOSK-1-X",
	    "and the slip, in the end line");
	json_decref(d.last);
	d = (struct desk){ .answers = 0 };
	run("segv", true, &d);
	T(json_object_get(d.last, "facts") == NULL, "no record, no slip");
	json_decref(d.last);
}

/* ---- questions ---- */

static void
questions(void)
{
	struct desk d = { .answers = 1 };
	struct ck_ended e = run("ask", true, &d);
	const json_t *facts = json_object_get(d.last, "facts");
	const json_t *answer = json_object_get(facts, "answer");

	T(e.outcome == CK_END_DONE, "a question answered");
	T_STR(json_string_value(json_object_get(answer, "answer")), "envelope", "its name");
	T(json_integer_value(json_object_get(answer, "id")) == 7, "its id");
	T_STR(json_string_value(json_object_get(answer, "serial")), "2026", "its field");
	T_STR(json_string_value(json_array_get(json_object_get(answer, "secrets"), 0)), "password",
	    "the name of its secret");
	T(json_object_get(answer, "password") == NULL, "the secret is not in the line");
	T(json_integer_value(json_object_get(facts, "length")) == 3 &&
		json_integer_value(json_object_get(facts, "sum")) == 'a' + 'b' + 'c',
	    "the secret arrived in its frame");
	T_STR(e.record, "CK-20261120-000027", "the record's number");
	json_decref(d.last);
	expect("ask", CK_END_REFUSED, CK_E_NO_ANSWER);
	d = (struct desk){ .answers = 2 };
	e = run("again", true, &d);
	T(e.err.code == CK_E_PIN_WRONG, "a wrong PIN is the reason, not the want of a third");
	T(e.outcome == CK_END_REFUSED, "and whether anything is open the engine knows");
	json_decref(d.last);
}

static void
leaving(void)
{
	static const struct ck_front_ops ops = { .tell = desk_tell, .ask = desk_leaves };
	struct desk d = { .answers = 0 };
	json_t *request = json_pack("{s:s}", "do", "renew");
	struct ck_front front = {
		.engine = engine, .config = "ask", .visit = true, .ops = &ops, .u = &d
	};
	struct ck_ended e;
	int ends[2];

	T(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 && write(ends[1], "!", 1) == 1,
	    "a wish to leave");
	front.stop_fd = ends[0];
	ck_front_run(&front, request, &e);
	T(e.err.code == CK_E_STOPPED && e.outcome == CK_END_REFUSED, "the engine's word stands");
	T(write(ends[1], "!", 1) == 1, "once more");
	front.config = "hang-key";
	ck_front_run(&front, request, &e);
	T(e.err.code == CK_E_STOPPED, "leaving while the key hangs: %d", e.err.code);
	T(nobody_left(), "no process is left");
	json_decref(request);
	json_decref(d.last);
	close(ends[0]);
	close(ends[1]);
}

static void
inheritance(void)
{
	struct desk d = { .answers = 0 };
	int open_one = dup(STDOUT_FILENO); /* without CLOEXEC, like the one secrets come from */
	const json_t *facts;

	run("descriptors", true, &d);
	facts = json_object_get(d.last, "facts");
	T(json_integer_value(json_object_get(facts, "extra")) == 0 && facts != NULL,
	    "the engine inherits nothing but the link");
	T(json_is_true(json_object_get(facts, "null")), "empty standard input and output");
	T(json_is_true(json_object_get(facts, "session")), "out of reach of the terminal's Ctrl-C");
	json_decref(d.last);
	close(open_one);
}

int
main(void)
{
	ssize_t n = readlink("/proc/self/exe", engine, sizeof engine - 1);
	char *dir;

	if (n <= 0 || (dir = strstr(engine, "/unit/")) == NULL)
		return 2;
	strcpy(dir, "/test/fake_engine");
	signal(SIGPIPE, SIG_IGN);
	misbehaving();
	answered();
	missing_engine();
	restarts();
	slip();
	questions();
	leaving();
	inheritance();
	return T_END();
}
