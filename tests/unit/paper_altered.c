/* A signed document in the wrong hands: nothing done to it passes for whole, and no bytes at all
 * make the reader fall. */
#include "t.h"

#include "certkiosk/paper.h"
#include "paper_lab.h"

#define MUTATIONS 600

static struct made customer, site, stranger;
static struct ck_buf unsigned_one, once, twice;
static char out[65536];

static bool
refuses(const unsigned char *p, size_t n)
{
	struct lab_seen seen;
	enum ck_code code = lab_verify(p, n, &seen);

	return code == CK_E_FORM_ALTERED || code == CK_E_FORM_UNSIGNED || code == CK_E_FORM_BROKEN;
}

static bool
pdfsig_refuses(const struct ck_buf *b)
{
	const char *last = NULL;

	lab_write(b, "altered.pdf");
	lab_run("pdfsig -nocert $D/altered.pdf", out, sizeof out);
	for (const char *p = out; (p = strstr(p, "Signature #")) != NULL; p++)
		last = p;
	return last == NULL || strstr(out, "Digest Mismatch") != NULL ||
	       strstr(out, "Signature is Invalid") != NULL ||
	       strstr(out, "Signature is Valid.") == NULL || strstr(last, "Not total") != NULL;
}

/* ---- one byte ---- */

static void
one_byte(const char *what, const struct ck_buf *whole, size_t step)
{
	static const unsigned char flips[] = { 0x01, 0x20, 0x80, 0x0A };
	struct ck_buf b = lab_copy(whole);
	struct lab_seen seen;
	size_t passed = 0, tried = 0;

	for (size_t i = 0; i < b.n; i += step)
		for (size_t f = 0; f < sizeof flips; f++) {
			b.p[i] ^= flips[f];
			if (!refuses(b.p, b.n)) {
				printf("# offset %zu, %02x\n", i, flips[f]);
				passed++;
			}
			b.p[i] ^= flips[f];
			tried++;
		}
	T(passed == 0, "%s: one byte altered is always seen (%zu tries)", what, tried);
	T(lab_verify(b.p, b.n, &seen) == CK_E_NONE, "%s: and put back it is whole", what);
	ck_buf_free(&b);
}

/* every byte of the CMS, and some of the zeros behind it */
static void
in_the_hole(void)
{
	struct ck_buf b = lab_copy(&once);
	size_t hole = lab_last(&b, "/Contents <") + strlen("/Contents <"), passed = 0, tried = 0;
	static const char digits[] = "0123456789abcdefABCDEF> ";

	for (size_t i = 0; i < 2 * 8192; i += i < 1400 ? 1 : 397)
		for (size_t d = i % 3; d < sizeof digits - 1; d += 3 + i % 5) {
			unsigned char was = b.p[hole + i];

			if ((unsigned char)digits[d] == was)
				continue;
			b.p[hole + i] = (unsigned char)digits[d];
			if (!refuses(b.p, b.n)) {
				printf("# digit %zu: %c for %c\n", i, digits[d], was);
				passed++;
			}
			b.p[hole + i] = was;
			tried++;
		}
	T(passed == 0, "no digit of the signature itself can be another (%zu tries)", tried);
	memcpy(b.p + hole + 2 * 8192 - 8, "deadbeef", 8);
	T(refuses(b.p, b.n), "nor is there room behind it");
	ck_buf_free(&b);
}

/* ---- more and less ---- */

static void
more_and_less(void)
{
	static const char *const more[] = { "\n", " ", "%%EOF\n", "x", "startxref\n0\n%%EOF\n",
		"1 0 obj\n<< >>\nendobj\n" };
	struct lab_seen seen;
	struct ck_buf b;
	size_t passed = 0;

	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		b = lab_copy(&twice);
		ck_buf_add(&b, more[i], strlen(more[i]));
		T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_ALTERED && seen.n == 2 &&
			seen.at[0].good && !seen.at[0].whole && !seen.at[1].whole,
		    "appended %zu: seen, and who signed what was there", i);
		ck_buf_free(&b);
	}
	for (size_t n = 0; n < twice.n; n += 1 + n / 50)
		if (n != once.n && !refuses(twice.p, n)) {
			printf("# cut at %zu\n", n);
			passed++;
		}
	for (size_t n = twice.n - 40; n < twice.n; n++)
		passed += !refuses(twice.p, n);
	T(passed == 0, "cut short anywhere it is not whole");
	T(lab_verify(unsigned_one.p, unsigned_one.n, &seen) == CK_E_FORM_UNSIGNED && seen.n == 0,
	    "unsigned is called unsigned");
	T(lab_verify(twice.p, once.n, &seen) == CK_E_NONE && seen.n == 1 &&
		strcmp(seen.at[0].field, "customer") == 0,
	    "without the site's signature it is the customer's alone, and says so");
}

