/* The software smart key library in its four shapes: RSA, session keys, certificates, files,
 * limits. */
#include "softskf_crypto.h"

#define RSA_PUB (2u * lab.u + 260u + (lab.u == 8 && lab.natural ? 4u : 0u))

static EVP_PKEY *encryption[2]; /* SM2, RSA */
static const uint8_t message[] = "what shall be signed";

/* ---- session keys ---- */

/* The parameters go by value, which takes two forms of call. */
static uint32_t
cipher_init(const char *fn, void *key, bool padded)
{
	struct narrow {
		uint8_t iv[32];
		uint32_t len, padding, feed;
	} n = { .iv = "a vector of 16 b", .len = 16, .padding = padded };
	struct wide {
		uint8_t iv[32];
		uint64_t len, padding, feed;
	} w = { .iv = "a vector of 16 b", .len = 16, .padding = padded };
	uint32_t (*narrow)(void *, struct narrow) = NULL;
	uint64_t (*wide)(void *, struct wide) = NULL;

	*(void **)&narrow = dlsym(lab.so, fn);
	*(void **)&wide = *(void **)&narrow;
	return lab.u == 4 ? narrow(key, n) : (uint32_t)wide(key, w);
}

/* in two pieces */
static size_t
in_pieces(bool encrypts, void *key, const uint8_t *in, size_t n, uint8_t *out)
{
	const char *update = encrypts ? "SKF_EncryptUpdate" : "SKF_DecryptUpdate";
	const char *final = encrypts ? "SKF_EncryptFinal" : "SKF_DecryptFinal";
	ulong_out a = { .w = 64 }, b = { .w = 64 }, c = { .w = 64 };

	LAB(cipher_init(encrypts ? "SKF_EncryptInit" : "SKF_DecryptInit", key, true) == SAR_OK);
	LAB(lab_call(update, (const uint64_t[8]){ P(key), P(in), 7, P(out), P(&a) }) == SAR_OK);
	LAB(lab_call(update,
		(const uint64_t[8]){ P(key), P(in + 7), n - 7, P(out + a.v), P(&b) }) == SAR_OK);
	LAB(lab_call(final, (const uint64_t[8]){ P(key), P(out + a.v + b.v), P(&c) }) == SAR_OK);
	return a.v + b.v + c.v;
}

static void
session(const char *what, void *key, const uint8_t bytes[16], bool cbc)
{
	const EVP_CIPHER *how = cbc ? EVP_sm4_cbc() : EVP_sm4_ecb();
	const uint8_t text[40] = "forty bytes of text, which is no block";
	uint8_t sealed[64], ours[64], back[64];
	ulong_out n = { .w = sizeof back }, m = { .w = 5 };
	int len = sm4(1, how, true, bytes, (const uint8_t *)"a vector of 16 b", text, 40, sealed);

	T(CALL(SKF_Decrypt, P(key), P(sealed), (uint64_t)len, P(back), P(&n)) ==
		SAR_NOTINITIALIZEERR,
	    "%s: %s: not begun", lab.shape, what);
	LAB(cipher_init("SKF_DecryptInit", key, true) == SAR_OK);
	OK(SKF_Decrypt, P(key), P(sealed), (uint64_t)len, P(back), P(&n));
	T(n.v == 40 && memcmp(back, text, 40) == 0, "%s: %s: decrypted", lab.shape, what);
	T(in_pieces(false, key, sealed, (size_t)len, back) == 40 && memcmp(back, text, 40) == 0,
	    "%s: %s: in pieces", lab.shape, what);
	LAB(cipher_init("SKF_EncryptInit", key, true) == SAR_OK);
	T(CALL(SKF_Encrypt, P(key), P(text), 40, P(ours), P(&m)) == SAR_BUFFER_TOO_SMALL &&
		m.v == 48,
	    "%s: %s: 48 bytes are needed", lab.shape, what);
	OK(SKF_Encrypt, P(key), P(text), 40, P(ours), P(&m));
	T(m.v == 48 && memcmp(ours, sealed, 48) == 0, "%s: %s: encrypted", lab.shape, what);
	T(in_pieces(true, key, text, 40, ours) == 48 && memcmp(ours, sealed, 48) == 0,
	    "%s: %s: in pieces", lab.shape, what);
	LAB(cipher_init("SKF_EncryptInit", key, false) == SAR_OK);
	n.w = m.w = sizeof ours;
	T(CALL(SKF_Encrypt, P(key), P(text), 40, P(ours), P(&m)) == SAR_INDATALENERR,
	    "%s: %s: half a block needs padding", lab.shape, what);
	LAB(cipher_init("SKF_DecryptInit", key, true) == SAR_OK);
	T(CALL(SKF_Decrypt, P(key), P(sealed), 16, P(back), P(&n)) == SAR_DECRYPTPADERR,
	    "%s: %s: and a padding is checked", lab.shape, what);
	OK(SKF_CloseHandle, P(key));
}

