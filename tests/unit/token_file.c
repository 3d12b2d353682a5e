/* The file driver: every kind of container, names, what a full, write-protected or pulled medium
 * says. */
#include <dirent.h>
#include <sys/mount.h>

#include "token_file_lab.h"

/* ---- */

/* one that says it was hashed as often as can be said */
static void
write_slow_p12(const char *name)
{
	const ASN1_INTEGER *rounds = NULL;
	FILE *f = NULL;
	PKCS12 *p12 = NULL;

	write_p12(name, 0, 0, true);
	f = fopen(path_of(name), "rb");
	LAB(f != NULL && (p12 = d2i_PKCS12_fp(f, NULL)) != NULL && fclose(f) == 0);
	PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p12);
	LAB(rounds != NULL && ASN1_INTEGER_set_int64((ASN1_INTEGER *)(uintptr_t)rounds, INT32_MAX));
	f = fopen(path_of(name), "wb");
	LAB(f != NULL && i2d_PKCS12_fp(f, p12) && fclose(f) == 0);
	PKCS12_free(p12);
}

static void
containers(void)
{
	static const struct {
		const char *name;
		int key, cert;
	} kinds[] = {
		{ "AES-256", 0, 0 },
		{ "3DES", NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		    NID_pbe_WithSHA1And3_Key_TripleDES_CBC },
		{ "RC2-40", NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		    NID_pbe_WithSHA1And40BitRC2_CBC },
		{ "RC2-128", NID_pbe_WithSHA1And128BitRC2_CBC, NID_pbe_WithSHA1And128BitRC2_CBC },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct ck_token *t = NULL;
		struct ck_entries all = { .n = 0 };

		empty_place();
		write_p12("zhang.PFX", kinds[i].key, kinds[i].cert, true);
		T(try_login("wrong") == CK_E_PIN_WRONG, "PKCS#12, %s: a wrong password",
		    kinds[i].name);
		t = take();
		T(ck_token_list(t, &all, &err) == 0 && all.n == 1 && all.at[0].closed &&
			all.at[0].cert == NULL && all.at[0].has_private == CK_HAS_UNKNOWN,
		    "PKCS#12, %s: closed before login", kinds[i].name);
		ck_entries_free(&all);
		T(login(t, PW) == CK_E_NONE, "PKCS#12, %s: the right one", kinds[i].name);
		T(ck_token_list(t, &all, &err) == 0 && all.n == 1 && !all.at[0].closed &&
			all.at[0].cert_len == (size_t)der_len &&
			memcmp(all.at[0].cert, der, (size_t)der_len) == 0 && all.at[0].has_spki,
		    "PKCS#12, %s: its certificate, byte for byte", kinds[i].name);
		T_STR(all.at[0].label, "zhang", "PKCS#12, %s: its name", kinds[i].name);
		T(signs(t, all.at[0].id, all.at[0].id_len), "PKCS#12, %s: signs", kinds[i].name);
		T(login(t, "wrong") == CK_E_PIN_WRONG && !signs(t, all.at[0].id, all.at[0].id_len),
		    "PKCS#12, %s: after a wrong one nothing is open", kinds[i].name);
		ck_entries_free(&all);
		ck_token_close(t);
	}
}

