/* Session keys: the only use the standard has for an encryption pair's private half. */
#include "softskf.h"

#include <string.h>
#include <openssl/crypto.h>

#define BLOCK 16

ULONG
ss_session_algorithm(ULONG algorithm)
{
	return algorithm == SGD_SM4_ECB || algorithm == SGD_SM4_CBC ? SAR_OK : SAR_NOTSUPPORTYETERR;
}

ULONG
ss_session_new(const struct ss_call *c, ULONG algorithm, const BYTE key[16], HANDLE *out)
{
	struct ss_handle *h = ss_handle_new(SS_CIPHER, c->con);

	if (h == NULL)
		return SAR_MEMORYERR;
	h->algorithm = algorithm;
	memcpy(h->key, key, sizeof h->key);
	*out = h->self;
	return SAR_OK;
}

static ULONG
unwrap(const struct ss_pair *p, const BYTE *in, size_t n, BYTE key[16])
{
	union {
		ECCCIPHERBLOB blob;
		BYTE bytes[sizeof(ECCCIPHERBLOB) + 16];
	} cipher = { .bytes = { 0 } };
	EVP_PKEY *pair = NULL;
	int rc = -1;

	if (p->kind == SS_SM2 && (n < offsetof(ECCCIPHERBLOB, Cipher) + 16 || n > sizeof cipher))
		return SAR_INDATALENERR;
	if ((pair = ss_pair_key(p)) == NULL)
		return SAR_FILEERR;
	if (p->kind == SS_SM2) {
		memcpy(cipher.bytes, in, n);
		rc = ss_sm2_unwrap(pair, &cipher.blob, key);
	} else {
		rc = ss_rsa_unwrap(pair, in, n, key);
	}
	EVP_PKEY_free(pair);
	return rc == 0 ? SAR_OK : SAR_INDATAERR;
}

static ULONG
import(const struct ss_call *c, ULONG algorithm, const BYTE *in, ULONG n, HANDLE *out)
{
	struct ss_pair p;
	BYTE key[16];
	ULONG rv = ss_session_algorithm(algorithm);

	if (in == NULL || out == NULL)
		return SAR_INVALIDPARAMERR;
	if (rv != SAR_OK || (rv = ss_pair_unseal(c, false, &p)) != SAR_OK)
		return rv;
	rv = unwrap(&p, in, n, key);
	if (rv == SAR_OK)
		rv = ss_session_new(c, algorithm, key, out);
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(&p, sizeof p);
	return rv;
}

static ULONG
begin(struct ss_handle *h, const BLOCKCIPHERPARAM *p, bool encrypts)
{
	const bool cbc = h->algorithm == SGD_SM4_CBC;

	if (p->PaddingType > 1 || (cbc && p->IVLen != BLOCK))
		return SAR_INVALIDPARAMERR;
	EVP_CIPHER_CTX_free(h->cipher);
	h->cipher = EVP_CIPHER_CTX_new();
	h->encrypts = encrypts;
	h->padded = p->PaddingType == 1;
	h->pending = 0;
	if (EVP_CipherInit_ex2(h->cipher, cbc ? EVP_sm4_cbc() : EVP_sm4_ecb(), h->key,
		cbc ? p->IV : NULL, encrypts, NULL) != 1)
		return SAR_FAIL;
	EVP_CIPHER_CTX_set_padding(h->cipher, h->padded);
	return SAR_OK;
}

static void
end(struct ss_handle *h)
{
	EVP_CIPHER_CTX_free(h->cipher);
	h->cipher = NULL;
}

/* false: there is no room, or none was asked for; size says how much is needed */
static bool
room(size_t most, const BYTE *out, ULONG *size, ULONG *rv)
{
	const bool fits = *size >= most;

	*rv = out == NULL || fits ? SAR_OK : SAR_BUFFER_TOO_SMALL;
	if (out == NULL || !fits)
		*size = (ULONG)most;
	return out != NULL && fits;
}

static ULONG
ready(const struct ss_handle *h, bool encrypts, const ULONG *size)
{
	if (size == NULL)
		return SAR_INVALIDPARAMERR;
	return h->cipher != NULL && h->encrypts == encrypts ? SAR_OK : SAR_NOTINITIALIZEERR;
}