/* one made by the key, for its own encryption pair: out by one handle, in by the other */
static void
exported_session(bool rsa, const uint8_t *pub)
{
	uint8_t wrapped[256], sealed[32], back[32];
	ulong_out n = { .w = sizeof wrapped }, m = { .w = 32 };
	void *out = NULL, *in = NULL;

	if (rsa) {
		OK(SKF_RSAExportSessionKey, P(con), SGD_SM4_ECB, P(pub), P(wrapped), P(&n),
		    P(&out));
	} else {
		OK(SKF_ECCExportSessionKey, P(con), SGD_SM4_ECB, P(pub), P(wrapped), P(&out));
		n.w = ECC_CIPHER;
	}
	OK(SKF_ImportSessionKey, P(con), SGD_SM4_ECB, P(wrapped), n.v, P(&in));
	LAB(cipher_init("SKF_EncryptInit", out, false) == SAR_OK);
	OK(SKF_Encrypt, P(out), P(message), 16, P(sealed), P(&m));
	LAB(cipher_init("SKF_DecryptInit", in, false) == SAR_OK);
	OK(SKF_Decrypt, P(in), P(sealed), 16, P(back), P(&m));
	T(memcmp(back, message, 16) == 0, "%s: a session key of the key's own comes back",
	    lab.shape);
	wrapped[0] ^= 1;
	T(CALL(SKF_ImportSessionKey, P(con), SGD_SM4_ECB, P(wrapped), n.v, P(&in)) == SAR_INDATAERR,
	    "%s: and not when it was touched", lab.shape);
	OK(SKF_CloseHandle, P(out));
}

static void
sm2_sessions(void)
{
	const uint8_t bytes[16] = "a session's key";
	uint8_t pub[256], blob[512];
	EVP_PKEY *signing = NULL;
	void *key = NULL;

	OK(SKF_CreateContainer, P(app), P("SM2"), P(&con));
	OK(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(pub));
	signing = sm2_public(pub);
	sm2_wrap(encryption[0], bytes, blob);
	T(CALL(SKF_ImportSessionKey, P(con), SGD_SM4_ECB, P(blob), ECC_CIPHER, P(&key)) ==
		SAR_KEYNOTFOUNTERR,
	    "%s: no session key without an encryption pair", lab.shape);
	sm2_envelope(signing, encryption[0], ZERO_FIRST, blob);
	OK(SKF_ImportECCKeyPair, P(con), P(blob));
	memcpy(pub, blob + 3 * lab.u + 64, ECC_PUB);
	sm2_wrap(encryption[0], bytes, blob);
	T(CALL(SKF_ImportSessionKey, P(con), SGD_SM1_ECB, P(blob), ECC_CIPHER, P(&key)) ==
		SAR_NOTSUPPORTYETERR,
	    "%s: SM1 is not there", lab.shape);
	OK(SKF_ImportSessionKey, P(con), SGD_SM4_ECB, P(blob), ECC_CIPHER, P(&key));
	session("SM2, ECB", key, bytes, false);
	OK(SKF_ImportSessionKey, P(con), SGD_SM4_CBC, P(blob), ECC_CIPHER, P(&key));
	session("SM2, CBC", key, bytes, true);
	exported_session(false, pub);
	EVP_PKEY_free(signing);
}

/* ---- RSA ---- */

static EVP_PKEY *
rsa_public(const uint8_t *blob)
{
	BIGNUM *n = BN_lebin2bn(NULL, 0, NULL);
	uint8_t le_n[256], le_e[4];
	OSSL_PARAM p[] = { OSSL_PARAM_BN("n", le_n, sizeof le_n),
		OSSL_PARAM_BN("e", le_e, sizeof le_e), OSSL_PARAM_END };
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	LAB(get_ulong(blob) == SGD_RSA && get_ulong(blob + lab.u) == 2048);
	BN_bin2bn(blob + 2 * lab.u, 256, n);
	BN_bn2nativepad(n, le_n, 256);
	BN_bin2bn(blob + 2 * lab.u + 256, 4, n);
	BN_bn2nativepad(n, le_e, 4);
	BN_free(n);
	LAB(EVP_PKEY_fromdata_init(c) == 1 &&
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, p) == 1);
	EVP_PKEY_CTX_free(c);
	return key;
}