static void
folder(void)
{
	struct ck_token *t = NULL;
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_entries all = { .n = 0 };
	char old[64] = "";
	EVP_PKEY *other = EVP_EC_gen("P-256");

	write_folder();
	T(count(rows) == 1 && rows[0].shows_certs && rows[0].tries.unlimited &&
		rows[0].tries.number == -1 && !rows[0].readonly && rows[0].pin_set,
	    "a folder: one medium, without tries");
	snprintf(old, sizeof old, "%s", rows[0].serial);
	t = take();
	T(ck_token_list(t, &all, &err) == 0 && all.n == 1 && all.at[0].cert != NULL &&
		all.at[0].has_private == CK_HAS_UNKNOWN && all.at[0].closed,
	    "a folder: the certificate without a password");
	T(login(t, PW) == CK_E_NONE && signs(t, all.at[0].id, all.at[0].id_len), "a folder: signs");
	ck_entries_free(&all);
	ck_token_close(t);
	LAB(unlink(path_of("USERCERT.DER")) == 0);
	write_bytes("usercert.der", der, (size_t)der_len);
	T(count(rows) == 1 && strcmp(rows[0].serial, old) == 0, "the serial is the public key's");
	write_cert_pem("usercert.der");
	t = take();
	T(ck_token_list(t, &all, &err) == 0 && all.n == 1 &&
		all.at[0].cert_len == (size_t)der_len &&
		memcmp(all.at[0].cert, der, (size_t)der_len) == 0,
	    "a certificate in PEM under a name in .der is the same one");
	T(login(t, PW) == CK_E_NONE && signs(t, all.at[0].id, all.at[0].id_len), "and signs");
	ck_entries_free(&all);
	ck_token_close(t);
	/* another's key */
	EVP_PKEY_free(pair);
	EVP_PKEY_up_ref(other);
	pair = other;
	write_pem("UserKey.key");
	t = take();
	T(login(t, PW) == CK_E_NONE && ck_token_list(t, &all, &err) == 0 &&
		all.at[0].has_private == CK_HAS_NO,
	    "another's key is no key of this certificate");
	ck_entries_free(&all);
	ck_token_close(t);
	EVP_PKEY_free(other);
	OPENSSL_free(der);
	der = lab_cert(pair, 8, &der_len);
}

/* Put aside, and found so: a name as long as a file system takes has to lose something for it. */
static void
long_names(void)
{
	char name[NAME_MAX + 1] = "", plain[CK_NAME_LEN];
	char old[CK_OLD_LEN] = "";
	const struct dirent *e = NULL;
	DIR *dir = NULL;

	empty_place();
	memset(name, 'y', NAME_MAX);
	memcpy(name + NAME_MAX - 14, "\345\274\240\345\274\240\345\274\240y.p12", 14);
	write_p12(name, 0, 0, true);
	T(ck_file_aside(place, name, old, &err) == 0, "a name of %d bytes is put aside", NAME_MAX);
	dir = opendir(place);
	LAB(dir != NULL);
	while ((e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			snprintf(old, sizeof old, "%s", e->d_name);
	closedir(dir);
	T(ck_name_old(old, plain) && ck_name_is_p12(plain) &&
		strncmp(name, plain, NAME_MAX - 14) == 0 &&
		strcmp(plain + NAME_MAX - 14, "\345\274\240.p12") == 0,
	    "by whole characters, and is known as such: %s", old);
}

static void
broken(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	static const unsigned char junk[200] = { 0x30, 0x82, 0x10 };
	char text[] =
	    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
	    "DEK-Info: NO-SUCH-CBC,0011223344556677\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
	unsigned char *p = NULL;
	size_t n = 0;
	int d = -1;

	empty_place();
	write_bytes("a.p12", "", 0);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "a PKCS#12 of no bytes");
	write_bytes("a.p12", junk, sizeof junk);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "rubbish");
	write_p12("a.p12", 0, 0, true);
	LAB(truncate(path_of("a.p12"), 300) == 0);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "cut short");
	LAB(truncate(path_of("a.p12"), 50 * 1024 * 1024) == 0);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "50 MB");
	d = ck_file_dir(place);
	T(ck_file_read(d, "a.p12", &p, &n) == -1 && errno == EFBIG && p == NULL,
	    "what is too large is not read at all");
	close(d);
	write_p12("b.p12", 0, 0, true);
	T(count(rows) == 1 && err.code == CK_E_NONE, "a good one beside it hides the trouble");
	empty_place();
	LAB(mkfifo(path_of("a.p12"), 0600) == 0);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "a pipe holds nobody up");
	empty_place();
	LAB(symlink("/dev/zero", path_of("a.p12")) == 0);
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_BROKEN, "a link is not followed");
	empty_place();
	LAB(symlink("/etc", path_of("sub")) == 0);
	T(count(rows) == 0 && err.code == CK_E_NONE, "nor one to a folder");
	empty_place();
	write_p12("a.p12", 0, 0, false);
	T(try_login(PW) == CK_E_MEDIUM_UNSUPPORTED, "a PKCS#12 without MAC");
	write_slow_p12("a.p12");
	T(try_login(PW) == CK_E_MEDIUM_UNSUPPORTED, "one whose password takes an hour to hash");
	empty_place();
	T(count(rows) == 0 && err.code == CK_E_NONE, "nothing there is no trouble");
	write_folder();
	write_bytes("UserKey.key", text, sizeof text - 1);
	T(try_login(PW) == CK_E_MEDIUM_UNSUPPORTED, "a PEM cipher nobody knows");
	write_bytes("UserKey.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n", 43);
	T(try_login(PW) == CK_E_MEDIUM_BROKEN, "a key file cut short");
}

