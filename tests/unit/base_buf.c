/* Growing bytes, hexadecimal, base64. */
#include "t.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"

static void
growing(void)
{
	struct ck_buf b = { 0 };
	char chunk[100];
	int wrong = 0;

	memset(chunk, 'a', sizeof chunk);
	T(ck_buf_add(&b, NULL, 0) == 0 && b.n == 0 && b.p[0] == '\0', "an empty buffer is a text");
	for (int i = 0; i < 1000; i++)
		wrong += ck_buf_add(&b, chunk, sizeof chunk) != 0 || b.p[b.n] != '\0';
	T(wrong == 0 && b.n == 100000, "grows, always with a NUL behind");
	T(b.p[0] == 'a' && b.p[99999] == 'a', "keeps what was there");
	ck_buf_free(&b);
	T(b.p == NULL && b.n == 0 && b.cap == 0, "free empties");
	ck_buf_free(&b);
	ck_buf_free(NULL);

	T(ck_buf_add(&b, "x", 1) == 0 && ck_buf_add(&b, chunk, SIZE_MAX - 1) == -1 && b.n == 1,
	    "an absurd length fails");
	ck_buf_free(&b);
}

static void
bounded(void)
{
	struct ck_buf b = { .max = 10 };

	T(ck_buf_add(&b, "0123456789", 10) == 0, "up to the bound");
	T(ck_buf_add(&b, "x", 1) == -1, "not beyond it");
	T_STR((char *)b.p, "0123456789", "the content stays");
	ck_buf_free(&b);
	T(b.max == 10, "the bound stays too");
	T(ck_buf_add(&b, "0123456789a", 11) == -1, "and holds after free");
	ck_buf_free(&b);
}

static void
hex(void)
{
	unsigned char bytes[4] = { 0 };
	char text[9] = "";

	ck_hex((const unsigned char *)"\x00\x7f\xab\xff", 4, text);
	T_STR(text, "007fabff", "hex");
	T(ck_unhex("007FabfF", bytes, 4) && memcmp(bytes, "\x00\x7f\xab\xff", 4) == 0,
	    "unhex takes both cases");
	T(!ck_unhex("007fab", bytes, 4), "too short");
	T(!ck_unhex("007fabff0", bytes, 4), "too long");
	T(!ck_unhex("007fabfg", bytes, 4), "another letter");
	T(!ck_unhex(NULL, bytes, 4), "no text");
}

static void
unbase64(const char *text, size_t max, const char *want, size_t want_n, const char *name)
{
	size_t n = 999;
	unsigned char *got = ck_unbase64(text, max, &n);

	T(got != NULL && n == want_n && memcmp(got, want, n) == 0 && got[n] == '\0', "base64 %s",
	    name);
	free(got);
}

static void
base64(void)
{
	static const char *const bad[] = { "Zg", "Zg=", "Zg===", "Z", "Z===", "Zm9v=", "=",
		"====", "Zg==Zg==", "Zm9*", "Zm9-",
		"Zm\xe2\x80\x8b"
		"9v",
		"Z=g=" };
	unsigned char all[256];
	char *text = NULL;
	size_t n = 0;

	unbase64("", 0, "", 0, "of nothing");
	unbase64("Zg==", 1, "f", 1, "one byte");
	unbase64("Zm8=", 2, "fo", 2, "two bytes");
	unbase64("Zm9v", 3, "foo", 3, "three bytes");
	unbase64(" Zm\r\n9vYm\tFy\n", 6, "foobar", 6, "with white space");
	unbase64("Z g = =", 1, "f", 1, "with blanks in the padding");
	T(ck_unbase64("Zm9v", 2, &n) == NULL, "longer than max");
	T(ck_unbase64(NULL, 2, &n) == NULL, "no text");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		T(ck_unbase64(bad[i], 100, &n) == NULL, "not base64: %s", bad[i]);
	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	for (size_t len = 254; len <= 256; len++) {
		text = ck_base64(all, len);
		T(text != NULL && strchr(text, '\n') == NULL, "base64 of %zu bytes is one line",
		    len);
		unbase64(text, len, (char *)all, len, "there and back");
		free(text);
	}
	text = ck_base64(NULL, 0);
	T_STR(text, "", "base64 of nothing");
	free(text);
}

int
main(void)
{
	growing();
	bounded();
	hex();
	base64();
	return T_END();
}
