/* Double certificates: which signing and which encryption certificate make one unit. */
#include "pki/double.h"

#include "pki_make.h"
#include "t.h"

#define MANY 6

#define SIGN "digitalSignature,nonRepudiation"
#define ENC "keyEncipherment,dataEncipherment,keyAgreement"

enum kind { SM2, P256, RSA_, KINDS };

struct card {
	const char *usage; /* NULL: no key usage at all; "": bytes that are no certificate */
	const char *years; /* "23 25": from and to; NULL: 25 and 26 */
	const char *cn;	   /* NULL: user */
	enum kind kind;
	int by; /* which CA */
};

static const struct {
	const char *what;
	struct card cards[MANY];
	const char *of; /* for each the other one's place, or - */
} table[] = {
	{ "signing and encryption", { { .usage = SIGN }, { .usage = ENC } }, "10" },
	{ "the other way round", { { .usage = ENC }, { .usage = SIGN } }, "10" },
	{ "one usage each will do", { { .usage = "nonRepudiation" }, { .usage = "keyAgreement" } },
	    "10" },
	{ "one alone", { { .usage = SIGN } }, "-" },
	{ "two of a kind", { { .usage = SIGN }, { .usage = SIGN } }, "--" },
	{ "two customers", { { .usage = SIGN }, { .usage = ENC, .cn = "another" } }, "--" },
	{ "a name written otherwise",
	    { { .usage = SIGN, .cn = "Li  Si" }, { .usage = ENC, .cn = "li si" } }, "10" },
	{ "two CAs", { { .usage = SIGN }, { .usage = ENC, .by = 1 } }, "--" },
	{ "one that does both", { { .usage = SIGN "," ENC }, { .usage = ENC }, { .usage = SIGN } },
	    "-21" },
	{ "one that does not say", { { .usage = NULL }, { .usage = ENC } }, "--" },
	{ "a CA's own", { { .usage = "digitalSignature,keyCertSign" }, { .usage = ENC } }, "--" },
	{ "SM2 and RSA", { { .usage = SIGN }, { .usage = ENC, .kind = RSA_ } }, "--" },
	{ "SM2 and P-256", { { .usage = SIGN }, { .usage = ENC, .kind = P256 } }, "--" },
	{ "a unit of each",
	    { { .usage = SIGN, .kind = RSA_ }, { .usage = SIGN }, { .usage = ENC },
		{ .usage = ENC, .kind = RSA_ } },
	    "3210" },
	{ "two generations",
	    { { .usage = SIGN, .years = "23 24" }, { .usage = SIGN, .years = "24 25" },
		{ .usage = ENC, .years = "24 25" }, { .usage = ENC, .years = "23 24" } },
	    "3210" },
	{ "days that differ a little",
	    { { .usage = SIGN, .years = "23 26" }, { .usage = ENC, .years = "24 26" } }, "10" },
	{ "an old one for what was enciphered then",
	    { { .usage = ENC, .years = "23 24" }, { .usage = SIGN, .years = "24 25" },
		{ .usage = ENC, .years = "24 25" } },
	    "-21" },
	{ "a renewed one whose encryption certificate stayed",
	    { { .usage = SIGN, .years = "23 24" }, { .usage = SIGN, .years = "25 26" },
		{ .usage = ENC, .years = "23 24" } },
	    "2-0" },
	{ "two that fit alike", { { .usage = SIGN }, { .usage = SIGN }, { .usage = ENC } }, "---" },
	{ "two that fit alike, and one better",
	    { { .usage = SIGN, .years = "22 23" }, { .usage = SIGN, .years = "22 23" },
		{ .usage = SIGN, .years = "24 25" }, { .usage = ENC, .years = "24 25" } },
	    "--32" },
	{ "something unreadable between", { { .usage = SIGN }, { .usage = "" }, { .usage = ENC } },
	    "2-0" },
};

static struct made ca[2];
static EVP_PKEY *keys[KINDS];

static struct made
make(const struct card *c)
{
	char from[16] = "250101000000Z", to[16] = "260101000000Z";
	struct spec s = {
		.subject = { { .name = "CN", .value = c->cn != NULL ? c->cn : "user" } },
		.by = &ca[c->by],
		.key = keys[c->kind],
		.sm2_id = CK_SM2_ID,
		.from = from,
		.to = to,
	};

	if (c->years != NULL) {
		memcpy(from, c->years, 2);
		memcpy(to, c->years + 3, 2);
	}
	if (c->usage != NULL)
		s.exts[0] = (struct part){ .name = "keyUsage", .value = c->usage };
	return make_cert(&s);
}

static void
try(const char *what, const struct card *cards, const char *want)
{
	struct made made[MANY] = { { .x = NULL } };
	struct ck_cert_der all[MANY];
	char got[MANY + 1] = "";
	size_t n = strlen(want);
	int of[MANY];

	for (size_t i = 0; i < n; i++) {
		all[i] = (struct ck_cert_der){ (const unsigned char *)"0", 1 };
		if (cards[i].usage != NULL && cards[i].usage[0] == '\0')
			continue;
		made[i] = make(&cards[i]);
		all[i] = (struct ck_cert_der){ made[i].der, made[i].n };
	}
	if (ck_couples(all, n, of, NULL) != 0)
		made_stop(what);
	for (size_t i = 0; i < n; i++)
		got[i] = of[i] == CK_ALONE ? '-' : (char)('0' + of[i]);
	T_STR(got, want, "%s", what);
	for (size_t i = 0; i < n; i++)
		made_free(&made[i]);
}

int
main(void)
{
	struct spec s = { .subject = { { .name = "CN", .value = "CA" } }, .sm2_id = CK_SM2_ID };

	keys[SM2] = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	keys[P256] = EVP_EC_gen("P-256");
	keys[RSA_] = rsa_key(1024);
	s.key = keys[SM2];
	ca[0] = make_cert(&s);
	s.subject[0].value = "Other CA";
	ca[1] = make_cert(&s);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		try(table[i].what, table[i].cards, table[i].of);
	T(ck_couples(NULL, 0, NULL, NULL) == 0, "of none");
	for (int i = 0; i < KINDS; i++)
		EVP_PKEY_free(keys[i]);
	made_free(&ca[0]);
	made_free(&ca[1]);
	return T_END();
}