/* The pair that was made is the old one of the next renewal. */
static void
next_year(const char *what, bool p12)
{
	static const unsigned char second[] = { 0xaa, 0xbb };
	struct ck_entries all = { .n = 0 };
	struct ck_token *t = take();

	T(login(t, "Env-9038") == CK_E_NONE, "%s, a year on: its password", what);
	T(ck_token_genkey(t, CK_KEY_P256, second, sizeof second, "x", &err) == 0 &&
		names_with(p12 ? "zhang-[0-9a-f]*-6-aabb.p12$" : "UserCert-[0-9a-f]*-6-aabb$") == 1,
	    "%s, a year on: the next pair", what);
	T(drop(t, id, sizeof id) == CK_E_NONE && names_with("old$") == (p12 ? 2 : 4),
	    "%s, a year on: last year's is put aside, not deleted", what);
	T(ck_token_list(t, &all, &err) == 0 && all.n == 1 && signs(t, second, sizeof second),
	    "%s, a year on: the next one is left", what);
	ck_entries_free(&all);
	ck_token_close(t);
}

/* One renewal's worth, in whatever place holds. */
/* root: of the pair that was brought */
static void
its_certificate(const char *what, struct ck_token *t, const unsigned char *root, size_t root_len,
    const unsigned char *cert, int n)
{
	T(ck_token_put_cert(t, id, sizeof id, "x", cert, (size_t)n, &err) == 0 &&
		signs(t, id, sizeof id) && names_with("-1-") == 0,
	    "%s: its certificate, in place of the pair alone", what);
	T(ck_token_remove(t, id, sizeof id, CK_PART_CERT, &err) == 0 && has_cert(t) == 0 &&
		signs(t, id, sizeof id) &&
		ck_token_remove(t, id, sizeof id, CK_PART_CERT, &err) == 0,
	    "%s: one the CA withdrew goes, the pair stays", what);
	T(ck_token_remove(t, root, root_len, CK_PART_CERT, &err) == -1 &&
		err.code == CK_E_KEY_UNSUITABLE,
	    "%s: what was brought is not taken apart", what);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_token_put_cert(t, id, sizeof id, "x", cert, (size_t)n, &err) == 0 && has_cert(t) == 1,
	    "%s: another is put in its place", what);
	T(ck_token_put_cert(t, id, sizeof id, "x", cert, (size_t)n, &err) == 0, "%s: twice is once",
	    what);
	T(ck_token_put_cert(t, id, sizeof id, "x", der, (size_t)der_len, &err) == -1 &&
		err.code == CK_E_PAIR_AMBIGUOUS,
	    "%s: another one is not put over it", what);
	err = (struct ck_err){ .code = CK_E_NONE };
}

static void
its_password(const char *what, struct ck_token *t)
{
	struct ck_secret *old = lab_secret(PW), *new = lab_secret("Env-9038");
	struct ck_tries tries;

	T(ck_token_set_pin(t, new, old, &tries, &err) == -1 && err.code == CK_E_PIN_WRONG,
	    "%s: the old password is proved", what);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_token_set_pin(t, old, new, &tries, &err) == 0 && signs(t, id, sizeof id),
	    "%s: the password is changed", what);
	ck_secret_free(old);
	ck_secret_free(new);
}

