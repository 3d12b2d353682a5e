/* PROTOCOL.desk section 14: what it costs, the code to a phone, the order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "cmp.h"
#include "knob.h"
#include "order.h"

#define CODE_LIFE_S 900
#define SMS_AGAIN_S 60
#define SMS_TRIES 3
#define FIELD_CHARS 200

/* ---- what a field has to be ---- */

static bool
is_mobile(const char *s)
{
	return strlen(s) == 11 && s[0] == '1' && strspn(s, "0123456789") == 11;
}

/* GB 11643: 17 digits and the check of ISO 7064 MOD 11-2 */
static bool
is_resident(const char *s)
{
	static const int weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	if (strlen(s) != 18 || strspn(s, "0123456789") < 17)
		return false;
	for (int i = 0; i < 17; i++)
		sum += (s[i] - '0') * weight[i];
	return s[17] == "10X98765432"[sum % 11];
}

/* a wrong check digit circulates (GB 32100) and is nobody's fault here */
static bool
is_credit(const char *s)
{
	return strlen(s) == 18 && strspn(s, "0123456789ABCDEFGHJKLMNPQRTUWXY") == 18;
}

static bool
is_mail(const char *s)
{
	return strchr(s, '@') != NULL;
}

static const struct {
	const char *name;
	bool (*good)(const char *);
} fields[] = {
	{ "name", NULL },
	{ "resident-id", is_resident },
	{ "mobile", is_mobile },
	{ "mail", is_mail },
	{ "organisation", NULL },
	{ "credit-code", is_credit },
	{ "legal", NULL },
	{ "title", NULL },
	{ "tax-id", NULL },
	{ "address", NULL },
	{ "postcode", NULL },
	{ "phone", NULL },
	{ "bank", NULL },
};

static int
field_wrong(struct sb_call *c, const char *name)
{
	sb_refuse(c, "field-wrong", "这一项不正确");
	json_object_set_new(c->out, "field", json_string(name));
	return -1;
}

static int
check_field(struct sb_call *c, const char *name, const char *text)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(fields[i].name, name) == 0)
			return text != NULL && text[0] != '\0' &&
				       sb_characters(text) <= FIELD_CHARS &&
				       (fields[i].good == NULL || fields[i].good(text))
				   ? 0
				   : field_wrong(c, name);
	return sb_refuse(c, "bad-request", name);
}

/* All that is there is right, and what must be there is. */
static int
check_group(struct sb_call *c, const char *group, const char *const *need)
{
	json_t *given = json_object_get(c->in, group), *value = NULL;
	const char *name = NULL;

	if (given != NULL && !json_is_object(given))
		return sb_refuse(c, "bad-request", group);
	json_object_foreach(
	    given, name, value) if (check_field(c, name, json_string_value(value)) != 0) return -1;
	for (; *need != NULL; need++)
		if (json_object_get(given, *need) == NULL)
			return field_wrong(c, *need);
	return 0;
}

/* 全角 and half-width brackets and any spaces are the same name */
static void
fold(const char *from, char *out, size_t cap)
{
	size_t n = 0;

	while (*from != '\0' && n + 1 < cap) {
		if (strncmp(from, "（", 3) == 0 || strncmp(from, "）", 3) == 0) {
			out[n++] = from[2] == "（"[2] ? '(' : ')';
			from += 3;
		} else if (strncmp(from, "　", 3) == 0) {
			from += 3;
		} else if (*from == ' ') {
			from++;
		} else {
			out[n++] = *from++;
		}
	}
	out[n] = '\0';
}

