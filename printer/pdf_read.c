#include "pdf_read.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/paper.h"

/* a form of sixteen pages with all its fonts has a few hundred */
#define OBJECTS_MAX 65536
#define SLOTS_FIRST 256
/* the document's own, and one each time it was signed */
#define SECTIONS_MAX 16
/* arrays within dictionaries within arrays; ours have four */
#define DEPTH_MAX 32
/* from the catalog down to a page; cairo's has one */
#define TREE_MAX 8
/* digits: an offset in a table has so many */
#define DIGITS_MAX 10
#define ENTRY 20 /* bytes in a table, ISO 32000-1, 7.5.4 */

enum token { T_BAD, T_DICT, T_DICT_END, T_ARRAY, T_ARRAY_END, T_NAME, T_TEXT, T_HEX, T_WORD };

struct scan {
	const unsigned char *p;
	size_t n, i;
};

/* ---- tokens: ISO 32000-1, 7.2 and 7.3 ---- */

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool
ends_word(unsigned char c)
{
	return is_blank(c) || strchr("()<>[]{}/%", c) != NULL;
}

/* cairo counts its pages in comments */
static void
skip_blanks(struct scan *s)
{
	bool comment = false;

	for (; s->i < s->n; s->i++) {
		unsigned char c = s->p[s->i];

		if (comment)
			comment = c != '\n' && c != '\r';
		else if (c == '%')
			comment = true;
		else if (!is_blank(c))
			return;
	}
}

static enum token
text(struct scan *s)
{
	int depth = 0;

	while (s->i < s->n) {
		unsigned char c = s->p[s->i++];

		if (c == '\\' && s->i < s->n)
			s->i++;
		depth += (c == '(') - (c == ')');
		if (depth == 0)
			return T_TEXT;
	}
	return T_BAD;
}

static enum token
hex(struct scan *s)
{
	const unsigned char *end = memchr(s->p + s->i, '>', s->n - s->i);

	if (end == NULL)
		return T_BAD;
	s->i = (size_t)(end - s->p) + 1;
	return T_HEX;
}

static bool
at_pair(const struct scan *s, char c)
{
	return s->n - s->i >= 2 && s->p[s->i] == c && s->p[s->i + 1] == c;
}

static enum token
next(struct scan *s, struct ck_pdf_span *out)
{
	enum token t = T_WORD;
	size_t from;

	skip_blanks(s);
	from = s->i;
	if (s->i == s->n)
		return T_BAD;
	if (at_pair(s, '<') || at_pair(s, '>')) {
		t = s->p[s->i] == '<' ? T_DICT : T_DICT_END;
		s->i += 2;
	} else if (s->p[s->i] == '<') {
		t = hex(s);
	} else if (s->p[s->i] == '(') {
		t = text(s);
	} else if (s->p[s->i] == '[' || s->p[s->i] == ']') {
		t = s->p[s->i++] == '[' ? T_ARRAY : T_ARRAY_END;
	} else {
		t = s->p[s->i] == '/' ? T_NAME : T_WORD;
		s->i += t == T_NAME;
		while (s->i < s->n && !ends_word(s->p[s->i]))
			s->i++;
		if (s->i == from)
			return T_BAD;
	}
	*out = (struct ck_pdf_span){ s->p + from, s->i - from };
	return t;
}

static bool
number(struct ck_pdf_span w, uint64_t *out)
{
	if (w.n == 0 || w.n > DIGITS_MAX)
		return false;
	*out = 0;
	for (size_t i = 0; i < w.n; i++) {
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(w.p[i] - '0');
	}
	return true;
}

/* behind an opening bracket, up to the one that closes it */
static bool
nested(struct scan *s, enum token open)
{
	enum token stack[DEPTH_MAX] = { open };
	struct ck_pdf_span w;
	size_t depth = 1;

	while (depth > 0) {
		enum token t = next(s, &w);

		if (t == T_BAD)
			return false;
		if (t == T_DICT || t == T_ARRAY) {
			if (depth == DEPTH_MAX)
				return false;
			stack[depth++] = t;
		} else if (t == T_DICT_END || t == T_ARRAY_END) {
			if (stack[--depth] != (t == T_DICT_END ? T_DICT : T_ARRAY))
				return false;
		}
	}
	return true;
}