static void
life(const char *what, bool p12)
{
	struct ck_entries all = { .n = 0 };
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;
	unsigned char root[CK_TOKEN_ID_MAX], *cert = NULL;
	EVP_PKEY *key = NULL, *pub = NULL;
	size_t root_len = 0;
	int n = 0;

	empty_place();
	if (p12)
		write_p12("zhang.p12", 0, 0, true);
	else
		write_folder();
	t = take();
	T(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE, "%s: a new pair", what);
	T(names_with(p12 ? "-1-" : "-1-[^/]*$") == 1 &&
		names_with(p12 ? "zhang-.*-1-0102030405060708090a0b0c.p12$"
			       : "UserCert-.*-1-0102030405060708090a0b0c$") == 1,
	    "%s: beside the old one, by its name", what);
	T(genkey(t) == CK_E_NONE && names_with("-2-") == 0, "%s: once", what);
	LAB(ck_token_list(t, &all, &err) == 0);
	T(all.n == 2, "%s: two entries", what);
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].id_len != sizeof id)
			memcpy(root, all.at[i].id, root_len = all.at[i].id_len);
	ck_entries_free(&all);
	LAB(ck_token_key(t, id, sizeof id, &key, &err) == 0);
	pub = lab_public(key);
	cert = lab_cert(pub, 9, &n);
	its_certificate(what, t, root, root_len, cert, n);
	EVP_PKEY_free(key);
	EVP_PKEY_free(pub);
	its_password(what, t);
	ck_token_close(t);
	t = take();
	T(login(t, PW) == CK_E_PIN_WRONG, "%s: the old one is none any more", what);
	T(login(t, "Env-9038") == CK_E_NONE, "%s: the new one is", what);
	T(drop(t, root, root_len) == CK_E_NONE && names_with("old$") == (p12 ? 1 : 2),
	    "%s: the old pair is put aside", what);
	T(drop(t, root, root_len) == CK_E_NONE && names_with("old$") == (p12 ? 1 : 2), "%s: once",
	    what);
	LAB(ck_token_list(t, &all, &err) == 0);
	T(all.n == 1 && all.at[0].id_len == sizeof id && all.at[0].cert_len == (size_t)n,
	    "%s: one entry is left", what);
	ck_entries_free(&all);
	ck_token_close(t);
	T(count(rows) == 1, "%s: it is one medium still", what);
	next_year(what, p12);
	OPENSSL_free(cert);
}

static void
swept(void)
{
	struct ck_token *t = NULL;

	empty_place();
	write_p12("zhang.p12", 0, 0, true);
	t = take();
	T(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE &&
		drop(t, id, sizeof id) == CK_E_NONE && names_with("") == 1,
	    "a pair without certificate goes without a trace");
	ck_token_close(t);
	write_folder();
	t = take();
	T(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE &&
		drop(t, id, sizeof id) == CK_E_NONE && names_with("") == 2,
	    "a folder of one too");
	ck_token_close(t);
}

static void
pulled(void)
{
	struct ck_token *t = NULL;
	struct ck_token_info info;

	empty_place();
	write_p12("zhang.p12", 0, 0, true);
	t = take();
	LAB(login(t, PW) == CK_E_NONE);
	nftw(place, lab_drop, 16, FTW_DEPTH | FTW_PHYS);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_token_info(t, &info, &err) == -1 && err.code == CK_E_KEY_REMOVED, "pulled out");
	T(genkey(t) == CK_E_KEY_REMOVED, "pulled out before the new pair");
	LAB(mkdir(place, 0700) == 0);
	EVP_PKEY_free(pair);
	pair = EVP_EC_gen("P-256");
	OPENSSL_free(der);
	der = lab_cert(pair, 10, &der_len);
	write_p12("zhang.p12", 0, 0, true);
	T(genkey(t) == CK_E_KEY_REMOVED, "another one of the same name is not the same");
	ck_token_close(t);
}

static void
crowd(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	char name[32];

	empty_place();
	write_p12("zhang.p12", 0, 0, true);
	for (int i = 0; i < 2 * CK_NAMES_MAX; i++) {
		snprintf(name, sizeof name, "%d.jpg", i);
		write_bytes(name, "", 0);
	}
	T(count(rows) == 1, "a stick of photographs is not crowded");
	for (int i = 0; i < CK_NAMES_MAX; i++) {
		snprintf(name, sizeof name, "%d.p12", i);
		write_bytes(name, "", 0);
	}
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_CROWDED,
	    "where not all was looked at, nothing is said of what was");
	empty_place();
	for (int i = 0; i < CK_BOXES_MAX; i++) {
		snprintf(name, sizeof name, "%d.p12", i);
		write_p12(name, 0, 0, true);
	}
	T(count(rows) == 0 && err.code == CK_E_MEDIUM_CROWDED, "more than can be listed");
	T(ck_keyring_medium(ring, path_of("77.p12"), NULL, &err) == 0 && count(rows) == 1 &&
		strcmp(rows[0].label, "77.p12") == 0,
	    "but the one that is pointed at");
	ck_keyring_close(ring);
	ring = lab_ring();
}

