#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/policy.h"
#include "policy/window.h"

/* ---- class ---- */

/* Does the certificate carry it, with this value where one is asked for? */
static bool
carries(const struct ck_cert_facts *f, const char *oid, const char *value)
{
	for (size_t i = 0; i < f->n_oids; i++)
		if (strcmp(f->oids[i].oid, oid) == 0 &&
		    (value[0] == '\0' || strcmp(f->oids[i].value, value) == 0))
			return true;
	return false;
}

static bool
bears(const struct ck_cert_facts *f, const struct ck_trait *m)
{
	return (m->issuer[0] == '\0' || strcmp(m->issuer, f->issuer) == 0) &&
	       (m->oid[0] == '\0' || carries(f, m->oid, m->value));
}

enum ck_class
ck_policy_class(const struct ck_policy *p, const struct ck_cert_facts *f)
{
	for (size_t i = 0; i < p->n_class_rules; i++)
		if (bears(f, &p->class_rules[i].trait))
			return p->class_rules[i].is;
	if (f->server)
		return CK_CLASS_SERVER;
	return f->organisation ? CK_CLASS_ORG : CK_CLASS_PERSON;
}

static bool
of_system(const struct ck_policy *p, const struct ck_cert_facts *f)
{
	for (size_t i = 0; i < p->n_only; i++)
		if (bears(f, &p->only[i]))
			return true;
	return p->n_only == 0;
}

const char *
ck_policy_unique_id(const struct ck_policy *p, const struct ck_cert_facts *f)
{
	for (size_t i = 0; i < f->n_oids; i++)
		if (strcmp(f->oids[i].oid, p->unique_id) == 0 && f->oids[i].value[0] != '\0')
			return f->oids[i].value;
	return NULL;
}

/* ---- verdict ---- */

/* The sentence holds dates and words of ours only, never text of the certificate. */
__attribute__((format(printf, 4, 5))) static void
say(struct ck_verdict *v, const char *rule, enum ck_code code, const char *fmt, ...)
{
	va_list ap;

	v->rule = rule;
	v->code = code;
	v->eligible = code == CK_E_NONE;
	va_start(ap, fmt);
	vsnprintf(v->reason, sizeof v->reason, fmt, ap);
	va_end(ap);
}

/* "from 2026-11-20 to 2027-01-20" or "from 2018-07-04 until the certificate's end at …" */
static void
window_text(const struct ck_window *w, char *out, size_t cap)
{
	char first[CK_DATE_LEN] = "", last[CK_DATE_LEN] = "", end[CK_TIME_LEN] = "";

	ck_date_text(w->first, first);
	ck_date_text(w->last, last);
	ck_time_text(w->end, end);
	if (w->has_end)
		snprintf(out, cap, "from %s until the certificate's end at %s", first, end);
	else
		snprintf(out, cap, "from %s to %s, first and last day included", first, last);
}

static void
tell_end(const struct ck_policy *p, const struct ck_cert_facts *f, struct ck_moment when,
    struct ck_verdict *v)
{
	bool day = when.whole_day && p->term.rule == CK_TERM_FROM_NOW;
	int64_t now = when.whole_day ? ck_day_start(when.day) : when.at;
	int64_t end = ck_policy_new_end(p, f->not_after, now);

	v->tells_end = p->term.rule != CK_TERM_DESK;
	if (v->tells_end)
		v->new_end =
		    (struct ck_moment){ .whole_day = day, .day = ck_day_of(end), .at = end };
}

static void
judge_time(const struct ck_cert_facts *f, struct ck_moment when, const struct ck_window *w,
    struct ck_verdict *v)
{
	char moment[CK_TIME_LEN] = "", begin[CK_TIME_LEN] = "", window[128] = "";