/* one value whole: also "12 0 R" */
static bool
value(struct scan *s, struct ck_pdf_span *out)
{
	struct ck_pdf_span w, second, third;
	enum token t = next(s, out);
	struct scan ahead = *s;
	uint64_t n;

	if (t == T_DICT || t == T_ARRAY) {
		if (!nested(s, t))
			return false;
	} else if (t == T_WORD && number(*out, &n)) {
		if (next(&ahead, &second) == T_WORD && number(second, &n) &&
		    next(&ahead, &third) == T_WORD && ck_pdf_is(third, "R"))
			*s = ahead;
	}
	w = *out;
	*out = (struct ck_pdf_span){ w.p, (size_t)(s->p + s->i - w.p) };
	return t != T_BAD && t != T_DICT_END && t != T_ARRAY_END;
}

bool
ck_pdf_is(struct ck_pdf_span v, const char *text)
{
	return v.n == strlen(text) && memcmp(v.p, text, v.n) == 0;
}

bool
ck_pdf_find(struct ck_pdf_span dict, const char *key, struct ck_pdf_span *out)
{
	struct scan s = { .p = dict.p, .n = dict.n };
	struct ck_pdf_span name;

	if (next(&s, &name) != T_DICT)
		return false;
	while (next(&s, &name) == T_NAME)
		if (!value(&s, out))
			return false;
		else if (ck_pdf_is(name, key))
			return true;
	return false;
}

/* "12 0 R" */
static bool
reference(struct scan *s, unsigned *out)
{
	struct ck_pdf_span number_of, generation, r;
	uint64_t n = 0;

	if (next(s, &number_of) != T_WORD || !number(number_of, &n) || n == 0 || n >= OBJECTS_MAX ||
	    next(s, &generation) != T_WORD || !ck_pdf_is(generation, "0") ||
	    next(s, &r) != T_WORD || !ck_pdf_is(r, "R"))
		return false;
	*out = (unsigned)n;
	return true;
}

bool
ck_pdf_ref(struct ck_pdf_span v, unsigned *out)
{
	struct scan s = { .p = v.p, .n = v.n };

	return reference(&s, out) && s.i == s.n;
}

bool
ck_pdf_nth(struct ck_pdf_span array, size_t i, unsigned *out)
{
	struct scan s = { .p = array.p, .n = array.n };
	struct ck_pdf_span w;

	if (next(&s, &w) != T_ARRAY)
		return false;
	for (;; i--) {
		if (!reference(&s, out))
			return false;
		if (i == 0)
			return true;
	}
}

/* ---- tables and trailers ---- */

/* "12345" on a line of its own */
static bool
number_line(struct scan *s, uint64_t *out)
{
	const unsigned char *end = memchr(s->p + s->i, '\n', s->n - s->i);
	struct ck_pdf_span w = { s->p + s->i, end == NULL ? 0 : (size_t)(end - s->p) - s->i };

	s->i += w.n + 1;
	return number(w, out);
}

static bool
literal(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n - s->i < n || memcmp(s->p + s->i, text, n) != 0)
		return false;
	s->i += n;
	return true;
}

/* The last lines, and nothing behind them. */
static bool
find_start(const struct ck_pdf_doc *d, size_t *start)
{
	static const char begin[] = "startxref\n", end[] = "\n%%EOF\n";
	size_t tail = sizeof begin + DIGITS_MAX + sizeof end - 2, from;
	struct scan s = { .p = d->all.p, .n = d->all.n };
	uint64_t n;

	from = d->all.n > tail ? d->all.n - tail : 0;
	for (s.i = from; s.i < s.n; s.i++)
		if (literal(&s, begin))
			break;
	if (s.i >= s.n || !number_line(&s, &n) || n >= d->all.n || !literal(&s, end + 1) ||
	    s.i != s.n)
		return false;
	*start = (size_t)n;
	return true;
}

static bool
reserve(struct ck_pdf_doc *d, size_t object)
{
	size_t want = object < SLOTS_FIRST ? SLOTS_FIRST : 2 * object, *more = NULL;

	if (object < d->slots)
		return true;
	if ((more = realloc(d->at, want * sizeof *more)) == NULL)
		return false;
	memset(more + d->slots, 0, (want - d->slots) * sizeof *more);
	d->at = more;
	d->slots = want;
	return true;
}

/* One entry; what a newer section said stands. */
static bool
entry(struct ck_pdf_doc *d, struct scan *s, uint64_t object, bool newest)
{
	struct ck_pdf_span offset = { s->p + s->i, 10 }, generation = { s->p + s->i + 11, 5 };
	uint64_t at = 0, g = 0;
	char kind;

	if (s->n - s->i < ENTRY || object >= OBJECTS_MAX || !number(offset, &at) ||
	    !number(generation, &g))
		return false;
	kind = (char)s->p[s->i + 17];
	s->i += ENTRY;
	if (kind != 'n' || at == 0)
		return kind == 'f';
	if (at >= d->all.n || !reserve(d, (size_t)object))
		return false;
	if (d->at[object] == 0)
		d->at[object] = (size_t)at;
	if (newest) {
		d->n_new++;
		if (d->first == 0 || at < d->first)
			d->first = (size_t)at;
	}
	return true;
}

