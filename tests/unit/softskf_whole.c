/* Whenever a process is killed or the key pulled, what the software smart key holds is whole. */
#include <signal.h>

#include "softskf_crypto.h"

static EVP_PKEY *brought[2]; /* encryption pairs that come in envelopes */
static unsigned turn;

static void
use(const char *name)
{
	LAB(login(PIN, NULL) == SAR_OK);
	LAB(CALL(SKF_OpenContainer, P(app), P(name), P(&con)) == SAR_OK ||
	    CALL(SKF_CreateContainer, P(app), P(name), P(&con)) == SAR_OK);
}

static void
log_in(void)
{
	LAB(login(PIN, NULL) == SAR_OK);
}

static void
change_pin(void)
{
	OK(SKF_ChangePIN, P(app), USER_TYPE, P(PIN), P(NEW_PIN), 0);
}

static void
unblock(void)
{
	OK(SKF_UnblockPIN, P(app), P(ADMIN), P(NEW_PIN), 0);
}

static void
generate(void)
{
	uint8_t pub[256];

	use("C2");
	OK(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(pub));
}

static void
generate_rsa(void)
{
	uint8_t pub[512];

	use("R1");
	OK(SKF_GenRSAKeyPair, P(con), 1024, P(pub));
}

static uint32_t
import_for(const uint8_t *signing)
{
	EVP_PKEY *key = get_ulong(signing) == 256 ? sm2_public(signing) : NULL;
	uint8_t blob[512] = { 0 };

	if (key != NULL)
		sm2_envelope(key, brought[turn % 2], ZERO_FIRST, blob);
	EVP_PKEY_free(key);
	return CALL(SKF_ImportECCKeyPair, P(con), P(blob));
}

static void
import(void)
{
	uint8_t pub[256];
	ulong_out n = { .w = sizeof pub };

	use("C1");
	OK(SKF_ExportPublicKey, P(con), 1, P(pub), P(&n));
	LAB(import_for(pub) == SAR_OK);
}

static void
certificate(void)
{
	use("C1");
	OK(SKF_ImportCertificate, P(con), 1,
	    P(turn % 2 != 0 ? "one certificate" : "other bytes than that"),
	    turn % 2 != 0 ? 15 : 21);
}

static void
come_and_go(void)
{
	use("C3");
	OK(SKF_ImportCertificate, P(con), 1, P("one certificate"), 15);
	OK(SKF_DeleteContainer, P(app), P("C3"));
}

static void
write_file(void)
{
	LAB(login(PIN, NULL) == SAR_OK);
	CALL(SKF_CreateFile, P(app), P("f"), 4, 255, 255);
	OK(SKF_WriteFile, P(app), P("f"), 0, P(turn % 2 != 0 ? "aaaa" : "bbbb"), 4);
}

/* ---- how whole is told ---- */

static bool
signs(void)
{
	uint8_t pub[512], e[32] = { 7 }, sig[256];
	ulong_out n = { .w = sizeof pub }, len = { .w = sizeof sig }, type = { .w = 0 };

	if (CALL(SKF_ExportPublicKey, P(con), 1, P(pub), P(&n)) == SAR_KEYNOTFOUNTERR)
		return true;
	OK(SKF_GetContainerType, P(con), P(&type));
	if (type.v == CONTAINER_RSA)
		return CALL(SKF_RSASignData, P(con), P(e), 32, P(sig), P(&len)) == SAR_OK &&
		       CALL(SKF_RSAVerify, P(dev), P(pub), P(e), 32, P(sig), len.v) == SAR_OK;
	return CALL(SKF_ECCSignData, P(con), P(e), 32, P(sig)) == SAR_OK &&
	       CALL(SKF_ECCVerify, P(dev), P(pub), P(e), 32, P(sig)) == SAR_OK;
}

