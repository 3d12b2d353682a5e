/* Certificates: written once, read back, and never believed. */
#include <signal.h>
#include <sys/resource.h>

#include "token_lab.h"

static struct ck_entries e;

static enum ck_code
put(struct ck_token *t, const char *id, const unsigned char *der, size_t n)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_put_cert(t, (const unsigned char *)id, strlen(id), "certkiosk", der, n, &err);
	return err.code;
}

/* how many certificates under an id; they are left in e */
static int
certs(struct ck_token *t, const char *id)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_entries_free(&e);
	LAB(ck_token_list(t, &e, &err) == 0);
	for (size_t i = 0; i < e.n; i++)
		if (e.at[i].id_len == strlen(id) && memcmp(e.at[i].id, id, strlen(id)) == 0)
			return e.at[i].certs;
	return 0;
}

static void
written(
    struct ck_token *t, const unsigned char *one, size_t n1, const unsigned char *two, size_t n2)
{
	T(put(t, "a", one, n1) == CK_E_NONE && certs(t, "a") == 1, "a certificate is written");
	T(e.at[0].cert_len == n1 && memcmp(e.at[0].cert, one, n1) == 0, "and there byte for byte");
	T(put(t, "a", one, n1) == CK_E_NONE && certs(t, "a") == 1, "once more is the same one");
	T(put(t, "a", two, n2) == CK_E_NONE && certs(t, "a") == 2, "another one stands beside it");
	T(put(t, "b", one, n1) == CK_E_NONE && certs(t, "b") == 1 && certs(t, "a") == 2,
	    "under another id it is another object");
	T(put(t, "c", (const unsigned char *)"junk", 4) == CK_E_CERT_UNREADABLE, "junk is refused");
	T(put(t, "c", one, n1 - 1) == CK_E_CERT_UNREADABLE, "half a certificate too");
	T(put(t, "c", one, CK_CERT_MAX + 1) == CK_E_CERT_UNREADABLE, "and what is too long");
	T(certs(t, "c") == 0, "nothing of it was written");
}

/* The same object made twice, as another program does it: before ours has the key. */
static void
twice(const char *id, const unsigned char *der, size_t n)
{
	CK_FUNCTION_LIST *f = lab_softhsm();
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_SUBJECT, (void *)(uintptr_t) "0", 1 },
		{ CKA_VALUE, (void *)(uintptr_t)der, n },
		{ CKA_ID, (void *)(uintptr_t)id, strlen(id) },
	};
	unsigned char pin[] = LAB_PIN;
	CK_SESSION_HANDLE s = 0;
	CK_OBJECT_HANDLE o = 0;
	CK_SLOT_ID slots[2]; /* SoftHSM2 always has an empty one behind the last */
	CK_ULONG two = 2;

	LAB(f->C_GetSlotList(CK_TRUE, slots, &two) == CKR_OK);
	LAB(f->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) ==
	    CKR_OK);
	LAB(f->C_Login(s, CKU_USER, pin, sizeof pin - 1) == CKR_OK);
	LAB(f->C_CreateObject(s, a, sizeof a / sizeof *a, &o) == CKR_OK &&
	    f->C_CreateObject(s, a, sizeof a / sizeof *a, &o) == CKR_OK);
	f->C_Finalize(NULL);
}

static enum ck_code
drop(struct ck_token *t, const char *id, const unsigned char *der, size_t n)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_drop_double(t, (const unsigned char *)id, strlen(id), der, n, &err);
	return err.code;
}

static void
dropped(
    struct ck_token *t, const unsigned char *one, size_t n1, const unsigned char *two, size_t n2)
{
	LAB(put(t, "e", two, n2) == CK_E_NONE);
	T(certs(t, "e") == 3, "one of two certificates is there twice");
	lab_fail("C_DestroyObject", CKR_DEVICE_ERROR);
	T(drop(t, "e", one, n1) == CK_E_KEY_TROUBLE, "a key in trouble drops nothing");
	lab_ctl("");
	T(drop(t, "e", one, n1) == CK_E_NONE && certs(t, "e") == 2, "the double goes");
	T(drop(t, "e", one, n1) == CK_E_NONE && certs(t, "e") == 2, "the last one never does");
	T(drop(t, "e", two, n2) == CK_E_NONE && certs(t, "e") == 2, "nor does the other");
	T(put(t, "e", one, n1) == CK_E_NONE && put(t, "e", two, n2) == CK_E_NONE &&
		certs(t, "e") == 2,
	    "both are what they were");
	T(drop(t, "nobody", one, n1) == CK_E_NONE, "none is success");
	T(drop(t, "", one, n1) == CK_E_INTERNAL, "an empty id is every object's");
}

