#include "fetch.h"

#include "http.h"

static const struct ck_http_names names = {
	.unreachable = CK_E_STATUS_UNREACHABLE,
	.silent = CK_E_STATUS_SILENT,
	.garbage = CK_E_STATUS_GARBAGE,
};

int
ck_fetch(const struct ck_fetch *f, struct ck_buf *out, struct ck_err *err)
{
	struct ck_http_ask ask = {
		.url = f->url,
		.type = "application/ocsp-request",
		.body = f->question,
		.n = f->n,
		.names = &names,
		.max = f->question != NULL ? CK_OCSP_MAX : CK_CRL_MAX,
	};
	struct ck_http_reply reply = { .status = 0 };
	struct ck_http *h = NULL;
	int rc = -1;

	*out = (struct ck_buf){ .n = 0 };
	if (ck_http_open_public(f->ca_file, f->limit_ms, &h, err) != 0)
		return -1;
	rc = f->question != NULL ? ck_http_post(h, &ask, &reply, err)
				 : ck_http_get(h, &ask, &reply, err);
	if (rc == 0 && reply.status != 200)
		rc = ck_fail_native(err, CK_E_STATUS_REFUSED, (unsigned long)reply.status,
		    "%s: HTTP %d", f->url, reply.status);
	if (rc == 0) {
		*out = reply.body; /* handed over */
		reply.body = (struct ck_buf){ .n = 0 };
	}
	ck_http_reply_free(&reply);
	ck_http_close(h);
	return rc;
}
