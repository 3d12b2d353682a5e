#include "input.h"

#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>

#include "base/utf8.h"
#include "text.h"

static bool
may_type(enum ck_charset charset, int key)
{
	bool digit = key >= '0' && key <= '9';
	bool letter = (key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z');

	switch (charset) {
	case CK_CHARS_DIGITS:
		return digit;
	case CK_CHARS_SERIAL:
		return digit || letter || key == '-';
	case CK_CHARS_ASCII:
		return key >= ' ' && key < 0x7F;
	case CK_CHARS_ANY:
		break;
	}
	return true;
}

/* ---- in the clear ---- */

static int
characters(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

/* bytes of the character before and behind the cursor; what joins a character goes with it */
static int
back(const struct ck_input *f)
{
	int n = 0;

	while (n < f->at) {
		uint32_t cp = 0;

		n++;
		if (ck_utf8_next(f->text + f->at - n, (size_t)n, &cp) > 0 && ck_columns_of(cp) > 0)
			break;
	}
	return n;
}

static int
forth(const struct ck_input *f)
{
	size_t n = strlen(f->text + f->at);
	uint32_t cp = 0;
	int len = ck_utf8_next(f->text + f->at, n, &cp), more = len;

	while (len > 0 && (more = ck_utf8_next(f->text + f->at + len, n - (size_t)len, &cp)) > 0 &&
	       ck_columns_of(cp) == 0)
		len += more;
	return len > 0 ? len : 0;
}

static void
cut_out(struct ck_input *f, int at, int n)
{
	size_t rest = strlen(f->text + at + n) + 1;

	memmove(f->text + at, f->text + at + n, rest);
	OPENSSL_cleanse(f->text + at + (int)rest, (size_t)n);
	f->at = at;
}

static enum ck_came
type(struct ck_input *f, const struct ck_event *e)
{
	char typed[CK_TYPED_MAX];
	size_t n = ck_key_typed(e, typed), has = strlen(f->text);

	if (n == 0)
		return CK_CAME_NOTHING;
	if (!may_type(f->charset, e->key) || has + n > CK_INPUT_MAX ||
	    (f->most > 0 && characters(f->text) >= f->most))
		return CK_CAME_REFUSED;
	memmove(f->text + f->at + n, f->text + f->at, has - (size_t)f->at + 1);
	memcpy(f->text + f->at, typed, n);
	f->at += (int)n;
	return CK_CAME_CHANGE;
}

enum ck_came
ck_input_key(struct ck_input *f, const struct ck_event *e)
{
	int n;

	if (e->kind != CK_EV_KEY)
		return CK_CAME_NOTHING;
	switch (e->key) {
	case CK_KEY_ENTER:
		return CK_CAME_CHOICE;
	case CK_KEY_LEFT:
		f->at -= back(f);
		return CK_CAME_CHANGE;
	case CK_KEY_RIGHT:
		f->at += forth(f);
		return CK_CAME_CHANGE;
	case CK_KEY_HOME:
		f->at = 0;
		return CK_CAME_CHANGE;
	case CK_KEY_END:
		f->at = (int)strlen(f->text);
		return CK_CAME_CHANGE;
	case CK_KEY_BACKSPACE:
		n = back(f);
		cut_out(f, f->at - n, n);
		return CK_CAME_CHANGE;
	case CK_KEY_DELETE:
		cut_out(f, f->at, forth(f));
		return CK_CAME_CHANGE;
	case CK_CTRL('u'):
		ck_input_clear(f);
		return CK_CAME_CHANGE;
	default:
		return type(f, e);
	}
}

void
ck_input_set(struct ck_input *f, const char *text)
{
	ck_input_clear(f);
	ck_clean_str(f->text, sizeof f->text, text);
	f->at = (int)strlen(f->text);
}

void
ck_input_clear(struct ck_input *f)
{
	OPENSSL_cleanse(f->text, sizeof f->text);
	f->at = f->first = 0;
}

/* columns of the first n bytes as they are shown */
static int
columns_before(const struct ck_input *f, int n)
{
	char part[CK_INPUT_MAX + 1];
	int columns;

	memcpy(part, f->text, (size_t)n);
	part[n] = '\0';
	columns = ck_shown_columns(part);
	OPENSSL_cleanse(part, sizeof part);
	return columns;
}

static int
step(const struct ck_input *f, int at)
{
	uint32_t cp = 0;
	int len = ck_utf8_next(f->text + at, strlen(f->text + at), &cp);

	return len > 0 ? at + len : (int)strlen(f->text);
}

/* The bytes at column first, and how many fit into width columns from there. */
static void
window(const struct ck_input *f, int width, int *from, int *n)
{
	int at = 0, end, len = (int)strlen(f->text), left;

	while (at < len && columns_before(f, at) < f->first)
		at = step(f, at);
	left = columns_before(f, at);
	for (end = at; end < len && columns_before(f, step(f, end)) - left <= width;)
		end = step(f, end);
	*from = at;
	*n = end - at;
}

void
ck_input_draw(struct ck_canvas *c, struct ck_rect r, struct ck_input *f, bool focus, int key)
{
	char part[CK_INPUT_MAX + 1];
	int cursor = columns_before(f, f->at), from, n;

	r.h = 1;
	ck_paint(c, r, CK_S_INPUT);
	ck_canvas_key(c, r, key);
	/* the cursor has a column of its own behind the text */
	if (cursor < f->first)
		f->first = cursor;
	if (cursor - f->first >= r.w)
		f->first = cursor - r.w + 1;
	window(f, r.w - 1, &from, &n);
	memcpy(part, f->text + from, (size_t)n);
	part[n] = '\0';
	ck_put(c, r.x, r.y, r.w, CK_S_INPUT, part);
	OPENSSL_cleanse(part, sizeof part);
	if (focus)
		ck_canvas_cursor(c, r.x + cursor - columns_before(f, from), r.y);
}

/* ---- masked ---- */

int
ck_masked_open(struct ck_masked *f)
{
	f->n = 0;
	f->secret = ck_secret_new();
	return f->secret != NULL ? 0 : -1;
}

void
ck_masked_close(struct ck_masked *f)
{
	ck_secret_free(f->secret);
	f->secret = NULL;
	f->n = 0;
}

void
ck_masked_clear(struct ck_masked *f)
{
	if (f->secret != NULL)
		ck_secret_set(f->secret, NULL, 0);
	f->n = 0;
}

void
ck_masked_draw(
    struct ck_canvas *c, struct ck_rect r, const struct ck_masked *f, bool focus, int key)
{
	char stars[CK_SECRET_MAX + 1];
	int n = f->n < r.w ? f->n : r.w - 1;

	r.h = 1;
	ck_paint(c, r, CK_S_INPUT);
	ck_canvas_key(c, r, key);
	if (n < 0)
		return;
	memset(stars, '*', sizeof stars);
	stars[n < CK_SECRET_MAX ? n : CK_SECRET_MAX] = '\0';
	ck_put(c, r.x, r.y, r.w, CK_S_INPUT, stars);
	if (focus)
		ck_canvas_cursor(c, r.x + n, r.y);
}

static enum ck_came
type_secret(struct ck_masked *f, struct ck_event *e)
{
	char typed[CK_TYPED_MAX];
	size_t n = ck_key_typed(e, typed);
	enum ck_came came = CK_CAME_REFUSED;

	if (n == 0)
		return CK_CAME_NOTHING;
	if (may_type(f->charset, e->key) && (f->most == 0 || f->n < f->most) &&
	    ck_secret_add(f->secret, typed, n) == 0) {
		f->n++;
		came = CK_CAME_CHANGE;
	}
	OPENSSL_cleanse(typed, sizeof typed);
	OPENSSL_cleanse(&e->key, sizeof e->key);
	return came;
}

enum ck_came
ck_masked_key(struct ck_masked *f, struct ck_event *e)
{
	if (e->kind != CK_EV_KEY)
		return CK_CAME_NOTHING;
	switch (e->key) {
	case CK_KEY_ENTER:
		return CK_CAME_CHOICE;
	case CK_KEY_BACKSPACE:
		f->n -= ck_secret_chop(f->secret) > 0;
		return CK_CAME_CHANGE;
	case CK_CTRL('u'):
		ck_masked_clear(f);
		return CK_CAME_CHANGE;
	default:
		return type_secret(f, e);
	}
}

struct ck_secret *
ck_masked_take(struct ck_masked *f)
{
	struct ck_secret *typed = f->secret;

	if ((f->secret = ck_secret_new()) == NULL) {
		f->secret = typed;
		return NULL;
	}
	f->n = 0;
	return typed;
}