static ULONG
update(struct ss_handle *h, bool encrypts, const BYTE *in, ULONG n, BYTE *out, ULONG *size)
{
	ULONG rv = ready(h, encrypts, size);
	int len = 0;

	if (rv != SAR_OK)
		return rv;
	if (in == NULL || n == 0 || n > INT32_MAX / 2)
		return SAR_INDATALENERR;
	if (!room((h->pending + n) / BLOCK * BLOCK, out, size, &rv))
		return rv;
	if (EVP_CipherUpdate(h->cipher, out, &len, in, (int)n) != 1)
		return SAR_FAIL;
	h->pending += n - (size_t)len;
	*size = (ULONG)len;
	return SAR_OK;
}

static ULONG
final(struct ss_handle *h, bool encrypts, BYTE *out, ULONG *size)
{
	BYTE last[BLOCK];
	int len = 0;
	ULONG rv = ready(h, encrypts, size);

	if (rv != SAR_OK)
		return rv;
	if (!h->padded && h->pending != 0)
		rv = SAR_INDATALENERR;
	else if (!room(h->padded && encrypts ? BLOCK : h->pending, out, size, &rv) && h->padded)
		return rv;
	else if (EVP_CipherFinal_ex(h->cipher, last, &len) != 1)
		rv = SAR_DECRYPTPADERR;
	end(h);
	if (rv != SAR_OK)
		return rv;
	if (len > 0)
		memcpy(out, last, (size_t)len);
	*size = (ULONG)len;
	return SAR_OK;
}

static ULONG
whole(struct ss_handle *h, bool encrypts, const BYTE *in, ULONG n, BYTE *out, ULONG *size)
{
	ULONG rv = ready(h, encrypts, size), head = 0, tail = 0;
	const size_t most = encrypts && h->padded ? n / BLOCK * BLOCK + BLOCK : n;

	if (rv != SAR_OK || !room(most, out, size, &rv))
		return rv;
	head = tail = (ULONG)most;
	rv = update(h, encrypts, in, n, out, &head);
	if (rv == SAR_OK)
		rv = final(h, encrypts, out + head, &tail);
	else
		end(h);
	*size = head + tail;
	return rv;
}

SS_EXPORT(SKF_ImportSessionKey, SS_CON, con,
    (HCONTAINER con, ULONG algorithm, BYTE *in, ULONG n, HANDLE *out),
    import(&c, algorithm, in, n, out))
SS_EXPORT(SKF_EncryptInit, SS_CIPHER, key, (HANDLE key, BLOCKCIPHERPARAM param),
    begin(c.at, &param, true))
SS_EXPORT(SKF_Encrypt, SS_CIPHER, key, (HANDLE key, BYTE *in, ULONG n, BYTE *out, ULONG *size),
    whole(c.at, true, in, n, out, size))
SS_EXPORT(SKF_EncryptUpdate, SS_CIPHER, key,
    (HANDLE key, BYTE *in, ULONG n, BYTE *out, ULONG *size), update(c.at, true, in, n, out, size))
SS_EXPORT(SKF_EncryptFinal, SS_CIPHER, key, (HANDLE key, BYTE *out, ULONG *size),
    final(c.at, true, out, size))
SS_EXPORT(SKF_DecryptInit, SS_CIPHER, key, (HANDLE key, BLOCKCIPHERPARAM param),
    begin(c.at, &param, false))
SS_EXPORT(SKF_Decrypt, SS_CIPHER, key, (HANDLE key, BYTE *in, ULONG n, BYTE *out, ULONG *size),
    whole(c.at, false, in, n, out, size))
SS_EXPORT(SKF_DecryptUpdate, SS_CIPHER, key,
    (HANDLE key, BYTE *in, ULONG n, BYTE *out, ULONG *size), update(c.at, false, in, n, out, size))
SS_EXPORT(SKF_DecryptFinal, SS_CIPHER, key, (HANDLE key, BYTE *out, ULONG *size),
    final(c.at, false, out, size))
SS_EXPORT_CLOSING(SKF_CloseHandle, SS_CIPHER | SS_HASH, handle, (HANDLE handle))