static void
not_kept(struct ck_token *t, const unsigned char *der, size_t n)
{
	lab_ctl("full\n");
	T(put(t, "d", der, n) == CK_E_KEY_FULL, "a full key that says so");
	lab_ctl("fullsilent\n");
	T(put(t, "d", der, n) == CK_E_KEY_FULL, "a full key that says it was kept");
	lab_ctl("fullshort\n");
	T(put(t, "d", der, n) == CK_E_WRITE_NOT_KEPT, "half of it kept");
	lab_ctl("readonly\n");
	T(put(t, "d", der, n) == CK_E_KEY_READONLY, "a write-protected key");
	lab_ctl("");
	T(certs(t, "d") == 0, "nothing of all this is left");
	lab_fail("C_CreateObject", CKR_DEVICE_ERROR);
	T(put(t, "d", der, n) == CK_E_KEY_TROUBLE, "a key in trouble");
	lab_fail_after("C_CreateObject", CKR_DEVICE_ERROR);
	T(put(t, "d", der, n) == CK_E_NONE && certs(t, "d") == 1,
	    "an error over a certificate that is there is none");
	lab_ctl("");
}

/* SoftHSM2 on a full disk: C_CreateObject says CKR_OK. Without the shim, which writes files too. */
static void
really_full(const unsigned char *der, size_t n)
{
	const struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = NULL;
	struct ck_token *t = NULL;
	enum ck_code cert = CK_E_NONE, key = CK_E_NONE;

	lab_family("test", "module = \"" LAB_SOFTHSM "\";\n" LAB_KEYTYPES);
	k = lab_ring();
	t = lab_take(k);
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	signal(SIGXFSZ, SIG_IGN);
	LAB(setrlimit(RLIMIT_FSIZE, &none) == 0);
	cert = put(t, "full", der, n);
	ck_token_genkey(t, CK_KEY_P256, (const unsigned char *)"full", 4, "full", &err);
	key = err.code;
	LAB(setrlimit(RLIMIT_FSIZE, &all) == 0);
	T(cert == CK_E_KEY_FULL || cert == CK_E_KEY_TROUBLE || cert == CK_E_WRITE_NOT_KEPT,
	    "a full disk under SoftHSM2: no certificate is believed (%d)", cert);
	T(key == CK_E_KEY_FULL || key == CK_E_KEY_TROUBLE, "and no pair (%d)", key);
	ck_token_close(t);
	ck_keyring_close(k);
	k = lab_ring();
	t = lab_take(k);
	T(certs(t, "full") == 0, "and nothing is there afterwards");
	T(certs(t, "a") == 2, "what was there before still is");
	ck_token_close(t);
	ck_keyring_close(k);
}

int
main(void)
{
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = NULL;
	struct ck_token *t = NULL;
	unsigned char *one = NULL, *two = NULL;
	int n1 = 0, n2 = 0;

	lab_begin();
	lab_token("CERT", true);
	one = lab_cert(NULL, 1, &n1);
	two = lab_cert(NULL, 2, &n2);
	twice("e", one, (size_t)n1);
	k = lab_ring();
	t = lab_take(k);
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	written(t, one, (size_t)n1, two, (size_t)n2);
	dropped(t, one, (size_t)n1, two, (size_t)n2);
	not_kept(t, one, (size_t)n1);
	ck_token_close(t);
	ck_keyring_close(k);
	really_full(one, (size_t)n1);
	ck_entries_free(&e);
	OPENSSL_free(one);
	OPENSSL_free(two);
	return T_END();
}
