#include "walk/parked.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

/* A record is opened only by a clock that agrees with the desk's, so it is not older than that. */
int64_t
ck_deadline(const struct ck_record_head *h, int days, int64_t now)
{
	int64_t from = h->touched > h->opened ? h->touched : h->opened;

	if (days == 0)
		return 0;
	if (from > now)
		from = h->opened;
	return from + (int64_t)days * CK_DAY_S;
}

/* ---- what is left ---- */

static void
add(json_t *left, const char *what, const char *name, const char *value)
{
	json_array_append_new(left, json_pack("{s:s, s:s*}", "what", what, name, value));
}

/* Before the CA has confirmed: the new pair, and what was written to it. */
static void
add_pair(const struct ck_visit *v, json_t *left)
{
	const char *label = ck_record_text(v->record, 0, "key-label");
	unsigned char id[CK_TOKEN_ID_MAX];
	char hex[2 * CK_TOKEN_ID_MAX + 1];

	ck_hex(id, ck_visit_id(v, id), hex);
	json_array_append_new(left, json_pack("{s:s, s:s, s:s*}", "what", "pair", "id", hex,
					"label", label != NULL && *label != '\0' ? label : NULL));
	if (v->done.issued)
		add(left, "certificate", "serial", ck_record_text(v->record, 0, "new-serial"));
}

json_t *
ck_leftovers(const struct ck_visit *v)
{
	const struct ck_progress *p = &v->done;
	const char *envelope = ck_record_text(v->record, 0, "envelope");
	bool pair = ck_abandon_gives_back(p) && p->newkey_meant && !p->swept;
	bool pin = p->pin_meant && !p->pin_settled;
	json_t *left = json_array();

	if (pair)
		add_pair(v, left);
	if (pin)
		add(left, "pin", "", NULL);
	else if (p->confirmed && v->rules.pin_changes && !p->pin_settled)
		add(left, "pin-kept", "", NULL);
	if (p->confirmed && !p->retired && !v->rules.download)
		add(left, "old", "", NULL);
	if (p->confirmed && v->rules.form && !p->formed)
		add(left, "form", "", NULL);
	if ((pair || pin) && envelope != NULL)
		add(left, "envelope", "serial", envelope);
	return left;
}

void
ck_left_text(const json_t *left, const char *text, char out[CK_LEFT_MAX])
{
	size_t n = (size_t)snprintf(out, CK_LEFT_MAX, "%s", text), i;
	const char *before = ": ";
	json_t *at;

	json_array_foreach(left, i, at)
	{
		const char *what = json_string_value(json_object_get(at, "what"));
		const char *value = json_string_value(json_object_get(at, "id"));

		if (value == NULL && strcmp(what, "certificate") == 0)
			value = json_string_value(json_object_get(at, "serial"));
		if (n < CK_LEFT_MAX)
			n += (size_t)snprintf(out + n, CK_LEFT_MAX - n, "%s%s%s%s", before, what,
			    value != NULL ? "=" : "", value != NULL ? value : "");
		before = " ";
	}
}