/* "12 3" and three entries, until there is a word in its place */
static bool
table(struct ck_pdf_doc *d, struct scan *s, bool newest)
{
	struct ck_pdf_span w;
	uint64_t from, n;

	if (!literal(s, "xref\n"))
		return false;
	while (!literal(s, "trailer\n")) {
		if (next(s, &w) != T_WORD || !number(w, &from) || next(s, &w) != T_WORD ||
		    !number(w, &n) || from + n > OBJECTS_MAX || !literal(s, "\n"))
			return false;
		for (; n > 0; n--, from++)
			if (!entry(d, s, from, newest))
				return false;
	}
	return true;
}

static bool
trailer(struct ck_pdf_doc *d, struct scan *s, bool newest, size_t *prev)
{
	struct ck_pdf_span dict, v;
	uint64_t n = 0;

	*prev = 0;
	if (!value(s, &dict) || ck_pdf_find(dict, "/Encrypt", &v))
		return false;
	if (ck_pdf_find(dict, "/Prev", &v)) {
		if (!number(v, &n))
			return false;
		*prev = (size_t)n;
	}
	if (!newest)
		return true;
	if (!ck_pdf_find(dict, "/Size", &v) || !number(v, &n) || n == 0 || n >= OBJECTS_MAX - 2)
		return false;
	d->size = (unsigned)n;
	if (ck_pdf_find(dict, "/Info", &v) && !ck_pdf_ref(v, &d->info))
		return false;
	return ck_pdf_find(dict, "/Root", &v) && ck_pdf_ref(v, &d->root);
}

/* Each section lies before the one that names it, so that no circle of them is walked. */
static bool
sections(struct ck_pdf_doc *d)
{
	size_t at = d->xref, prev = 0;

	for (int i = 0; i < SECTIONS_MAX; i++, at = prev) {
		struct scan s = { .p = d->all.p, .n = d->all.n, .i = at };

		if (!table(d, &s, i == 0) || !trailer(d, &s, i == 0, &prev))
			return false;
		if (prev == 0)
			return true;
		if (prev >= at)
			return false;
	}
	return false;
}

const char *
ck_pdf_open(const unsigned char *p, size_t n, struct ck_pdf_doc *d)
{
	static const char magic[] = "%PDF-1.";

	*d = (struct ck_pdf_doc){ .all = { p, n } };
	if (n < sizeof magic || memcmp(p, magic, sizeof magic - 1) != 0)
		return "no PDF";
	if (n > CK_PAPER_BYTES_MAX)
		return "too long";
	if (!find_start(d, &d->xref))
		return "its end is not where it should be";
	if (!sections(d))
		return "its table of contents";
	return NULL;
}

void
ck_pdf_close(struct ck_pdf_doc *d)
{
	free(d->at);
	d->at = NULL;
	d->slots = 0;
}

/* ---- objects ---- */

bool
ck_pdf_object(const struct ck_pdf_doc *d, unsigned wanted, struct ck_pdf_span *dict)
{
	struct scan s = { .p = d->all.p, .n = d->all.n };
	struct ck_pdf_span end;
	char head[32];

	if (wanted >= d->slots || d->at[wanted] == 0)
		return false;
	s.i = d->at[wanted];
	snprintf(head, sizeof head, "%u 0 obj", wanted);
	return literal(&s, head) && value(&s, dict) && dict->n > 4 &&
	       memcmp(dict->p, "<<", 2) == 0 && next(&s, &end) == T_WORD &&
	       ck_pdf_is(end, "endobj");
}

bool
ck_pdf_first_page(const struct ck_pdf_doc *d, unsigned *out)
{
	struct ck_pdf_span dict, v;

	if (!ck_pdf_object(d, d->root, &dict) || !ck_pdf_find(dict, "/Pages", &v) ||
	    !ck_pdf_ref(v, out))
		return false;
	for (int depth = 0; depth < TREE_MAX; depth++) {
		if (!ck_pdf_object(d, *out, &dict) || !ck_pdf_find(dict, "/Type", &v))
			return false;
		if (ck_pdf_is(v, "/Page"))
			return true;
		if (!ck_pdf_find(dict, "/Kids", &v) || !ck_pdf_nth(v, 0, out))
			return false;
	}
	return false;
}
