/* Which keys are there, and what is on them; modules that are missing, broken or not what they say.
 */
#include "token_lab.h"

/* Nothing may be said on standard error: a line there spoils the screen. */
static int
quiet_begin(void)
{
	int keep = dup(STDERR_FILENO);
	char path[PATH_MAX];
	int fd = -1;

	snprintf(path, sizeof path, "%s/stderr", lab.dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	LAB(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	close(fd);
	return keep;
}

static bool
quiet_end(int keep)
{
	struct stat st;

	LAB(fstat(STDERR_FILENO, &st) == 0 && dup2(keep, STDERR_FILENO) >= 0);
	close(keep);
	return st.st_size == 0;
}

static enum ck_code
list_with(const char *settings, char *detail)
{
	struct ck_keyring *k = NULL;
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_err err = { .code = CK_E_NONE };
	char dir[PATH_MAX];
	size_t n = 0;

	lab_family("test", "%s", settings);
	snprintf(dir, sizeof dir, "%s/keys.d", lab.dir);
	if (ck_keyring_open(dir, &k, &err) == 0)
		ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err);
	ck_keyring_close(k);
	snprintf(detail, CK_DETAIL_MAX, "%s", err.detail);
	return err.code;
}

static void
broken_modules(void)
{
	char text[2 * PATH_MAX], detail[CK_DETAIL_MAX], path[PATH_MAX];
	int keep = quiet_begin();

	snprintf(path, sizeof path, "%s/none.so", lab.dir);
	snprintf(text, sizeof text, "module = \"%s\";\n" LAB_KEYTYPES, path);
	T(list_with(text, detail) == CK_E_MODULE_MISSING, "a module that is not there");
	T(strstr(detail, path) != NULL, "and it is named");
	lab_write("none.so", "not a library\n");
	T(list_with(text, detail) == CK_E_MODULE_BROKEN, "a module that is no library");
	T(list_with("module = \"/usr/lib/x86_64-linux-gnu/libz.so.1\";\n" LAB_KEYTYPES, detail) ==
		CK_E_MODULE_BROKEN,
	    "a library that is no PKCS#11 module");
	T(strstr(detail, "not a PKCS#11 module") != NULL, "and it is said so: %s", detail);
	lab_ctl("fail C_Initialize 5 0\n");
	snprintf(text, sizeof text, "module = \"%s\";\n" LAB_KEYTYPES, lab.shim);
	T(list_with(text, detail) == CK_E_MODULE_BROKEN, "a module that does not initialize");
	lab_ctl("fail C_GetSlotList 5 1\n");
	T(list_with(text, detail) == CK_E_MODULE_BROKEN, "a module that lists no slots");
	lab_ctl("");
	T(list_with(text, detail) == CK_E_NONE, "and a good one afterwards");
	T(quiet_end(keep), "nothing of it on standard error");
}

static void
mistakes(void)
{
	static const struct {
		const char *settings, *names, *what;
	} bad[] = {
		{ "module = \"/x.so\";", "keytypes", "no key types" },
		{ "module = \"/x.so\";\nkeytypes = [\"sm2\"];", "sm2", "an unknown key type" },
		{ "module = \"/x.so\";\nkeytypes = [];", "keytypes", "no key type at all" },
		{ LAB_KEYTYPES, "module", "no module" },
		{ "module = \"/x.so\";\npin_min = 8;\npin_max = 6;\n" LAB_KEYTYPES, "pin_max",
		    "PIN bounds the wrong way round" },
		{ "module = \"/x.so\";\npin_charset = \"hex\";\n" LAB_KEYTYPES, "pin_charset",
		    "an unknown character set" },
		{ "module = \"/x.so\";\ntwo_piars = true;\n" LAB_KEYTYPES, "two_piars", "a typo" },
		{ "module = \"/x.so\";\natr = [\"3B:0\"];\n" LAB_KEYTYPES, "atr", "half a byte" },
		{ "module = \"/x.so\";\natr = [\"3B\"];\n" LAB_KEYTYPES, "atr", "half an ATR" },
		{ "module = \"/x.so\";\natr = [\"ATR 3B\"];\n" LAB_KEYTYPES, "atr", "no ATR" },
		{ "module = \"/x.so\";\natr = [\"3B00\"];\natr_mask = [\"FF\"];\n" LAB_KEYTYPES,
		    "atr_mask", "a mask too short" },
		{ "module = \"/x.so\";\natr = [\"3B00\"];\natr_mask = [\"FFFF\", "
		  "\"FFFF\"];\n" LAB_KEYTYPES,
		    "atr_mask", "more masks than ATRs" },
		{ "module = \"/x.so\";\natr_mask = [\"FFFF\"];\n" LAB_KEYTYPES, "atr_mask",
		    "a mask of nothing" },
		{ "module = \"/x.so\";\nusb = [\"55c:e618\"];\n" LAB_KEYTYPES, "usb",
		    "half a USB id" },
		{ "module = \"/x.so\";\nusb = [\"055c:e61:\"];\n" LAB_KEYTYPES, "usb",
		    "a USB id of colons" },
		{ "module = \"/x.so\";\nreader = \"Longmai*\";\n" LAB_KEYTYPES, "reader",
		    "a reader that is no list" },
		{ "module = \"/x.so\";\ndriver = \"skf\";\n" LAB_KEYTYPES, "", "a setting twice" },
	};
	char detail[CK_DETAIL_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		enum ck_code code = list_with(bad[i].settings, detail);

		T(code == CK_E_CONFIG && strstr(detail, "test.conf") &&
			strstr(detail, bad[i].names),
		    "keys.d: %s: %s", bad[i].what, detail);
	}
	lab_write("keys.d/test.conf", "name = \"x\";\ndriver = \"skf\";\nmodule = \"/x.so\";\n");
	T(list_with("", detail) == CK_E_CONFIG, "keys.d: nothing but a name");
	lab_write("keys.d/other.conf",
	    "name = \"x\";\ndriver = \"skf\";\nmodule = \"/x.so\";\n" LAB_KEYTYPES);
	T(list_with("", detail) == CK_E_CONFIG && strstr(detail, "driver"),
	    "keys.d: an unknown driver: %s", detail);
	lab_write("keys.d/other.conf",
	    "name = \"x\";\ndriver = \"p11\";\nmodule = \"/x.so\";\n" LAB_KEYTYPES);
	T(list_with("module = \"/y.so\";\n" LAB_KEYTYPES, detail) == CK_E_MODULE_MISSING,
	    "keys.d: two of different names: %s", detail);
	lab_write("keys.d/zz.conf",
	    "name = \"x\";\ndriver = \"p11\";\nmodule = \"/y.so\";\n" LAB_KEYTYPES);
	T(list_with("module = \"/y.so\";\n" LAB_KEYTYPES, detail) == CK_E_CONFIG &&
		strstr(detail, "zz.conf:1: name") != NULL,
	    "keys.d: two of one name: %s", detail);
}

static void
drop_family(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/keys.d/%s.conf", lab.dir, name);
	unlink(path);
}

/* two keys through two families of one module, a family that has none, one that is broken */
static void
rows(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = NULL;
	struct ck_token *t = NULL;
	size_t n = 99;

	lab_family("test",
	    "module = \"%s\";\ncall_timeout_s = 7;\npin_min = 6;\npin_max = 10;\n"
	    "pin_charset = \"digits\";\nkeytypes = [\"rsa3072\", \"p256\"];\n",
	    lab.shim);
	lab_family("twin", "module = \"%s\";\n" LAB_KEYTYPES, lab.shim);
	lab_family("zz", "module = \"/nowhere/x.so\";\n" LAB_KEYTYPES);
	k = lab_ring();
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == -1 && n == 0 &&
		err.code == CK_E_MODULE_MISSING,
	    "no key, and a module missing: that is told");
	lab_token("FIRST", true);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 1,
	    "a key that came later is seen, and the missing module is no error any more");
	T_STR(rows[0].label, "FIRST", "its label");
	T(rows[0].initialised && rows[0].pin_set && !rows[0].readonly && !rows[0].pinpad &&
		rows[0].two_pairs && rows[0].limit == 7,
	    "its facts");
	T(!rows[0].rsa2048 && rows[0].rsa3072 && rows[0].p256, "key types as keys.d allows");
	T(rows[0].pin_min == 6 && rows[0].pin_max == 10 && rows[0].pin_digits,
	    "PIN rule: the stricter of key and keys.d");
	T(rows[0].tries.number == -1 && !rows[0].tries.low, "tries are unknown");
	T(strlen(rows[0].serial) == 16 && strcmp(rows[0].module, lab.shim) == 0, "its identity");
	lab_token("SECOND", false);
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 2,
	    "two keys, though two families share the module");
	T(strcmp(rows[0].serial, rows[1].serial) < 0, "in order of their serials");
	T(rows[strcmp(rows[0].label, "SECOND") != 0].pin_set == false, "one without a PIN");
	T(ck_keyring_list(k, rows, 1, &n, &err) == 0 && n == 1, "no more than there is room for");
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 2, "and again");
	T(ck_keyring_take(k, &rows[1], &t, &err) == 0, "taking one of them");
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == -1 && err.code == CK_E_KEY_BUSY,
	    "no listing under an open key");
	ck_token_close(t);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 2,
	    "it goes on after close");
	snprintf(rows[0].serial, sizeof rows[0].serial, "0123");
	T(ck_keyring_take(k, &rows[0], &t, &err) == -1 && err.code == CK_E_KEY_REMOVED && t == NULL,
	    "a key that is not there can't be taken");
	lab_ctl("serial SAME\n");
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 2 &&
		ck_keyring_take(k, &rows[0], &t, &err) == -1 && err.code == CK_E_MANY_KEYS,
	    "two keys with one serial can't be told apart");
	lab_ctl("");
	T(lab_logins() == 0, "all this without a PIN");
	ck_keyring_close(k);
	drop_family("zz");
	drop_family("twin");
}