static int
check_owner(struct sb_call *c, const struct sb_lease *l)
{
	static const char *const need[] = { "organisation", "credit-code", "legal", NULL };
	char said[SB_TEXT_MAX], is[SB_TEXT_MAX], folded[SB_TEXT_MAX];
	X509 *x = NULL;

	if (check_group(c, "owner", need) != 0)
		return -1;
	x = sb_stored(c->db, l->cert);
	if (x == NULL || X509_NAME_get_text_by_NID(
			     X509_get_subject_name(x), NID_organizationName, is, sizeof is) < 0)
		is[0] = '\0';
	X509_free(x);
	fold(json_string_value(json_object_get(json_object_get(c->in, "owner"), "organisation")),
	    said, sizeof said);
	fold(is, folded, sizeof folded);
	return strcmp(said, folded) == 0 ? 0 : sb_refuse(c, "owner-other", "与证书的单位不一致");
}

static int
check_groups(struct sb_call *c, const struct sb_lease *l, const struct sb_terms *t,
    const struct sb_course *k)
{
	const char *agent[] = { "name", "mobile", t->id ? "resident-id" : NULL,
		t->mail ? "mail" : NULL, NULL };
	const char *invoice[] = { t->invoice, NULL };

	if (check_group(c, "agent", agent) != 0)
		return -1;
	if (json_object_get(c->in, "invoice") != NULL && check_group(c, "invoice", invoice) != 0)
		return -1;
	return t->expired && k->expired ? check_owner(c, l) : 0;
}

/* ---- quote ---- */

static json_t *
choice(struct sb_call *c, const struct sb_lease *l, const struct sb_terms *t,
    const struct sb_course *k, int64_t months)
{
	int64_t end = sb_chosen_end(l->system, k->old_end, c->now, (int)(months / 12)) +
		      sb_knob_number(c->sb, "desk.quote", NULL, 0) * (int64_t)CK_DAY_S;

	return json_pack("{s:I, s:I, s:I}", "months", (json_int_t)months, "amount",
	    (json_int_t)sb_price(c->sb, t, k, months), "quoted_end", (json_int_t)end);
}

/* what is paid for, or was chosen on the web, is not chosen again */
static json_t *
choices(struct sb_call *c, const struct sb_lease *l, const struct sb_terms *t,
    const struct sb_course *k)
{
	bool paid = sb_order_settled(c->db, l->order);
	json_t *list = json_array(), *one = NULL;
	int64_t fixed = sb_int(c->db, 0,
	    "SELECT months FROM orders WHERE id=? AND (web=1 OR settled IS NOT NULL)", "t",
	    l->order);

	for (int months = 12; months <= t->months; months += 12) {
		if (fixed != 0 && months != fixed)
			continue;
		one = choice(c, l, t, k, months);
		if (paid)
			json_object_set_new(
			    one, "amount", json_integer(sb_order_amount(c->db, l->order)));
		json_array_append_new(list, one);
	}
	return list;
}

/* a clerk sees who acts, on whoever's behalf the renewal is */
static bool
wants_sms(const struct sb_lease *l, const struct sb_terms *t)
{
	return t->sms && l->clerk[0] == '\0';
}

int
sb_call_quote(struct sb_call *c)
{
	json_t *methods = json_array(), *ask = NULL;
	const struct sb_terms *t = NULL;
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };

	if (sb_want_course(c, &l, &k) != 0) {
		json_decref(methods);
		return -1;
	}
	t = sb_terms(l.system);
	for (size_t i = 0; i < sizeof t->methods / sizeof *t->methods; i++)
		if (t->methods[i] != NULL && !k.central)
			json_array_append_new(methods, json_string(t->methods[i]));
	ask = json_pack("[s, s]", "agent", "invoice");
	if (t->expired && k.expired)
		json_array_append_new(ask, json_string("owner"));
	if (wants_sms(&l, t))
		json_array_append_new(ask, json_string("sms-code"));
	json_object_set_new(c->out, "payer", json_string(k.central ? "central" : "customer"));
	json_object_set_new(c->out, "choices", choices(c, &l, t, &k));
	json_object_set_new(c->out, "methods", methods);
	return json_object_set_new(c->out, "ask", ask);
}

/* ---- sms-code ---- */

