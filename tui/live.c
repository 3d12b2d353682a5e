#include "live.h"

#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "screens/asking.h"

/* A module in a long call keeps an engine that was told to stop. One that is gone before this needs
 * no screen of its own, which would only flicker. */
#define SOON_MS 300

struct run {
	struct ck_live *live;
	struct ck_view course;
	bool lingers; /* left, and not gone yet */
};

static void
show_work(struct run *r)
{
	struct ck_live *l = r->live;

	ck_stage_set(l->stage, l->busy != NULL ? l->busy : &r->course);
}

static void
tell(void *u, const json_t *line)
{
	struct run *r = u;
	struct ck_live *l = r->live;
	const json_t *row = json_object_get(line, "row");

	ck_course_take(&l->course, line, ck_mono_ms());
	ck_status_heed(ck_stage_status(l->stage), line);
	if (row != NULL && l->row != NULL)
		l->row(l->u, row);
	if (json_object_get(line, "did") != NULL && l->did != NULL)
		l->did(l->u, line);
	if (json_object_get(line, "end") != NULL)
		l->end = json_incref((json_t *)(uintptr_t)line);
	ck_stage_redraw(l->stage);
}

/* The person leaves: what waits on the front's stop hears of it. */
static void
leave(struct ck_live *l, enum ck_stage_went went)
{
	const uint64_t once = 1;

	l->left = went;
	(void)!write(l->leave, &once, sizeof once);
}

/* It was told to stop, and what comes now is its end. What was on the screen is done with: another
 * key there would change what was chosen. */
static int
wait_end(struct run *r, struct pollfd *p, nfds_t n, int ms)
{
	struct ck_stage *s = r->live->stage;
	int got;

	if (!r->lingers) {
		if ((got = poll(p, n, ms < SOON_MS ? ms : SOON_MS)) != 0)
			return got;
		r->lingers = true;
		ck_stage_set(s, &r->course);
	}
	switch (ck_stage_wait(s, p, n, ms)) {
	case CK_STAGE_LOCK: /* at once, whenever it is asked: nobody is to see anything */
		ck_stage_wipe(s);
		return poll(p, n, ms);
	case CK_STAGE_OVER:
		ck_stage_leave(s);
		return poll(p, n, ms);
	default:
		return poll(p, n, 0);
	}
}

static int
wait_beside(void *u, struct pollfd *p, nfds_t n, int ms)
{
	struct run *r = u;
	struct ck_live *l = r->live;
	enum ck_stage_went went;

	if (l->left != CK_STAGE_READY)
		return wait_end(r, p, n, ms);
	went = ck_stage_wait(l->stage, p, n, ms);
	if (went != CK_STAGE_READY)
		leave(l, went);
	return poll(p, n, 0);
}

static enum ck_asked
answer_of(struct ck_live *l, struct ck_asking *a, const struct ck_watch *w, struct ck_reply *reply,
    struct ck_err *err)
{
	struct pollfd p[] = {
		{ .fd = w->link, .events = POLLIN },
		{ .fd = w->stop, .events = POLLIN },
	};
	enum ck_stage_went went = ck_stage_wait(l->stage, p, 2, -1);

	if (went == CK_STAGE_READY)
		return p[1].revents != 0 ? CK_ASKED_STOP : CK_ASKED_SPOKE;
	if (went != CK_STAGE_DONE) {
		l->left = went;
		return CK_ASKED_STOP;
	}
	if (ck_asking_reply(a, reply) == 0)
		return CK_ASKED_ANSWER;
	ck_fail(err, CK_E_NO_MEMORY, "answer");
	return CK_ASKED_FAIL;
}

static enum ck_asked
ask(void *u, const json_t *question, const struct ck_watch *w, struct ck_reply *reply,
    struct ck_err *err)
{
	struct run *r = u;
	struct ck_live *l = r->live;
	struct ck_asking *a = ck_asking_new(question, &l->course);
	struct ck_view view = { .self = NULL };
	enum ck_asked asked;

	if (a == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "question");
		return CK_ASKED_FAIL;
	}
	ck_course_take(&l->course, question, ck_mono_ms());
	ck_asking_view(a, &view);
	ck_stage_set(l->stage, &view);
	asked = answer_of(l, a, w, reply, err);
	show_work(r);
	l->course.busy = true;
	ck_asking_free(a);
	return asked;
}

static const struct ck_front_ops ops = { .tell = tell, .ask = ask, .wait = wait_beside };

void
ck_live_run(struct ck_live *l, const json_t *request)
{
	const struct ck_stage_opts *o = ck_stage_opts(l->stage);
	struct run r = { .live = l };
	struct ck_front front = { .engine = o->program,
		.config = o->config,
		.visit = l->visit,
		.reads = l->reads,
		.ops = &ops,
		.u = &r };

	l->left = CK_STAGE_READY;
	l->leave = front.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_course_take(&l->course, request, ck_mono_ms());
	ck_course_view(&l->course, &r.course);
	ck_stage_course(l->stage, l->busy == NULL || !l->reads ? &l->course : NULL);
	show_work(&r);
	ck_front_run(&front, request, &l->ended);
	ck_stage_course(l->stage, NULL);
	ck_stage_set(l->stage, l->busy);
	close(l->leave);
}

void
ck_live_clear(struct ck_live *l)
{
	ck_course_clear(&l->course);
	json_decref(l->end);
	l->end = NULL;
	l->left = CK_STAGE_READY;
}
