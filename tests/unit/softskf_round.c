/* The software smart key library in its four shapes: what one program can do with each of them. */
#include "softskf_crypto.h"

static const uint8_t message[] = "what shall be signed";
static EVP_PKEY *encryption;

/* ---- the device and its PINs ---- */

static void
device(void)
{
	const unsigned sizes[2][2] = { { 294, 296 }, { 326, 328 } };
	uint8_t info[1024];
	unsigned n = sizeof info;

	memset(info, 0xA5, sizeof info);
	OK(SKF_GetDevInfo, P(dev), P(info));
	while (n > 0 && info[n - 1] == 0xA5)
		n--;
	T(n == sizes[lab.u == 8][lab.natural], "%s: %u bytes of device", lab.shape, n);
	T_STR((char *)info + 2 + 64 + 64, "softskf", "%s: label", lab.shape);
	T_STR((char *)info + 2 + 64 + 64 + 32, lab.shape, "%s: serial", lab.shape);
}

static void
random_and_label(void)
{
	uint8_t random[16] = { 0 }, proof[16], info[1024];
	ulong_out state = { .w = 9 };

	T(CALL(SKF_SetLabel, P(dev), P("张三")) == SAR_USER_NOT_LOGGED_IN,
	    "%s: no label from just anyone", lab.shape);
	OK(SKF_GenRandom, P(dev), P(random), 8);
	memset(proof, 7, sizeof proof);
	T(CALL(SKF_DevAuth, P(dev), P(proof), 16) == SAR_FAIL, "%s: a wrong device proof",
	    lab.shape);
	OK(SKF_GenRandom, P(dev), P(random), 8);
	sm4(1, EVP_sm4_ecb(), false, (const uint8_t *)"1234567812345678", NULL, random, 16, proof);
	T(CALL(SKF_DevAuth, P(dev), P(proof), 16) == SAR_OK, "%s: the right one", lab.shape);
	OK(SKF_SetLabel, P(dev), P("张三"));
	OK(SKF_GetDevInfo, P(dev), P(info));
	T_STR((char *)info + 130, "张三", "%s: label set", lab.shape);
	OK(SKF_GetDevState, P(lab.shape), P(&state));
	T(state.v == DEV_PRESENT_STATE, "%s: is there", lab.shape);
	OK(SKF_GetDevState, P("nobody"), P(&state));
	T(state.v == DEV_ABSENT_STATE, "%s: another is not", lab.shape);
}

static void
applications(void)
{
	char list[64] = "";
	ulong_out n = { .w = sizeof list };
	void *second = NULL;

	/* the device proof holds from above */
	T(CALL(SKF_CreateApplication, P(dev), P("SECOND"), P(ADMIN), 5, P("12345"), 5, 16,
	      P(&second)) == SAR_PIN_LEN_RANGE,
	    "%s: an application's PIN too short", lab.shape);
	T(CALL(SKF_CreateApplication, P(dev), P("SECOND"), P(ADMIN), 5, P(PIN), 5,
	      SECURE_USER_ACCOUNT, P(&second)) == SAR_OK &&
		CALL(SKF_CreateApplication, P(dev), P("SECOND"), P(ADMIN), 5, P(PIN), 5, 16,
		    P(&second)) == SAR_APPLICATION_EXISTS,
	    "%s: a second application", lab.shape);
	OK(SKF_EnumApplication, P(dev), P(list), P(&n));
	T(n.v == sizeof "SECOND" + sizeof APP + 1 && memcmp(list, "SECOND\0" APP "\0", n.v) == 0,
	    "%s: both are listed", lab.shape);
	OK(SKF_CloseApplication, P(second));
	T(CALL(SKF_DeleteApplication, P(dev), P("SECOND")) == SAR_OK &&
		CALL(SKF_OpenApplication, P(dev), P("SECOND"), P(&second)) ==
		    SAR_APPLICATION_NOT_EXISTS,
	    "%s: and one again", lab.shape);
}

