/* The list of what can go wrong as a table, and how a first cause is kept. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "certkiosk/err.h"

/* raw text before filtering: marks that vanish make room for what stands behind them */
#define RAW_MAX (4 * CK_DETAIL_MAX)

static const struct ck_err_fact facts[] = {
#define CK_ERR(name, number, whose, key) { CK_E_##name, #name, CK_WHOSE_##whose, CK_KEY_##key },
#include "certkiosk/err.def"
#undef CK_ERR
};

#define N_FACTS ((int)(sizeof facts / sizeof *facts))

static const char *const whose_names[] = {
	[CK_WHOSE_CUSTOMER] = "customer",
	[CK_WHOSE_CLERK] = "clerk",
	[CK_WHOSE_SITE] = "site",
	[CK_WHOSE_CA] = "ca",
	[CK_WHOSE_PROGRAM] = "program",
};

__attribute__((format(printf, 4, 0))) static void
set(struct ck_err *err, enum ck_code code, unsigned long native, const char *fmt, va_list ap)
{
	char raw[RAW_MAX] = "";

	if (err == NULL || err->code != CK_E_NONE)
		return;
	/* a failure must never look like success, whatever the caller passed */
	err->code = code == CK_E_NONE ? CK_E_INTERNAL : code;
	err->native = native;
	vsnprintf(raw, sizeof raw, fmt, ap);
	ck_clean_str(err->detail, sizeof err->detail, raw);
}

int
ck_fail(struct ck_err *err, enum ck_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, code, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int
ck_fail_native(struct ck_err *err, enum ck_code code, unsigned long native, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, code, native, fmt, ap);
	va_end(ap);
	return -1;
}

const struct ck_err_fact *
ck_err_fact(int code)
{
	for (int i = 0; i < N_FACTS; i++)
		if ((int)facts[i].code == code)
			return &facts[i];
	return NULL;
}

const struct ck_err_fact *
ck_err_at(int i)
{
	return i >= 0 && i < N_FACTS ? &facts[i] : NULL;
}

const struct ck_err_fact *
ck_err_named(const char *name)
{
	for (int i = 0; i < N_FACTS; i++)
		if (strcmp(facts[i].name, name) == 0)
			return &facts[i];
	return NULL;
}

const char *
ck_whose_name(enum ck_whose whose)
{
	return whose_names[whose];
}
