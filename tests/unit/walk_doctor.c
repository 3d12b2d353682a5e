/* The doctor's judgement: lists of entries in, findings out. What must never be proposed is tried
 * over every combination, by the promise and not by a copy of the code. */
#include "t.h"

#include "pki_make.h"
#include "walk/doctor.h"

#define NOW 1790000000 /* 2026-09-21 */

static struct made good, old, other, ca, rsa;

static struct {
	struct ck_entries all;
	struct ck_origin origins[CK_ENTRIES_MAX];
	struct ck_token_info key;
	bool looked;
	struct ck_findings found;
} w;

static void
begin(void)
{
	free(w.found.at);
	memset(&w, 0, sizeof w);
	w.key = (struct ck_token_info){ .pin_set = true, .two_pairs = true };
	w.looked = true;
}

/* what: c(ertificate) p(rivate) P(ublic) d(eciphers) ?(private unknown); id 0 = none */
static struct ck_entry *
entry(char id, const char *what, const struct made *cert)
{
	struct ck_entry *e = &w.all.at[w.all.n++];

	*e = (struct ck_entry){ .id = { (unsigned char)id }, .id_len = id != 0, .label = "label" };
	if (strchr(what, 'p') != NULL)
		e->has_private = CK_HAS_YES;
	e->privates = e->has_private == CK_HAS_YES;
	if (strchr(what, '?') != NULL)
		e->has_private = CK_HAS_UNKNOWN;
	e->has_public = strchr(what, 'P') != NULL;
	e->may_decipher = strchr(what, 'd') != NULL;
	if (cert != NULL) {
		e->cert = cert->der;
		e->cert_len = cert->n;
		e->certs = 1;
		key_hash(cert->key, e->spki);
		e->has_spki = true;
	}
	return e;
}

static const char *
find(void)
{
	static char out[1024];
	struct ck_seen_key seen = { &w.all, w.origins, &w.key, w.looked, NOW };
	static const char *const acts[] = { "-", "look", "fetch", "install", "sweep", "clear",
		"drop" };
	struct ck_err err = { 0 };

	w.found.n = 0;
	if (ck_doctor_find(&seen, &w.found, &err) != 0)
		return "failed";
	out[0] = '\0';
	for (size_t i = 0; i < w.found.n; i++) {
		const struct ck_finding *f = &w.found.at[i];
		size_t n = strlen(out);

		snprintf(out + n, sizeof out - n, "%s%s/%s", n > 0 ? " " : "",
		    ck_found_words[f->kind], acts[f->act]);
	}
	return out;
}

static void
pairs(void)
{
	begin();
	T_STR(find(), "", "an empty key that was looked at");
	entry(1, "pP", &good);
	T_STR(find(), "", "a pair with its certificate");
	entry(0, "", &ca);
	T_STR(find(), "", "a CA's certificate needs no private key");
	begin();
	entry(1, "pP", NULL);
	T_STR(find(), "pair-without-certificate/-", "a pair whose public key nobody understands");
	w.all.at[0].has_spki = true;
	T_STR(find(), "pair-without-certificate/fetch", "a pair without certificate");
	w.origins[0].is = CK_LEFT_OVER;
	T_STR(find(), "pair-without-certificate/sweep", "one a record of ours left");
	w.origins[0].is = CK_OF_VISIT;
	T_STR(find(), "pair-of-open-record/-", "one of an open record");
	begin();
	entry(1, "p", NULL);
	T_STR(find(), "private-key-alone/-", "a private key alone");
	begin();
	entry(1, "P", NULL);
	T_STR(find(), "public-key-alone/-", "a public key alone");
	begin();
	entry(1, "pP", &good)->privates = 2;
	T_STR(find(), "two-pairs-one-id/-", "two pairs");
	begin();
	entry(1, "pP", NULL)->has_spki = true;
	entry(2, "", &good);
	memcpy(w.all.at[0].spki, w.all.at[1].spki, CK_HASH_LEN);
	T_STR(find(), "certificate-under-another-id/-", "its certificate stands elsewhere");
	w.origins[0].is = CK_LEFT_OVER;
	T_STR(find(), "certificate-under-another-id/-", "and then it is no left-over either");
}

