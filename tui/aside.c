#include "aside.h"

int
ck_aside_start(struct ck_aside *a, const char *program, const char *config, const json_t *request,
    struct ck_err *err)
{
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

int
ck_aside_next(struct ck_aside *a, json_t **line)
{
	struct ck_err gone = { 0 };
	int got = a->engine.link != NULL ? ck_link_recv(a->engine.link, 0, line, &gone) : -1;

	if (got == -1)
		ck_aside_end(a);
	return got;
}

void
ck_aside_end(struct ck_aside *a)
{
	if (a->engine.link != NULL)
		(void)ck_peer_end(&a->engine, 0);
}
