#include "aside.h"

#include "base/clock.h"
#include "front.h"

/* what a loaded machine may be late */
#define LATE_S 10

static void
allow(struct ck_aside *a, int seconds)
{
	a->deadline = ck_shared_ms() + (int64_t)seconds * 1000;
}

int
ck_aside_start(struct ck_aside *a, const char *program, const char *config, const json_t *request,
    struct ck_err *err)
{
	*a = (struct ck_aside){ .limit_s = CK_FIRST_WORD_S };
	allow(a, a->limit_s);
	if (ck_engine_start(program, config, &a->engine, err) == -1)
		return -1;
	if (ck_link_send(a->engine.link, request, err) == 0)
		return 0;
	ck_aside_end(a);
	return -1;
}

int
ck_aside_fd(const struct ck_aside *a)
{
	return a->engine.link != NULL ? ck_link_fd(a->engine.link) : -1;
}

int64_t
ck_aside_due(const struct ck_aside *a)
{
	return a->engine.link != NULL ? a->deadline - ck_shared_ms() + ck_mono_ms() : -1;
}

/* Whatever it says, the time begins anew. */
static void
spoke(struct ck_aside *a, const json_t *line)
{
	int limit = (int)json_integer_value(json_object_get(line, "limit"));

	if (limit > 0)
		a->limit_s = limit;
	allow(a, json_object_get(line, "idle") != NULL ? CK_IDLE_S + LATE_S : a->limit_s);
}

int
ck_aside_next(struct ck_aside *a, json_t **line)
{
	struct ck_err gone = { 0 };
	int got = a->engine.link != NULL ? ck_link_recv(a->engine.link, 0, line, &gone) : -1;

	if (got == 1)
		spoke(a, *line);
	if (got == 0 && ck_shared_ms() >= a->deadline)
		got = -1;
	if (got == -1)
		ck_aside_end(a);
	return got;
}

void
ck_aside_end(struct ck_aside *a)
{
	if (a->engine.link != NULL)
		(void)ck_peer_end(&a->engine, 0, NULL);
}
