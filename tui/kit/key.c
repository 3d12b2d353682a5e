#include "key.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

#include "base/utf8.h"
#include "canvas.h"
#include "certkiosk/secret.h"

/* A scanner's burst comes in pieces of what the terminal's line holds; a sequence is far shorter.
 */
#define PENDING_MAX 256
/* the longest sequence we know has 16; what is longer is none, and not waited for */
#define SEQUENCE_MAX 40

#define ESC 0x1B

struct ck_keys {
	size_t n;
	bool after_cr; /* an LF now is the same Enter */
	unsigned char bytes[PENDING_MAX];
};

struct ck_keys *
ck_keys_new(void)
{
	return ck_locked_alloc(sizeof(struct ck_keys));
}

void
ck_keys_free(struct ck_keys *k)
{
	ck_locked_free(k, sizeof *k);
}

char *
ck_keys_room(struct ck_keys *k, size_t *n)
{
	*n = PENDING_MAX - k->n;
	return (char *)k->bytes + k->n;
}

void
ck_keys_took(struct ck_keys *k, size_t n)
{
	k->n += n;
}

void
ck_keys_drop(struct ck_keys *k)
{
	OPENSSL_cleanse(k, sizeof *k);
}

static void
eat(struct ck_keys *k, size_t n)
{
	k->n -= n;
	memmove(k->bytes, k->bytes + n, k->n);
	OPENSSL_cleanse(k->bytes + k->n, n);
}

static void
key(struct ck_event *e, int which)
{
	e->kind = CK_EV_KEY;
	e->key = which;
}

/* ---- sequences: xterm, the Linux console, VT220, rxvt; ECMA-48 5.4 ---- */

/* CSI n ~ */
static const int by_number[] = {
	[1] = CK_KEY_HOME,
	[2] = CK_KEY_INSERT,
	[3] = CK_KEY_DELETE,
	[4] = CK_KEY_END,
	[5] = CK_KEY_PAGE_UP,
	[6] = CK_KEY_PAGE_DOWN,
	[7] = CK_KEY_HOME,
	[8] = CK_KEY_END,
	[11] = CK_KEY_F(1),
	[12] = CK_KEY_F(2),
	[13] = CK_KEY_F(3),
	[14] = CK_KEY_F(4),
	[15] = CK_KEY_F(5),
	[17] = CK_KEY_F(6),
	[18] = CK_KEY_F(7),
	[19] = CK_KEY_F(8),
	[20] = CK_KEY_F(9),
	[21] = CK_KEY_F(10),
	[23] = CK_KEY_F(11),
	[24] = CK_KEY_F(12),
};

/* CSI letter, SS3 letter */
static const struct {
	char letter;
	int key;
} by_letter[] = {
	{ 'A', CK_KEY_UP },
	{ 'B', CK_KEY_DOWN },
	{ 'C', CK_KEY_RIGHT },
	{ 'D', CK_KEY_LEFT },
	{ 'F', CK_KEY_END },
	{ 'H', CK_KEY_HOME },
	{ 'Z', CK_KEY_BACK_TAB },
	{ 'P', CK_KEY_F(1) },
	{ 'Q', CK_KEY_F(2) },
	{ 'R', CK_KEY_F(3) },
	{ 'S', CK_KEY_F(4) },
};

/* SS3: a PIN pad that is in its application mode */
static const struct {
	char letter;
	int key;
} by_pad[] = {
	{ 'M', CK_KEY_ENTER },
	{ 'I', CK_KEY_TAB },
	{ 'j', '*' },
	{ 'k', '+' },
	{ 'l', ',' },
	{ 'm', '-' },
	{ 'n', '.' },
	{ 'o', '/' },
	{ 'p', '0' },
	{ 'q', '1' },
	{ 'r', '2' },
	{ 's', '3' },
	{ 't', '4' },
	{ 'u', '5' },
	{ 'v', '6' },
	{ 'w', '7' },
	{ 'x', '8' },
	{ 'y', '9' },
};

