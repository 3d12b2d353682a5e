/* PROTOCOL.desk section 20: the other services of a menu, applied for. */
#include "base/buf.h"
#include "certkiosk/desk.h"
#include "desk_wire.h"

const char *const ck_service_state_names[] = { "received", "in-work", "done", "refused", NULL };

static int
read_application(const struct ck_desk_said *a, struct ck_application *out)
{
	int state = 0;

	*out = (struct ck_application){ .id = "" };
	if (ck_field_id(a, a->body, "application", true, out->id) != 1 ||
	    ck_field_word(a, a->body, "state", ck_service_state_names, &state) != 1 ||
	    ck_field_text(a, a->body, "text", false, out->text, sizeof out->text) == -1)
		return -1;
	out->state = (enum ck_service_state)state;
	return 0;
}

int
ck_desk_service(struct ck_desk *d, const struct ck_application_wish *wish,
    struct ck_application *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	char sha[2 * CK_HASH_LEN + 1] = "";
	json_t *ask = NULL;
	int rc = -1;

	ck_hex(wish->form_sha256, CK_HASH_LEN, sha);
	ask = json_pack("{s:s, s:s, s:{s:s}, s:o, s:s}", "system", d->conf.system, "service",
	    wish->service, "visit", "record", wish->record, "fields", json_deep_copy(wish->fields),
	    "form_sha256", sha);
	if (ask != NULL && wish->cert != NULL)
		json_object_set_new(ask, "certificate", ck_json_bytes(wish->cert, wish->cert_len));
	if (ck_desk_call(d, CK_CALL_SERVICE, ask, &a, err) == 0)
		rc = read_application(&a, out);
	ck_desk_said_free(&a);
	return rc;
}

int
ck_desk_service_query(
    struct ck_desk *d, const char *record, struct ck_application *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask =
	    json_pack("{s:s, s:{s:s}}", "system", d->conf.system, "visit", "record", record);
	const json_t *found = NULL;
	int rc = -1;

	if (ck_desk_call(d, CK_CALL_SERVICE_QUERY, ask, &a, err) != 0)
		goto out;
	found = json_object_get(a.body, "found");
	if (json_is_false(found))
		rc = 0;
	else if (!json_is_true(found))
		ck_desk_said_wrong(&a, "found");
	else if (read_application(&a, out) == 0)
		rc = 1;
out:
	ck_desk_said_free(&a);
	return rc;
}