/* The customer's addition taken out from between: the site's stands on another document. */
static void
first_stripped(void)
{
	struct ck_buf b = { 0 };

	ck_buf_add(&b, unsigned_one.p, unsigned_one.n);
	ck_buf_add(&b, twice.p + once.n, twice.n - once.n);
	T(refuses(b.p, b.n), "the first signature taken out");
	ck_buf_free(&b);
	b = lab_copy(&twice);
	memset(b.p + lab_last(&once, "/Contents <") + strlen("/Contents <"), '0', 2 * 8192);
	T(refuses(b.p, b.n) && pdfsig_refuses(&b), "the first signature wiped");
	ck_buf_free(&b);
	b = lab_copy(&twice);
	memset(b.p + lab_last(&b, "/Contents <") + strlen("/Contents <"), '0', 2 * 8192);
	T(refuses(b.p, b.n), "the second signature wiped");
	ck_buf_free(&b);
}

/* ---- other people's signatures ---- */

static void
swap_hole(struct ck_buf *to, const struct ck_buf *from)
{
	size_t a = lab_last(to, "/Contents <") + strlen("/Contents <"),
	       b = lab_last(from, "/Contents <") + strlen("/Contents <");

	memcpy(to->p + a, from->p + b, 2 * 8192);
}

static void
others(void)
{
	struct ck_buf b = lab_copy(&once), other = lab_document(true), same = lab_document(false);
	struct lab_seen seen;

	lab_sign(&other, "customer", &stranger);
	swap_hole(&b, &other);
	T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_ALTERED && seen.n == 1 && !seen.at[0].good,
	    "a signature of another document");
	T_STR(seen.at[0].name, "Stranger", "told with its name all the same");
	ck_buf_free(&b);
	/* over the very bytes the customer signed: the site's signature covers the customer's */
	lab_sign(&same, "customer", &stranger);
	b = lab_copy(&twice);
	memcpy(b.p, same.p, same.n);
	T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_ALTERED && seen.n == 2 && seen.at[0].good &&
		!seen.at[1].good,
	    "another's signature of this document, below the site's");
	T(pdfsig_refuses(&b), "as pdfsig sees it");
	T(lab_verify(same.p, same.n, &seen) == CK_E_NONE &&
		strcmp(seen.at[0].name, "Stranger") == 0,
	    "alone it is good, and says whose it is");
	ck_buf_free(&b);
	ck_buf_free(&other);
	ck_buf_free(&same);
}

/* the certificate beside the signature exchanged for another of the same key: ESS */
static void
other_certificate(void)
{
	struct made twin = lab_person("Somebody else", customer.key);
	struct ck_buf b = lab_document(false), c = { 0 };
	struct lab_seen seen;
	char *mine = malloc(2 * customer.n + 1), *theirs = malloc(2 * twin.n + 1);
	size_t at;

	LAB(mine != NULL && theirs != NULL);
	lab_sign(&b, "customer", &twin);
	T(lab_verify(b.p, b.n, &seen) == CK_E_NONE, "two certificates of one key");
	ck_hex(customer.der, customer.n, mine);
	ck_hex(twin.der, twin.n, theirs);
	c = lab_copy(&once);
	at = lab_last(&c, mine);
	LAB(at != SIZE_MAX);
	if (twin.n == customer.n)
		memcpy(c.p + at, theirs, 2 * twin.n);
	else /* lengths around it no longer fit: refused for that */
		memcpy(c.p + at, theirs, 2 * (twin.n < customer.n ? twin.n : customer.n));
	T(refuses(c.p, c.n), "and exchanged");
	free(mine);
	free(theirs);
	ck_buf_free(&b);
	ck_buf_free(&c);
	made_free(&twin);
}

/* ---- additions that are no signature ---- */