static void
letter_key(struct ck_event *e, char letter)
{
	for (size_t i = 0; i < sizeof by_letter / sizeof *by_letter; i++)
		if (by_letter[i].letter == letter)
			key(e, by_letter[i].key);
}

static void
pad_key(struct ck_event *e, char letter)
{
	letter_key(e, letter);
	for (size_t i = 0; i < sizeof by_pad / sizeof *by_pad; i++)
		if (by_pad[i].letter == letter)
			key(e, by_pad[i].key);
}

static void
number_key(struct ck_event *e, size_t number)
{
	if (number < sizeof by_number / sizeof *by_number && by_number[number] != 0)
		key(e, by_number[number]);
}

#define MOUSE_BUTTON 0x3
#define MOUSE_MOTION 0x20
#define MOUSE_WHEEL 0x40

static void
mouse(struct ck_event *e, size_t button, size_t x, size_t y, bool down)
{
	if ((button & MOUSE_WHEEL) != 0) {
		key(e, (button & MOUSE_BUTTON) == 0 ? CK_KEY_UP : CK_KEY_DOWN);
		return;
	}
	if (!down || (button & (MOUSE_BUTTON | MOUSE_MOTION)) != 0 || x == 0 || y == 0)
		return;
	e->kind = CK_EV_PRESS;
	e->x = (int)x - 1;
	e->y = (int)y - 1;
}

/* The numbers between ESC [ and the end; no terminal is 100,000 columns wide. */
#define PARAM_BOUND 99999
static void
params(const unsigned char *s, size_t n, size_t out[3])
{
	size_t i = 0;

	memset(out, 0, 3 * sizeof *out);
	for (size_t at = 0; at < n && i < 3; at++)
		if (s[at] == ';')
			i++;
		else if (s[at] >= '0' && s[at] <= '9' && out[i] < PARAM_BOUND)
			out[i] = out[i] * 10 + (size_t)(s[at] - '0');
}

/* X10: ESC [ M and three bytes, each 32 more than it means */
#define X10_LEN 6
#define X10_RELEASE 3

/* Bytes of the sequence that begins with ESC [, 0 when the rest is not there yet. */
static size_t
csi(const unsigned char *s, size_t n, struct ck_event *e)
{
	size_t end = 2, p[3];

	if (n > 2 && s[2] == 'M') {
		if (n < X10_LEN)
			return 0;
		mouse(e, (size_t)s[3] - 32, (size_t)s[4] - 32, (size_t)s[5] - 32,
		    ((s[3] - 32) & MOUSE_BUTTON) != X10_RELEASE);
		return X10_LEN;
	}
	if (n > 2 && s[2] == '[') { /* the Linux console's F1 to F5: ESC [ [ A */
		if (n < 4)
			return 0;
		if (s[3] >= 'A' && s[3] <= 'E')
			key(e, CK_KEY_F1 + s[3] - 'A');
		return 4;
	}
	while (end < n && s[end] >= 0x20 && s[end] < 0x40)
		end++;
	if (end == n)
		return n < SEQUENCE_MAX ? 0 : n;
	if (s[end] < 0x40 || s[end] > 0x7E) /* broken off by something else */
		return end;
	params(s + 2, end - 2, p);
	if (s[2] == '<')
		mouse(e, p[0], p[1], p[2], s[end] == 'M');
	else if (s[end] == '~')
		number_key(e, p[0]);
	else
		letter_key(e, (char)s[end]);
	return end + 1;
}

/* Alt: the terminal sends ESC before the character */
static void
alt_key(struct ck_event *e, unsigned char c)
{
	if (c >= '1' && c <= '9')
		key(e, CK_KEY_F(c - '0'));
	else if (c == '0' || c == '-' || c == '=')
		key(e, c == '0' ? CK_KEY_F(10) : c == '-' ? CK_KEY_F(11) : CK_KEY_F12);
	else if (c > ' ' && c < 0x7F)
		key(e, CK_KEY_ALT + c);
}