static bool
decrypts(void)
{
	uint8_t pub[256], wrapped[512];
	ulong_out n = { .w = sizeof pub };
	void *out = NULL, *in = NULL;
	bool good = false;

	if (CALL(SKF_ExportPublicKey, P(con), 0, P(pub), P(&n)) == SAR_KEYNOTFOUNTERR)
		return true;
	OK(SKF_ECCExportSessionKey, P(con), SGD_SM4_ECB, P(pub), P(wrapped), P(&out));
	good = CALL(SKF_ImportSessionKey, P(con), SGD_SM4_ECB, P(wrapped), ECC_CIPHER, P(&in)) ==
	       SAR_OK;
	OK(SKF_CloseHandle, P(out));
	if (good)
		OK(SKF_CloseHandle, P(in));
	return good;
}

static bool
one_of(uint32_t rv, const ulong_out *n, const void *got, const char *a, const char *b)
{
	const char *text = got;

	return (n->v == strlen(a) && memcmp(text, a, n->v) == 0) ||
	       (n->v == strlen(b) && memcmp(text, b, n->v) == 0) || rv == SAR_CERTNOTFOUNTERR ||
	       rv == SAR_FILE_NOT_EXIST;
}

static bool
container_whole(const char *name)
{
	char text[64] = "";
	ulong_out n = { .w = sizeof text };
	uint32_t rv = CALL(SKF_OpenContainer, P(app), P(name), P(&con));
	bool good = rv == SAR_OK && signs() && decrypts();

	rv = CALL(SKF_ExportCertificate, P(con), 1, P(text), P(&n));
	good = good && one_of(rv, &n, text, "one certificate", "other bytes than that");
	OK(SKF_CloseContainer, P(con));
	return good;
}

/* NULL: nothing is. Who may log in puts the PIN back, and with it the tries. */
static const char *
what_is_broken(void)
{
	char list[256], text[8] = "";
	ulong_out n = { .w = sizeof list }, m = { .w = sizeof text };
	uint32_t rv = SAR_OK;

	if (tries_left(USER_TYPE) < 2 || tries_left(ADMIN_TYPE) < 2)
		return "more than one try is gone";
	if (login(PIN, NULL) != SAR_OK &&
	    (login(NEW_PIN, NULL) != SAR_OK ||
		CALL(SKF_ChangePIN, P(app), USER_TYPE, P(NEW_PIN), P(PIN), 0) != SAR_OK))
		return "no PIN is right";
	if (tries_left(ADMIN_TYPE) < 3 &&
	    CALL(SKF_VerifyPIN, P(app), ADMIN_TYPE, P(ADMIN), 0) != SAR_OK)
		return "the administrator's PIN is wrong";
	OK(SKF_EnumContainer, P(app), P(list), P(&n));
	for (char *name = list; *name != '\0'; name += strlen(name) + 1)
		if (!container_whole(name))
			return "a container is not whole";
	CALL(SKF_DeleteContainer, P(app), P("C3"));
	rv = CALL(SKF_ReadFile, P(app), P("f"), 0, 4, P(text), P(&m));
	return one_of(rv, &m, text, "aaaa", "bbbb") ? NULL : "a file is neither old nor new";
}

/* once more the key is as before it */
static const char *
broken_by(const char *ctl, void (*what)(void), int end)
{
	const char *broken = NULL;

	turn++;
	if (ends(ctl, what) != end)
		return "it ended otherwise";
	open_key(KEY);
	broken = what_is_broken();
	close_key();
	return broken;
}

static unsigned
steps_of(void (*what)(void))
{
	char path[2 * PATH_MAX];
	unsigned n = 0;

	/* the first one may make what the others find */
	LAB(broken_by("", what, 0) == NULL);
	snprintf(path, sizeof path, "%s/calls", lab.dir);
	unlink(path);
	LAB(ends("", what) == 0);
	n = lab_called("write");
	open_key(KEY);
	LAB(what_is_broken() == NULL);
	close_key();
	return n;
}