static size_t
at_card(struct ck_keyring *k, const char *reader, unsigned char last, size_t *strangers)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_card card = { .atr = { 0x3b, 0x01, last }, .atr_len = 3 };
	struct ck_err err = { .code = CK_E_NONE };
	size_t n = 0;

	snprintf(card.reader, sizeof card.reader, "%s", reader);
	ck_keyring_list_at(k, &card, rows, CK_TOKENS_MAX, &n, &err);
	ck_keyring_strangers(k, strangers);
	return n;
}

/* a key was put in: which of all that the module shows is it? */
static void
one_reader(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = NULL;
	size_t n = 0, strangers = 0;

	lab_family("test", "module = \"%s\";\natr = [ \"3B01AA\" ];\n" LAB_KEYTYPES, lab.shim);
	k = lab_ring();
	T(at_card(k, "Any 00 00", 0xaa, &strangers) == 2 && strangers == 0,
	    "no slot has the reader's name: it may be either");
	T(at_card(k, "Any 00 00", 0xbb, &strangers) == 0 && strangers == 1, "another ATR: unknown");
	T(!ck_keyring_unheard(k), "readers tell of all of them");
	ck_keyring_close(k);
	lab_family("test", "module = \"%s\";\n" LAB_KEYTYPES, lab.shim);
	k = lab_ring();
	T(ck_keyring_unheard(k), "no reader tells of these");
	T(ck_keyring_list_at(k, NULL, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 2,
	    "without a reader: all");
	T(at_card(k, "Any 00 00", 0xbb, &strangers) == 0 && strangers == 1,
	    "a module without rules is tried, and has not shown it");
	T(at_card(k, rows[1].reader, 0xbb, &strangers) == 1 && strangers == 0,
	    "or has, in the slot of that reader alone");
	ck_keyring_close(k);
}

static void
object(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, const char *id,
    const char *label, const unsigned char *value, size_t n)
{
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_OBJECT_HANDLE o = 0;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_SUBJECT, (void *)(uintptr_t) "0", 1 },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_VALUE, (void *)(uintptr_t)value, n },
		{ CKA_ID, (void *)(uintptr_t)id, strlen(id) },
	};

	LAB(f->C_CreateObject(s, a, 8, &o) == CKR_OK);
}

