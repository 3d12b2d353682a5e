/* PROTOCOL.desk sections 15 and 16: what a person does on a phone, and how this kiosk shows the way
 * there. That it was done only the lease's steps say. */
#include <string.h>

#include "base/utf8.h"
#include "certkiosk/desk.h"
#include "desk_wire.h"

/* ---- 15. pay ---- */

/* An account number that lost its end is another's account: whole, or not at all. */
static int
whole_text(
    const struct ck_desk_said *a, const json_t *from, const char *name, char *out, size_t cap)
{
	if (json_string_length(json_object_get(from, name)) >= cap)
		return ck_desk_said_wrong(a, name);
	return ck_field_text(a, from, name, true, out, cap) == 1 ? 0 : -1;
}

static int
read_account(const struct ck_desk_said *a, struct ck_payment *p)
{
	const json_t *list = json_object_get(a->body, "account");

	if (list == NULL)
		return 0;
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > CK_PAY_LINES_MAX)
		return ck_desk_said_wrong(a, "account");
	for (; p->n_lines < json_array_size(list); p->n_lines++) {
		const json_t *from = json_array_get(list, p->n_lines);

		if (whole_text(a, from, "label", p->lines[p->n_lines].label,
			sizeof p->lines[0].label) != 0 ||
		    whole_text(a, from, "value", p->lines[p->n_lines].value,
			sizeof p->lines[0].value) != 0)
			return -1;
	}
	return 0;
}

/* Another method or amount than was asked for is somebody else's payment. */
static int
read_payment(const struct ck_desk_said *a, const char *method, int64_t amount, struct ck_payment *p)
{
	const json_t *proof = json_object_get(a->body, "proof");
	bool link = strcmp(method, "netbank") == 0;

	p->now = a->now;
	if (ck_field_id(a, a->body, "payment", true, p->id) != 1 ||
	    ck_field_tag(a, a->body, "method", true, p->method) != 1 ||
	    ck_field_amount(a, a->body, "amount", true, &p->amount) != 1 ||
	    ck_field_time(a, a->body, "until", false, &p->until) < 0 ||
	    ck_field_code(a, a->body, "code", link, link, p->code) < 0 || read_account(a, p) != 0)
		return -1;
	if (strcmp(p->method, method) != 0)
		return ck_desk_said_wrong(a, "method");
	if (p->amount != amount)
		return ck_desk_said_wrong(a, "amount");
	if (p->code[0] == '\0' && p->n_lines == 0)
		return ck_desk_said_wrong(a, "code");
	if (proof != NULL && !json_is_boolean(proof))
		return ck_desk_said_wrong(a, "proof");
	p->wants_proof = json_is_true(proof);
	return 0;
}

int
ck_desk_pay(struct ck_desk *d, const char *lease, const char *method, int64_t *amount,
    struct ck_payment *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = json_pack(
	    "{s:s, s:s, s:I}", "lease", lease, "method", method, "amount", (json_int_t)*amount);
	int rc = -1;

	*out = (struct ck_payment){ .id = "" };
	if (ck_desk_call(d, CK_CALL_PAY, ask, &a, err) == 0)
		rc = read_payment(&a, method, *amount, out);
	else if (a.refused == CK_E_AMOUNT_CHANGED)
		ck_field_amount(&a, a.body, "amount", true, amount);
	ck_desk_said_free(&a);
	return rc;
}

/* ---- 16. identity ---- */

int
ck_desk_identity(struct ck_desk *d, const char *lease, struct ck_identity *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	int rc = -1;

	*out = (struct ck_identity){ .code = "" };
	if (ck_desk_call(d, CK_CALL_IDENTITY, json_pack("{s:s}", "lease", lease), &a, err) == 0 &&
	    ck_field_code(&a, a.body, "code", true, true, out->code) == 1 &&
	    ck_field_time(&a, a.body, "until", true, &out->until) == 1) {
		out->now = a.now;
		rc = 0;
	}
	ck_desk_said_free(&a);
	return rc;
}
