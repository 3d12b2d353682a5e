#include "front.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine.h"

/* a vendor's module that crashes or hangs ends with the engine; two new ones, then a person has to
 * look at the key */
#define RESTARTS_MAX 2
/* logging out and unloading a module; a dead engine may be writing its core */
#define GRACE_MS 5000
/* Who leaves what only reads does not wait for a key that does not answer. */
#define LEAVE_MS 500
/* A step that names no sensible limit of its own is held to these. */
#define LIMIT_MIN_S 1
#define LIMIT_MAX_S 3600
/* An engine that talks without end never runs into a deadline. A visit says about a hundred things,
 * and once every few seconds while it waits for a CA; a list is as long as the store. */
#define WORDS_MAX 20000
#define ROWS_MAX 10000000

struct run {
	const struct ck_front *front;
	const json_t *request;
	struct ck_peer engine;
	struct ck_ended *ended;
	json_t *end; /* the engine's last line */

	bool key_busy; /* it waits for the key or its module */
	bool record;   /* there is one to come back to */
	json_t *slip;  /* by which, NULL: not told yet */
	bool pin_open; /* the key was given a new PIN, and has not said yes or no */
	bool stopping; /* told the engine to stop */
	bool idle;     /* it waits for something to happen: no deadline */
	int limit_s;
	int64_t deadline; /* ck_mono_ms */
	long words, rows;

	struct ck_err crash;	  /* why the last engine had to be replaced */
	struct ck_err unanswered; /* why the engine was told to stop */
};

/* ---- waiting ---- */