static const struct ck_entry *
entry(const struct ck_entries *e, const char *id)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->at[i].id_len == strlen(id) && memcmp(e->at[i].id, id, strlen(id)) == 0)
			return &e->at[i];
	return NULL;
}

/* what other software left on the key, some of it hostile */
static void
objects(void)
{
	static struct ck_entries e;
	static unsigned char huge[CK_CERT_MAX + 1];
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = lab_ring();
	struct ck_token *t = lab_take(k);
	CK_FUNCTION_LIST *f = NULL;
	CK_SLOT_ID slots[4];
	CK_ULONG n = 4;
	CK_SESSION_HANDLE s = 0;
	unsigned char pin[] = LAB_PIN, *der = NULL;
	int der_n = 0;

	T(ck_token_list(t, &e, &err) == 0 && e.n == 0 && !e.more, "an empty key");
	ck_token_close(t);
	ck_keyring_close(k);

	f = lab_softhsm();
	LAB(f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK);
	LAB(f->C_OpenSession(slots[0], 6, NULL, NULL, &s) == CKR_OK);
	LAB(f->C_Login(s, CKU_USER, pin, sizeof pin - 1) == CKR_OK);
	der = lab_cert(NULL, 1, &der_n);
	object(f, s, CKO_CERTIFICATE, "one", "\033[31mred\x01", der, (size_t)der_n);
	object(f, s, CKO_CERTIFICATE, "two", "", der, (size_t)der_n);
	object(f, s, CKO_CERTIFICATE, "two", "second", der, (size_t)der_n);
	object(f, s, CKO_CERTIFICATE, "", "no id", der, (size_t)der_n);
	object(f, s, CKO_CERTIFICATE, "", "none either", der, (size_t)der_n);
	object(f, s, CKO_CERTIFICATE, "big", "too big", huge, sizeof huge);
	object(f, s, CKO_CERTIFICATE, "junk", "junk", (const unsigned char *)"junk", 4);
	f->C_Finalize(NULL);

	k = lab_ring();
	t = lab_take(k);
	T(ck_token_list(t, &e, &err) == 0 && e.n == 7,
	    "one entry a certificate, also two of one id");
	T(entry(&e, "one") && strchr(entry(&e, "one")->label, 033) == NULL &&
		strstr(entry(&e, "one")->label, "red"),
	    "a label fit to be shown");
	T(entry(&e, "one") && entry(&e, "one")->cert_len == (size_t)der_n &&
		memcmp(entry(&e, "one")->cert, der, (size_t)der_n) == 0,
	    "the certificate byte for byte");
	T(entry(&e, "one") && entry(&e, "one")->has_spki &&
		entry(&e, "one")->has_private == CK_HAS_UNKNOWN,
	    "its public key from the certificate; its private key unknown before login");
	T(entry(&e, "two") && entry(&e, "two")->certs == 2, "two certificates under one id");
	T(entry(&e, "big") && entry(&e, "big")->cert == NULL && entry(&e, "big")->certs == 1,
	    "a certificate too big to be looked at");
	T(entry(&e, "junk") && entry(&e, "junk")->cert_len == 4 && !entry(&e, "junk")->has_spki,
	    "bytes that are no certificate");
	T(entry(&e, "") && entry(&e, "")->has_private == CK_HAS_NO,
	    "a certificate without an id has no pair");
	ck_entries_free(&e);
	T(lab_login(t, LAB_PIN, &err) == 0 && ck_token_list(t, &e, &err) == 0 &&
		entry(&e, "one")->has_private == CK_HAS_NO,
	    "after login it is known that there is none");
	ck_entries_free(&e);
	ck_token_close(t);
	ck_keyring_close(k);
	OPENSSL_free(der);
}