static int64_t
sms_wait(struct sb_call *c, const char *lease)
{
	int64_t made =
	    sb_int(c->db, INT64_MIN / 2, "SELECT max(made) FROM sms WHERE lease=?", "t", lease);

	return made + sb_knob_number(c->sb, "desk.sms-again", NULL, SMS_AGAIN_S) - c->now;
}

static int
refuse_wait(struct sb_call *c, int64_t seconds)
{
	sb_refuse(c, "sms-wait", "请稍后再取验证码");
	json_object_set_new(c->out, "again", json_integer(seconds > 1 ? seconds : 1));
	return -1;
}

int
sb_call_sms_code(struct sb_call *c)
{
	int64_t until = c->now + sb_knob_number(c->sb, "desk.code-life", NULL, CODE_LIFE_S);
	const char *mobile = NULL;
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };
	unsigned digits = 0;
	char code[8] = "";

	if (sb_want_course(c, &l, &k) != 0 || sb_want_text(c, "mobile", &mobile) != 0)
		return -1;
	if (!is_mobile(mobile))
		return field_wrong(c, "mobile");
	if (sms_wait(c, l.id) > 0)
		return refuse_wait(c, sms_wait(c, l.id));
	RAND_bytes((unsigned char *)&digits, sizeof digits);
	snprintf(code, sizeof code, "%06u", digits % 1000000);
	if (sb_exec(c->db, "INSERT INTO sms(lease, mobile, code, made, until) VALUES(?,?,?,?,?)",
		"tttii", l.id, mobile, code, c->now, until) != 0)
		return -1;
	json_object_set_new(c->out, "until", json_integer(until));
	return json_object_set_new(c->out, "again",
	    json_integer(sb_knob_number(c->sb, "desk.sms-again", NULL, SMS_AGAIN_S)));
}

/* Whose mobile was proved once need not prove it for every correction. */
static int
check_sms(struct sb_call *c, const struct sb_lease *l)
{
	const char *code = json_string_value(json_object_get(c->in, "sms_code"));
	const char *mobile =
	    json_string_value(json_object_get(json_object_get(c->in, "agent"), "mobile"));
	int64_t row = 0;

	if (code == NULL &&
	    sb_int(c->db, 0, "SELECT 1 FROM sms WHERE lease=? AND mobile=? AND used=1", "tt", l->id,
		mobile) != 0)
		return 0;
	row = sb_int(c->db, 0,
	    "SELECT rowid FROM sms WHERE lease=? AND mobile=? AND (used=1 OR until>=?)"
	    " ORDER BY rowid DESC",
	    "tti", l->id, mobile, c->now);
	if (sb_int(c->db, 0, "SELECT wrong FROM sms WHERE rowid=?", "i", row) >= SMS_TRIES)
		return refuse_wait(c, sms_wait(c, l->id));
	if (code == NULL ||
	    sb_int(c->db, 0, "SELECT code=? FROM sms WHERE rowid=?", "ti", code, row) == 0) {
		sb_exec(c->db, "UPDATE sms SET wrong=wrong+1 WHERE rowid=?", "i", row);
		return sb_refuse(c, "sms-wrong", "验证码不正确");
	}
	return sb_exec(c->db, "UPDATE sms SET used=1 WHERE rowid=?", "i", row);
}

/* ---- order ---- */

/* what was ordered, in one spelling; the code that came to a phone is nobody's business later */
static char *
said(const struct sb_call *c)
{
	json_t *all = json_deep_copy(c->in);
	char *text = NULL;

	json_object_del(all, "lease");
	json_object_del(all, "sms_code");
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(all);
	return text;
}

static int
amount_changed(struct sb_call *c, int64_t amount)
{
	sb_refuse(c, "amount-changed", "金额已变更");
	json_object_set_new(c->out, "amount", json_integer(amount));
	return -1;
}