static void
wrong_pins(void)
{
	ulong_out n = { .w = 0 };
	int32_t factory = -1;
	unsigned left = 9;

	OK(SKF_GetPINInfo, P(app), USER_TYPE, P(&n), P(&n), P(&factory));
	T(factory == 1, "%s: the factory's PIN", lab.shape);

	T(tries_left(USER_TYPE) == 3, "%s: three tries", lab.shape);
	T(login("000000", &left) == SAR_PIN_INCORRECT && left == 2, "%s: a wrong PIN, two left",
	    lab.shape);
	T(login("12345", &left) == SAR_PIN_LEN_RANGE && tries_left(USER_TYPE) == 2,
	    "%s: a PIN too short costs none", lab.shape);
	T(login(PIN, &left) == SAR_OK && left == 3, "%s: the right one, three again", lab.shape);
	login("000000", NULL);
	login("000000", NULL);
	T(login("000000", &left) == SAR_PIN_LOCKED && left == 0 && tries_left(USER_TYPE) == 0,
	    "%s: the third wrong one locks", lab.shape);
	T(login(PIN, NULL) == SAR_PIN_LOCKED, "%s: for the right one too", lab.shape);
	T(CALL(SKF_CreateContainer, P(app), P("C0"), P(&con)) == SAR_USER_NOT_LOGGED_IN,
	    "%s: and nobody is logged in", lab.shape);
}

static void
changed_pins(void)
{
	ulong_out n = { .w = 0 };
	int32_t factory = -1;

	T(CALL(SKF_UnblockPIN, P(app), P("00000000"), P("654321"), P(&n)) == SAR_PIN_INCORRECT &&
		n.v == 2 && tries_left(ADMIN_TYPE) == 2,
	    "%s: a wrong administrator's PIN", lab.shape);
	T(CALL(SKF_UnblockPIN, P(app), P(ADMIN), P("654321"), P(&n)) == SAR_OK &&
		tries_left(USER_TYPE) == 3 && tries_left(ADMIN_TYPE) == 3 &&
		login("654321", NULL) == SAR_OK,
	    "%s: the right one unlocks, with a new PIN", lab.shape);
	T(CALL(SKF_ChangePIN, P(app), USER_TYPE, P(PIN), P("111111"), P(&n)) == SAR_PIN_INCORRECT &&
		n.v == 2,
	    "%s: the old one changes nothing", lab.shape);
	T(CALL(SKF_ChangePIN, P(app), USER_TYPE, P("654321"), P(PIN), P(&n)) == SAR_OK &&
		login("654321", NULL) == SAR_PIN_INCORRECT && login(PIN, NULL) == SAR_OK,
	    "%s: the new one does", lab.shape);
	OK(SKF_GetPINInfo, P(app), USER_TYPE, P(&n), P(&n), P(&factory));
	T(factory == 0, "%s: and the factory's it is no more", lab.shape);
}

/* ---- SM2 ---- */

static void
digest(const uint8_t *pub, uint8_t e[32])
{
	void *hash = NULL;
	ulong_out n = { .w = 32 };

	OK(SKF_DigestInit, P(dev), SGD_SM3, P(pub), P(ID), sizeof ID - 1, P(&hash));
	OK(SKF_DigestUpdate, P(hash), P(message), 5);
	OK(SKF_DigestUpdate, P(hash), P(message + 5), sizeof message - 5);
	OK(SKF_DigestFinal, P(hash), P(e), P(&n));
	OK(SKF_CloseHandle, P(hash));
}

static void
plain_digest(void)
{
	uint8_t ours[32], theirs[32];
	void *hash = NULL;
	ulong_out n = { .w = 4 };

	OK(SKF_DigestInit, P(dev), SGD_SM3, 0, 0, 0, P(&hash));
	T(CALL(SKF_Digest, P(hash), P("abc"), 3, P(ours), P(&n)) == SAR_BUFFER_TOO_SMALL &&
		n.v == 32,
	    "%s: a digest has 32 bytes", lab.shape);
	OK(SKF_CloseHandle, P(hash));
	OK(SKF_DigestInit, P(dev), SGD_SM3, 0, 0, 0, P(&hash));
	OK(SKF_Digest, P(hash), P("abc"), 3, P(ours), P(&n));
	EVP_Digest("abc", 3, theirs, NULL, EVP_sm3(), NULL);
	T(memcmp(ours, theirs, 32) == 0, "%s: SM3", lab.shape);
	T(CALL(SKF_DigestUpdate, P(hash), P("abc"), 3) == SAR_NOTINITIALIZEERR, "%s: once",
	    lab.shape);
	OK(SKF_CloseHandle, P(hash));
}

