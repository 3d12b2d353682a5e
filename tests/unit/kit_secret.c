/* A PIN being typed: shown as stars, kept in one place, and gone from everywhere when it was handed
 * on, cleared or freed. Looked for in all of this process's memory. */
#include "t.h"

#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "../../tui/kit/input.h"

/* Kept under a mask, so that the only PIN in memory is the one typed. */
#define MASK 0x5A
static const unsigned char pin[] = { 'Q' ^ MASK, '7' ^ MASK, 'z' ^ MASK, '9' ^ MASK, 'k' ^ MASK,
	'4' ^ MASK, 'W' ^ MASK, 'x' ^ MASK };
#define PIN_LEN sizeof pin

static bool
is_pin(const unsigned char *at, size_t step)
{
	for (size_t i = 0; i < PIN_LEN / 2; i++) /* half of it is half a secret */
		if (at[i * step] != (pin[i] ^ MASK))
			return false;
	return true;
}

#define CHUNK 65536
/* what a sanitizer reserves for itself is larger than any memory of ours */
#define HUGE_PIECE (1 << 26)

/* how often it is between two addresses, as bytes and as wide characters */
static int
found_between(int mem, uintptr_t from, uintptr_t to, unsigned char *chunk)
{
	int n = 0;

	for (; from < to; from += CHUNK - 4 * PIN_LEN) {
		size_t want = to - from < CHUNK ? to - from : CHUNK;
		ssize_t got = pread(mem, chunk, want, (off_t)from);

		for (ssize_t i = 0; i + (ssize_t)(4 * PIN_LEN) <= got; i++)
			n += is_pin(chunk + i, 1) + is_pin(chunk + i, 4);
	}
	return n;
}

static int
found(void)
{
	unsigned char *chunk = ck_locked_alloc(CHUNK);
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY), n = 0;
	char line[512], mode[8];
	uintptr_t from, to;

	while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && mode[1] == 'w' &&
		    to - from <= HUGE_PIECE && !(from <= (uintptr_t)chunk && (uintptr_t)chunk < to))
			n += found_between(mem, from, to, chunk);
	if (maps != NULL)
		fclose(maps);
	close(mem);
	ck_locked_free(chunk, CHUNK);
	return n;
}

/* as a terminal would send it */
static void
typed(struct ck_masked *f)
{
	struct ck_keys *k = ck_keys_new();
	struct ck_event e;
	size_t room = 0;
	char *to = ck_keys_room(k, &room);

	for (size_t i = 0; i < PIN_LEN; i++)
		to[i] = (char)(pin[i] ^ MASK);
	ck_keys_took(k, PIN_LEN);
	while (ck_keys_next(k, false, &e))
		T(ck_masked_key(f, &e) == CK_CAME_CHANGE && e.key == 0, "taken out of the event");
	ck_keys_free(k);
}

static void
drawn(const struct ck_masked *f, const char *want)
{
	struct ck_canvas *c = ck_canvas_new(12, 1);
	char *text;

	ck_masked_draw(c, ck_canvas_all(c), f, true, 0);
	text = ck_canvas_text(c);
	T_STR(text, want, "%d characters are shown as stars", f->n);
	free(text);
	ck_canvas_free(c);
}

static void
life(void)
{
	struct ck_masked f = { .charset = CK_CHARS_ASCII, .most = 16 };
	struct ck_secret *answer;

	T(found() == 0, "nothing before it is typed");
	T(ck_masked_open(&f) == 0, "a field");
	typed(&f);
	drawn(&f, "********\n");
#ifndef __SANITIZE_ADDRESS__ /* whose memory has terabytes */
	T(found() == 1, "what was typed is in one place");
#endif
	answer = ck_masked_take(&f);
	T(answer != NULL && ck_secret_len(answer) == PIN_LEN && f.n == 0,
	    "handed on, the field is empty");
	drawn(&f, "\n");
	ck_secret_free(answer);
#ifndef __SANITIZE_ADDRESS__
	T(found() == 0, "nothing is left when the answer is freed");
	typed(&f);
	ck_masked_clear(&f);
	T(found() == 0 && f.n == 0, "nothing when it is cleared");
	typed(&f);
	for (size_t i = 0; i < PIN_LEN; i++)
		ck_masked_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 });
	T(found() == 0 && f.n == 0, "nothing when it is taken back");
	typed(&f);
	ck_masked_close(&f);
	T(found() == 0, "nothing when the field is closed");
#endif
	ck_masked_close(&f);
}

static void
limits(void)
{
	struct ck_masked f = { .charset = CK_CHARS_ASCII, .most = 4 };
	struct ck_event e = { CK_EV_KEY, 0x8BC1, 0, 0 };

	T(ck_masked_open(&f) == 0, "a field");
	T(ck_masked_key(&f, &e) == CK_CAME_REFUSED && e.key == 0,
	    "not of its characters, and wiped");
	for (int i = 0; i < 5; i++) {
		e = (struct ck_event){ CK_EV_KEY, '0' + i, 0, 0 };
		T((ck_masked_key(&f, &e) == CK_CAME_CHANGE) == (i < 4) && e.key == 0, "number %d",
		    i);
	}
	e = (struct ck_event){ CK_EV_KEY, CK_KEY_ENTER, 0, 0 };
	T(ck_masked_key(&f, &e) == CK_CAME_CHOICE, "Enter is the answer");
	e = (struct ck_event){ CK_EV_KEY, CK_KEY_F(6), 0, 0 };
	T(ck_masked_key(&f, &e) == CK_CAME_NOTHING && e.key == CK_KEY_F(6), "F6 is the screen's");
	e = (struct ck_event){ CK_EV_KEY, CK_CTRL('u'), 0, 0 };
	T(ck_masked_key(&f, &e) == CK_CAME_CHANGE && f.n == 0, "Ctrl-U clears");
	f = (struct ck_masked){ .charset = CK_CHARS_ANY, .secret = f.secret };
	for (int i = 0; i < 100; i++) {
		e = (struct ck_event){ CK_EV_KEY, 0x8BC1, 0, 0 };
		ck_masked_key(&f, &e);
	}
	T(f.n == CK_SECRET_MAX / 3 && ck_secret_len(f.secret) == CK_SECRET_MAX / 3 * 3,
	    "a secret has an end, at a whole character");
	drawn(&f, "***********\n");
	e = (struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 };
	ck_masked_key(&f, &e);
	T(ck_secret_len(f.secret) == CK_SECRET_MAX / 3 * 3 - 3, "Backspace takes a whole one");
	ck_masked_close(&f);
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	life();
	limits();
	return T_END();
}
