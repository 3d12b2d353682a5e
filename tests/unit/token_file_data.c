/* The file driver: a seal is a file beside the pair, and what was there before stays with its
 * owner. */
#include "token_file_lab.h"

#define NAME "\347\224\265\345\255\220\345\215\260\347\253\240.esl"

static unsigned char one[5000], two[3000];
static const struct ck_data first = { NAME, one, sizeof one }, second = { NAME, two, sizeof two };

static enum ck_code
put(struct ck_token *t, const struct ck_data *d)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_token_put_data(t, d, &err) == 0 ? CK_E_NONE : err.code;
}

static bool
has(struct ck_token *t, const struct ck_data *d)
{
	bool yes = false;

	LAB(ck_token_has_data(t, d, &yes, &err) == 0);
	return yes;
}

static void
written(struct ck_token *t)
{
	T(!has(t, &first) && put(t, &first) == CK_E_NONE && has(t, &first) && there(NAME),
	    "it is a file beside the medium's");
	T(put(t, &first) == CK_E_NONE && !there(NAME ".old"), "once more is nothing");
	T(put(t, &second) == CK_E_NONE && has(t, &second) && !has(t, &first) && there(NAME ".old"),
	    "another one takes its name, the old one is put aside");
	LAB(truncate(path_of(NAME), 1000) == 0);
	T(!has(t, &second) && put(t, &second) == CK_E_NONE && has(t, &second) &&
		!there(NAME ".old2"),
	    "what a pulled stick left of it goes");
}

static void
refused(struct ck_token *t)
{
	static const char *const names[] = { "zhang.p12", "UserCert.der", "USERKEY.KEY", "../seal",
		"a/b", ".seal", "seal.", "c:seal", "se\nal" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		T(put(t, &(struct ck_data){ names[i], one, 10 }) == CK_E_KEY_NO_DATA,
		    "%zu: is no name for a seal", i);
	LAB(mkdir(path_of("folder"), 0700) == 0);
	T(put(t, &(struct ck_data){ "folder", one, 10 }) == CK_E_MEDIUM_BROKEN,
	    "nor is that of a folder");
	T(there("zhang.p12") && login(t, PW) == CK_E_NONE && genkey(t) == CK_E_NONE,
	    "the pair is as it was");
}

int
main(void)
{
	struct ck_token *t = NULL;

	memset(one, 0xa5, sizeof one);
	memset(two, 0x5a, sizeof two);
	file_lab_begin();
	write_p12("zhang.p12", 0, 0, true);
	t = take();
	LAB(login(t, PW) == CK_E_NONE);
	written(t);
	refused(t);
	empty_place();
	T(put(t, &first) == CK_E_KEY_REMOVED, "without the medium there is no beside");
	ck_token_close(t);
	return file_lab_end();
}
