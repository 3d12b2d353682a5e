/* PROTOCOL.desk sections 15 and 16: payment, and identity by phone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knob.h"
#include "order.h"

#define CODE_LIFE_S 900

/* ---- 15. pay ---- */

static bool
is_method(const struct sb_terms *t, const char *method)
{
	for (size_t i = 0; i < sizeof t->methods / sizeof *t->methods; i++)
		if (t->methods[i] != NULL && strcmp(t->methods[i], method) == 0)
			return true;
	return false;
}

/* what an app or a browser makes of it; the netbank's is as long as they come */
static void
code_of(const char *method, const char *payment, char out[256])
{
	if (strcmp(method, "alipay") == 0)
		snprintf(out, 256, "https://qr.alipay.example/bax%s", payment);
	else if (strcmp(method, "wechat") == 0)
		snprintf(out, 256, "weixin://wxpay/bizpayurl?pr=%s", payment);
	else
		snprintf(out, 256,
		    "https://netbank.example/b2c/pay?channel=certkiosk&merchant=0210987654&order=%s&v=2",
		    payment);
}

static json_t *
account(const char *payment)
{
	return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "label", "收款单位",
	    "value", "沙箱电子认证有限公司", "label", "开户银行", "value", "沙箱银行营业部",
	    "label", "账号", "value", "6222 0210 0111 6245 702", "label", "附言", "value", payment);
}

static int
say_payment(struct sb_call *c, const char *id, const struct sb_terms *t)
{
	char method[32] = "", code[256] = "";
	int64_t until = sb_int(c->db, 0, "SELECT until FROM payment WHERE id=?", "t", id);

	sb_text(c->db, method, sizeof method, "SELECT method FROM payment WHERE id=?", "t", id);
	json_object_set_new(c->out, "payment", json_string(id));
	json_object_set_new(c->out, "method", json_string(method));
	if (until != 0)
		json_object_set_new(c->out, "until", json_integer(until));
	if (sb_to_account(method)) {
		json_object_set_new(c->out, "account", account(id));
		if (t->proof)
			json_object_set_new(c->out, "proof", json_true());
	} else {
		code_of(method, id, code);
		json_object_set_new(c->out, "code", json_string(code));
	}
	return json_object_set_new(c->out, "amount",
	    json_integer(sb_int(c->db, 0, "SELECT amount FROM payment WHERE id=?", "t", id)));
}

/* A transfer is looked at by people, and its receipt is wanted; no other way to pay is. */
static int
receipt(struct sb_call *c, const struct sb_lease *l, struct sb_course *k, const struct sb_terms *t,
    const char *method)
{
	if (!t->proof)
		return 0;
	if (!k->expired)
		strcpy(k->review, sb_to_account(method) ? "pending" : "");
	if (sb_to_account(method) &&
	    sb_exec(c->db,
		"INSERT OR IGNORE INTO paper(lease, kind, state) VALUES(?,'" SB_PROOF "','wanted')",
		"t", l->id) != 0)
		return -1;
	return sb_course_put(c->db, l->id, k);
}

static int
begin_payment(struct sb_call *c, const struct sb_lease *l, const char *method, int64_t amount,
    char id[SB_ID_MAX])
{
	int64_t until = sb_to_account(method)
			    ? 0
			    : c->now + sb_knob_number(c->sb, "desk.code-life", NULL, CODE_LIFE_S);

	sb_new_id("Y-", 8, id);
	if (sb_exec(c->db,
		"UPDATE payment SET state='ended' WHERE lease=? AND state IN ('live','sent')", "t",
		l->id) != 0 ||
	    sb_exec(c->db, "UPDATE orders SET amount=? WHERE id=?", "it", amount, l->order) != 0)
		return -1;
	return sb_exec(c->db, "INSERT INTO payment VALUES(?,?,?,?,?,?,'live')", "ttttii", id, l->id,
	    l->order, method, amount, until);
}

static int
pay(struct sb_call *c, const struct sb_lease *l, struct sb_course *k, const struct sb_terms *t,
    const char *method)
{
	int64_t shown = 0, now = 0;
	char id[SB_ID_MAX] = "";

	if (l->order[0] == '\0')
		return sb_refuse(c, "not-yet", "还没有订单");
	now = sb_price(
	    c->sb, t, k, sb_int(c->db, 12, "SELECT months FROM orders WHERE id=?", "t", l->order));
	if (sb_order_settled(c->db, l->order) || now == 0)
		return sb_refuse(c, "paid-already", "不用再付款");
	if (!is_method(t, method))
		return sb_refuse(c, "method-unknown", "不支持这种付款方式");
	if (sb_want_number(c, "amount", 0, 100000000, &shown) != 0)
		return -1;
	if (shown != now) {
		sb_refuse(c, "amount-changed", "金额已变更");
		json_object_set_new(c->out, "amount", json_integer(now));
		return -1;
	}
	if (!sb_text(c->db, id, sizeof id,
		"SELECT id FROM payment WHERE lease=? AND state IN ('live','sent') AND method=? AND"
		" amount=? AND (until=0 OR until>?) ORDER BY rowid DESC",
		"ttii", l->id, method, now, c->now) &&
	    (begin_payment(c, l, method, now, id) != 0 || receipt(c, l, k, t, method) != 0))
		return -1;
	return say_payment(c, id, t);
}

int
sb_call_pay(struct sb_call *c)
{
	const char *method = NULL;
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };

	if (sb_want_course(c, &l, &k) != 0 || sb_want_text(c, "method", &method) != 0)
		return -1;
	return pay(c, &l, &k, sb_terms(l.system), method);
}

/* ---- 16. identity ---- */

int
sb_call_identity(struct sb_call *c)
{
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };
	char id[SB_ID_MAX] = "";

	if (sb_want_course(c, &l, &k) != 0)
		return -1;
	if (l.order[0] == '\0')
		return sb_refuse(c, "not-yet", "还没有订单");
	if (k.identity[0] == '\0' || strcmp(k.identity, "passed") == 0)
		return sb_refuse(c, "refused", "不用再核验身份");
	if (strcmp(k.identity, "pending") != 0 || k.link_until <= c->now) {
		sb_new_id("I-", 12, id);
		snprintf(k.link, sizeof k.link, "https://id.example/verify/%s", id);
		k.link_until = c->now + sb_knob_number(c->sb, "desk.code-life", NULL, CODE_LIFE_S);
		strcpy(k.identity, "pending");
		k.identity_text[0] = '\0';
	}
	json_object_set_new(c->out, "code", json_string(k.link));
	json_object_set_new(c->out, "until", json_integer(k.link_until));
	return sb_course_put(c->db, l.id, &k);
}
