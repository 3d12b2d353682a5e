/* The encryption pair a CA sends, wrapped for the signing pair: what is taken, what it then says,
 * and all that must be refused before it reaches a key. */
#include <openssl/core_names.h>
#include <openssl/rand.h>

#include "pki/double.h"
#include "pki/sm2.h"

#include "pki_make.h"
#include "t.h"

#define MAX 512 /* an envelope has 250 bytes, a blob 400 */

static EVP_PKEY *signs, *enciphers, *stranger;
static unsigned char ours[CK_SM2_POINT], d[CK_SM2_HALF]; /* of signs; of enciphers */
static struct ck_err err;

/* ---- what a key centre does ---- */

struct bytes {
	unsigned char p[MAX];
	size_t n;
};

static void
add(struct bytes *to, const void *p, size_t n)
{
	if (to->n + n > MAX)
		made_stop("so long a thing");
	memcpy(to->p + to->n, p, n);
	to->n += n;
}

static void
add_tlv(struct bytes *to, unsigned char tag, const void *p, size_t n)
{
	const unsigned char head[] = { tag, 0x82, (unsigned char)(n >> 8), (unsigned char)n };
	const unsigned char middle[] = { tag, 0x81, (unsigned char)n },
			    little[] = { tag, (unsigned char)n };

	if (n < 0x80)
		add(to, little, sizeof little);
	else if (n < 0x100)
		add(to, middle, sizeof middle);
	else
		add(to, head, sizeof head);
	add(to, p, n);
}

/* each a member of the SEQUENCE, whole */
struct envelope {
	struct bytes alg, wrap, pub, half;
};

static void
sm4(const unsigned char key[CK_WRAP_KEY], const unsigned char *in, int n, int seals,
    unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done = 0;

	if (EVP_CipherInit_ex(ctx, EVP_sm4_ecb(), NULL, key, NULL, seals) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	    EVP_CipherUpdate(ctx, out, &done, in, n) != 1 || done != n)
		made_stop("SM4");
	EVP_CIPHER_CTX_free(ctx);
}

static void
bits(struct bytes *to, unsigned char unused, const void *p, size_t n)
{
	struct bytes v = { .n = 0 };

	add(&v, &unused, 1);
	add(&v, p, n);
	to->n = 0;
	add_tlv(to, 0x03, v.p, v.n);
}

static void
algorithm(struct envelope *e, const char *oid, bool null)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);
	unsigned char *der = NULL;
	int n = i2d_ASN1_OBJECT(o, &der);
	struct bytes v = { .n = 0 };

	add(&v, der, (size_t)n);
	if (null)
		add(&v, "\x05\x00", 2);
	e->alg.n = 0;
	add_tlv(&e->alg, 0x30, v.p, v.n);
	OPENSSL_free(der);
	ASN1_OBJECT_free(o);
}

/* OpenSSL's ciphertext is an SM2Cipher */
static void
wrap(struct bytes *to, EVP_PKEY *whom, const unsigned char key[CK_WRAP_KEY])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(whom, NULL);

	to->n = MAX;
	if (EVP_PKEY_encrypt_init(ctx) != 1 ||
	    EVP_PKEY_encrypt(ctx, to->p, &to->n, key, CK_WRAP_KEY) != 1)
		made_stop("a wrapped key");
	EVP_PKEY_CTX_free(ctx);
}

static struct envelope
envelope(void)
{
	unsigned char key[CK_WRAP_KEY], half[CK_SM2_HALF], point[1 + CK_SM2_POINT] = { 4 };
	struct envelope e = { .alg.n = 0 };

	if (RAND_bytes(key, sizeof key) != 1 || ck_sm2_point(enciphers, point + 1) != 0)
		made_stop("a key");
	sm4(key, d, sizeof d, 1, half);
	algorithm(&e, "1.2.156.10197.1.104.1", false);
	wrap(&e.wrap, signs, key);
	bits(&e.pub, 0, point, sizeof point);
	bits(&e.half, 0, half, sizeof half);
	return e;
}

static struct bytes
der_of(const struct envelope *e)
{
	struct bytes v = { .n = 0 }, der = { .n = 0 };

	add(&v, e->alg.p, e->alg.n);
	add(&v, e->wrap.p, e->wrap.n);
	add(&v, e->pub.p, e->pub.n);
	add(&v, e->half.p, e->half.n);
	add_tlv(&der, 0x30, v.p, v.n);
	return der;
}