/* more ids than we look at; a module that says nonsense about lengths */
static void
bounds(void)
{
	static struct ck_entries e;
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_keyring *k = NULL;
	struct ck_token *t = NULL;
	CK_FUNCTION_LIST *f = lab_softhsm();
	CK_SLOT_ID slots[4];
	CK_ULONG n = 4;
	CK_SESSION_HANDLE s = 0;
	unsigned char pin[] = LAB_PIN;
	char id[32];

	LAB(f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK);
	LAB(f->C_OpenSession(slots[0], 6, NULL, NULL, &s) == CKR_OK);
	LAB(f->C_Login(s, CKU_USER, pin, sizeof pin - 1) == CKR_OK);
	for (int i = 0; i < CK_ENTRIES_MAX; i++) {
		snprintf(id, sizeof id, "many %d", i);
		object(f, s, CKO_CERTIFICATE, id, id, (const unsigned char *)id, strlen(id));
	}
	f->C_Finalize(NULL);
	k = lab_ring();
	t = lab_take(k);
	T(ck_token_list(t, &e, &err) == 0 && e.n == CK_ENTRIES_MAX && e.more,
	    "more ids than we look at: said so");
	ck_entries_free(&e);
	ck_token_close(t);
	ck_keyring_close(k);
}

int
main(void)
{
	lab_begin();
	broken_modules();
	mistakes();
	drop_family("other");
	rows();
	one_reader();
	lab_end();
	lab_begin();
	lab_token("OBJECTS", true);
	objects();
	bounds();
	return T_END();
}