enum ck_asked
ck_watch_wait(const struct ck_watch *w, int fd)
{
	struct pollfd p[] = {
		{ .fd = w->stop, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
		{ .fd = w->link, .events = POLLIN },
	};

	while (poll(p, 3, -1) == -1 && errno == EINTR)
		continue;
	if (p[0].revents != 0)
		return CK_ASKED_STOP;
	return p[1].revents != 0 ? CK_ASKED_ANSWER : CK_ASKED_SPOKE;
}

enum ck_asked
ck_watch_for(const struct ck_watch *w, int ms)
{
	struct pollfd p[] = {
		{ .fd = w->stop, .events = POLLIN },
		{ .fd = w->link, .events = POLLIN },
	};
	int64_t until = ck_mono_ms() + ms;
	int n;

	while ((n = poll(p, 2, ms)) == -1 && errno == EINTR)
		if (ms > 0 && (ms = (int)(until - ck_mono_ms())) < 0)
			ms = 0;
	if (p[0].revents != 0)
		return CK_ASKED_STOP;
	return n == 0 ? CK_ASKED_NONE : CK_ASKED_SPOKE;
}

static void
drain(int fd)
{
	char bytes[512]; /* several signalfd_siginfo; a terminal sends one per key press */

	while (read(fd, bytes, sizeof bytes) == -1 && errno == EINTR)
		continue;
}

static void
allow(struct run *r)
{
	bool left = r->stopping && r->front->reads;

	r->deadline = ck_mono_ms() + (left ? LEAVE_MS : (int64_t)r->limit_s * 1000);
	r->idle = false;
}

/* ---- what ends a run ---- */

/* The person is answered meanwhile. */
static int
end_engine(struct run *r, int grace_ms)
{
	struct ck_wait wait = { r->front->ops->wait, r->front->u };

	return ck_peer_end(&r->engine, grace_ms, &wait);
}

/* The link fell silent for good, or speaks nonsense: which of them, and whose doing is it? */
static int
lost(struct run *r, const struct ck_err *why, struct ck_err *err)
{
	char byte;
	struct pollfd ended = { .fd = r->engine.pidfd, .events = POLLIN };
	bool closed = recv(ck_link_fd(r->engine.link), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0 ||
		      poll(&ended, 1, 0) == 1;
	int status = end_engine(r, closed ? GRACE_MS : 0);

	if (!closed)
		return ck_fail_native(err, CK_E_LINK, why->native, "%s", why->detail);
	if (!WIFSIGNALED(status))
		return ck_fail_native(err, CK_E_ENGINE_GONE, (unsigned long)WEXITSTATUS(status),
		    "status %d", WEXITSTATUS(status));
	switch (WTERMSIG(status)) {
	case SIGSEGV:
	case SIGBUS:
	case SIGABRT:
	case SIGILL:
		/* our own code checks what it touches; vendors' modules are what dies of these */
		return ck_fail_native(err, CK_E_MODULE_CRASHED, (unsigned long)WTERMSIG(status),
		    "signal %d", WTERMSIG(status));
	case SIGALRM:
		/* the engine's own limit, while a question stood and we had none */
		return ck_fail_native(err, CK_E_MODULE_HUNG, (unsigned long)WTERMSIG(status),
		    "signal %d", WTERMSIG(status));
	default:
		return ck_fail_native(err, CK_E_ENGINE_GONE, (unsigned long)WTERMSIG(status),
		    "signal %d", WTERMSIG(status));
	}
}

static int
hung(struct run *r, struct ck_err *err)
{
	(void)end_engine(r, 0);
	return ck_fail(err, r->key_busy ? CK_E_MODULE_HUNG : CK_E_ENGINE_HUNG, "%d s", r->limit_s);
}

static int
nonsense(struct run *r, const char *what, struct ck_err *err)
{
	(void)end_engine(r, 0);
	return ck_fail(err, CK_E_LINK, "%s", what);
}

static int
send_stop(struct run *r, struct ck_err *err)
{
	json_t *line = json_pack("{s:b}", "stop", 1);
	int rc = ck_link_send(r->engine.link, line, err);

	json_decref(line);
	r->stopping = true;
	allow(r);
	return rc;
}

/* The person wants to leave: the engine is asked to stop, and not asked twice. */
static int
leave(struct run *r, struct ck_err *err)
{
	bool again = r->stopping;

	drain(r->front->stop_fd);
	ck_fail(&r->unanswered, CK_E_STOPPED, "%s", "");
	if (!again)
		return send_stop(r, err);
	(void)end_engine(r, GRACE_MS);
	return ck_fail(err, CK_E_STOPPED, "%s", "");
}

static int
wait_for(struct run *r, struct pollfd *p, nfds_t n, int ms)
{
	if (r->front->ops->wait != NULL)
		return r->front->ops->wait(r->front->u, p, n, ms);
	return poll(p, n, ms);
}

/* The next line: 1, or -1 with why there is none. */
static int
next_line(struct run *r, json_t **line, struct ck_err *err)
{
	struct ck_err why = { 0 };
	struct pollfd p[] = {
		{ .fd = ck_link_fd(r->engine.link), .events = POLLIN },
		{ .fd = r->front->stop_fd, .events = POLLIN },
		{ .fd = r->engine.pidfd, .events = POLLIN },
	};

	for (;;) {
		bool ended = p[2].revents != 0;
		int got = ck_link_recv(r->engine.link, 0, line, &why);
		int64_t left = r->deadline - ck_mono_ms();

		if (got == 1)
			return 1;
		/* a child of its module may hold the other end of the link */
		if (got == -1 || ended)
			return lost(r, &why, err);
		if (left <= 0 && !r->idle)
			return hung(r, err);
		if (wait_for(r, p, 3, r->idle ? -1 : (int)left) > 0 && p[1].revents != 0 &&
		    leave(r, &why) == -1) {
			if (r->engine.pid != 0)
				return lost(r, &why, err);
			return ck_fail(err, why.code, "%s", why.detail);
		}
	}
}

/* ---- questions ---- */

static void
reply_free(struct ck_reply *reply)
{
	json_decref(reply->fields);
	for (size_t i = 0; i < reply->n_secrets; i++)
		ck_secret_free(reply->secrets[i].secret);
}

static int
send_reply(struct run *r, const json_t *question, struct ck_reply *reply, struct ck_err *err)
{
	json_t *line = json_pack("{s:O, s:O}", "answer", json_object_get(question, "ask"), "id",
	    json_object_get(question, "id"));
	json_t *names = json_array();
	int rc = 0;

	if (reply->fields != NULL)
		json_object_update_missing(line, reply->fields);
	for (size_t i = 0; i < reply->n_secrets && rc == 0; i++) {
		json_array_append_new(names, json_string(reply->secrets[i].name));
		rc = ck_link_send_secret(r->engine.link, reply->secrets[i].secret, err);
	}
	json_object_set_new(line, "secrets", names);
	if (rc == 0)
		rc = ck_link_send(r->engine.link, line, err);
	json_decref(line);
	return rc;
}

/* Nothing to answer with. What the question came back for is the better reason: a PIN that was
 * wrong says more than that there was no second one. */
static void
note_unanswered(struct run *r, const json_t *question)
{
	const json_t *again = json_object_get(question, "error");

	if (r->unanswered.code != CK_E_NONE)
		return;
	if (again != NULL)
		ck_err_from_json(again, &r->unanswered);
	else
		ck_fail(&r->unanswered, CK_E_NO_ANSWER, "%s",
		    json_string_value(json_object_get(question, "ask")));
}

/* 0 go on, -1 the engine is lost */
static int
ask(struct run *r, const json_t *question, struct ck_err *err)
{
	struct ck_watch watch = { .link = ck_link_fd(r->engine.link), .stop = r->front->stop_fd };
	struct ck_reply reply = { .fields = NULL };
	struct ck_err why = { 0 };
	int rc = 0;

	if (r->stopping)
		return 0; /* it reads our stop as the answer */
	if (ck_link_more(r->engine.link))
		return 0; /* it is off already */
	switch (r->front->ops->ask(r->front->u, question, &watch, &reply, &why)) {
	case CK_ASKED_ANSWER:
		rc = send_reply(r, question, &reply, &why);
		break;
	case CK_ASKED_SPOKE:
		break;
	case CK_ASKED_STOP:
		rc = leave(r, &why);
		break;
	case CK_ASKED_NONE:
		note_unanswered(r, question);
		rc = send_stop(r, &why);
		break;
	case CK_ASKED_FAIL:
		r->unanswered = why;
		rc = send_stop(r, &why);
		break;
	}
	reply_free(&reply);
	allow(r);
	return rc == 0 ? 0 : lost(r, &why, err);
}

/* ---- the engine's lines ---- */

static int
number_of(const json_t *line, const char *name)
{
	return (int)json_integer_value(json_object_get(line, name));
}

static void
take_limit(struct run *r, const json_t *line)
{
	int limit = number_of(line, "limit");

	r->limit_s = limit < LIMIT_MIN_S ? LIMIT_MIN_S : limit > LIMIT_MAX_S ? LIMIT_MAX_S : limit;
}

/* What it is at now, as far as it says. */
static void
at_work(struct run *r, const char *what)
{
	r->key_busy = strcmp(what, CK_BUSY_KEY) == 0 || strcmp(what, CK_BUSY_OWN_PIN) == 0;
	r->pin_open = r->pin_open || strcmp(what, CK_BUSY_OWN_PIN) == 0;
}

/* Whatever tells of a record means that there is one. */
static void
note_record(struct run *r, const json_t *line)
{
	const json_t *facts =
	    json_object_get(line, "did") != NULL ? json_object_get(line, "facts") : NULL;
	const char *number = json_string_value(json_object_get(line, "record"));
	json_t *slip = json_object_get(facts, "slip");

	if (number == NULL)
		number = json_string_value(json_object_get(facts, "record"));
	if (number == NULL)
		return;
	if (json_is_string(slip)) {
		json_decref(r->slip);
		r->slip = json_incref(slip);
	}
	snprintf(r->ended->record, sizeof r->ended->record, "%s", number);
	r->record = true;
}

static bool
is_question(const json_t *line)
{
	return json_is_string(json_object_get(line, "ask")) &&
	       json_is_integer(json_object_get(line, "id")) &&
	       json_is_array(json_object_get(line, "fields"));
}

/* 1 that was the end, 0 go on, -1 the engine is lost */
static int
take(struct run *r, json_t *line, struct ck_err *err)
{
	const char *busy = json_string_value(json_object_get(line, "busy"));
	bool step = json_is_string(json_object_get(line, "step"));
	bool did = json_is_string(json_object_get(line, "did"));
	bool row = json_is_object(json_object_get(line, "row"));
	bool idle = json_is_true(json_object_get(line, "idle"));

	/* it may watch for weeks: between two rests it says no more than a visit does */
	if (idle)
		r->words = r->rows = 0;
	else if (row ? ++r->rows > ROWS_MAX : ++r->words > WORDS_MAX)
		return nonsense(r, "it does not stop talking", err);
	note_record(r, line);
	if (is_question(line))
		return ask(r, line, err);
	if (ck_outcome_from(json_string_value(json_object_get(line, "end"))) != -1) {
		r->end = json_incref(line);
		return 1;
	}
	if (step || did)
		r->pin_open = false;
	if (step)
		r->key_busy = false;
	if (busy != NULL)
		at_work(r, busy);
	if (step || busy != NULL)
		take_limit(r, line);
	else if (!did && !row && !idle)
		return nonsense(r, "a line that says nothing known", err);
	allow(r);
	r->idle = idle && !r->stopping;
	r->front->ops->tell(r->front->u, line);
	return 0;
}

/* One engine from start to end: 0 with r->end, -1 lost. */
static int
run_engine(struct run *r, struct ck_err *err)
{
	struct ck_err why = { 0 };
	json_t *line = NULL;
	int rc = 0;

	r->key_busy = r->pin_open = false;
	r->limit_s = r->front->first_s > 0 ? r->front->first_s : CK_FIRST_WORD_S;
	if (ck_engine_start(r->front->engine, r->front->config, &r->engine, err) == -1)
		return -1;
	if (ck_link_send(r->engine.link, r->request, &why) == -1)
		return lost(r, &why, err);
	allow(r);
	while (rc == 0) {
		if (next_line(r, &line, err) == -1)
			return -1;
		rc = take(r, line, err);
		json_decref(line);
	}
	if (rc == 1)
		(void)end_engine(r, GRACE_MS);
	return rc == 1 ? 0 : -1;
}

/* ---- the whole run ---- */

static bool
may_restart(const struct run *r, const struct ck_err *err, int restarts)
{
	return r->front->visit && r->record && !r->stopping && restarts < RESTARTS_MAX &&
	       (err->code == CK_E_MODULE_CRASHED || err->code == CK_E_MODULE_HUNG ||
		   err->code == CK_E_ENGINE_GONE || err->code == CK_E_ENGINE_HUNG);
}

/* The next engine goes on with the same record, and looks for the same key; new reference. */
static json_t *
request_again(const struct run *r)
{
	json_t *o = json_copy((json_t *)(uintptr_t)r->request);

	if (o != NULL && r->ended->record[0] != '\0') {
		json_object_set_new(o, "record", json_string(r->ended->record));
		json_object_set_new(o, "again", json_true());
	}
	return o;
}

static void
tell_restart(const struct run *r, int n, const struct ck_err *err)
{
	json_t *line = json_pack("{s:i, s:o}", "restart", n, "error", ck_err_json(err));

	r->front->ops->tell(r->front->u, line);
	json_decref(line);
}

json_t *
ck_end_line(const struct ck_ended *e, const json_t *facts)
{
	return json_pack("{s:s, s:s*, s:O*, s:o*}", "end", ck_outcome_names[e->outcome], "record",
	    e->record[0] != '\0' ? e->record : NULL, "facts", facts, "error",
	    e->err.code != CK_E_NONE ? ck_err_json(&e->err) : NULL);
}

/* What the engine's end means here: true when it stands as it is. Told to stop for want of an
 * answer it can only say that it stopped; the reason is ours to say: the crash that made us ask
 * again if there was one, else the question itself. Whether anything is left open only it knows. */
static bool
judge_end(struct run *r)
{
	struct ck_ended *e = r->ended;
	const json_t *err = json_object_get(r->end, "error");

	e->outcome =
	    (enum ck_outcome)ck_outcome_from(json_string_value(json_object_get(r->end, "end")));
	if (err != NULL)
		ck_err_from_json(err, &e->err);
	if (e->err.code != CK_E_STOPPED || r->unanswered.code == CK_E_NONE ||
	    r->unanswered.code == CK_E_STOPPED)
		return true;
	e->err = r->crash.code != CK_E_NONE ? r->crash : r->unanswered;
	if (e->err.code == CK_E_USAGE)
		e->outcome = CK_END_USAGE;
	return false;
}

/* However it was lost: the PIN may be the new one by now, and no record will find out. */
static void
either_pin(const struct ck_err *why, struct ck_err *err)
{
	const struct ck_err_fact *fact = ck_err_fact((int)why->code);

	ck_fail_native(
	    err, CK_E_PIN_EITHER, why->native, "%s", fact != NULL ? fact->name : why->detail);
}

static void
tell_end(struct run *r, const struct ck_err *err)
{
	json_t *line = NULL, *facts = NULL;

	if (r->end != NULL && judge_end(r)) {
		r->front->ops->tell(r->front->u, r->end);
		return;
	}
	if (r->end == NULL && r->pin_open)
		either_pin(err, &r->ended->err);
	else if (r->end == NULL)
		r->ended->err = r->unanswered.code == CK_E_STOPPED ? r->unanswered : *err;
	if (r->end != NULL)
		facts = json_incref(json_object_get(r->end, "facts"));
	else if (r->slip != NULL)
		facts = json_pack("{s:O}", "slip", r->slip);
	line = ck_end_line(r->ended, facts);
	r->front->ops->tell(r->front->u, line);
	json_decref(line);
	json_decref(facts);
}

void
ck_front_run(const struct ck_front *front, const json_t *request, struct ck_ended *ended)
{
	struct run r = { .front = front,
		.request = request,
		.ended = ended,
		.record = json_object_get(request, "record") != NULL };
	struct ck_err err = { 0 };
	json_t *again = NULL, *next;
	int restarts = 0;

	*ended = (struct ck_ended){ .outcome = CK_END_FAILED };
	while (run_engine(&r, &err) == -1 && may_restart(&r, &err, restarts)) {
		tell_restart(&r, ++restarts, &err);
		r.crash = err;
		err = (struct ck_err){ 0 };
		if ((next = request_again(&r)) == NULL)
			continue;
		json_decref(again);
		r.request = again = next;
	}
	tell_end(&r, &err);
	json_decref(again);
	json_decref(r.end);
	json_decref(r.slip);
}
