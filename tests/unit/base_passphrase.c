/* What a passphrase is known by, and that an answer takes as long whoever is asked about. */
#include "t.h"

#include <stdlib.h>
#include <time.h>

#include "base/passphrase.h"

static struct ck_secret *
secret(const char *text)
{
	struct ck_secret *s = ck_secret_new();

	if (s == NULL || ck_secret_set(s, text, strlen(text)) != 0)
		abort();
	return s;
}

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
test_line(void)
{
	struct ck_secret *right = secret("correct horse"), *wrong = secret("correct horsf"),
			 *long_one = secret("口令 口令 口令 口令");
	char line[CK_PASSPHRASE_LINE_MAX] = "", other[CK_PASSPHRASE_LINE_MAX] = "";

	T(ck_passphrase_make(right, line, NULL) == 0 && ck_passphrase_line_good(line), "made");
	T(strstr(line, "horse") == NULL, "it does not show");
	T(ck_passphrase_fits(right, line, NULL) == 1, "the right one");
	T(ck_passphrase_fits(wrong, line, NULL) == 0, "a wrong one");
	T(ck_passphrase_make(right, other, NULL) == 0 && strcmp(line, other) != 0,
	    "two clerks with one passphrase have two lines");
	T(ck_passphrase_fits(right, other, NULL) == 1, "which both fit");
	other[strlen(other) - 1] ^= 1;
	T(ck_passphrase_fits(right, other, NULL) == 0, "to the last letter");
	T(ck_passphrase_make(long_one, other, NULL) == 0 &&
		ck_passphrase_fits(long_one, other, NULL) == 1,
	    "Chinese ones, too");
	T(ck_passphrase_fits(right, "", NULL) == 0, "nobody's");
	ck_secret_free(right);
	ck_secret_free(wrong);
	ck_secret_free(long_one);
}

/* What a line of zeros would fit must not be what nobody has. */
static void
test_nobody(void)
{
	struct ck_secret *s = secret("correct horse");
	char line[CK_PASSPHRASE_LINE_MAX] = "";
	double known, unknown, start;

	ck_passphrase_make(s, line, NULL);
	start = cpu();
	for (int i = 0; i < 3; i++)
		ck_passphrase_fits(s, line, NULL);
	known = cpu() - start;
	start = cpu();
	for (int i = 0; i < 3; i++)
		ck_passphrase_fits(s, "", NULL);
	unknown = cpu() - start;
	printf("# known %.3f s, unknown %.3f s\n", known, unknown);
	T(unknown > known / 2 && unknown < known * 2, "somebody nobody knows takes as long");
	T(known > 0.06, "and a guess takes its time");
	ck_secret_free(s);
}

static void
test_wrong_lines(void)
{
	static const char *const wrong[] = { "", "scrypt$", "correct horse", "scrypt$$",
		"scrypt$AAAAAAAAAAAAAAAA", "scrypt$AAAAAAAAAAAAAAAA$",
		"scrypt$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"scrypt$AAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"scrypt$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"scrypt$AAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"scrypt$AAAAAAAA AAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"scrypt$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!",
		"SCRYPT$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	T(ck_passphrase_line_good("scrypt$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	    "this is how one looks");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		T(!ck_passphrase_line_good(wrong[i]), "not a line: %s", wrong[i]);
}

int
main(void)
{
	test_line();
	test_nobody();
	test_wrong_lines();
	return T_END();
}
