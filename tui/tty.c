#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fold.h"
#include "words/words.h"

#define KEY_CTRL_C 3
#define KEY_CTRL_D 4
#define KEY_BACKSPACE 8
#define KEY_CTRL_U 21
#define KEY_DELETE 127

void
ck_tty_open(struct ck_tty *t)
{
	/* never the controlling terminal by accident: a kiosk's service has none */
	t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

void
ck_tty_close(struct ck_tty *t)
{
	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
}

static void
put(const struct ck_tty *t, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t did = write(t->fd, s, n);

		if (did == -1 && errno != EINTR)
			return;
		if (did > 0) {
			s += did;
			n -= (size_t)did;
		}
	}
}

void
ck_tty_say(const struct ck_tty *t, const char *text, const char *tail)
{
	char clean[CK_SENTENCE_MAX];

	ck_clean_str(clean, sizeof clean, text);
	put(t, clean, strlen(clean));
	put(t, tail, strlen(tail));
}

void
ck_tty_tell(const struct ck_tty *t, const char *text, int hang)
{
	char clean[CK_SENTENCE_MAX], *lines = NULL;

	ck_clean_str(clean, sizeof clean, text);
	lines = ck_folded(clean, ck_terminal_columns(t->fd), hang);
	put(t, lines != NULL ? lines : clean, strlen(lines != NULL ? lines : clean));
	put(t, "\n", 1);
	free(lines);
}

enum ck_asked
ck_tty_line(const struct ck_tty *t, const struct ck_watch *w, char *out, size_t cap)
{
	enum ck_asked state = ck_watch_wait(w, t->fd);
	ssize_t got = 0;

	if (state != CK_ASKED_ANSWER)
		return state;
	/* the terminal edits the line and hands it over whole */
	while ((got = read(t->fd, out, cap - 1)) == -1 && errno == EINTR)
		continue;
	if (got <= 0)
		return CK_ASKED_NONE;
	out[got] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	return CK_ASKED_ANSWER;
}

/* ---- secrets: no echo, no line buffer of the terminal's, keys taken one by one ---- */

struct typed {
	const struct ck_tty *tty;
	char *bytes; /* locked, CK_SECRET_MAX + 1 */
	size_t n;
};

/* UTF-8: the bytes after the first of a character */
static bool
inner(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

static void
rub_out(struct typed *p)
{
	while (p->n > 0 && inner(p->bytes[p->n - 1]))
		p->n--;
	if (p->n > 0)
		p->n--;
	put(p->tty, "\b \b", 3);
}

static void
take_key(struct typed *p, char c)
{
	if (c == KEY_BACKSPACE || c == KEY_DELETE) {
		if (p->n > 0)
			rub_out(p);
	} else if (c == KEY_CTRL_U) {
		while (p->n > 0)
			rub_out(p);
	} else if ((unsigned char)c >= ' ' && p->n < CK_SECRET_MAX) {
		p->bytes[p->n++] = c;
		if (!inner(c))
			put(p->tty, "*", 1);
	} else {
		put(p->tty, "\a", 1);
	}
}

static enum ck_asked
read_keys(struct typed *p, const struct ck_watch *w)
{
	enum ck_asked state;

	while ((state = ck_watch_wait(w, p->tty->fd)) == CK_ASKED_ANSWER) {
		char *c = p->bytes + CK_SECRET_MAX; /* locked as well */
		ssize_t got = read(p->tty->fd, c, 1);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0 || *c == KEY_CTRL_D)
			return CK_ASKED_NONE;
		if (*c == KEY_CTRL_C)
			return CK_ASKED_STOP;
		if (*c == '\n' || *c == '\r')
			return CK_ASKED_ANSWER;
		take_key(p, *c);
	}
	return state;
}

enum ck_asked
ck_tty_secret(const struct ck_tty *t, const struct ck_watch *w, struct ck_secret *secret)
{
	struct typed p = { .tty = t, .bytes = ck_locked_alloc(CK_SECRET_MAX + 1) };
	enum ck_asked state = CK_ASKED_NONE;
	struct termios before, quiet;

	if (p.bytes == NULL || tcgetattr(t->fd, &before) == -1)
		goto out;
	quiet = before;
	/* ISIG too: Ctrl-Z must not leave a shell behind that does not echo */
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(t->fd, TCSAFLUSH, &quiet) == -1)
		goto out;
	state = read_keys(&p, w);
	(void)tcsetattr(t->fd, TCSAFLUSH, &before);
	put(t, "\n", 1);
	if (state == CK_ASKED_ANSWER)
		ck_secret_set(secret, p.bytes, p.n);
out:
	ck_locked_free(p.bytes, CK_SECRET_MAX + 1);
	return state;
}