/* Object n anew, as any editor would add it. */
static void
append_object(struct ck_buf *b, unsigned n, const char *body, unsigned size, unsigned root)
{
	size_t prev = 0, at = b->n, table;
	char text[4096];

	LAB(sscanf((const char *)b->p + lab_last(b, "startxref\n"), "startxref %zu", &prev) == 1);
	snprintf(text, sizeof text, "%u 0 obj\n%s\nendobj\n", n, body);
	ck_buf_add(b, text, strlen(text));
	table = b->n;
	snprintf(text, sizeof text,
	    "xref\n%u 1\n%010zu 00000 n \ntrailer\n<< /Size %u /Root %u 0 R /Prev %zu >>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    n, at, size, root, prev, table);
	ck_buf_add(b, text, strlen(text));
}

static unsigned
number_behind(const struct ck_buf *b, const char *key)
{
	return (unsigned)strtoul((const char *)b->p + lab_last(b, key) + strlen(key), NULL, 10);
}

static void
swapped_content(void)
{
	unsigned size = number_behind(&twice, "/Size "), root = number_behind(&twice, "/Root ");
	static const struct {
		const char *key, *body;
	} changes[] = {
		{ "/Contents ", "<< /Length 0 >>\nstream\n\nendstream" },
		{ "/Root ", "<< /Type /Catalog /Pages 1 0 R >>" },
		{ "/Info ", "<< /Title (else) >>" },
	};
	struct lab_seen seen;

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct ck_buf b = lab_copy(&twice);
		/* the page's own, not the signature's, which is a string */
		unsigned n = number_behind(i == 0 ? &unsigned_one : &twice, changes[i].key);

		append_object(&b, n, changes[i].body, size, root);
		T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_ALTERED && seen.n == 2 &&
			seen.at[1].good && !seen.at[1].whole,
		    "an addition behind the signatures: %s", changes[i].key);
		T(pdfsig_refuses(&b), "as pdfsig sees it");
		/* signed over by somebody: his signature is good, the others' are not of this */
		lab_sign(&b, "editor", &stranger);
		T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_ALTERED,
		    "and one more signature does not heal it");
		ck_buf_free(&b);
	}
}

/* Tables that lie about the document, newest first. */
static void
lies(void)
{
	static const struct {
		const char *what, *tail;
	} tails[] = {
		{ "a circle of tables",
		    "xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev %zu >>\n" },
		{ "huge numbers",
		    "xref\n4294967295 4294967295\ntrailer\n<< /Size 9 /Root 1 0 R >>\n" },
		{ "more entries than bytes",
		    "xref\n0 65000\ntrailer\n<< /Size 9 /Root 1 0 R >>\n" },
		{ "an offset outside",
		    "xref\n1 1\n9999999999 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R >>\n" },
		{ "a number of 40 digits",
		    "xref\n1 1\n0000000009 00000 n \ntrailer\n<< /Size "
		    "1111111111111111111111111111111111111111 /Root 1 0 R >>\n" },
		{ "no end of brackets", "xref\n0 0\ntrailer\n<< /Size << << << << [ [ [ [ [ [\n" },
		{ "an open text", "xref\n0 0\ntrailer\n<< /Size (((((((\\\n" },
		{ "an encrypted document",
		    "xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Encrypt 2 0 R >>\n" },
		{ "a size of nothing", "xref\n0 0\ntrailer\n<< /Size 0 /Root 1 0 R >>\n" },
		{ "a root that is nowhere", "xref\n0 0\ntrailer\n<< /Size 9 /Root 9 0 R >>\n" },
	};
	static const char *const starts[] = { "0", "99999999999999999999", "-1", "4294967296", "" };
	struct lab_seen seen;
	char text[256];

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		struct ck_buf b = { 0 };
		size_t table;

		ck_buf_add(&b, "%PDF-1.4\n", 9);
		table = b.n;
		/* the number stands in one of them only; the others have no place for it */
		if (strstr(tails[i].tail, "%zu") != NULL) {
			snprintf(text, sizeof text,
			    "xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev %zu >>\n", table);
			ck_buf_add(&b, text, strlen(text));
		} else {
			ck_buf_add(&b, tails[i].tail, strlen(tails[i].tail));
		}
		snprintf(text, sizeof text, "startxref\n%zu\n%%%%EOF\n", table);
		ck_buf_add(&b, text, strlen(text));
		T(refuses(b.p, b.n), "%s", tails[i].what);
		ck_buf_free(&b);
	}
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		struct ck_buf b = lab_copy(&twice);

		b.n = lab_last(&b, "startxref\n");
		snprintf(text, sizeof text, "startxref\n%s\n%%%%EOF\n", starts[i]);
		ck_buf_add(&b, text, strlen(text));
		T(lab_verify(b.p, b.n, &seen) != CK_E_NONE, "a table said to be at \"%s\"",
		    starts[i]);
		ck_buf_free(&b);
	}
	T(refuses((const unsigned char *)"", 0), "nothing at all");
	T(refuses((const unsigned char *)"%PDF-1.4\n", 9), "a first line alone");
}