static enum ck_code
read_der(const struct envelope *e, struct ck_wrapped_key *w)
{
	struct bytes der = der_of(e);

	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_wrapped_from_der(der.p, der.n, w, &err) == 0 ? CK_E_NONE : err.code;
}

/* ---- what a key does with it ---- */

static bool
unwraps(const struct ck_wrapped_key *w, EVP_PKEY *key)
{
	unsigned char sm4_key[CK_WRAP_KEY], back[CK_SM2_HALF];
	struct bytes v = { .n = 0 }, der = { .n = 0 };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t n = sizeof sm4_key;
	bool good = false;

	for (int i = 0; i < 2; i++) {
		BIGNUM *bn = BN_bin2bn(w->wrap_point + i * CK_SM2_HALF, CK_SM2_HALF, NULL);
		ASN1_INTEGER *number = BN_to_ASN1_INTEGER(bn, NULL);
		unsigned char *p = NULL;
		int len = i2d_ASN1_INTEGER(number, &p);

		add(&v, p, (size_t)len);
		OPENSSL_free(p);
		ASN1_INTEGER_free(number);
		BN_free(bn);
	}
	add_tlv(&v, 0x04, w->wrap_hash, sizeof w->wrap_hash);
	add_tlv(&v, 0x04, w->wrap_key, sizeof w->wrap_key);
	add_tlv(&der, 0x30, v.p, v.n);
	if (EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_decrypt(ctx, sm4_key, &n, der.p, der.n) == 1 && n == sizeof sm4_key) {
		sm4(sm4_key, w->half + CK_SM2_HALF, CK_SM2_HALF, 0, back);
		good = memcmp(back, d, sizeof d) == 0;
	}
	ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	return good;
}

static void
test_good(void)
{
	struct envelope e = envelope();
	unsigned char point[CK_SM2_POINT], whole[2 * CK_SM2_HALF], *half = e.half.p + 3;
	struct ck_wrapped_key w, again;

	ck_sm2_point(enciphers, point);
	T(read_der(&e, &w) == CK_E_NONE && w.cipher == CK_SGD_SM4_ECB &&
		memcmp(w.point, point, sizeof point) == 0,
	    "an envelope is read: %s", err.detail);
	T(unwraps(&w, signs), "and what was read unwraps to the private half");
	T(!unwraps(&w, stranger), "for the signing pair alone");
	algorithm(&e, "1.2.156.10197.1.104", false);
	T(read_der(&e, &again) == CK_E_NONE && memcmp(&w, &again, sizeof w) == 0,
	    "SM4 without its mode is the same");
	algorithm(&e, "1.2.156.10197.1.104.1", true);
	T(read_der(&e, &again) == CK_E_NONE && memcmp(&w, &again, sizeof w) == 0,
	    "and so with NULL behind it");
	memset(whole, 7, sizeof whole);
	memcpy(whole + CK_SM2_HALF, half, CK_SM2_HALF);
	bits(&e.half, 0, whole, sizeof whole);
	T(read_der(&e, &again) == CK_E_NONE && memcmp(again.half, whole, sizeof whole) == 0 &&
		unwraps(&again, signs),
	    "a private half of 64 bytes stays as it is");
}

/* ---- SM2EnvelopedKey that is none ---- */

static void
refused(const struct envelope *e, const char *what)
{
	struct ck_wrapped_key w;

	T(read_der(e, &w) == CK_E_ENC_KEY_GARBAGE, "refused: %s (%s)", what, err.detail);
}

static void
test_shape(void)
{
	const struct envelope good = envelope();
	struct envelope e = good;
	unsigned char point[1 + CK_SM2_POINT] = { 4 }, zero[2 * CK_SM2_HALF] = { 0 };

	ck_sm2_point(enciphers, point + 1);
	algorithm(&e, "1.2.156.10197.1.104.2", false);
	refused(&e, "SM4 in CBC");
	algorithm(&e, "2.16.840.1.101.3.4.1.1", false);
	refused(&e, "AES");
	algorithm(&e, "1.2.156.10197.1.102", false);
	refused(&e, "SM1, which comes as a blob");
	e = good;
	e.pub = good.half;
	e.half = good.pub;
	refused(&e, "the halves swapped");
	e = good;
	e.wrap = good.pub;
	e.pub = good.wrap;
	refused(&e, "members swapped");
	e = good;
	bits(&e.pub, 0, point + 1, CK_SM2_POINT);
	refused(&e, "a point without its form");
	point[0] = 3;
	bits(&e.pub, 0, point, 1 + CK_SM2_HALF);
	refused(&e, "a compressed point");
	point[0] = 4;
	point[CK_SM2_POINT] ^= 1;
	bits(&e.pub, 0, point, sizeof point);
	refused(&e, "a point off the curve");
	bits(&e.pub, 0, zero, sizeof zero);
	refused(&e, "no point");
	e = good;
	bits(&e.half, 0, zero, CK_SM2_HALF);
	refused(&e, "a private half of zeros");
	bits(&e.half, 0, point, CK_SM2_HALF - 1);
	refused(&e, "a private half that is short");
	bits(&e.half, 0, point, CK_SM2_HALF + 1);
	refused(&e, "a private half that is long");
	bits(&e.half, 1, zero, CK_SM2_HALF);
	refused(&e, "bits that are no bytes");
	e = good;
	e.alg.n = 0;
	refused(&e, "no algorithm");
	e = good;
	add(&e.half, "\x05\x00", 2);
	refused(&e, "something behind, inside");
}

