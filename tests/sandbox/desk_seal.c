/* PROTOCOL.desk section 18: the seal that is renewed with a certificate. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "desk.h"

/* the lease of the request, confirmed */
static int
want_confirmed(struct sb_call *c, struct sb_lease *l)
{
	if (sb_want_open_lease(c, l) != 0)
		return -1;
	return strcmp(l->state, "confirmed") == 0 ? 0 : sb_refuse(c, "not-yet", "证书还没有确认");
}

int
sb_call_seal(struct sb_call *c)
{
	char label[SB_ID_MAX * 2] = "", sha[SB_HEX_MAX] = "", *text = NULL;
	struct sb_lease l = { 0 };
	unsigned char *bytes = NULL;
	size_t n = 0;

	if (want_confirmed(c, &l) != 0)
		return -1;
	sb_text(c->db, label, sizeof label, "SELECT label FROM seal WHERE cert=?", "t", l.cert);
	sb_text(c->db, sha, sizeof sha, "SELECT sha FROM seal WHERE cert=?", "t", l.cert);
	bytes = sb_blob(c->db, &n, "SELECT bytes FROM seal WHERE cert=?", "t", l.cert);
	json_object_set_new(c->out, "seal", json_boolean(bytes != NULL));
	if (bytes != NULL && (text = ck_base64(bytes, n)) != NULL) {
		json_object_set_new(c->out, "label", json_string(label));
		json_object_set_new(c->out, "bytes", json_string(text));
		json_object_set_new(c->out, "sha256", json_string(sha));
	}
	free(text);
	free(bytes);
	return 0;
}

int
sb_call_seal_ack(struct sb_call *c)
{
	const char *sha = NULL, *result = NULL;
	struct sb_lease l = { 0 };

	if (want_confirmed(c, &l) != 0 || sb_want_text(c, "sha256", &sha) != 0 ||
	    sb_want_text(c, "result", &result) != 0)
		return -1;
	if (strcmp(result, "written") != 0 && strcmp(result, "not-written") != 0)
		return sb_refuse(c, "bad-request", "result");
	if (sb_int(c->db, 0, "SELECT sha=? FROM seal WHERE cert=?", "tt", sha, l.cert) == 0)
		return sb_refuse(c, "certificate-wrong", "不是这枚印章");
	return sb_exec(c->db, "UPDATE seal SET state=? WHERE cert=?", "tt", result, l.cert);
}
