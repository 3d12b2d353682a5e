#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/paper.h"
#include "sheet.h"

/* *at has n members of size and room for *cap: room for one more */
static int
grow(void *at, size_t *cap, size_t n, size_t size, struct ck_err *err)
{
	void *old = NULL, *more = NULL;

	if (n < *cap)
		return 0;
	memcpy(&old, at, sizeof old);
	*cap = *cap * 2 + 64;
	if ((more = realloc(old, *cap * size)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	memcpy(at, &more, sizeof more);
	return 0;
}

struct ck_unit *
ck_sheet_unit(struct ck_sheet *s, double before, struct ck_err *err)
{
	if (grow(&s->units, &s->cap_units, s->n_units, sizeof *s->units, err) == -1)
		return NULL;
	s->units[s->n_units] = (struct ck_unit){ .before = before, .first = s->n_leaves };
	return &s->units[s->n_units++];
}

int
ck_sheet_again(struct ck_sheet *s, size_t at, size_t i, struct ck_err *err)
{
	struct ck_unit again;

	if (grow(&s->units, &s->cap_units, s->n_units, sizeof *s->units, err) == -1)
		return -1;
	again = s->units[at];
	memmove(&s->units[i + 1], &s->units[i], (s->n_units - i) * sizeof *s->units);
	s->units[i] = again;
	s->n_units++;
	/* the heads of tables that begin behind it */
	for (size_t k = i; k < s->n_units; k++)
		s->units[k].under += s->units[k].under > i;
	return 0;
}

int
ck_sheet_leaf(struct ck_sheet *s, const struct ck_leaf *leaf, struct ck_err *err)
{
	if (grow(&s->leaves, &s->cap_leaves, s->n_leaves, sizeof *s->leaves, err) == -1) {
		if (leaf->layout != NULL)
			g_object_unref(leaf->layout);
		return -1;
	}
	s->leaves[s->n_leaves++] = *leaf;
	s->units[s->n_units - 1].n++;
	return 0;
}

int
ck_sheet_line(struct ck_sheet *s, struct ck_err *err, const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;
	int n = 0, rc = -1;

	va_start(ap, fmt);
	n = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (n >= 0)
		rc = json_array_append_new(s->lines, json_string(line));
	if (n >= 0)
		free(line);
	return rc == 0 ? 0 : ck_fail(err, CK_E_NO_MEMORY, "form");
}

void
ck_sheet_free(struct ck_sheet *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_leaves; i++) {
		if (s->leaves[i].line != NULL)
			pango_layout_line_unref(s->leaves[i].line);
		if (s->leaves[i].layout != NULL)
			g_object_unref(s->leaves[i].layout);
	}
	free(s->leaves);
	free(s->units);
	json_decref(s->lines);
	json_decref(s->numbers);
	ck_type_close(s->type);
	free(s);
}

int
ck_sheet_pages(const struct ck_sheet *s)
{
	return s->pages;
}

int
ck_sheet_text(
    const struct ck_sheet *s, int (*line)(void *u, const char *text), void *u, struct ck_err *err)
{
	size_t i = 0;
	json_t *text = NULL;

	json_array_foreach(
	    s->lines, i, text) if (line(u, json_string_value(text)) == -1) return ck_fail(err,
	    CK_E_LINK, "the form's text is not wanted");
	return 0;
}
