#include "softskf.h"

static const EVP_MD *
digest_of(ULONG algorithm)
{
	switch (algorithm) {
	case SGD_SM3:
		return EVP_sm3();
	case SGD_SHA1:
		return EVP_sha1();
	case SGD_SHA256:
		return EVP_sha256();
	default:
		return NULL;
	}
}

/* With an ID it begins as a signature's digest does; then, and only then, the key matters. */
static ULONG
begin(EVP_MD_CTX *m, ULONG algorithm, const ECCPUBLICKEYBLOB *pub, const BYTE *id, ULONG n)
{
	const EVP_MD *md = digest_of(algorithm);
	BYTE z[32];

	if (md == NULL)
		return SAR_NOTSUPPORTYETERR;
	if (EVP_DigestInit_ex2(m, md, NULL) != 1)
		return SAR_HASHERR;
	if (n == 0)
		return SAR_OK;
	if (algorithm != SGD_SM3 || pub == NULL || id == NULL)
		return SAR_INVALIDPARAMERR;
	return ss_sm2_z(pub, id, n, z) == 0 && EVP_DigestUpdate(m, z, sizeof z) == 1 ? SAR_OK
										     : SAR_HASHERR;
}

static ULONG
init(const struct ss_call *c, ULONG algorithm, const ECCPUBLICKEYBLOB *pub, const BYTE *id, ULONG n,
    HANDLE *out)
{
	struct ss_handle *h = out != NULL ? ss_handle_new(SS_HASH, c->dev) : NULL;
	ULONG rv = SAR_OK;

	if (h == NULL)
		return out == NULL ? SAR_INVALIDPARAMERR : SAR_MEMORYERR;
	h->digest = EVP_MD_CTX_new();
	rv = begin(h->digest, algorithm, pub, id, n);
	if (rv == SAR_OK)
		*out = h->self;
	else
		ss_handle_close(h);
	return rv;
}

static ULONG
update(struct ss_handle *h, const BYTE *in, ULONG n)
{
	if (h->digest == NULL)
		return SAR_NOTINITIALIZEERR;
	if (in == NULL || n == 0)
		return SAR_INDATALENERR;
	return EVP_DigestUpdate(h->digest, in, n) == 1 ? SAR_OK : SAR_HASHERR;
}

static ULONG
final(struct ss_handle *h, BYTE *out, ULONG *size)
{
	BYTE md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (h->digest == NULL)
		return SAR_NOTINITIALIZEERR;
	if (size == NULL)
		return SAR_INVALIDPARAMERR;
	n = (unsigned)EVP_MD_CTX_get_size(h->digest);
	if (out == NULL || *size < n)
		return ss_bytes_out(md, n, out, size);
	if (EVP_DigestFinal_ex(h->digest, md, &n) != 1)
		return SAR_HASHERR;
	EVP_MD_CTX_free(h->digest);
	h->digest = NULL;
	return ss_bytes_out(md, n, out, size);
}

static ULONG
whole(struct ss_handle *h, const BYTE *in, ULONG n, BYTE *out, ULONG *size)
{
	ULONG rv = SAR_OK;

	/* to be told the size is not to begin */
	if (out == NULL || size == NULL)
		return final(h, out, size);
	rv = update(h, in, n);
	return rv != SAR_OK ? rv : final(h, out, size);
}

SS_EXPORT(SKF_DigestInit, SS_DEV, dev,
    (DEVHANDLE dev, ULONG algorithm, ECCPUBLICKEYBLOB *pub, BYTE *id, ULONG n, HANDLE *out),
    init(&c, algorithm, pub, id, n, out))
SS_EXPORT(SKF_Digest, SS_HASH, hash, (HANDLE hash, BYTE *in, ULONG n, BYTE *out, ULONG *size),
    whole(c.at, in, n, out, size))
SS_EXPORT(SKF_DigestUpdate, SS_HASH, hash, (HANDLE hash, BYTE *in, ULONG n), update(c.at, in, n))
SS_EXPORT(
    SKF_DigestFinal, SS_HASH, hash, (HANDLE hash, BYTE *out, ULONG *size), final(c.at, out, size))
