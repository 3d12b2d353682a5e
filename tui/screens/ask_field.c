#include "ask_field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

#include "base/slip.h"
#include "words/phrase.h"

/* what tells two certificates of one name apart: the first letters of their hashes */
#define HASH_SHOWN 8

static enum ck_field_kind
kind_of(const char *name)
{
	enum ck_field_kind kind = CK_FIELD_TEXT;

	for (; kind <= CK_FIELD_YES; kind++)
		if (name != NULL && strcmp(ck_field_kind_names[kind], name) == 0)
			return kind;
	return CK_FIELD_TEXT;
}

int
ck_ask_field_open(
    struct ck_ask_field *f, const json_t *question, bool yes_first, const json_t *field)
{
	const char *name = json_string_value(json_object_get(field, "name"));

	*f = (struct ck_ask_field){
		.question = question, .yes_first = yes_first, .scan = { "", 0, 0 }
	};
	snprintf(f->name, sizeof f->name, "%s", name != NULL ? name : "");
	f->kind = kind_of(json_string_value(json_object_get(field, "kind")));
	f->min = (int)json_integer_value(json_object_get(field, "min"));
	f->spare = json_is_integer(json_object_get(field, "min")) && f->min == 0;
	f->max = (int)json_integer_value(json_object_get(field, "max"));
	f->charset = json_string_value(json_object_get(field, "charset"));
	f->choices = json_object_get(field, "choices");
	if (f->charset == NULL)
		f->charset = "any";
	f->input.most = f->masked.most = f->max;
	if (f->kind == CK_FIELD_YES)
		f->list.n = 2;
	else if (f->kind == CK_FIELD_CHOICE)
		f->list.n = (int)json_array_size(f->choices);
	if (f->kind == CK_FIELD_SECRET)
		return ck_masked_open(&f->masked);
	f->rows = calloc((size_t)f->list.n + 1, sizeof *f->rows);
	f->texts = calloc((size_t)f->list.n + 1, sizeof *f->texts);
	f->list.rows = f->rows;
	return f->rows != NULL && f->texts != NULL ? 0 : -1;
}

static void
forget_scan(struct ck_ask_field *f)
{
	f->scan.slip = f->scan.same = 0;
}

void
ck_ask_field_forget(struct ck_ask_field *f)
{
	if (f->kind == CK_FIELD_SECRET)
		ck_masked_clear(&f->masked);
	if (f->kind == CK_FIELD_TEXT)
		ck_input_clear(&f->input);
	f->trouble = NULL;
	forget_scan(f);
}

void
ck_ask_field_close(struct ck_ask_field *f)
{
	ck_masked_close(&f->masked);
	if (f->texts != NULL)
		OPENSSL_cleanse(f->texts, (size_t)f->list.n * sizeof *f->texts);
	free(f->texts);
	free(f->rows);
	OPENSSL_cleanse(f, sizeof *f);
}

bool
ck_ask_field_typed(const struct ck_ask_field *f)
{
	return f->kind == CK_FIELD_TEXT || f->kind == CK_FIELD_SECRET;
}

/* ---- keys ---- */

/* ranges as in a bracket expression of POSIX, 9.3.5; '-' stands last */
static bool
in_ranges(const char *set, int key)
{
	for (; *set != '\0'; set++) {
		if (set[1] == '-' && set[2] != '\0') {
			if (key >= set[0] && key <= set[2])
				return true;
			set += 2;
		} else if (key == *set) {
			return true;
		}
	}
	return false;
}

static bool
takes(const struct ck_ask_field *f, const struct ck_event *e)
{
	char typed[CK_TYPED_MAX];
	size_t n = ck_key_typed(e, typed);

	OPENSSL_cleanse(typed, sizeof typed);
	if (n == 0 || strcmp(f->charset, "any") == 0)
		return true;
	return in_ranges(strcmp(f->charset, "digits") == 0 ? "0-9" : f->charset, e->key);
}

