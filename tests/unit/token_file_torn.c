/* The file driver: what an interruption leaves on a medium, and what becomes of it. */
#include "token_file_lab.h"

static void
made_name(const char *serial, unsigned seq, const char *ending, char out[300])
{
	snprintf(out, 300, "%s-%s-%u-0102030405060708090a0b0c%s",
	    ending[0] == '.' ? "zhang" : "UserCert", serial, seq, ending);
}

/* A write that a pulled stick tore: half of a file under its own name. */
static void
torn(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;
	char one[300], two[300];

	empty_place();
	write_p12("zhang.p12", 0, 0, true);
	LAB(count(rows) == 1);
	made_name(rows[0].serial, 1, ".p12", one);
	made_name(rows[0].serial, 2, ".p12", two);
	t = take();
	LAB(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE && there(one));
	copy(one, two);
	LAB(truncate(path_of(two), 100) == 0);
	T(count(rows) == 1 && err.code == CK_E_NONE && login(t, PW) == CK_E_NONE && there(one) &&
		!there(two) && signs(t, id, sizeof id),
	    "the torn half of the next file goes, the one before it holds");
	for (off_t n = 100; n >= 0; n -= 100) {
		LAB(truncate(path_of(one), n) == 0);
		T(count(rows) == 1 && login(t, PW) == CK_E_NONE && has_cert(t) == -1,
		    "%d bytes of a new pair are no pair", (int)n);
		T(genkey(t) == CK_E_NONE && signs(t, id, sizeof id) &&
			names_with("0102030405060708090a0b0c") == 1,
		    "it is made again, and the torn one goes");
		LAB(there(one));
	}
	ck_token_close(t);
}

static void
torn_folder(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;
	char one[300], key[320], two[300];
	struct stat sb;
	FILE *f = NULL;

	write_folder();
	LAB(count(rows) == 1);
	made_name(rows[0].serial, 1, "", one);
	made_name(rows[0].serial, 2, "", two);
	snprintf(key, sizeof key, "%s/UserKey.key", one);
	t = take();
	LAB(mkdir(path_of(one), 0700) == 0);
	T(login(t, PW) == CK_E_NONE && has_cert(t) == -1 && genkey(t) == CK_E_NONE && there(one) &&
		signs(t, id, sizeof id),
	    "a folder with nothing in it is no pair");
	copy(one, two);
	snprintf(key, sizeof key, "%s/UserKey.key", two);
	LAB(truncate(path_of(key), 200) == 0);
	T(login(t, PW) == CK_E_NONE && there(one) && !there(two) && signs(t, id, sizeof id),
	    "nor is one with half a key");
	copy(one, two);
	LAB(unlink(path_of(key)) == 0);
	write_bytes(strcat(strcpy(key, two), "/UserCert.der"), der, (size_t)der_len);
	T(login(t, PW) == CK_E_NONE && !there(two) && signs(t, id, sizeof id),
	    "nor one with the certificate alone");
	ck_token_close(t);
	/* the length is there, the end is zeros */
	empty_place();
	write_bytes("UserCert.der", der, (size_t)der_len);
	f = fopen(path_of("UserKey.key"), "wb");
	LAB(f != NULL &&
	    i2d_PKCS8PrivateKey_fp(f, pair, EVP_aes_128_cbc(), PW, sizeof PW - 1, NULL, NULL) &&
	    fclose(f) == 0);
	t = take();
	LAB(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE);
	snprintf(key, sizeof key, "%s/UserKey.key", one);
	LAB(stat(path_of(key), &sb) == 0 && truncate(path_of(key), sb.st_size - 40) == 0 &&
	    truncate(path_of(key), sb.st_size) == 0);
	T(login(t, PW) == CK_E_NONE && has_cert(t) == -1 && genkey(t) == CK_E_NONE &&
		names_with("0102030405060708090a0b0c$") == 1 && signs(t, id, sizeof id),
	    "nor is a key that ends in zeros");
	ck_token_close(t);
}

/* Killed between the file under the new password and the end of the one under the old. */
static void
either(bool p12, const char *pw, const char *what)
{
	struct ck_secret *old = lab_secret(PW), *new = lab_secret("Env-9038");
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_tries tries;
	struct ck_token *t = NULL;
	char one[300], two[300];

	if (p12)
		empty_place(), write_p12("zhang.p12", 0, 0, true);
	else
		write_folder();
	LAB(count(rows) == 1);
	made_name(rows[0].serial, 1, p12 ? ".p12" : "", one);
	made_name(rows[0].serial, 2, p12 ? ".p12" : "", two);
	t = take();
	LAB(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE);
	copy(one, "kept");
	LAB(ck_token_set_pin(t, old, new, &tries, &err) == 0 && there(two) && !there(one));
	copy("kept", one);
	T(count(rows) == 1, "%s, both files: one medium", what);
	T(login(t, "wrong") == CK_E_PIN_WRONG && there(one) && there(two),
	    "%s, both files: a wrong one opens neither", what);
	T(login(t, pw) == CK_E_NONE && signs(t, id, sizeof id) &&
		there(strcmp(pw, PW) == 0 ? one : two) && !there(strcmp(pw, PW) == 0 ? two : one),
	    "%s, both files: the one that opens stays, the other goes", what);
	ck_token_close(t);
	ck_secret_free(old);
	ck_secret_free(new);
}

/* FAT: what a torn rename leaves has two names. */
static void
two_names(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;

	for (int p12 = 0; p12 < 2; p12++) {
		struct ck_entries all = { .n = 0 };
		unsigned char root[CK_TOKEN_ID_MAX];
		const char *name = p12 ? "zhang.p12" : "USERCERT.DER",
			   *old = p12 ? "zhang.p12.old" : "USERCERT.DER.old";
		size_t n = 0;

		if (p12)
			empty_place(), write_p12(name, 0, 0, true);
		else
			write_folder();
		t = take();
		LAB(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE);
		ck_token_close(t);
		copy(name, old);
		T(count(rows) == 1, "%s under two names: one medium", name);
		t = take();
		LAB(login(t, PW) == CK_E_NONE && ck_token_list(t, &all, &err) == 0);
		for (size_t i = 0; i < all.n; i++)
			if (all.at[i].id_len != sizeof id)
				memcpy(root, all.at[i].id, n = all.at[i].id_len);
		T(all.n == 2 && drop(t, root, n) == CK_E_NONE && !there(name) && there(old),
		    "%s under two names: both are put aside, neither is deleted", name);
		ck_entries_free(&all);
		ck_token_close(t);
	}
}

int
main(void)
{
	file_lab_begin();
	torn();
	torn_folder();
	either(true, PW, "PKCS#12, the old password");
	either(true, "Env-9038", "PKCS#12, the new password");
	either(false, PW, "folder, the old password");
	either(false, "Env-9038", "folder, the new password");
	two_names();
	return file_lab_end();
}