/* the members of an SM2Cipher with these coordinates */
static void
coordinates(struct envelope *e, const char *x, size_t x_n, const char *y, size_t y_n)
{
	const unsigned char some[CK_SM2_E] = { 1 };
	struct bytes v = { .n = 0 };

	add_tlv(&v, 0x02, x, x_n);
	add_tlv(&v, 0x02, y, y_n);
	add_tlv(&v, 0x04, some, CK_SM2_E);
	add_tlv(&v, 0x04, some, CK_WRAP_KEY);
	e->wrap.n = 0;
	add_tlv(&e->wrap, 0x30, v.p, v.n);
}

static void
test_numbers(void)
{
	/* G, whose y has its high bit set and needs a zero in front, whose x has not */
	static const char x[] = "\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94"
				"\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7",
			  y[] = "\x00"
				"\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53"
				"\xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0";
	struct envelope e = envelope();
	struct ck_wrapped_key w;
	char padded[34] = { 0 };

	coordinates(&e, x, 32, y, 33);
	T(read_der(&e, &w) == CK_E_NONE && memcmp(w.wrap_point, x, 32) == 0 &&
		memcmp(w.wrap_point + 32, y + 1, 32) == 0,
	    "coordinates are numbers");
	coordinates(&e, x, 32, y + 1, 32);
	refused(&e, "a negative coordinate");
	memcpy(padded + 1, x, 32);
	coordinates(&e, padded, 33, y, 33);
	refused(&e, "a zero it does not need");
	padded[0] = 1;
	coordinates(&e, padded, 33, y, 33);
	refused(&e, "a coordinate of 33 bytes");
	coordinates(&e, "", 0, y, 33);
	refused(&e, "a coordinate of none");
	coordinates(&e, x, 31, y, 33);
	refused(&e, "a wrapping point off the curve");
}

/* ---- cut and altered anywhere ---- */

typedef int reader(const unsigned char *, size_t, struct ck_wrapped_key *, struct ck_err *);

static void
test_torn(const char *what, const struct bytes *good, reader *from, size_t indifferent)
{
	struct ck_wrapped_key w;
	size_t taken = 0;

	for (size_t i = 0; i < good->n; i++) {
		unsigned char *torn = malloc(i + 1);

		memcpy(torn, good->p, i);
		err = (struct ck_err){ .code = CK_E_NONE };
		taken += from(torn, i, &w, &err) == 0 || err.code != CK_E_ENC_KEY_GARBAGE;
		free(torn);
	}
	T(taken == 0, "%s cut short at any of %zu bytes", what, good->n);
	for (size_t i = 0; i < good->n; i++) {
		struct bytes bad = *good;

		bad.p[i] ^= 1;
		err = (struct ck_err){ .code = CK_E_NONE };
		taken += from(bad.p, bad.n, &w, &err) == 0;
	}
	T(taken == indifferent, "%s altered: only what is enciphered may be anything (%zu)", what,
	    taken);
}