static int
characters(const struct ck_ask_field *f)
{
	int n = 0;

	if (f->kind == CK_FIELD_SECRET)
		return f->masked.n;
	for (const char *s = f->input.text; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

static enum ck_came
refuse(struct ck_ask_field *f, struct ck_event *e, const char *trouble)
{
	if (f->kind == CK_FIELD_SECRET)
		OPENSSL_cleanse(&e->key, sizeof e->key);
	f->trouble = trouble;
	return CK_CAME_REFUSED;
}

static bool
scanned(const struct ck_ask_field *f)
{
	const struct ck_ask_scan *scan = &f->scan;

	return f->kind == CK_FIELD_SECRET &&
	       (scan->slip == CK_SLIP_SEEN ||
		   (scan->same > 0 && scan->envelope[scan->same] == '\0'));
}

static void
watch_scan(struct ck_ask_field *f, const struct ck_event *e)
{
	struct ck_ask_scan *scan = &f->scan;
	char typed[CK_TYPED_MAX];

	if (f->kind != CK_FIELD_SECRET || e->kind != CK_EV_KEY || e->key == CK_KEY_ENTER)
		return;
	if (ck_key_typed(e, typed) == 0) {
		forget_scan(f);
		return;
	}
	scan->slip = ck_slip_step(scan->slip, typed[0]);
	if (scan->same != -1)
		scan->same = toupper((unsigned char)scan->envelope[scan->same]) ==
				     toupper((unsigned char)typed[0])
				 ? scan->same + 1
				 : -1;
	OPENSSL_cleanse(typed, sizeof typed);
}

bool
ck_ask_field_ready(struct ck_ask_field *f)
{
	static const char scan[] = "scanned";
	int n = characters(f);

	if (!ck_ask_field_typed(f))
		return true;
	if (scanned(f)) {
		ck_ask_field_forget(f);
		f->trouble = scan;
		return false;
	}
	if (n == 0 && f->trouble == scan) /* a scanner may end by two Enters */
		return false;
	f->trouble = n == 0 ? (f->spare ? NULL : "empty") : n < f->min ? "short" : NULL;
	return f->trouble == NULL;
}

enum ck_came
ck_ask_field_key(struct ck_ask_field *f, struct ck_event *e)
{
	enum ck_came came;

	if (!ck_ask_field_typed(f))
		return ck_list_key(&f->list, e);
	watch_scan(f, e);
	if (!takes(f, e))
		return refuse(f, e, strcmp(f->charset, "digits") == 0 ? "digits" : "letters");
	came =
	    f->kind == CK_FIELD_SECRET ? ck_masked_key(&f->masked, e) : ck_input_key(&f->input, e);
	if (came == CK_CAME_REFUSED)
		return refuse(f, e, "long");
	if (came == CK_CAME_CHANGE)
		f->trouble = NULL;
	return came;
}

/* ---- what is seen ---- */

static bool
another_of_that_name(const json_t *choices, const json_t *choice)
{
	const char *label = json_string_value(json_object_get(choice, "label")), *other;
	const json_t *at;
	size_t i;

	json_array_foreach(choices, i, at)
	{
		other = json_string_value(json_object_get(at, "label"));
		if (at != choice && label != NULL && other != NULL && strcmp(label, other) == 0)
			return true;
	}
	return false;
}

static void
choice_text(const struct ck_ask_field *f, enum ck_lang lang, int i, char *out, size_t cap)
{
	const json_t *choice = json_array_get(f->choices, (size_t)i);
	const char *value = json_string_value(json_object_get(choice, "value"));
	size_t n;

	ck_phrase_choice(lang, f->question, choice, out, cap);
	n = strlen(out);
	if (value != NULL && strstr(out, value) == NULL && another_of_that_name(f->choices, choice))
		snprintf(out + n, cap - n, "   %s %.*s", ck_word(lang, "fact", "hash"), HASH_SHOWN,
		    value);
}

/* yes.QUESTION, no.QUESTION; a newer engine's question has only yes and no */
static void
yes_text(const struct ck_ask_field *f, enum ck_lang lang, bool yes, char *out, size_t cap)
{
	const char *group = yes ? "yes" : "no",
		   *ask = json_string_value(json_object_get(f->question, "ask")),
		   *text = ask != NULL ? ck_word(lang, group, ask) : NULL;

	if (text == NULL)
		text = ck_word(lang, group, "other");
	snprintf(out, cap, "%s", text != NULL ? text : "");
}

struct ck_list *
ck_ask_field_list(struct ck_ask_field *f, const struct ck_ctx *ctx)
{
	for (int i = 0; i < f->list.n; i++) {
		if (f->kind == CK_FIELD_YES)
			yes_text(f, ctx->lang, (i == 0) == f->yes_first, f->texts[i],
			    sizeof f->texts[i]);
		else
			choice_text(f, ctx->lang, i, f->texts[i], sizeof f->texts[i]);
		f->rows[i] = (struct ck_row){ f->texts[i], NULL };
	}
	return &f->list;
}

void
ck_ask_field_draw(
    struct ck_canvas *c, struct ck_rect r, struct ck_ask_field *f, bool focus, int key)
{
	if (f->kind == CK_FIELD_SECRET)
		ck_masked_draw(c, r, &f->masked, focus, key);
	else
		ck_input_draw(c, r, &f->input, focus, key);
}

/* ---- the answer ---- */

static int
reply_secret(struct ck_ask_field *f, struct ck_reply *reply)
{
	struct ck_secret *typed;

	if (reply->n_secrets == CK_SECRETS_MAX || (typed = ck_masked_take(&f->masked)) == NULL)
		return -1;
	snprintf(reply->secrets[reply->n_secrets].name, CK_FIELD_NAME_MAX, "%s", f->name);
	reply->secrets[reply->n_secrets++].secret = typed;
	forget_scan(f);
	return 0;
}

const char *
ck_ask_field_chosen(const struct ck_ask_field *f)
{
	const char *value = json_string_value(
	    json_object_get(json_array_get(f->choices, (size_t)f->list.at), "value"));

	return f->kind == CK_FIELD_CHOICE && value != NULL ? value : "";
}

static json_t *
value_of(const struct ck_ask_field *f)
{
	if (f->kind == CK_FIELD_YES)
		return json_boolean((f->list.at == 0) == f->yes_first);
	if (f->kind == CK_FIELD_CHOICE)
		return json_string(ck_ask_field_chosen(f));
	return json_string(f->input.text);
}

int
ck_ask_field_reply(struct ck_ask_field *f, struct ck_reply *reply)
{
	if (f->kind == CK_FIELD_SECRET)
		return reply_secret(f, reply);
	if (reply->fields == NULL)
		reply->fields = json_object();
	if (json_object_set_new(reply->fields, f->name, value_of(f)) == -1)
		return -1;
	ck_input_clear(&f->input);
	return 0;
}