/* Names are free: a stick may say that each of two files was made for the other. */
static void
circle(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	char serial[2][33], name[300];
	size_t n = 0;

	empty_place();
	write_p12("0.p12", 0, 0, true);
	write_p12("1.p12", 0, 0, true);
	LAB(count(rows) == 2);
	for (int i = 0; i < 2; i++)
		snprintf(serial[rows[i].label[0] == '1'], sizeof serial[0], "%s", rows[i].serial);
	for (int i = 0; i < 2; i++) {
		char was[32];

		snprintf(name, sizeof name, "x-%s-1-0%d.p12", serial[1 - i], i + 1);
		snprintf(was, sizeof was, "%d.p12", i);
		copy(was, name);
		LAB(unlink(path_of(was)) == 0);
	}
	n = count(rows);
	T(n <= 2 && err.code == CK_E_NONE, "a circle of names ends");
}

static void
fill_up(void)
{
	static const char block[1024];
	FILE *f = fopen(path_of("filler"), "wb");

	LAB(f != NULL);
	setvbuf(f, NULL, _IONBF, 0);
	while (fwrite(block, 1, sizeof block, f) == sizeof block)
		continue;
	fclose(f);
}

static void
full_and_readonly(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;

	empty_place();
	if (mount("tmpfs", place, "tmpfs", 0, "size=256k") != 0) {
		printf("skip - full, write-protected: no right to mount\n");
		return;
	}
	write_p12("zhang.p12", 0, 0, true);
	fill_up();
	t = take();
	T(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_KEY_FULL, "a full medium");
	T(names_with("") == 2, "keeps nothing half-written");
	LAB(unlink(path_of("filler")) == 0);
	T(genkey(t) == CK_E_NONE, "and takes it when there is room");
	ck_token_close(t);
	LAB(mount("tmpfs", place, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL) == 0);
	T(count(rows) == 1 && rows[0].readonly, "write-protected is seen before anything is asked");
	t = take();
	T(login(t, PW) == CK_E_NONE && drop(t, id, sizeof id) == CK_E_KEY_READONLY &&
		names_with("-1-") == 1,
	    "write-protected: nothing goes");
	ck_token_close(t);
	LAB(umount(place) == 0);
}

static void
pointed_at(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	char dir[PATH_MAX], nowhere[PATH_MAX];

	empty_place();
	snprintf(dir, sizeof dir, "%s", place);
	snprintf(nowhere, sizeof nowhere, "%s/none", place);
	write_p12("a.p12", 0, 0, true);
	EVP_PKEY_free(pair);
	pair = EVP_EC_gen("P-256");
	OPENSSL_free(der);
	der = lab_cert(pair, 11, &der_len);
	write_p12("b.p12", 0, 0, true);
	T(count(rows) == 2, "two candidates are two media");
	T(ck_keyring_medium(ring, path_of("a.p12"), NULL, &err) == 0 && count(rows) == 1 &&
		strcmp(rows[0].label, "a.p12") == 0,
	    "the file pointed at alone");
	T(ck_keyring_medium(ring, path_of("A.P12"), NULL, &err) == 0 && count(rows) == 1,
	    "as FAT would take it");
	T(ck_keyring_medium(ring, path_of("c.p12"), NULL, &err) == 0 && count(rows) == 0,
	    "a file that is not there is none");
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_keyring_medium(ring, NULL, nowhere, &err) == -1 && err.code == CK_E_KEY_REMOVED,
	    "a folder to save to that is not there");
}