static void
sm2_signing(const uint8_t *pub)
{
	EVP_PKEY *key = sm2_public(pub);
	uint8_t e[32], sig[128];

	digest(pub, e);
	OK(SKF_ECCSignData, P(con), P(e), 32, P(sig));
	T(sm2_verifies(key, sig, message, sizeof message) == 1,
	    "%s: a signature OpenSSL verifies under the usual ID", lab.shape);
	T(CALL(SKF_ECCVerify, P(dev), P(pub), P(e), 32, P(sig)) == SAR_OK &&
		CALL(SKF_ExtECCVerify, P(dev), P(pub), P(e), 32, P(sig)) == SAR_OK,
	    "%s: the key itself as well", lab.shape);
	T(CALL(SKF_ECCSignData, P(con), P(e), 31, P(sig)) == SAR_INDATALENERR,
	    "%s: 31 bytes are no digest", lab.shape);
	e[0] ^= 1;
	T(CALL(SKF_ECCVerify, P(dev), P(pub), P(e), 32, P(sig)) == SAR_FAIL,
	    "%s: not of another digest", lab.shape);
	lab_ctl("badsign\n");
	e[0] ^= 1;
	OK(SKF_ECCSignData, P(con), P(e), 32, P(sig));
	lab_ctl("");
	T(sm2_verifies(key, sig, message, sizeof message) == 0, "%s: a key that signs wrong",
	    lab.shape);
	EVP_PKEY_free(key);
}

static void
sm2_envelopes(const uint8_t *pub)
{
	static const char *const what[] = { "zeros, key", "zeros and key encrypted", "key, zeros" };
	EVP_PKEY *signing = sm2_public(pub);
	uint8_t blob[512], exported[200];
	ulong_out n = { .w = sizeof exported };

	for (enum shape s = ZERO_FIRST; s <= ZERO_LAST; s++) {
		sm2_envelope(signing, encryption, s, blob);
		T(CALL(SKF_ImportECCKeyPair, P(con), P(blob)) == SAR_OK, "%s: an envelope: %s",
		    lab.shape, what[s]);
	}
	OK(SKF_ExportPublicKey, P(con), 0, P(exported), P(&n));
	T(n.v == ECC_PUB && memcmp(exported, blob + 3 * lab.u + 64, ECC_PUB) == 0,
	    "%s: the pair is there", lab.shape);
	EVP_PKEY_free(signing);
}

/* Every part of it matters. */
static void
sm2_bad_envelopes(const uint8_t *pub)
{
	EVP_PKEY *signing = sm2_public(pub);
	uint8_t good[512], bad[512];
	const unsigned priv = 3 * lab.u, key = priv + 64, cipher = key + ECC_PUB;
	const struct {
		const char *what;
		unsigned at;
	} parts[] = {
		{ "version", 0 },
		{ "algorithm", lab.u },
		{ "bits", 2 * lab.u },
		{ "private key", priv + 40 },
		{ "size", key },
		{ "public key", key + lab.u + 40 },
		{ "point", cipher + 40 },
		{ "hash", cipher + 130 },
		{ "length", cipher + 160 },
		{ "text", cipher + 160 + lab.u },
	};

	sm2_envelope(signing, encryption, ZERO_FIRST, good);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		memcpy(bad, good, sizeof bad);
		bad[parts[i].at] ^= 2;
		T(CALL(SKF_ImportECCKeyPair, P(con), P(bad)) != SAR_OK,
		    "%s: an envelope with another %s", lab.shape, parts[i].what);
	}
	sm2_envelope(encryption, encryption, ZERO_FIRST, bad);
	T(CALL(SKF_ImportECCKeyPair, P(con), P(bad)) == SAR_INDATAERR,
	    "%s: an envelope for somebody else", lab.shape);
	EVP_PKEY_free(signing);
}

/* ---- a container ---- */

static uint32_t
type_now(void)
{
	ulong_out type = { .w = 9 };

	OK(SKF_GetContainerType, P(con), P(&type));
	return type.v;
}