static size_t
escape(const unsigned char *s, size_t n, bool settled, struct ck_event *e)
{
	size_t len = 0;

	if (n > 1 && s[1] == '[')
		len = csi(s, n, e);
	else if (n > 1 && s[1] == 'O' && n > 2) {
		pad_key(e, (char)s[2]);
		len = 3;
	} else if (n > 1 && s[1] != 'O' && s[1] > ' ' && s[1] < 0x7F) {
		alt_key(e, s[1]);
		len = 2;
	}
	if (len > 0)
		return len;
	/* alone, or before what is no part of it */
	if (n > 1 ? s[1] != '[' && s[1] != 'O' : settled) {
		key(e, CK_KEY_ESC);
		return 1;
	}
	if (settled && n == 2) { /* Alt-[ or Alt-O */
		key(e, CK_KEY_ALT + s[1]);
		return 2;
	}
	return settled ? n : 0;
}

/* ---- characters ---- */

static size_t
utf8(const unsigned char *s, size_t n, bool settled, struct ck_event *e)
{
	size_t want = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	char clean[2 * CK_TYPED_MAX];
	uint32_t cp = 0;
	int len = ck_utf8_next((const char *)s, n, &cp);

	if (len < 0) {
		if (n < want && !settled)
			for (size_t i = 1; i <= n; i++)
				if (i == n || (s[i] & 0xC0) != 0x80)
					return i == n ? 0 : i;
		return 1;
	}
	if (ck_clean(clean, sizeof clean, (const char *)s, (size_t)len) == 0)
		key(e, (int)cp);
	OPENSSL_cleanse(clean, sizeof clean);
	return (size_t)len;
}

static void
control(struct ck_keys *k, unsigned char c, struct ck_event *e)
{
	if (c == '\t')
		key(e, CK_KEY_TAB);
	else if (c == '\b' || c == 0x7F)
		key(e, CK_KEY_BACKSPACE);
	else if (c == '\r' || (c == '\n' && !k->after_cr))
		key(e, CK_KEY_ENTER);
	else if (c != '\n' && c != 0)
		key(e, c);
	k->after_cr = c == '\r';
}

bool
ck_keys_next(struct ck_keys *k, bool settled, struct ck_event *e)
{
	*e = (struct ck_event){ .kind = CK_EV_NONE };
	while (e->kind == CK_EV_NONE && k->n > 0) {
		unsigned char c = k->bytes[0];
		size_t len = 1;

		if (c == ESC)
			len = escape(k->bytes, k->n, settled, e);
		else if (c >= ' ' && c != 0x7F)
			len = utf8(k->bytes, k->n, settled, e);
		else
			control(k, c, e);
		if (c == ESC || c >= ' ')
			k->after_cr = false;
		if (len == 0)
			break;
		eat(k, len);
	}
	return e->kind != CK_EV_NONE;
}

bool
ck_keys_waiting(const struct ck_keys *k)
{
	return k->n > 0;
}

size_t
ck_key_typed(const struct ck_event *e, char out[CK_TYPED_MAX])
{
	static const unsigned char first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	uint32_t cp = (uint32_t)e->key;
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	memset(out, 0, CK_TYPED_MAX);
	if (e->kind != CK_EV_KEY || cp < ' ' || cp == 0x7F || cp >= CK_KEY_UP)
		return 0;
	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)(first[n] | cp);
	return n;
}

bool
ck_is_key(const struct ck_event *e, int which)
{
	return e->kind == CK_EV_KEY && e->key == which;
}

void
ck_press(const struct ck_canvas *c, struct ck_event *e)
{
	int which;

	if (e->kind != CK_EV_PRESS)
		return;
	which = ck_canvas_key_at(c, e->x, e->y);
	*e = (struct ck_event){ .kind = which != 0 ? CK_EV_KEY : CK_EV_NONE, .key = which };
}