/* from: steps tried elsewhere */
static unsigned
killed_at_every_write(const char *name, unsigned from, void (*what)(void))
{
	unsigned n = steps_of(what), whole = from;
	const char *broken = NULL;

	for (unsigned i = from; i < n && broken == NULL; i++) {
		char ctl[64];

		snprintf(ctl, sizeof ctl, "die write %u\n", i);
		broken = broken_by(ctl, what, SIGKILL);
		whole += broken == NULL;
	}
	T(n > from && whole == n && broken_by("", what, 0) == NULL,
	    "%s: killed at each of %u steps, whole %u times", name, n - from, whole - from);
	if (broken != NULL)
		printf("# %s: %s\n", name, broken);
	return n;
}

/* A renewal's calls, by someone who never looks at an answer. */
static void
blindly(void)
{
	uint8_t pub[256] = { 0 }, e[32] = { 3 }, sig[128];
	ulong_out n = { .w = sizeof pub };

	con = NULL;
	login(PIN, NULL);
	CALL(SKF_CreateContainer, P(app), P("C3"), P(&con));
	CALL(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P(pub));
	import_for(pub);
	CALL(SKF_ImportCertificate, P(con), 1, P("one certificate"), 15);
	CALL(SKF_ImportCertificate, P(con), 0, P("other bytes than that"), 21);
	CALL(SKF_ExportCertificate, P(con), 1, P(pub), P(&n));
	CALL(SKF_ECCSignData, P(con), P(e), 32, P(sig));
	CALL(SKF_ChangePIN, P(app), USER_TYPE, P(PIN), P(NEW_PIN), 0);
	CALL(SKF_DeleteContainer, P(app), P("C2"));
	CALL(SKF_ClearSecureState, P(app));
	CALL(SKF_CloseContainer, P(con));
}

/* calls of it, and the two by which a process opens the key */
#define BLIND_CALLS 14

static const char *
replugged_after(const char *ctl)
{
	const char *broken = NULL;

	if (ends(ctl, blindly) != 0)
		return "it ended otherwise";
	plug(KEY);
	open_key(KEY);
	broken = what_is_broken();
	close_key();
	return broken;
}

static void
at_every_call_of_a_renewal(const char *action)
{
	const bool dies = strncmp(action, "die", 3) == 0;
	const char *broken = NULL;
	unsigned whole = 0;

	/* who opens a key that is out gets no further: those two are tried above */
	for (unsigned i = dies ? 0 : 2; i < BLIND_CALLS && broken == NULL; i++) {
		char ctl[64];

		snprintf(ctl, sizeof ctl, "%s * %u\n", action, i);
		broken = dies ? broken_by(ctl, blindly, SIGKILL) : replugged_after(ctl);
		whole += broken == NULL;
	}
	T(whole == BLIND_CALLS - (dies ? 0 : 2), "%s at every call of a renewal: whole %u times",
	    action, whole);
	if (broken != NULL)
		printf("# %s: %s\n", action, broken);
}

int
main(void)
{
	unsigned login_steps = 0;

	lab_begin();
	lab_make(KEY);
	lab_load("u32-packed");
	brought[0] = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	brought[1] = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	open_key(KEY);
	use("C1");
	OK(SKF_GenECCKeyPair, P(con), SGD_SM2_1, P((uint8_t[256]){ 0 }));
	close_key();
	login_steps = killed_at_every_write("logged in", 0, log_in);
	killed_at_every_write("PIN changed", 0, change_pin);
	killed_at_every_write("PIN unblocked", 0, unblock);
	killed_at_every_write("SM2 pair made", login_steps, generate);
	killed_at_every_write("RSA pair made", login_steps, generate_rsa);
	killed_at_every_write("pair brought in", login_steps, import);
	killed_at_every_write("certificate", login_steps, certificate);
	killed_at_every_write("container made and deleted", login_steps, come_and_go);
	killed_at_every_write("file", login_steps, write_file);
	T(broken_by("die * 14\n", blindly, 0) == NULL, "a renewal has no fifteenth call");
	at_every_call_of_a_renewal("die");
	at_every_call_of_a_renewal("dieafter");
	at_every_call_of_a_renewal("yank");
	at_every_call_of_a_renewal("yankafter");
	EVP_PKEY_free(brought[0]);
	EVP_PKEY_free(brought[1]);
	return T_END();
}