static int
check_price(struct sb_call *c, const struct sb_lease *l, const struct sb_terms *t,
    const struct sb_course *k, int64_t months, int64_t amount)
{
	bool paid = sb_order_settled(c->db, l->order);
	int64_t now = paid ? sb_order_amount(c->db, l->order) : sb_price(c->sb, t, k, months);

	if (paid &&
	    months != sb_int(c->db, 0, "SELECT months FROM orders WHERE id=?", "t", l->order))
		return sb_refuse(c, "refused", "已付款，期限不能再改");
	return amount == now ? 0 : amount_changed(c, now);
}

static int
write_order(struct sb_call *c, struct sb_lease *l, int64_t months, int64_t amount, const char *text)
{
	if (l->order[0] == '\0') {
		sb_new_id("O-", 8, l->order);
		if (sb_exec(c->db, "INSERT INTO orders(id, cert, state) VALUES(?,?,'unpaid')", "tt",
			l->order, l->cert) != 0)
			return -1;
	}
	return sb_exec(c->db,
		   "UPDATE payment SET state='ended' WHERE lease=? AND state IN ('live','sent')"
		   " AND amount<>?",
		   "ti", l->id, amount) != 0
		   ? -1
		   : sb_exec(c->db, "UPDATE orders SET months=?, amount=?, said=? WHERE id=?",
			 "iitt", months, amount, text, l->order);
}

/* A form that is in has the words of the order before. */
static int
want_form_anew(struct sb_call *c, const struct sb_lease *l, const char *text)
{
	if (sb_int(c->db, 1, "SELECT said=? FROM orders WHERE id=?", "tt", text, l->order) != 0)
		return 0;
	if (sb_exec(c->db, "DELETE FROM sheet WHERE lease=? AND kind='form'", "t", l->id) != 0)
		return -1;
	return sb_exec(c->db,
	    "UPDATE paper SET state='wanted' WHERE lease=? AND kind='form' AND state='in'", "t",
	    l->id);
}

static bool
said_before(
    struct sb_call *c, const struct sb_lease *l, const struct sb_course *k, const char *text)
{
	return strcmp(k->applicant, "passed") == 0 &&
	       sb_int(c->db, 0, "SELECT said=? FROM orders WHERE id=?", "tt", text, l->order) != 0;
}

static int
make_order(struct sb_call *c, struct sb_lease *l, struct sb_course *k, const char *text)
{
	const struct sb_terms *t = sb_terms(l->system);
	int64_t months = 0, amount = 0;

	if (sb_want_number(c, "months", 12, t->months, &months) != 0 ||
	    sb_want_number(c, "amount", 0, 100000000, &amount) != 0)
		return -1;
	if (months % 12 != 0 || !json_is_array(json_object_get(c->in, "consents")))
		return sb_refuse(c, "bad-request", "months, consents");
	if (said_before(c, l, k, text))
		return 0;
	if (check_price(c, l, t, k, months, amount) != 0 || check_groups(c, l, t, k) != 0 ||
	    (wants_sms(l, t) && check_sms(c, l) != 0))
		return -1;
	if (!sb_order_settled(c->db, l->order))
		l->quoted = sb_chosen_end(l->system, k->old_end, c->now, (int)(months / 12)) +
			    sb_knob_number(c->sb, "desk.quote", NULL, 0) * (int64_t)CK_DAY_S;
	strcpy(k->applicant, "passed");
	if (want_form_anew(c, l, text) != 0 || write_order(c, l, months, amount, text) != 0 ||
	    sb_course_corrected(c->db, l->id, k) != 0)
		return -1;
	return sb_lease_put(c->db, l);
}

int
sb_call_order(struct sb_call *c)
{
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };
	char *text = NULL;
	int rc = -1;

	if (sb_want_course(c, &l, &k) != 0)
		return -1;
	text = said(c);
	if (make_order(c, &l, &k, text) == 0)
		rc = sb_say_lease(c, &l);
	free(text);
	return rc;
}