	ck_moment_text(when, moment);
	ck_time_text(f->not_before, begin);
	window_text(w, window, sizeof window);
	if (ck_moment_before_instant(when, f->not_before))
		say(v, "not-yet-valid", CK_E_NOT_YET_VALID,
		    "The certificate is valid only from %s; %s is before that.", begin, moment);
	else if (ck_moment_before(when, w->first))
		say(v, "window", CK_E_TOO_EARLY,
		    "The certificate may be renewed %s; %s is too early.", window, moment);
	else if (ck_moment_past(when, w))
		say(v, "window", CK_E_TOO_LATE,
		    "The certificate may be renewed %s; %s is too late.", window, moment);
	else
		say(v, "eligible", CK_E_NONE, "The certificate may be renewed %s.", window);
}

/* Is it one that the system serves at all? */
static bool
judge_kind(const struct ck_policy *p, const struct ck_cert_facts *f, struct ck_verdict *v)
{
	struct ck_window w = ck_window_of(p, f);

	memset(v, 0, sizeof *v);
	v->class = ck_policy_class(p, f);
	v->first_day = w.first;
	v->last_day = w.last;
	if (!p->serves[v->class] && v->class == CK_CLASS_SERVER)
		say(v, "server-certificate", CK_E_SERVER_CERT,
		    "It is a server certificate, which %s does not renew.", p->id);
	else if (!of_system(p, f))
		say(v, "other-system", CK_E_OTHER_SYSTEM,
		    "It is a certificate of another system than %s, which renews its own alone.",
		    p->id);
	else if (!p->serves[v->class])
		say(v, "class", CK_E_CLASS_NOT_SERVED,
		    "It is a certificate of class %s, which %s does not renew.",
		    ck_class_name(v->class), p->id);
	return v->rule == NULL;
}

void
ck_policy_judge(const struct ck_policy *p, const struct ck_cert_facts *f, struct ck_moment when,
    struct ck_verdict *v)
{
	struct ck_window w = ck_window_of(p, f);

	if (judge_kind(p, f, v))
		judge_time(f, when, &w, v);
	if (v->eligible)
		tell_end(p, f, when, v);
}

void
ck_policy_judge_download(const struct ck_policy *p, const struct ck_cert_facts *f,
    struct ck_moment when, struct ck_verdict *v)
{
	if (judge_kind(p, f, v))
		say(v, "eligible", CK_E_NONE,
		    "The certificate may be made anew: the authority gave out codes for it.");
	if (v->eligible)
		tell_end(p, f, when, v);
}

/* ---- kind of the new key ---- */

/* the kind that is no weaker than the old certificate's; false for algorithms we do not make */
static bool
kind_of(const struct ck_cert_facts *old, enum ck_keytype *kind)
{
	if (old->alg == CK_ALG_P256)
		*kind = CK_KEY_P256;
	else if (old->alg == CK_ALG_RSA)
		*kind = old->bits > 2048 ? CK_KEY_RSA3072 : CK_KEY_RSA2048;
	return old->alg == CK_ALG_P256 || old->alg == CK_ALG_RSA;
}

int
ck_policy_keytype(const struct ck_policy *p, const struct ck_cert_facts *old, bool rsa2048,
    bool rsa3072, bool p256, enum ck_keytype *out, struct ck_err *err)
{
	const bool makes[] = {
		[CK_KEY_RSA2048] = rsa2048,
		[CK_KEY_RSA3072] = rsa3072,
		[CK_KEY_P256] = p256,
	};
	enum ck_keytype wanted = CK_KEY_RSA2048;
	bool as_old = p->keytype_as_old && kind_of(old, &wanted);
	char listed[64] = "";
	size_t n = 0;

	for (size_t i = 0; as_old && i < p->n_keytypes; i++)
		if (p->keytypes[i] == wanted && makes[wanted]) {
			*out = wanted;
			return 0;
		}
	for (size_t i = 0; i < p->n_keytypes; i++)
		if (makes[p->keytypes[i]]) {
			*out = p->keytypes[i];
			return 0;
		}
	for (size_t i = 0; i < p->n_keytypes; i++)
		n += (size_t)snprintf(listed + n, sizeof listed - n, "%s%s", i > 0 ? ", " : "",
		    ck_keytype_name(p->keytypes[i]));
	return ck_fail(err, CK_E_KEY_UNSUITABLE, "the key can make none of %s", listed);
}
