/* Signing a document of ours: what others' programs make of it. */
#include "t.h"

#include "certkiosk/paper.h"
#include "paper_lab.h"

static struct made customer, site;
static char out[65536];

static void
agree(const char *what, const struct ck_buf *pdf, int signatures)
{
	char line[256];
	int valid = 0;

	lab_write(pdf, "signed.pdf");
	lab_run("pdfsig -nocert $D/signed.pdf", out, sizeof out);
	for (const char *p = out; (p = strstr(p, "Signature is Valid.")) != NULL; p++)
		valid++;
	T(valid == signatures, "%s: pdfsig says valid %d times", what, signatures);
	T(strstr(out, "ETSI.CAdES.detached") != NULL, "%s: a PAdES signature", what);
	snprintf(line, sizeof line, "Signature #%d:", signatures);
	T(strstr(out, line) != NULL && strstr(strstr(out, line), "Total document signed") != NULL &&
		strstr(strstr(out, line), "Not total") == NULL,
	    "%s: the last covers the total document", what);
	/* cairo 1.16 makes tables with a link that qpdf has to mend, signed or not */
	T(strstr(what, "annotations") != NULL ||
		lab_run("qpdf --check $D/signed.pdf >/dev/null", out, sizeof out) == 0,
	    "%s: qpdf finds nothing wrong", what);
	T(lab_run("pdftotext $D/signed.pdf - | grep -c '1000 coins' | grep -qx 2", out,
	      sizeof out) == 0,
	    "%s: the text is still there", what);
}

/* ByteRange and hole taken out by hand, and given to openssl */
static void
openssl_agrees(const struct ck_buf *pdf)
{
	const char *range = (const char *)pdf->p + lab_last(pdf, "/ByteRange");
	size_t from = 0, to = 0, rest = 0, n;
	struct ck_buf covered = { 0 }, der = { 0 };
	unsigned char *bytes = NULL;
	char *hex = NULL;

	LAB(sscanf(range, "/ByteRange [ 0 %zu %zu %zu ]", &from, &to, &rest) == 3);
	T(to + rest == pdf->n, "what is covered ends where the document ends");
	ck_buf_add(&covered, pdf->p, from);
	ck_buf_add(&covered, pdf->p + to, rest);
	n = (to - from - 2) / 2;
	hex = strndup((const char *)pdf->p + from + 1, 2 * n);
	bytes = malloc(n);
	LAB(hex != NULL && bytes != NULL && ck_unhex(hex, bytes, n));
	n = (size_t)(bytes[2] << 8 | bytes[3]) + 4;
	ck_buf_add(&der, bytes, n);
	lab_write(&covered, "covered");
	lab_write(&der, "cms.der");
	der.n = 0;
	ck_buf_add(&der, site.der, site.n);
	lab_write(&der, "site.der");
	lab_run("openssl x509 -inform DER -in $D/site.der -out $D/site.pem; openssl cms -verify "
		"-cades -binary -inform DER -in $D/cms.der -content $D/covered -CAfile "
		"$D/site.pem -purpose any -no_check_time -out /dev/null",
	    out, sizeof out);
	T(strstr(out, "CAdES Verification successful") != NULL,
	    "openssl cms -verify -cades agrees");
	if (strstr(out, "successful") == NULL)
		printf("# %s\n", out);
	free(hex);
	free(bytes);
	ck_buf_free(&covered);
	ck_buf_free(&der);
}

static void
two_signers(bool link)
{
	struct ck_buf pdf = lab_document(link), again = { 0 }, before = lab_copy(&pdf);
	struct lab_seen seen;
	const char *what = link ? "with annotations" : "plain";

	lab_sign(&pdf, "customer", &customer);
	T(memcmp(pdf.p, before.p, before.n) == 0, "%s: the document itself is not touched", what);
	printf("# one signature: %zu bytes\n", pdf.n - before.n);
	agree(what, &pdf, 1);
	T(lab_verify(pdf.p, pdf.n, &seen) == CK_E_NONE && seen.n == 1, "%s: whole", what);
	again = lab_copy(&pdf);
	lab_sign(&pdf, "site", &site);
	agree(what, &pdf, 2);
	T(lab_verify(pdf.p, pdf.n, &seen) == CK_E_NONE && seen.n == 2, "%s: whole, twice", what);
	T_STR(seen.at[0].field, "customer", "%s: first the customer", what);
	T_STR(seen.at[1].field, "site", "%s: then the site", what);
	T_STR(seen.at[0].name, "\xe5\xbc\xa0\xe4\xb8\x89", "%s: by name", what);
	T_STR(seen.at[1].subject, "C=CN, CN=Counter 1", "%s: by subject", what);
	T(seen.at[0].at == LAB_AT + 5, "%s: at the time of the signature", what);
	T(seen.at[0].good && seen.at[0].whole && seen.at[1].good && seen.at[1].whole,
	    "%s: both good and whole", what);
	T(lab_verify(pdf.p, again.n, &seen) == CK_E_NONE && seen.n == 1,
	    "%s: before the second it was the first alone", what);
	if (!link)
		openssl_agrees(&pdf);
	ck_buf_free(&pdf);
	ck_buf_free(&again);
	ck_buf_free(&before);
}