static void
names(void)
{
	char root[CK_SERIAL_LEN], stem[CK_NAME_LEN];
	unsigned char got[CK_TOKEN_ID_MAX];
	unsigned seq = 0;
	size_t n = 0;

	T(ck_name_tag("a-b-00112233AABBCCDD-12-0102.P12", root, &seq, got, &n) && seq == 12 &&
		n == 2 && got[1] == 2,
	    "a name made here, as FAT gives it back");
	T_STR(root, "00112233aabbccdd", "whose it is");
	ck_name_stem("a:b?c\\.p12", stem);
	T_STR(stem, "a_b_c_", "a name FAT would not take");
	ck_name_stem("\xd5\xc5.p12", stem);
	T_STR(stem, "__", "a name that is no UTF-8");
	ck_name_stem("张三张三张三张三张三张三张三张三-00112233aabbccdd-1-0102.P12", stem);
	T_STR(stem, "张三张三张三张三张三张三张", "a long name, cut between characters");
	T(!ck_name_tag("a-00112233aabbccdd-1-010.p12", root, &seq, got, &n) &&
		!ck_name_tag("a-00112233aabbcc-1-0102.p12", root, &seq, got, &n) &&
		!ck_name_tag("a-00112233aabbccdd-x-0102", root, &seq, got, &n) &&
		!ck_name_tag("a-00112233aabbccdd-99999-0102", root, &seq, got, &n) &&
		!ck_name_tag("2026-11-20.p12", root, &seq, got, &n) &&
		!ck_name_tag("", root, &seq, got, &n),
	    "other names are not");
}

/* A stick to save to that is pulled out again. */
static void
saved_elsewhere(void)
{
	struct ck_token *t = NULL;
	struct ck_keyring *own = lab_ring();
	struct ck_token_info rows[CK_TOKENS_MAX];
	char to[PATH_MAX];
	size_t n = 0;

	empty_place();
	write_p12("zhang.p12", 0, 0, true);
	snprintf(to, sizeof to, "%s/elsewhere", lab.dir);
	LAB(mkdir(to, 0700) == 0);
	err = (struct ck_err){ .code = CK_E_NONE };
	LAB(ck_keyring_medium(own, NULL, to, &err) == 0);
	LAB(ck_keyring_list(own, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 1);
	LAB(ck_keyring_take(own, &rows[0], &t, &err) == 0);
	T(login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE && names_with("-1-") == 0 &&
		signs(t, id, sizeof id),
	    "a pair saved elsewhere is one of this medium");
	nftw(to, lab_drop, 16, FTW_DEPTH | FTW_PHYS);
	T(genkey(t) == CK_E_KEY_REMOVED, "the other stick pulled out");
	ck_token_close(t);
	ck_keyring_close(own);
}

static void
settings(void)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "", "roots" },
		{ "roots = [\"media\"];\n", "does not begin with /" },
		{ "roots = [\"/m\"];\nmodule = \"/x.so\";\n", "module" },
		{ "roots = [\"/m\"];\ntwo_pairs = false;\n", "two_pairs" },
	};
	struct ck_keyring *k = NULL;
	char dir[PATH_MAX], files[PATH_MAX + 16];

	snprintf(dir, sizeof dir, "%s/keys.d", lab.dir);
	snprintf(files, sizeof files, "%s/files.conf", dir);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		lab_write("keys.d/files.conf",
		    "name = \"files\";\ndriver = \"file\";\n%s" LAB_KEYTYPES, wrong[i].text);
		err = (struct ck_err){ .code = CK_E_NONE };
		T(ck_keyring_open(dir, &k, &err) == -1 && err.code == CK_E_CONFIG &&
			strstr(err.detail, wrong[i].why) != NULL,
		    "keys.d: %s", err.detail);
	}
	LAB(unlink(files) == 0);
	lab_family("test", "module = \"%s\";\n" LAB_KEYTYPES, lab.shim);
	LAB(ck_keyring_open(dir, &k, &err) == 0);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_keyring_medium(k, place, NULL, &err) == -1 && err.code == CK_E_CONFIG,
	    "a site that serves no files says so");
	T(ck_keyring_medium(k, NULL, NULL, &err) == 0, "nothing pointed at needs none");
	ck_keyring_close(k);
}

int
main(void)
{
	file_lab_begin();
	names();
	containers();
	folder();
	long_names();
	broken();
	life("PKCS#12", true);
	life("folder", false);
	swept();
	circle();
	pulled();
	full_and_readonly();
	saved_elsewhere();
	crowd();
	pointed_at();
	settings();
	return file_lab_end();
}