static void
certificates(void)
{
	begin();
	entry(1, "", &good);
	T_STR(find(), "certificate-without-key/-", "a certificate without key");
	begin();
	entry(1, "pP", &good);
	entry(2, "pP", &old);
	T_STR(find(), "expired-certificate/-", "an expired one, the newer one good");
	w.all.at[0].has_private = CK_HAS_NO;
	w.all.at[0].privates = 0;
	T_STR(find(), "certificate-without-key/-", "the newer one has no key: nothing is outlived");
	begin();
	entry(1, "pP", &other);
	entry(2, "pP", &old);
	T_STR(find(), "", "an expired one, another's is good");
	begin();
	entry(1, "pP", &good)->certs = 2;
	entry(1, "pP", &rsa)->certs = 2;
	T_STR(find(), "two-certificates-one-id/-", "two under an id");
	begin();
	entry(1, "pP", &old)->certs = 2;
	entry(1, "pP", &good)->certs = 2;
	T_STR(find(), "expired-certificate/-", "two under an id, one of them is outlived");
	begin();
	entry(1, "pP", &good);
	w.all.at[0].cert_len /= 2;
	T_STR(find(), "not-understood/-", "half a certificate");
	begin();
	entry(1, "pP", NULL)->certs = 1;
	T_STR(find(), "not-understood/-", "an empty certificate");
}

static void
doubles(void)
{
	begin();
	entry(1, "pP", &good)->certs = 2;
	entry(1, "pP", &good)->certs = 2;
	T_STR(find(), "certificate-twice/-", "good, and twice");
	begin();
	entry(1, "pP", &old)->certs = 2;
	entry(1, "pP", &old)->certs = 2;
	T_STR(find(), "certificate-twice/drop", "expired, and twice");
	w.all.at[0].certs = w.all.at[1].certs = 3;
	T_STR(find(), "certificate-twice/-", "one more under the id that nobody can read");
	w.all.at[0].certs = w.all.at[1].certs = 2;
	w.origins[1].is = CK_OF_VISIT;
	T_STR(find(), "certificate-twice/-", "of an open record");
	for (int first = 0; first < 2; first++) {
		begin();
		entry(1, first ? "" : "pP", &old);
		entry(2, first ? "pP" : "", &old);
		T_STR(find(), "certificate-twice/drop", "under two ids");
		T(w.found.at[0].id[0] == (first ? 1 : 2), "the one without a key is to go");
	}
	begin();
	entry(1, "pP", &old);
	entry(2, "P", &old);
	T_STR(find(), "certificate-twice/-", "under two ids with something else each");
	begin();
	entry(1, "pP", &old);
	entry(0, "", &old);
	T_STR(find(), "certificate-twice/-", "one without an id can't be named");
}

static void
given_up(void)
{
	begin();
	entry(1, "pP", &other);
	entry(2, "pP", &good);
	w.origins[0].is = CK_LEFT_OVER;
	T_STR(find(), "given-up/-", "what a renewal given up left, and nobody says it is revoked");
	w.origins[0].revoked = true;
	T_STR(find(), "given-up/clear", "the desk says so");
	w.all.at[1].has_private = CK_HAS_UNKNOWN;
	T_STR(find(), "given-up/-", "but the other one may not sign");
	begin();
	entry(1, "pP", &other);
	w.origins[0] = (struct ck_origin){ .is = CK_LEFT_OVER, .revoked = true };
	T_STR(find(), "given-up/-", "but it is the only one");
	entry(2, "pP", &old);
	T_STR(find(), "given-up/-", "but the other one has expired");
	entry(1, "", &good);
	w.all.at[0].certs = w.all.at[2].certs = 2;
	T(strstr(find(), "clear") == NULL, "but there is another certificate under its id");
}

static void
the_whole(void)
{
	begin();
	w.looked = false;
	T_STR(find(), "needs-pin/look", "nothing shows");
	entry(1, "?P", NULL);
	entry(2, "?", &good);
	T_STR(find(), "needs-pin/look", "nothing is said of private keys that hide");
	w.key.tries.locked = true;
	T_STR(find(), "needs-pin/-", "and no PIN is proposed to a locked key");
	begin();
	w.looked = false;
	entry(1, "pP", &good);
	T_STR(find(), "", "a key that hides nothing is seen whole");
	w.all.more = true;
	T_STR(find(), "full/-", "more than we look at");
	w.all.more = false;
	w.key.memory_total = 65536;
	w.key.memory_free = CK_ROOM_FOR_RENEWAL - 1;
	T_STR(find(), "full/-", "no memory for a renewal");
	w.key.memory_free++;
	T_STR(find(), "", "just enough");
	w.key.two_pairs = false;
	T_STR(find(), "full/-", "a key for one pair");
}