/* brackets without end, in a document that is otherwise one */
static void
deep(void)
{
	struct ck_buf b = { 0 };
	struct lab_seen seen;

	ck_buf_add(&b, "%PDF-1.4\nxref\n0 0\ntrailer\n<< /Size ", 36);
	for (int i = 0; i < 1000000; i++)
		ck_buf_add(&b, "[<<", 3);
	ck_buf_add(&b, "\nstartxref\n9\n%%EOF\n", 19);
	T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_BROKEN, "a million brackets");
	while (b.n <= CK_PAPER_BYTES_MAX)
		ck_buf_add(&b, "%%EOF\n", 6);
	T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_BROKEN, "more bytes than a form has");
	b.n = CK_PAPER_BYTES_MAX - CK_PAPER_BYTES_MAX % 6;
	for (size_t i = 9; i + 6 <= b.n; i += 6)
		memcpy(b.p + i, "%%EOF\n", 6);
	T(lab_verify(b.p, b.n, &seen) == CK_E_FORM_BROKEN, "nothing but ends");
	ck_buf_free(&b);
}

/* ---- whatever comes ---- */

static uint32_t
dice(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
mutate(struct ck_buf *b, uint32_t *seed)
{
	for (uint32_t i = dice(seed) % 6 + 1; i > 0; i--) {
		/* the tables and dictionaries are what a reader stumbles over */
		size_t span = dice(seed) % 2 ? b->n : b->n < 900 ? b->n : 900;
		size_t at = b->n - 1 - dice(seed) % span, len = dice(seed) % 40;
		size_t from = dice(seed) % b->n;

		if (len > b->n - at)
			len = b->n - at;
		if (len > b->n - from)
			len = b->n - from;
		switch (dice(seed) % 4) {
		case 0:
			b->p[at] = (unsigned char)dice(seed);
			break;
		case 1:
			b->p[at] = (unsigned char)"0123456789<>[]()/ R%\n"[dice(seed) % 21];
			break;
		case 2:
			memmove(b->p + at, b->p + from, len);
			break;
		default:
			memmove(b->p + at, b->p + at + len, b->n - at - len);
			b->n -= len;
		}
	}
}

static void
fuzz(void)
{
	uint32_t seed = 20261120;
	size_t passed = 0, changed = 0;

	for (int i = 0; i < MUTATIONS; i++) {
		struct ck_buf b = lab_copy(i % 2 ? &twice : &once);
		const struct ck_buf *was = i % 2 ? &twice : &once;
		unsigned char *exact = NULL;

		mutate(&b, &seed);
		/* exactly as long as it is, so that a sanitizer sees one byte too far */
		exact = malloc(b.n);
		LAB(exact != NULL);
		memcpy(exact, b.p, b.n);
		if (b.n != was->n || memcmp(exact, was->p, b.n) != 0) {
			changed++;
			if (!refuses(exact, b.n)) {
				printf("# round %d\n", i);
				passed++;
			}
		}
		free(exact);
		ck_buf_free(&b);
	}
	T(passed == 0 && changed > MUTATIONS * 9 / 10, "%zu mutations: none passes, none is fatal",
	    changed);
}

int
main(void)
{
	lab_begin();
	customer = lab_person("Customer", NULL);
	site = lab_person("Counter 1", NULL);
	stranger = lab_person("Stranger", NULL);
	unsigned_one = lab_document(false);
	once = lab_copy(&unsigned_one);
	lab_sign(&once, "customer", &customer);
	twice = lab_copy(&once);
	lab_sign(&twice, "site", &site);
	one_byte("one signature", &once, 53);
	one_byte("two signatures", &twice, 131);
	in_the_hole();
	more_and_less();
	first_stripped();
	others();
	other_certificate();
	swapped_content();
	lies();
	deep();
	fuzz();
	ck_buf_free(&unsigned_one);
	ck_buf_free(&once);
	ck_buf_free(&twice);
	made_free(&customer);
	made_free(&site);
	made_free(&stranger);
	return T_END();
}