static void
test_der_torn(void)
{
	struct envelope e = envelope();
	struct bytes der = der_of(&e), more = der;

	/* SM4 with the mode is not SM4 with another one by one bit */
	test_torn("an envelope", &der, ck_wrapped_from_der, CK_SM2_HALF + CK_SM2_E + CK_WRAP_KEY);
	add(&more, "", 1);
	err = (struct ck_err){ .code = CK_E_NONE };
	struct ck_wrapped_key w;
	T(ck_wrapped_from_der(more.p, more.n, &w, &err) == -1 && err.code == CK_E_ENC_KEY_GARBAGE,
	    "a byte behind an envelope");
	T(ck_wrapped_from_der((const unsigned char *)"\x30\x80\x00\x00", 4, &w, &err) == -1 &&
		ck_wrapped_from_der(
		    (const unsigned char *)"\x30\x84\xff\xff\xff\xff", 6, &w, &err) == -1 &&
		ck_wrapped_from_der((const unsigned char *)"\x30\x81\x01\x00", 4, &w, &err) == -1 &&
		ck_wrapped_from_der((const unsigned char *)"\x30\x82\x00\x01\x00", 5, &w, &err) ==
		    -1,
	    "lengths that are none");
}

/* ---- ENVELOPEDKEYBLOB ---- */

struct numbers {
	uint64_t version, cipher, bits, key_bits, key_n;
};

static const struct numbers usual = { 1, CK_SGD_SM4_ECB, 256, 256, CK_WRAP_KEY };

static void
add_number(struct bytes *to, size_t width, uint64_t v)
{
	for (size_t i = 0; i < width; i++) {
		unsigned char byte = (unsigned char)(v >> 8 * i);

		add(to, &byte, 1);
	}
}

static void
add_point(struct bytes *to, const unsigned char point[CK_SM2_POINT])
{
	static const unsigned char room[CK_SM2_HALF];

	add(to, room, sizeof room);
	add(to, point, CK_SM2_HALF);
	add(to, room, sizeof room);
	add(to, point + CK_SM2_HALF, CK_SM2_HALF);
}

static struct bytes
blob_of(const struct ck_wrapped_key *w, size_t width, const struct numbers *n)
{
	struct bytes b = { .n = 0 };

	add_number(&b, width, n->version);
	add_number(&b, width, n->cipher);
	add_number(&b, width, n->bits);
	add(&b, w->half, sizeof w->half);
	add_number(&b, width, n->key_bits);
	add_point(&b, w->point);
	add_point(&b, w->wrap_point);
	add(&b, w->wrap_hash, sizeof w->wrap_hash);
	add_number(&b, width, n->key_n);
	add(&b, w->wrap_key, sizeof w->wrap_key);
	return b;
}

static enum ck_code
read_blob(const struct bytes *b, struct ck_wrapped_key *w)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_wrapped_from_blob(b->p, b->n, w, &err) == 0 ? CK_E_NONE : err.code;
}

static void
test_blob(size_t width)
{
	static const struct {
		const char *what;
		struct numbers n;
	} bad[] = {
		{ "version 0", { 0, CK_SGD_SM4_ECB, 256, 256, 16 } },
		{ "version 2", { 2, CK_SGD_SM4_ECB, 256, 256, 16 } },
		{ "SM4 in CBC", { 1, 0x402, 256, 256, 16 } },
		{ "a private half of 128 bits", { 1, CK_SGD_SM4_ECB, 128, 256, 16 } },
		{ "a public half of 512 bits", { 1, CK_SGD_SM4_ECB, 256, 512, 16 } },
		{ "a key of 32 bytes", { 1, CK_SGD_SM4_ECB, 256, 256, 32 } },
	};
	struct envelope e = envelope();
	struct ck_wrapped_key w, again;
	struct numbers sm1 = usual;
	struct bytes b;

	read_der(&e, &w);
	b = blob_of(&w, width, &usual);
	T(b.n == (width == 4 ? 388 : 408), "a blob of %zu-byte numbers has its length", width);
	T(read_blob(&b, &again) == CK_E_NONE && memcmp(&w, &again, sizeof w) == 0,
	    "and says what the envelope says: %s", err.detail);
	test_torn("a blob", &b, ck_wrapped_from_blob,
	    sizeof w.half + sizeof w.wrap_hash + sizeof w.wrap_key);
	for (size_t i = 1; i <= width; i++) {
		add(&b, "", 1);
		T((read_blob(&b, &again) == CK_E_NONE) == (i < width), "padded by %zu", i);
	}
	b.n -= width;
	add(&b, "x", 1);
	T(read_blob(&b, &again) == CK_E_ENC_KEY_GARBAGE, "something behind a blob");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		b = blob_of(&w, width, &bad[i].n);
		T(read_blob(&b, &again) == CK_E_ENC_KEY_GARBAGE, "refused: %s", bad[i].what);
	}
	sm1.cipher = CK_SGD_SM1_ECB;
	b = blob_of(&w, width, &sm1);
	T(read_blob(&b, &again) == CK_E_NONE && again.cipher == CK_SGD_SM1_ECB,
	    "SM1 is the key's own affair");
}