static void
kinds_of_keys(void)
{
	EVP_PKEY *keys[] = { rsa_key(2048), rsa_key(4096), NULL };
	static const char *const names[] = { "RSA-2048", "RSA-4096", "P-256" };
	struct lab_seen seen;

	for (size_t i = 0; i < 3; i++) {
		struct made m = lab_person("a", keys[i]);
		struct ck_buf pdf = lab_document(false);

		lab_sign(&pdf, "customer", &m);
		agree(names[i], &pdf, 1);
		T(lab_verify(pdf.p, pdf.n, &seen) == CK_E_NONE && seen.n == 1, "%s: whole",
		    names[i]);
		ck_buf_free(&pdf);
		made_free(&m);
		EVP_PKEY_free(keys[i]);
	}
}

/* The shape of what is added: forms that were filed have it, so it may never change. */
static void
shape(void)
{
	static const char base[] = "%PDF-1.4\n"
				   "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
				   "2 0 obj\n<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>\nendobj\n"
				   "3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
				   "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
				   "0000000058 00000 n \n0000000117 00000 n \n"
				   "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n164\n%%EOF\n";
	static const char added[] =
	    "3 0 obj\n<< /Type /Page /Parent 2 0 R /Annots [ 4 0 R ]\n>>\nendobj\n"
	    "1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ 4 0 R ] /SigFlags 3 "
	    ">>\n>>\nendobj\n"
	    "4 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (site) /F 132 /Rect [ 0 0 0 0 ] "
	    "/P 3 0 R /V 5 0 R >>\nendobj\n"
	    "5 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n"
	    "/M (D:20261118110640Z)\n/Name <FEFF5F20D842DFB7>\n/Reason <FEFF>\n"
	    "/ByteRange [ 0 ";
	static const char table[] = "> >>\nendobj\nxref\n1 1\n0000000393 00000 n \n3 1\n";
	struct ck_pdf_signer s = {
		.field = "site", .name = "\xe5\xbc\xa0\xf0\xa0\xae\xb7", .reason = "", .at = LAB_AT
	};
	struct ck_buf pdf = { 0 };
	struct ck_pdf_hole hole;
	struct ck_err err = { 0 };
	unsigned char digest[32];

	ck_buf_add(&pdf, base, sizeof base - 1);
	T(ck_pdf_prepare(&pdf, &s, &hole, digest, &err) == 0, "a document of the smallest kind%s",
	    err.detail);
	T(pdf.n > sizeof base + sizeof added &&
		memcmp(pdf.p + sizeof base - 1, added, sizeof added - 1) == 0,
	    "what is added has its shape");
	if (memcmp(pdf.p + sizeof base - 1, added, sizeof added - 1) != 0)
		printf("# %.900s\n", (const char *)pdf.p + sizeof base - 1);
	T(pdf.p[hole.from] == '<' && hole.to - hole.from == 2 * 8192 + 2 &&
		memcmp(pdf.p + hole.to - 1, table, strlen("> >>\nendobj\nxref\n1 1\n")) == 0,
	    "up to its end");
	ck_buf_free(&pdf);
}

static void
refused(void)
{
	struct ck_pdf_signer s = { .field = "site", .name = "x", .reason = "y", .at = LAB_AT };
	struct ck_buf pdf = lab_document(false), twice = { 0 }, junk = { 0 };
	struct ck_pdf_hole hole;
	unsigned char digest[32], *big = calloc(1, 8193);
	struct ck_err err = { 0 };
	size_t n;

	lab_sign(&pdf, "site", &site);
	n = pdf.n;
	T(ck_pdf_prepare(&pdf, &s, &hole, digest, &err) == -1 && pdf.n == n,
	    "no second field of the same name");
	s.field = "Site)";
	err = (struct ck_err){ 0 };
	T(ck_pdf_prepare(&pdf, &s, &hole, digest, &err) == -1 && err.code == CK_E_INTERNAL,
	    "no field with a name that is none");
	s.field = "other";
	err = (struct ck_err){ 0 };
	ck_buf_add(&junk, "%PDF-1.4\nnothing\n%%EOF\n", 23);
	T(ck_pdf_prepare(&junk, &s, &hole, digest, &err) == -1 && err.code == CK_E_FORM_BROKEN,
	    "a document we did not make is not signed");
	err = (struct ck_err){ 0 };
	twice = lab_document(false);
	T(ck_pdf_prepare(&twice, &s, &hole, digest, &err) == 0 &&
		ck_pdf_fill(&twice, &hole, big, 8193, &err) == -1 && err.code == CK_E_INTERNAL,
	    "what does not fit is not put in");
	free(big);
	ck_buf_free(&pdf);
	ck_buf_free(&twice);
	ck_buf_free(&junk);
}

static void
same_bytes(void)
{
	struct ck_pdf_signer s = { .field = "site", .name = "x", .reason = "y", .at = LAB_AT };
	struct ck_buf a = lab_document(false), b = lab_copy(&a);
	struct ck_pdf_hole hole;
	unsigned char da[32], db[32];
	struct ck_err err = { 0 };

	T(ck_pdf_prepare(&a, &s, &hole, da, &err) == 0 &&
		ck_pdf_prepare(&b, &s, &hole, db, &err) == 0 && a.n == b.n &&
		memcmp(a.p, b.p, a.n) == 0 && memcmp(da, db, 32) == 0,
	    "the same comes out the same");
	ck_buf_free(&a);
	ck_buf_free(&b);
}

int
main(void)
{
	EVP_PKEY *key = rsa_key(2048);

	lab_begin();
	customer = lab_person("\xe5\xbc\xa0\xe4\xb8\x89", key);
	EVP_PKEY_free(key);
	site = lab_person("Counter 1", NULL);
	two_signers(false);
	two_signers(true);
	kinds_of_keys();
	shape();
	refused();
	same_bytes();
	made_free(&customer);
	made_free(&site);
	return T_END();
}
