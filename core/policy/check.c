/* What is right by itself but not together. */
#include <string.h>

#include "policy/read.h"

static int
check_window(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *window = NULL;

	if (ck_conf_group(root, "window", true, &window, err) != 1)
		return -1;
	if (p->unit == CK_UNIT_MONTHS && p->before > CK_MONTHS_MAX)
		return ck_conf_wrong(window, "before", err, "more than %d months", CK_MONTHS_MAX);
	if (p->unit == CK_UNIT_MONTHS && p->after > CK_MONTHS_MAX)
		return ck_conf_wrong(window, "after", err, "more than %d months", CK_MONTHS_MAX);
	if (p->ends_with_certificate && p->after != 0)
		return ck_conf_wrong(
		    window, "after", err, "must be 0 where ends_with_certificate is true");
	return 0;
}

static bool
old_key_signs(const struct ck_policy *p)
{
	return p->enrol == CK_CA_KUR || p->enrol == CK_CA_EST_RENEW;
}

/* The days after the end are none for a key that has to sign, nor are the hours of the last day. */
static int
check_enrol(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	if (!old_key_signs(p) || p->ends_with_certificate)
		return 0;
	return ck_conf_wrong(root, "enrol", err,
	    "\"%s\" needs ends_with_certificate to be true: the old key signs only while its "
	    "certificate is valid",
	    ck_enrol_name(p->enrol));
}

static int
check_pin(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	static const char *const names[] = {
		[CK_WAY_SELF] = "self",
		[CK_WAY_ON_BEHALF] = "on_behalf",
	};
	const struct ck_conf_at *pin = NULL;

	if (ck_conf_group(root, "pin_after", true, &pin, err) != 1)
		return -1;
	for (int w = CK_WAY_SELF; w <= CK_WAY_ON_BEHALF; w++)
		if (p->pin_after[w] == CK_PIN_ENVELOPE && p->authorise != CK_AUTH_ENVELOPE)
			return ck_conf_wrong(pin, names[w], err,
			    "there is no envelope: authorise is not \"envelope\"");
	return 0;
}

/* Ten years are the most whatever they are counted in. */
static int
check_term(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	static const int most[] = {
		[CK_UNIT_MONTHS] = CK_MONTHS_MAX,
		[CK_UNIT_DAYS] = CK_DAYS_MAX,
		[CK_UNIT_YEARS] = CK_YEARS_MAX,
	};
	static const char *const units[] = {
		[CK_UNIT_MONTHS] = "months",
		[CK_UNIT_DAYS] = "days",
		[CK_UNIT_YEARS] = "years",
	};
	const struct ck_conf_at *term = NULL;

	if (p->term.length <= most[p->term.unit])
		return 0;
	if (ck_conf_group(root, "term", true, &term, err) != 1)
		return -1;
	return ck_conf_wrong(
	    term, "length", err, "more than %d %s", most[p->term.unit], units[p->term.unit]);
}

static int
check_names(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	if (!ck_looks_oid(p->unique_id))
		return ck_conf_wrong(
		    root, "unique_id", err, "\"%s\" is no object identifier", p->unique_id);
	if (p->form[0] != '\0' && !ck_good_id(p->form, strlen(p->form)))
		return ck_conf_wrong(root, "form", err,
		    "expected a form's name: small letters, digits, hyphens, found \"%s\"",
		    p->form);
	return 0;
}

/* Nothing can be signed by an old key that need not be there. */
static int
check_download(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	if (!p->ways[CK_WAY_DOWNLOAD])
		return 0;
	if (old_key_signs(p))
		return ck_conf_wrong(root, "ways", err,
		    "\"download\" cannot be enrolled by \"%s\": the old key would have to sign",
		    ck_enrol_name(p->enrol));
	if (p->order.form_before)
		return ck_conf_wrong(root, "ways", err,
		    "\"download\" cannot have its form before: the old key would have to sign it");
	return 0;
}

int
ck_policy_check(const struct ck_conf_at *root, const struct ck_policy *p, struct ck_err *err)
{
	if (check_names(root, p, err) != 0 || check_window(root, p, err) != 0 ||
	    check_term(root, p, err) != 0 || check_enrol(root, p, err) != 0)
		return -1;
	return check_pin(root, p, err) != 0 ? -1 : check_download(root, p, err);
}