/* Each flag of a record and of an entry: swept only what is surely ours and of no use. */
static void
left_over(void)
{
	long unsafe = 0, safe = 0;

	for (unsigned b = 0; b < 1u << 11; b++) {
		struct ck_made m = { .closed_unused = b & 1,
			.bound = b >> 1 & 1,
			.released = b >> 2 & 1,
			.confirmed = b >> 3 & 1,
			.swept = b >> 4 & 1,
			.has_spki = b >> 5 & 1 };
		struct ck_entry e = { .has_spki = b >> 6 & 1,
			.may_decipher = b >> 7 & 1,
			.certs = b >> 8 & 1,
			.privates = b >> 9 & 1 ? 2 : 1,
			.spki = { b >> 10 & 1 } };
		bool another = m.has_spki && e.has_spki && (b >> 10 & 1);
		bool swept = m.swept && !(m.has_spki && e.has_spki);
		bool bad = !m.closed_unused || m.confirmed || (m.bound && !m.released) || another ||
			   swept || e.may_decipher || e.privates > 1 ||
			   (e.certs > 0 && !(m.has_spki && e.has_spki));

		unsafe += bad && ck_is_left_over(&m, &e);
		safe += !bad && ck_is_left_over(&m, &e);
	}
	T(unsafe == 0, "nothing that could be another's or of use is a left-over");
	T(safe > 0, "what is a left-over is seen as one");
}

/* Whatever a key looks like: no act on what an open record needs, on a private key that deciphers
 * or has a certificate, or where not everything is seen. */
static void
never(void)
{
	const struct made *certs[] = { NULL, &good, &old };
	long tried = 0, broken = 0, cleared = 0;

	for (unsigned b = 0; b < 1u << 10; b++)
		for (int c = 0; c < 9; c++) {
			begin();
			for (int i = 0; i < 2; i++) {
				unsigned f = b >> (4 * i);
				char what[] = { f & 1 ? 'p' : '-', f & 2 ? 'P' : '-',
					f & 4 ? 'd' : '-', '\0' };

				entry((char)(1 + i), what, certs[i ? c / 3 : c % 3])->has_spki =
				    true;
				/* as the record's own judgement would say */
				w.origins[i].is = f & 8	  ? CK_OF_VISIT
						  : f & 4 ? CK_NOT_OURS
							  : CK_LEFT_OVER;
				w.origins[i].revoked = c > 4 && !(f & 4);
			}
			w.all.more = b >> 8 & 1;
			w.key.readonly = b >> 9 & 1;
			tried++;
			find();
			for (size_t i = 0; i < w.found.n; i++) {
				const struct ck_finding *f = &w.found.at[i];
				const struct ck_entry *e =
				    f->id_len > 0 ? &w.all.at[f->id[0] - 1] : NULL;

				if (f->act == CK_ACT_NONE)
					continue;
				broken += w.all.more || w.key.readonly || e == NULL ||
					  w.origins[f->id[0] - 1].is == CK_OF_VISIT;
				broken += f->act == CK_ACT_SWEEP && (e->certs || e->may_decipher);
				broken += f->act == CK_ACT_CLEAR &&
					  (!w.origins[f->id[0] - 1].revoked || e->may_decipher ||
					      w.all.at[2 - f->id[0]].cert != good.der ||
					      w.all.at[2 - f->id[0]].has_private != CK_HAS_YES);
				cleared += f->act == CK_ACT_CLEAR;
				broken += f->act == CK_ACT_DROP &&
					  (e->cert != old.der || e->has_private != CK_HAS_NO);
			}
		}
	T(tried == 9216 && broken == 0 && cleared > 0,
	    "no act is proposed where something could be lost");
}

int
main(void)
{
#define NAMED(n) .subject = { { .name = "C", .value = "CN" }, { .name = "CN", .value = n } }
	good = make_cert(&(struct spec){ NAMED("Zhang") });
	old = make_cert(&(struct spec){ NAMED("ZHANG "), .to = "260101000000Z", .serial = "07" });
	other = make_cert(&(struct spec){ NAMED("Li") });
	rsa = make_cert(&(struct spec){ NAMED("Zhang"), .key = rsa_key(2048), .serial = "09" });
	ca = make_cert(&(struct spec){
	    NAMED("CA"), .exts = { { .name = "basicConstraints", .value = "critical,CA:TRUE" } } });
	pairs();
	certificates();
	doubles();
	given_up();
	the_whole();
	left_over();
	never();
	free(w.found.at);
	EVP_PKEY_free(rsa.key);
	made_free(&good);
	made_free(&old);
	made_free(&other);
	made_free(&rsa);
	made_free(&ca);
	return T_END();
}
