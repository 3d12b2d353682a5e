/* Questions that are off: by what turns up meanwhile, and answers that come too late for them. */
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "t.h"
#include "walk/talk.h"

static struct ck_talk talk;
static struct ck_link *front;

static void
front_says(const char *line)
{
	json_t *o = json_loads(line, 0, NULL);
	struct ck_err err = { 0 };

	T(o != NULL && ck_link_send(front, o, &err) == 0, "the front says %s", line);
	json_decref(o);
}

static int
asks(enum ck_code *code)
{
	struct ck_err err = { 0 };
	int r;

	ck_question(&talk, CK_ASK_KEY, NULL, NULL);
	ck_question_field(&talk, "serial", CK_FIELD_TEXT, 1, 1, NULL);
	r = ck_talk_ask(&talk, &err);
	*code = err.code;
	return r;
}

static const char *
serial(void)
{
	const char *s = ck_answer_text(&talk, CK_ASK_KEY, "serial");

	return s != NULL ? s : "none";
}

struct mover {
	int looks, wanted;
};

static bool
moved(void *u)
{
	struct mover *m = u;

	return ++m->looks == m->wanted;
}

static void
wakes(void)
{
	struct mover m = { .wanted = 1 };
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	int64_t t = ck_mono_ms();
	enum ck_code code;

	talk.wake = (struct ck_wake){ .moved = moved, .u = &m, .fd = fd, .every_ms = -1 };
	T(asks(&code) == 0 && code == CK_E_NONE && !ck_answered(&talk, CK_ASK_KEY),
	    "something happened: the question is off, and has no answer");
	T(json_object_get(talk.question, "off") == NULL, "there was none before it");
	m = (struct mover){ .wanted = 3 };
	talk.wake = (struct ck_wake){ .moved = moved, .u = &m, .fd = -1, .every_ms = 5 };
	T(asks(&code) == 0 && m.looks == 3 && ck_mono_ms() - t >= 15, "looked for until it has");
	T(json_integer_value(json_object_get(talk.question, "off")) == 1,
	    "the next one says that it was off");
	talk.wake = (struct ck_wake){ .moved = moved, .u = &m, .fd = -1, .every_ms = 60000 };
	front_says("{\"answer\":\"key\",\"id\":3,\"serial\":\"C\"}");
	T(asks(&code) == 0, "an answer ends the wait");
	T_STR(serial(), "C", "as ever");
	T(talk.wake.moved == NULL, "what may turn up is the question's, and gone with it");
	close(fd);
}

static void
too_late(void)
{
	enum ck_code code;
	struct ck_err err = { 0 };

	front_says("{\"answer\":\"key\",\"id\":3,\"serial\":\"old\"}");
	front_says("{\"answer\":\"key\",\"id\":4,\"serial\":\"D\"}");
	T(asks(&code) == 0 && code == CK_E_NONE,
	    "an answer to a question that is off is not heard");
	T_STR(serial(), "D", "but the one to this");
	T(json_object_get(talk.question, "off") == NULL, "nor is off what was answered");
	front_says("{\"answer\":\"key\",\"id\":3,\"serial\":\"old\"}");
	T(ck_talk_pause(&talk, 1000, &err) == 0 && err.code == CK_E_NONE, "nor in a pause");
	front_says("{\"answer\":\"key\",\"id\":6,\"serial\":\"E\"}");
	T(asks(&code) == -1 && code == CK_E_LINK, "nor one that was not asked yet: nonsense");
	front_says("{\"stop\":true}");
	T(asks(&code) == -1 && code == CK_E_STOPPED, "the person leaves");
}

int
main(void)
{
	int fd[2];

	alarm(60);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0)
		return 2;
	talk.link = ck_link_new(fd[0]);
	front = ck_link_new(fd[1]);
	if (talk.link == NULL || front == NULL)
		return 2;
	wakes();
	too_late();
	ck_talk_free(&talk);
	ck_link_free(talk.link);
	ck_link_free(front);
	return T_END();
}