static void
sm2_container(void)
{
	uint8_t pub[256], again[256];
	ulong_out n = { .w = 0 };

	LAB(login(PIN, NULL) == SAR_OK);
	OK(SKF_CreateContainer, P(app), P("C1"), P(&con));
	T(type_now() == CONTAINER_EMPTY, "%s: an empty container", lab.shape);
	T(CALL(SKF_ExportPublicKey, P(con), 1, 0, P(&n)) == SAR_KEYNOTFOUNTERR, "%s: without a key",
	    lab.shape);
	T(CALL(SKF_GenECCKeyPair, P(con), SGD_RSA, P(pub)) == SAR_NOTSUPPORTYETERR &&
		CALL(SKF_GenECCKeyPair, P(con), SGD_SM2_1_2012, P(pub)) == SAR_OK &&
		CALL(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(pub)) == SAR_OK,
	    "%s: a pair, by either number of SM2", lab.shape);
	OK(SKF_ExportPublicKey, P(con), 1, 0, P(&n));
	T(n.v == (lab.u == 4 ? 132 : 136), "%s: a public key of %u bytes", lab.shape, n.v);
	OK(SKF_ExportPublicKey, P(con), 1, P(again), P(&n));
	T(memcmp(pub, again, n.v) == 0 && type_now() == CONTAINER_ECC, "%s: as it was made",
	    lab.shape);
	plain_digest();
	sm2_signing(pub);
	sm2_bad_envelopes(pub);
	n.w = 0;
	T(CALL(SKF_ExportPublicKey, P(con), 0, 0, P(&n)) == SAR_KEYNOTFOUNTERR,
	    "%s: of no bad envelope anything stays", lab.shape);
	sm2_envelopes(pub);
	OK(SKF_CloseContainer, P(con));
}

/* What is logged in outlives handles, and ends by one call. */
static void
secure_state(void)
{
	uint8_t e[32] = { 1 }, sig[128];

	close_key();
	open_key(lab.shape);
	OK(SKF_OpenContainer, P(app), P("C1"), P(&con));
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(sig)) == SAR_OK,
	    "%s: another handle signs without a PIN", lab.shape);
	OK(SKF_ClearSecureState, P(app));
	T(CALL(SKF_ECCSignData, P(con), P(e), 32, P(sig)) == SAR_USER_NOT_LOGGED_IN,
	    "%s: until the secure state is cleared", lab.shape);
	LAB(login(PIN, NULL) == SAR_OK);
	T(login("000000", NULL) == SAR_PIN_INCORRECT &&
		CALL(SKF_ECCSignData, P(con), P(e), 32, P(sig)) == SAR_USER_NOT_LOGGED_IN,
	    "%s: or a PIN was wrong", lab.shape);
}

static void
handles(void)
{
	ulong_out n = { .w = 0 };
	void *closed = con;

	OK(SKF_CloseContainer, P(con));
	T(CALL(SKF_GetContainerType, P(closed), P(&n)) == SAR_INVALIDHANDLEERR,
	    "%s: a closed handle is none", lab.shape);
	T(CALL(SKF_GetContainerType, P(dev), P(&n)) == SAR_INVALIDHANDLEERR &&
		CALL(SKF_GetContainerType, 0, P(&n)) == SAR_INVALIDHANDLEERR &&
		CALL(SKF_CloseHandle, P(app)) == SAR_INVALIDHANDLEERR,
	    "%s: nor one of another kind, nor none", lab.shape);
	OK(SKF_OpenContainer, P(app), P("C1"), P(&con));
	OK(SKF_CloseApplication, P(app));
	T(CALL(SKF_GetContainerType, P(con), P(&n)) == SAR_INVALIDHANDLEERR,
	    "%s: nor one whose application was closed", lab.shape);
	OK(SKF_DisConnectDev, P(dev));
}

static void
whole(const char *shape)
{
	const char *mark = NULL;

	lab_load(shape);
	mark = dlsym(lab.so, "softskf_for_tests_only");
	T(mark != NULL && strstr(mark, "for tests only") != NULL, "%s: says what it is", shape);
	LAB(lab_tool("make", shape, "--app", APP, "--pin", PIN, "--admin-pin", ADMIN, "--tries",
		"3", "--factory", NULL) == 0);
	open_key(shape);
	device();
	wrong_pins();
	changed_pins();
	random_and_label();
	applications();
	sm2_container();
	secure_state();
	handles();
}

int
main(void)
{
	lab_begin();
	encryption = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	LAB(encryption != NULL);
	whole("u32-packed");
	whole("u32-natural");
	whole("u64-packed");
	whole("u64-natural");
	EVP_PKEY_free(encryption);
	return T_END();
}
