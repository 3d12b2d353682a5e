/* The names by which facts and questions go over the link, into records and out as JSON. */
#include <stdio.h>
#include <string.h>

#include "certkiosk/ask.h"
#include "certkiosk/facts.h"

static const char *const class_names[] = {
	[CK_CLASS_PERSON] = "person",
	[CK_CLASS_ORG] = "organisation",
	[CK_CLASS_SERVER] = "server",
};

static const char *const keytype_names[] = {
	[CK_KEY_RSA2048] = "rsa2048",
	[CK_KEY_RSA3072] = "rsa3072",
	[CK_KEY_P256] = "p256",
};

const char *const ck_field_kind_names[] = {
	[CK_FIELD_TEXT] = "text",
	[CK_FIELD_SECRET] = "secret",
	[CK_FIELD_CHOICE] = "choice",
	[CK_FIELD_YES] = "yes",
};

const char *const ck_outcome_names[] = {
	[CK_END_DONE] = "done",
	[CK_END_PARKED] = "parked",
	[CK_END_REFUSED] = "refused",
	[CK_END_ABANDONED] = "abandoned",
	[CK_END_FAILED] = "failed",
	[CK_END_USAGE] = "usage",
};

const int ck_outcome_status[] = {
	[CK_END_DONE] = 0,
	[CK_END_PARKED] = 3,
	[CK_END_REFUSED] = 4,
	[CK_END_ABANDONED] = 5,
	[CK_END_FAILED] = 1,
	[CK_END_USAGE] = 2,
};

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

static int
find(const char *const *names, int n, const char *name)
{
	for (int i = 0; name != NULL && i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const char *
ck_class_name(enum ck_class c)
{
	return class_names[c];
}

void
ck_alg_text(const struct ck_cert_facts *f, char out[CK_ALG_TEXT_MAX])
{
	static const char *const names[] = {
		[CK_ALG_OTHER] = "?",
		[CK_ALG_RSA] = "RSA",
		[CK_ALG_P256] = "P-256",
		[CK_ALG_SM2] = "SM2",
	};

	if (f->alg == CK_ALG_P256 || f->alg == CK_ALG_SM2)
		snprintf(out, CK_ALG_TEXT_MAX, "%s", names[f->alg]);
	else
		snprintf(out, CK_ALG_TEXT_MAX, "%s %d", names[f->alg], f->bits);
}

const char *
ck_keytype_name(enum ck_keytype k)
{
	return keytype_names[k];
}

int
ck_keytype_from(const char *name)
{
	return find(keytype_names, COUNT(keytype_names), name);
}

int
ck_outcome_from(const char *name)
{
	return find(ck_outcome_names, COUNT(ck_outcome_names), name);
}
