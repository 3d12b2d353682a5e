/* A pair in its file: the kind, the length of the public half, that half; the private one sealed.
 */
#include "softskf.h"

#include <string.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define HEAD 3
#define SEAL 28
#define FILE_MAX (HEAD + SS_PUBLIC_MAX + SS_PRIVATE_MAX + SEAL)

static int
sm2_halves(EVP_PKEY *key, struct ss_pair *p)
{
	BYTE point[1 + SS_XY];
	BIGNUM *d = NULL;
	size_t n = 0;
	int rc = -1;

	p->kind = SS_SM2;
	if (EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point, sizeof point, &n) == 1 &&
	    n == sizeof point && point[0] == POINT_CONVERSION_UNCOMPRESSED &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1 &&
	    BN_bn2binpad(d, p->private, 32) == 32) {
		memcpy(p->public, point + 1, SS_XY);
		p->public_len = SS_XY;
		p->private_len = 32;
		rc = 0;
	}
	BN_clear_free(d);
	return rc;
}

int
ss_pair_of(EVP_PKEY *key, struct ss_pair *p)
{
	BYTE *at = p->public;
	int n = 0;

	*p = (struct ss_pair){ .kind = SS_RSA };
	if (EVP_PKEY_is_a(key, "SM2"))
		return sm2_halves(key, p);
	if (!EVP_PKEY_is_a(key, "RSA") || (n = i2d_PublicKey(key, NULL)) <= 0 || n > SS_PUBLIC_MAX)
		return -1;
	i2d_PublicKey(key, &at);
	p->public_len = (size_t)n;
	if ((n = i2d_PrivateKey(key, NULL)) <= 0 || n > SS_PRIVATE_MAX)
		return -1;
	at = p->private;
	i2d_PrivateKey(key, &at);
	p->private_len = (size_t)n;
	return 0;
}

EVP_PKEY *
ss_pair_key(const struct ss_pair *p)
{
	const BYTE *at = p->private_len > 0 ? p->private : p->public;

	if (p->kind == SS_SM2)
		return ss_sm2_key(p->public, p->private_len > 0 ? p->private : NULL);
	return p->private_len > 0 ? d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)p->private_len)
				  : d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)p->public_len);
}

static struct ss_path
path_of(const struct ss_call *c, bool sign)
{
	return ss_path_of(c, sign ? "sign" : "enc");
}

static size_t
begin(BYTE file[FILE_MAX], const struct ss_pair *p)
{
	file[0] = (BYTE)p->kind;
	file[1] = (BYTE)(p->public_len >> 8);
	file[2] = (BYTE)p->public_len;
	memcpy(file + HEAD, p->public, p->public_len);
	return HEAD + p->public_len;
}

ULONG
ss_pair_save(const struct ss_call *c, bool sign, const struct ss_pair *p)
{
	struct ss_path path = path_of(c, sign);
	BYTE file[FILE_MAX];
	struct ss_pair other;
	struct ss_open open;
	size_t n = begin(file, p);
	ULONG rv = ss_may(c, SECURE_USER_ACCOUNT);

	if (rv != SAR_OK || (rv = ss_opened(c, &open)) != SAR_OK ||
	    (rv = ss_room_for(c, n + p->private_len + SEAL)) != SAR_OK)
		return rv;
	if (ss_pair_read(c, !sign, &other) == SAR_OK && other.kind != p->kind)
		rv = SAR_KEYINFOTYPEERR;
	else if (ss_seal(open.key, file, n, p->private, p->private_len, file + n) != 0)
		rv = SAR_FAIL;
	else if (ss_write(path.text, file, n + p->private_len + SEAL) != 0)
		rv = SAR_WRITEFILEERR;
	OPENSSL_cleanse(&open, sizeof open);
	return rv;
}

/* key NULL: the public half only */
static ULONG
load(const struct ss_call *c, bool sign, struct ss_pair *p, const BYTE *key)
{
	struct ss_path path = path_of(c, sign);
	BYTE file[FILE_MAX];
	ssize_t len = ss_read(path.text, file, sizeof file);
	size_t n = 0;

	*p = (struct ss_pair){ .kind = SS_SM2 };
	if (len < 0)
		return SAR_KEYNOTFOUNTERR;
	p->kind = (enum ss_pair_kind)file[0];
	p->public_len = (size_t)(file[1] << 8 | file[2]);
	n = HEAD + p->public_len;
	if (len < HEAD + SEAL || p->public_len > SS_PUBLIC_MAX || (size_t)len < n + SEAL)
		return SAR_FILEERR;
	memcpy(p->public, file + HEAD, p->public_len);
	if (key == NULL)
		return SAR_OK;
	p->private_len = (size_t)len - n - SEAL;
	return ss_unseal(key, file, n, file + n, p->private_len, p->private) == 0 ? SAR_OK
										  : SAR_FILEERR;
}

ULONG
ss_pair_read(const struct ss_call *c, bool sign, struct ss_pair *p)
{
	return load(c, sign, p, NULL);
}

ULONG
ss_pair_unseal(const struct ss_call *c, bool sign, struct ss_pair *p)
{
	struct ss_open open;
	ULONG rv = ss_may(c, SECURE_USER_ACCOUNT);

	if (rv == SAR_OK && (rv = ss_opened(c, &open)) == SAR_OK) {
		rv = load(c, sign, p, open.key);
		OPENSSL_cleanse(&open, sizeof open);
	}
	return rv;
}

static ULONG export(const struct ss_call *c, bool sign, BYTE *out, ULONG *size)
{
	struct ss_pair p;
	ECCPUBLICKEYBLOB ecc;
	RSAPUBLICKEYBLOB rsa;
	EVP_PKEY *key = NULL;
	ULONG rv = ss_pair_read(c, sign, &p);

	if (rv != SAR_OK)
		return rv;
	if (p.kind == SS_SM2) {
		ss_sm2_to_blob(p.public, &ecc);
		return ss_bytes_out(&ecc, sizeof ecc, out, size);
	}
	if ((key = ss_pair_key(&p)) == NULL)
		return SAR_FILEERR;
	ss_rsa_to_blob(key, &rsa);
	EVP_PKEY_free(key);
	return ss_bytes_out(&rsa, sizeof rsa, out, size);
}

SS_EXPORT(SKF_ExportPublicKey, SS_CON, con, (HCONTAINER con, BOOL sign, BYTE *out, ULONG *size),
    export(&c, sign, out, size))
