/* What is left of text from outside. */
#include "t.h"

#include "base/utf8.h"

#define FFFD "\xef\xbf\xbd"

static void
clean(const char *src, size_t n, const char *want, size_t marks, const char *name)
{
	char out[128] = "untouched";
	size_t got = ck_clean(out, sizeof out, src, n);

	T_STR(out, want, "%s", name);
	T(got == marks, "%s: %zu marks", name, marks);
}
#define CLEAN(src, want, marks, name) clean(src, sizeof src - 1, want, marks, name)

static void
kept(void)
{
	CLEAN("", "", 0, "nothing");
	CLEAN("Zhang San 42 ~", "Zhang San 42 ~", 0, "ASCII");
	CLEAN("\xe5\xbc\xa0\xe4\xb8\x89", "\xe5\xbc\xa0\xe4\xb8\x89", 0, "Chinese");
	/* CJK extension B: names of persons have them */
	CLEAN("\xf0\xa0\xae\xb7", "\xf0\xa0\xae\xb7", 0, "a character beyond the BMP");
	CLEAN("\xe8\xbe\xbb\xf3\xa0\x84\x80", "\xe8\xbe\xbb\xf3\xa0\x84\x80", 0,
	    "an ideographic variation selector");
	CLEAN(FFFD, FFFD, 0, "a replacement character that was there");
}

static void
controls(void)
{
	CLEAN("a\033[31mb", "a" FFFD "[31mb", 1, "ESC");
	CLEAN("a\x7f"
	      "b\x01",
	    "a" FFFD "b" FFFD, 2, "DEL and SOH");
	CLEAN("a\0b", "a" FFFD "b", 1, "NUL inside");
	CLEAN("a\xc2\x9b"
	      "31mb",
	    "a" FFFD "31mb", 1, "C1 control sequence introducer");
	CLEAN("a\tb\r\nc\xc2\x85"
	      "d\xe2\x80\xa8"
	      "e",
	    "a b  c d e", 5, "tab and line ends become blanks");
}

static void
invisible(void)
{
	static const char *const gone[] = { "\xe2\x80\x8b", "\xe2\x80\x8f", "\xe2\x80\xaa",
		"\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa4", "\xe2\x81\xa6", "\xe2\x81\xa9",
		"\xef\xbb\xbf", "\xc2\xad", "\xd8\x9c", "\xf3\xa0\x81\x81" };
	char src[16] = "", name[48] = "";

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		snprintf(src, sizeof src, "a%sb", gone[i]);
		snprintf(name, sizeof name, "invisible mark %zu vanishes", i);
		clean(src, strlen(src), "ab", 1, name);
	}
	CLEAN("\xe2\x80\x8a\xe2\x80\x90", "\xe2\x80\x8a\xe2\x80\x90", 0, "their neighbours stay");
}

static void
broken(void)
{
	CLEAN("a\x80z", "a" FFFD "z", 1, "a continuation alone");
	CLEAN("a\xe5\xbc", "a" FFFD FFFD, 2, "a sequence that ends early");
	CLEAN("a\xc0\xafz", "a" FFFD FFFD "z", 2, "an overlong slash");
	CLEAN("a\xe0\x80\xafz", "a" FFFD FFFD FFFD "z", 3, "a longer overlong slash");
	CLEAN("\xed\xa0\x80", FFFD FFFD FFFD, 3, "a surrogate");
	CLEAN("\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, 4, "beyond U+10FFFF");
	CLEAN("\xff\xfe", FFFD FFFD, 2, "bytes UTF-8 never has");
	CLEAN("\xee\x80\x80", FFFD, 1, "private use");
	CLEAN("\xf3\xb0\x80\x80", FFFD, 1, "private use plane");
	CLEAN("\xef\xb7\x90\xef\xbf\xbe\xf0\x9f\xbf\xbf", FFFD FFFD FFFD, 3, "noncharacters");
}

static void
cutting(void)
{
	char out[16] = "";

	ck_clean_str(out, 9, "12345678");
	T_STR(out, "12345678", "exactly full is not cut");
	ck_clean_str(out, 8, "12345678");
	T_STR(out, "1234...", "one too many is cut and marked");
	ck_clean_str(out, 9, "\xe5\xbc\xa0\xe4\xb8\x89\xe6\x9d\x8e");
	T_STR(out, "\xe5\xbc\xa0...", "cut at a character");
	ck_clean_str(out, 7, "\xe5\xbc\xa0\xe4\xb8\x89\xe6\x9d\x8e");
	T_STR(out, "\xe5\xbc\xa0...", "cut where the mark just fits");
	ck_clean_str(out, 4, "12345678");
	T_STR(out, "...", "room for the mark only");
	ck_clean_str(out, 3, "12345678");
	T_STR(out, "12", "no room for the mark");
	ck_clean_str(out, 1, "12345678");
	T_STR(out, "", "no room at all");
	strcpy(out, "kept");
	T(ck_clean_str(out, 0, "x") == 0 && strcmp(out, "kept") == 0, "not even for the NUL");
	ck_clean_str(out, sizeof out, NULL);
	T_STR(out, "", "no text is an empty one");
	ck_clean_str(out, 9, "123456\033\033");
	T_STR(out, "12345...", "replacements count when cutting");
}

static void
decoding(void)
{
	uint32_t cp = 7;

	T(ck_utf8_next("", 0, &cp) == 0, "the end");
	T(ck_utf8_next("A", 1, &cp) == 1 && cp == 'A', "one byte");
	T(ck_utf8_next("\xc2\xa2", 2, &cp) == 2 && cp == 0xA2, "two bytes");
	T(ck_utf8_next("\xe5\xbc\xa0", 3, &cp) == 3 && cp == 0x5F20, "three bytes");
	T(ck_utf8_next("\xf4\x8f\xbf\xbf", 4, &cp) == 4 && cp == 0x10FFFF, "four bytes");
	T(ck_utf8_next("\xe5\xbc\xa0", 2, &cp) == -1, "does not look beyond n");
	T(ck_utf8_next("\xf8\x88\x80\x80\x80", 5, &cp) == -1, "no five-byte sequences");
}

/* Whoever needs all of it asks afterwards. */
static void
was_cut(void)
{
	char out[16];
	const char *const rows[] = { "0123456789abcde", "0123456789abcdef", "甲乙丙丁戊",
		"甲乙丙丁戊己", "甲乙丙丁戊ab", "x𠮷𠮷𠮷", "x𠮷𠮷𠮷𠮷", "a...", "..." };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_clean_str(out, sizeof out, rows[i]);
		T(ck_clean_cut(out, sizeof out) == (strcmp(out, rows[i]) != 0), "%s: %s", rows[i],
		    out);
	}
}

int
main(void)
{
	kept();
	controls();
	invisible();
	broken();
	cutting();
	was_cut();
	decoding();
	return T_END();
}
