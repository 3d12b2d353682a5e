#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char ellipsis[] = "...";

enum fate { KEEP, BLANK, REPLACE, DROP };

/* In order of first; what is in none of them is kept. */
static const struct {
	uint32_t first, last;
	enum fate fate;
} fates[] = {
	{ 0x0000, 0x0008, REPLACE }, { 0x0009, 0x000D, BLANK }, /* tab and the line ends */
	{ 0x000E, 0x001F, REPLACE },				/* ESC among them */
	{ 0x007F, 0x0084, REPLACE }, { 0x0085, 0x0085, BLANK }, /* next line */
	{ 0x0086, 0x009F, REPLACE },	/* C1: 0x9B begins a control sequence on some terminals */
	{ 0x00AD, 0x00AD, DROP },	/* soft hyphen */
	{ 0x061C, 0x061C, DROP },	/* Arabic letter mark */
	{ 0x180E, 0x180E, DROP },	/* Mongolian vowel separator */
	{ 0x200B, 0x200F, DROP },	/* zero width, left-to-right and right-to-left mark */
	{ 0x2028, 0x2029, BLANK },	/* line and paragraph separator */
	{ 0x202A, 0x202E, DROP },	/* bidirectional embedding and override */
	{ 0x2060, 0x206F, DROP },	/* invisible operators, isolates, deprecated formats */
	{ 0xE000, 0xF8FF, REPLACE },	/* private use: every machine shows something else */
	{ 0xFDD0, 0xFDEF, REPLACE },	/* noncharacters; the others end in FFFE and FFFF */
	{ 0xFEFF, 0xFEFF, DROP },	/* byte order mark */
	{ 0xFFF9, 0xFFFB, DROP },	/* interlinear annotation */
	{ 0xE0000, 0xE007F, DROP },	/* tags */
	{ 0xF0000, 0x10FFFF, REPLACE }, /* private use planes */
};

static enum fate
fate_of(uint32_t cp)
{
	if ((cp & 0xFFFE) == 0xFFFE)
		return REPLACE;
	for (size_t i = 0; i < sizeof fates / sizeof *fates && fates[i].first <= cp; i++)
		if (cp <= fates[i].last)
			return fates[i].fate;
	return KEEP;
}

int
ck_utf8_next(const char *s, size_t n, uint32_t *cp)
{
	/* shortest code point each length may spell: less is overlong (RFC 3629, 3) */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	uint32_t c = 0;
	size_t len = 0;

	if (n == 0)
		return 0;
	len = u[0] < 0x80   ? 1
	      : u[0] < 0xC0 ? 0
	      : u[0] < 0xE0 ? 2
	      : u[0] < 0xF0 ? 3
	      : u[0] < 0xF8 ? 4
			    : 0;
	if (len == 0 || len > n)
		return -1;
	c = len == 1 ? u[0] : u[0] & (0x7FU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return -1;
		c = c << 6 | (u[i] & 0x3F);
	}
	if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return -1;
	*cp = c;
	return (int)len;
}

/* what is written, and how far it could be cut back to make room for the ellipsis */
struct out {
	char *dst;
	size_t cap, n, cut;
};

static bool
put(struct out *o, const char *bytes, size_t n)
{
	if (o->n + n >= o->cap)
		return false;
	memcpy(o->dst + o->n, bytes, n);
	o->n += n;
	if (o->n + sizeof ellipsis <= o->cap)
		o->cut = o->n;
	return true;
}

static void
finish(struct out *o, bool whole)
{
	if (!whole && o->cap >= sizeof ellipsis) {
		memcpy(o->dst + o->cut, ellipsis, sizeof ellipsis - 1);
		o->n = o->cut + sizeof ellipsis - 1;
	}
	o->dst[o->n] = '\0';
}

size_t
ck_clean(char *dst, size_t cap, const char *src, size_t n)
{
	struct out o = { .dst = dst, .cap = cap };
	size_t marks = 0, len = 0;
	bool whole = true;

	if (cap == 0)
		return 0;
	for (size_t i = 0; i < n && whole; i += len) {
		uint32_t cp = 0;
		int got = ck_utf8_next(src + i, n - i, &cp);
		enum fate fate = got < 0 ? REPLACE : fate_of(cp);

		len = got < 0 ? 1 : (size_t)got;
		marks += fate != KEEP;
		if (fate == KEEP)
			whole = put(&o, src + i, len);
		else if (fate == BLANK)
			whole = put(&o, " ", 1);
		else if (fate == REPLACE)
			whole = put(&o, replacement, sizeof replacement - 1);
	}
	finish(&o, whole);
	return marks;
}

size_t
ck_clean_str(char *dst, size_t cap, const char *src)
{
	return ck_clean(dst, cap, src, src == NULL ? 0 : strlen(src));
}

bool
ck_clean_cut(const char *dst, size_t cap)
{
	const size_t dots = sizeof ellipsis - 1, longest = 4; /* of a character, in UTF-8 */
	size_t n = strlen(dst);

	return n >= dots && n + longest >= cap && memcmp(dst + n - dots, ellipsis, dots) == 0;
}
