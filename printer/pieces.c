#include <string.h>

#include "template.h"

static bool
wrong(struct ck_pieces *p, const char *why)
{
	p->wrong = why;
	return false;
}

static bool
name_good(const char *s, size_t n)
{
	size_t good = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && good >= n && n < CK_FORM_NAME_MAX;
}

static bool
field(struct ck_pieces *p)
{
	const char *end = strchr(p->at, '}'), *colon = NULL;

	if (end == NULL)
		return wrong(p, "a { has no }");
	p->is = CK_PIECE_FIELD;
	p->s = p->at + 1;
	p->n = (size_t)(end - p->s);
	colon = memchr(p->s, ':', p->n);
	if (colon != NULL) {
		p->kind = colon + 1;
		p->kind_n = (size_t)(end - p->kind);
		p->n = (size_t)(colon - p->s);
	}
	if (!name_good(p->s, p->n))
		return wrong(p, "between { and } belongs a field: a-z 0-9 _");
	p->at = end + 1;
	return true;
}

static bool
bracket(struct ck_pieces *p)
{
	bool opens = *p->at == '[';

	if (opens && p->open)
		return wrong(p, "a [ within a [");
	p->open = opens;
	p->is = opens ? CK_PIECE_OPEN : CK_PIECE_CLOSE;
	p->at++;
	return true;
}

bool
ck_piece_next(struct ck_pieces *p)
{
	p->kind = NULL;
	p->kind_n = 0;
	if (*p->at == '\0')
		return p->open ? wrong(p, "a [ has no ]") : false;
	if (*p->at == '{' && p->at[1] != '{')
		return field(p);
	if ((*p->at == '[' && p->at[1] != '[') || (*p->at == ']' && p->open))
		return bracket(p);
	p->is = CK_PIECE_TEXT;
	p->s = p->at;
	if (*p->at == '{' || *p->at == '[') { /* twice: stands for itself */
		p->n = 1;
		p->at += 2;
		return true;
	}
	p->n = strcspn(p->at, p->open ? "{[]" : "{[");
	p->at += p->n;
	return true;
}