static void
rsa_wrap(EVP_PKEY *key, const uint8_t bytes[16], uint8_t out[256])
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	size_t n = 256;

	LAB(EVP_PKEY_encrypt_init(c) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_encrypt(c, out, &n, bytes, 16) == 1);
	EVP_PKEY_CTX_free(c);
}

static void
rsa_signing(EVP_PKEY *key, const uint8_t *pub)
{
	/* DigestInfo of SHA-256 */
	uint8_t info[19 + 32] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
		0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
	EVP_MD_CTX *m = EVP_MD_CTX_new();
	uint8_t sig[256], long_one[256] = { 0 };
	ulong_out n = { .w = 0 };

	EVP_Digest(message, sizeof message, info + 19, NULL, EVP_sha256(), NULL);
	OK(SKF_RSASignData, P(con), P(info), sizeof info, 0, P(&n));
	T(n.v == 256, "%s: an RSA signature has 256 bytes", lab.shape);
	OK(SKF_RSASignData, P(con), P(info), sizeof info, P(sig), P(&n));
	T(EVP_DigestVerifyInit(m, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(m, sig, 256, message, sizeof message) == 1,
	    "%s: OpenSSL verifies it", lab.shape);
	T(CALL(SKF_RSAVerify, P(dev), P(pub), P(info), sizeof info, P(sig), 256) == SAR_OK,
	    "%s: the key itself as well", lab.shape);
	sig[9] ^= 1;
	T(CALL(SKF_RSAVerify, P(dev), P(pub), P(info), sizeof info, P(sig), 256) == SAR_FAIL,
	    "%s: but not another", lab.shape);
	T(CALL(SKF_RSASignData, P(con), P(long_one), 246, P(sig), P(&n)) == SAR_INDATALENERR,
	    "%s: 246 bytes are too many", lab.shape);
	EVP_MD_CTX_free(m);
}

static void
rsa_envelope(EVP_PKEY *signing, uint8_t *pub)
{
	const uint8_t wrap[16] = "wrapping a pair", bytes[16] = "a session's key";
	uint8_t wrapped[256], sealed[1600], *der = NULL;
	int n = i2d_PrivateKey(encryption[1], &der);
	ulong_out len = { .w = 512 };
	void *key = NULL;

	rsa_wrap(signing, wrap, wrapped);
	n = sm4(1, EVP_sm4_ecb(), true, wrap, NULL, der, n, sealed);
	OPENSSL_free(der);
	sealed[40] ^= 1;
	T(CALL(SKF_ImportRSAKeyPair, P(con), SGD_SM4_ECB, P(wrapped), 256, P(sealed),
	      (uint64_t)n) != SAR_OK,
	    "%s: a private key that was touched", lab.shape);
	sealed[40] ^= 1;
	T(CALL(SKF_ImportRSAKeyPair, P(con), SGD_SM1_ECB, P(wrapped), 256, P(sealed),
	      (uint64_t)n) == SAR_NOTSUPPORTYETERR,
	    "%s: or wrapped by SM1", lab.shape);
	T(CALL(SKF_ImportRSAKeyPair, P(con), SGD_SM4_ECB, P(wrapped), 256, P(sealed),
	      (uint64_t)n) == SAR_OK,
	    "%s: an RSA pair brought in", lab.shape);
	OK(SKF_ExportPublicKey, P(con), 0, P(pub), P(&len));
	rsa_wrap(encryption[1], bytes, wrapped);
	OK(SKF_ImportSessionKey, P(con), SGD_SM4_CBC, P(wrapped), 256, P(&key));
	session("RSA, CBC", key, bytes, true);
}

static void
rsa(void)
{
	uint8_t pub[512], blob[512];
	ulong_out n = { .w = 0 };
	EVP_PKEY *key = NULL;

	OK(SKF_CreateContainer, P(app), P("RSA"), P(&con));
	T(CALL(SKF_GenRSAKeyPair, P(con), 1536, P(pub)) == SAR_MODULUSLENERR, "%s: no RSA-1536",
	    lab.shape);
	OK(SKF_GenRSAKeyPair, P(con), 2048, P(pub));
	OK(SKF_ExportPublicKey, P(con), 1, 0, P(&n));
	T(n.v == RSA_PUB, "%s: an RSA public key of %u bytes", lab.shape, n.v);
	OK(SKF_GetContainerType, P(con), P(&n));
	T(n.v == CONTAINER_RSA, "%s: an RSA container", lab.shape);
	T(CALL(SKF_ECCSignData, P(con), P(blob), 32, P(blob + 64)) == SAR_KEYINFOTYPEERR,
	    "%s: does not sign by SM2", lab.shape);
	key = rsa_public(pub);
	rsa_signing(key, pub);
	rsa_envelope(key, pub);
	T(CALL(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(blob)) == SAR_KEYINFOTYPEERR,
	    "%s: and takes no SM2 pair beside it", lab.shape);
	exported_session(true, pub);
	EVP_PKEY_free(key);
}

/* ---- certificates ---- */

static void
certificates(void)
{
	static uint8_t big[8193];
	uint8_t out[64];
	ulong_out n = { .w = 3 };

	T(CALL(SKF_ExportCertificate, P(con), 1, 0, P(&n)) == SAR_CERTNOTFOUNTERR,
	    "%s: no certificate", lab.shape);
	OK(SKF_ImportCertificate, P(con), 1, P("signing"), 7);
	OK(SKF_ImportCertificate, P(con), 0, P("encryption"), 10);
	T(CALL(SKF_ExportCertificate, P(con), 1, P(out), P(&n)) == SAR_BUFFER_TOO_SMALL && n.v == 7,
	    "%s: a certificate of seven bytes", lab.shape);
	OK(SKF_ExportCertificate, P(con), 1, P(out), P(&n));
	T(memcmp(out, "signing", 7) == 0, "%s: as it was put", lab.shape);
	n.w = sizeof out;
	OK(SKF_ExportCertificate, P(con), 0, P(out), P(&n));
	T(n.v == 10 && memcmp(out, "encryption", 10) == 0, "%s: the other beside it", lab.shape);
	T(CALL(SKF_ImportCertificate, P(con), 1, P(big), 8193) == SAR_INDATALENERR &&
		CALL(SKF_ImportCertificate, P(con), 1, P(big), 0) == SAR_INDATALENERR,
	    "%s: none without end, none without bytes", lab.shape);
	OK(SKF_ClearSecureState, P(app));
	T(CALL(SKF_ImportCertificate, P(con), 1, P("other"), 5) == SAR_USER_NOT_LOGGED_IN &&
		CALL(SKF_ExportCertificate, P(con), 1, P(out), P(&n)) == SAR_OK &&
		memcmp(out, "signing", 7) == 0,
	    "%s: anyone reads, the user writes", lab.shape);
	LAB(login(PIN, NULL) == SAR_OK);
}

/* ---- files ---- */

static void
files(void)
{
	uint8_t info[64];
	char list[64], out[16] = "";
	ulong_out n = { .w = sizeof list };

	OK(SKF_CreateFile, P(app), P("f1"), 10, SECURE_EVERYONE_ACCOUNT, SECURE_USER_ACCOUNT);
	T(CALL(SKF_CreateFile, P(app), P("f1"), 10, 0xFF, 0xFF) == SAR_FILE_ALREADY_EXIST,
	    "%s: a file once", lab.shape);
	OK(SKF_CreateFile, P(app), P("f2"), 4, SECURE_ADM_ACCOUNT, SECURE_NEVER_ACCOUNT);
	OK(SKF_EnumFiles, P(app), P(list), P(&n));
	T(n.v == 7 && memcmp(list, "f1\0f2\0", 7) == 0, "%s: two files", lab.shape);
	OK(SKF_GetFileInfo, P(app), P("f2"), P(info));
	T(strcmp((char *)info, "f2") == 0 && get_ulong(info + 32) == 4 &&
		get_ulong(info + 32 + lab.u) == SECURE_ADM_ACCOUNT &&
		get_ulong(info + 32 + 2 * lab.u) == 0,
	    "%s: what they are", lab.shape);
	OK(SKF_WriteFile, P(app), P("f1"), 6, P("half"), 4);
	T(CALL(SKF_WriteFile, P(app), P("f1"), 7, P("half"), 4) == SAR_OFFSET_OVER_FILE,
	    "%s: not beyond", lab.shape);
	n.w = sizeof out;
	OK(SKF_ReadFile, P(app), P("f1"), 4, 100, P(out), P(&n));
	T(n.v == 6 && memcmp(out, "\0\0half", 6) == 0, "%s: what was written", lab.shape);
	T(CALL(SKF_ReadFile, P(app), P("f2"), 0, 4, P(out), P(&n)) == SAR_USER_NOT_LOGGED_IN &&
		CALL(SKF_WriteFile, P(app), P("f2"), 0, P("x"), 1) == SAR_USER_NOT_LOGGED_IN,
	    "%s: another's file", lab.shape);
	OK(SKF_DeleteFile, P(app), P("f2"));
	T(CALL(SKF_GetFileInfo, P(app), P("f2"), P(info)) == SAR_FILE_NOT_EXIST, "%s: deleted",
	    lab.shape);
}

/* ---- limits ---- */

static void
names(void)
{
	const char *longest = "123456789012345678901234567890123456789";
	const char *too_long = "1234567890123456789012345678901234567890";
	void *other = NULL;

	T(CALL(SKF_CreateContainer, P(app), P(too_long), P(&other)) == SAR_NAMELENERR &&
		CALL(SKF_OpenContainer, P(app), P(too_long), P(&other)) == SAR_NAMELENERR &&
		CALL(SKF_OpenApplication, P(dev), P(too_long), P(&other)) == SAR_NAMELENERR,
	    "%s: 40 characters are no name", lab.shape);
	T(CALL(SKF_CreateContainer, P(app), P(longest), P(&other)) == SAR_OK &&
		CALL(SKF_CreateContainer, P(app), P(longest), P(&other)) == SAR_CONTAINER_EXIST,
	    "%s: 39 are, once", lab.shape);
	T(CALL(SKF_CreateContainer, P(app), P("../x"), P(&other)) == SAR_INVALIDPARAMERR &&
		CALL(SKF_CreateContainer, P(app), P("a/b"), P(&other)) == SAR_INVALIDPARAMERR &&
		CALL(SKF_CreateContainer, P(app), P(""), P(&other)) == SAR_INVALIDPARAMERR,
	    "%s: nor are paths", lab.shape);
	T(CALL(SKF_CreateFile, P(app), P("12345678901234567890123456789012"), 1, 16, 16) ==
		SAR_NAMELENERR,
	    "%s: nor 32 for a file", lab.shape);
}

static void
full(void)
{
	char list[256] = "";
	ulong_out n = { .w = 4 };
	void *other = NULL;

	/* two so far, and the long one */
	OK(SKF_CreateContainer, P(app), P("C4"), P(&other));
	T(CALL(SKF_CreateContainer, P(app), P("C5"), P(&other)) == SAR_REACH_MAX_CONTAINER_COUNT,
	    "%s: no fifth container", lab.shape);
	T(CALL(SKF_EnumContainer, P(app), P(list), P(&n)) == SAR_BUFFER_TOO_SMALL &&
		n.v == 40 + 3 + 4 + 4 + 1,
	    "%s: how long their list is", lab.shape);
	OK(SKF_EnumContainer, P(app), P(list), P(&n));
	T_STR(list + 40, "C4", "%s: their list", lab.shape);
	T(CALL(SKF_DeleteContainer, P(app), P("C4")) == SAR_OK &&
		CALL(SKF_DeleteContainer, P(app), P("C4")) == SAR_CONTAINER_NOT_FOUND &&
		CALL(SKF_CreateContainer, P(app), P("C5"), P(&other)) == SAR_OK,
	    "%s: one goes, one comes", lab.shape);
	T(CALL(SKF_CreateFile, P(app), P("big"), 15000, 16, 16) == SAR_NO_ROOM, "%s: no room",
	    lab.shape);
	T(CALL(SKF_CreateFile, P(app), P("small"), 5000, 16, 16) == SAR_OK, "%s: room for less",
	    lab.shape);
	T(CALL(SKF_ImportCertificate, P(con), 1, P(lab.build), PATH_MAX) == SAR_NO_ROOM,
	    "%s: none for a certificate then", lab.shape);
}

static void
whole(const char *shape)
{
	lab_load(shape);
	LAB(lab_tool("make", shape, "--app", APP, "--pin", PIN, "--admin-pin", ADMIN, "--tries",
		"3", "--containers", "4", "--space", "12000", NULL) == 0);
	open_key(shape);
	LAB(login(PIN, NULL) == SAR_OK);
	sm2_sessions();
	rsa();
	certificates();
	files();
	names();
	full();
	close_key();
}

int
main(void)
{
	lab_begin();
	encryption[0] = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	encryption[1] = EVP_RSA_gen(2048);
	LAB(encryption[0] != NULL && encryption[1] != NULL);
	whole("u32-packed");
	whole("u32-natural");
	whole("u64-packed");
	whole("u64-natural");
	EVP_PKEY_free(encryption[0]);
	EVP_PKEY_free(encryption[1]);
	return T_END();
}