/* ---- whose it is ---- */

static struct made
certificate(EVP_PKEY *key, const char *usage, const char *cn, const struct made *by)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = cn } },
		.exts = { { .name = "keyUsage", .value = usage } },
		.key = key,
		.by = by,
		.sm2_id = CK_SM2_ID,
	};

	return make_cert(&s);
}

static void
test_whose(void)
{
	struct made root = certificate(stranger, "keyCertSign", "CA", NULL);
	struct made sign = certificate(signs, "digitalSignature", "user", &root),
		    enc = certificate(enciphers, "keyEncipherment", "user", &root),
		    foreign = certificate(stranger, "keyEncipherment", "user", &root),
		    another = certificate(enciphers, "keyEncipherment", "other", &root),
		    both =
			certificate(enciphers, "keyEncipherment,digitalSignature", "user", &root),
		    wrong_use = certificate(signs, "keyEncipherment", "user", &root),
		    wrong_other = certificate(enciphers, "digitalSignature", "user", &root),
		    other_sign = certificate(stranger, "digitalSignature", "user", &root),
		    none = { .der = (unsigned char *)"x", .n = 1 };
	EVP_PKEY *p256 = EVP_EC_gen("P-256");
	struct made ecdsa = certificate(p256, "keyEncipherment", "user", &root);
	const struct {
		const char *what;
		const struct made *sign, *enc;
		enum ck_code code;
	} table[] = {
		{ "both ours", &sign, &enc, CK_E_NONE },
		{ "swapped", &enc, &sign, CK_E_ISSUED_OTHER_KEY },
		{ "another signing certificate", &other_sign, &enc, CK_E_ISSUED_OTHER_KEY },
		{ "an encryption certificate of another pair", &sign, &foreign,
		    CK_E_ENC_KEY_OTHER },
		{ "of another name", &sign, &another, CK_E_ENC_KEY_OTHER },
		{ "of another algorithm", &sign, &ecdsa, CK_E_ENC_KEY_OTHER },
		{ "that signs, too", &sign, &both, CK_E_ENC_KEY_OTHER },
		{ "usages swapped", &wrong_use, &wrong_other, CK_E_ENC_KEY_OTHER },
		{ "the signing one twice", &sign, &sign, CK_E_ENC_KEY_OTHER },
		{ "no certificate", &sign, &none, CK_E_CERT_UNREADABLE },
		{ "none to sign", &none, &enc, CK_E_CERT_UNREADABLE },
	};
	struct envelope e = envelope();
	struct ck_wrapped_key w;

	read_der(&e, &w);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct ck_cert_der a = { table[i].sign->der, table[i].sign->n },
				   b = { table[i].enc->der, table[i].enc->n };

		err = (struct ck_err){ .code = CK_E_NONE };
		ck_wrapped_judge(&w, ours, &a, &b, &err);
		T(err.code == table[i].code, "whose: %s (%s)", table[i].what, err.detail);
	}
	memcpy(w.point, ours, sizeof ours);
	struct ck_cert_der a = { sign.der, sign.n }, b = { enc.der, enc.n };
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_wrapped_judge(&w, ours, &a, &b, &err) == -1 && err.code == CK_E_ENC_KEY_OTHER,
	    "whose: the signing pair sent as the other");
	made_free(&root);
	made_free(&sign);
	made_free(&enc);
	made_free(&foreign);
	made_free(&another);
	made_free(&both);
	made_free(&wrong_use);
	made_free(&wrong_other);
	made_free(&other_sign);
	made_free(&ecdsa);
	EVP_PKEY_free(p256);
}

static void
take_private(EVP_PKEY *key, unsigned char out[CK_SM2_HALF])
{
	BIGNUM *bn = NULL;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &bn) != 1 ||
	    BN_bn2binpad(bn, out, CK_SM2_HALF) != CK_SM2_HALF)
		made_stop("a private half");
	BN_clear_free(bn);
}

int
main(void)
{
	signs = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	enciphers = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	stranger = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	ck_sm2_point(signs, ours);
	take_private(enciphers, d);
	test_good();
	test_shape();
	test_numbers();
	test_der_torn();
	test_blob(4);
	test_blob(8);
	test_whose();
	EVP_PKEY_free(signs);
	EVP_PKEY_free(enciphers);
	EVP_PKEY_free(stranger);
	return T_END();
}
