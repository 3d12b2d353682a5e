#include <stdlib.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <zbar.h>

#include "code.h"

/* an ECDSA P-256 signature in DER */
#define P256_DER_MAX 72

EVP_PKEY *
ck_code_key(const unsigned char *cert, size_t n)
{
	const unsigned char *p = cert;
	X509 *x = cert != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;
	EVP_PKEY *key = x != NULL && p == cert + n ? X509_get_pubkey(x) : NULL;

	X509_free(x);
	if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	    EVP_PKEY_get_bits(key) == CK_FORMCODE_SIG / 2 * 8)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

/* r and s, as OpenSSL wants them; 0: no numbers of a signature */
static int
signature_der(const unsigned char sig[CK_FORMCODE_SIG], unsigned char out[P256_DER_MAX])
{
	const int half = CK_FORMCODE_SIG / 2;
	BIGNUM *r = BN_bin2bn(sig, half, NULL), *s = BN_bin2bn(sig + half, half, NULL);
	ECDSA_SIG *rs = ECDSA_SIG_new();
	int n = 0;

	if (rs == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(rs, r, s) != 1) {
		BN_free(r);
		BN_free(s);
	} else {
		n = i2d_ECDSA_SIG(rs, NULL);
		n = n > 0 && n <= P256_DER_MAX ? i2d_ECDSA_SIG(rs, &out) : 0;
	}
	ECDSA_SIG_free(rs);
	return n;
}

bool
ck_code_signed(const struct ck_formcode *code, EVP_PKEY *key)
{
	char text[CK_FORMCODE_MAX];
	unsigned char der[P256_DER_MAX];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int n = signature_der(code->sig, der);
	bool good = false;

	ERR_set_mark();
	if (ctx != NULL && n > 0 && ck_formcode_signed(code, text) &&
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1)
		good = EVP_DigestVerify(
			   ctx, der, (size_t)n, (const unsigned char *)text, strlen(text)) == 1;
	ERR_pop_to_mark();
	EVP_MD_CTX_free(ctx);
	return good;
}

/* The corners of a code come in its own order: top left, bottom left, bottom right, top right. Its
 * upper edge shows which way the sheet lies. */
static int
direction(const zbar_symbol_t *s)
{
	int dx, dy;

	if (zbar_symbol_get_loc_size(s) != 4)
		return 0;
	dx = zbar_symbol_get_loc_x(s, 3) - zbar_symbol_get_loc_x(s, 0);
	dy = zbar_symbol_get_loc_y(s, 3) - zbar_symbol_get_loc_y(s, 0);
	if (abs(dx) >= abs(dy))
		return dx >= 0 ? 0 : 180;
	return dy > 0 ? 90 : 270;
}

static bool
read_first(const zbar_image_t *image, struct ck_formcode *code, int *turned)
{
	for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s != NULL;
	     s = zbar_symbol_next(s))
		if (ck_formcode_read(zbar_symbol_get_data(s), code)) {
			*turned = direction(s);
			return true;
		}
	return false;
}

bool
ck_code_find(const struct ck_picture *grey, struct ck_formcode *code, int *turned)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	bool found = false;

	/* some of the other kinds complain on standard error of what is none of theirs */
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)grey->width, (unsigned)grey->height);
	zbar_image_set_data(
	    image, grey->p, (unsigned long)grey->width * (unsigned long)grey->height, NULL);
	if (zbar_scan_image(scanner, image) > 0)
		found = read_first(image, code, turned);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return found;
}
