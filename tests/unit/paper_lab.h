/* A document as our forms are, people to sign it, and a folder for other programs to look at it. */
#ifndef PAPER_LAB_H
#define PAPER_LAB_H

#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include "base/buf.h"
#include "pdf.h"
#include "pki/pki.h"
#include "pki_make.h"
#include "t.h"

#define LAB_AT 1795000000 /* 2026-11-18T10:26:40Z */

static char lab_dir[] = "/tmp/paper-lab-XXXXXX";

#define LAB(cond) \
	do { \
		if (!(cond)) { \
			printf("not ok - lab: %s (%s:%d)\n", #cond, __FILE__, __LINE__); \
			exit(1); \
		} \
	} while (0)

static int
lab_drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void
lab_end(void)
{
	nftw(lab_dir, lab_drop, 8, FTW_DEPTH | FTW_PHYS);
	/* what they keep for ever would hide a leak of ours */
	cairo_debug_reset_static_data();
	FcFini();
}

__attribute__((unused)) static void
lab_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	LAB(mkdtemp(lab_dir) != NULL);
	atexit(lab_end);
}

static cairo_status_t
lab_take(void *u, const unsigned char *bytes, unsigned n)
{
	return ck_buf_add(u, bytes, n) == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* two pages; link: the first has an annotation already */
__attribute__((unused)) static struct ck_buf
lab_document(bool link)
{
	struct ck_buf b = { 0 };
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(lab_take, &b, 595, 842);
	cairo_t *cr = NULL;

	cairo_pdf_surface_restrict_to_version(s, CAIRO_PDF_VERSION_1_4);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, "Form (a)");
	cairo_pdf_surface_set_metadata(
	    s, CAIRO_PDF_METADATA_CREATE_DATE, "2026-11-20T10:00:00+08:00");
	cr = cairo_create(s);
	for (int i = 0; i < 2; i++) {
		cairo_move_to(cr, 50, 50);
		if (link)
			cairo_tag_begin(cr, CAIRO_TAG_LINK, "uri='https://example.org/'");
		cairo_show_text(cr, "1000 coins");
		if (link)
			cairo_tag_end(cr, CAIRO_TAG_LINK);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_finish(s);
	LAB(cairo_surface_status(s) == CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(s);
	return b;
}

__attribute__((unused)) static struct made
lab_person(const char *name, EVP_PKEY *key)
{
	struct spec s = { .subject = { { "C", "CN", V_ASN1_PRINTABLESTRING, 0 },
			      { "CN", name, 0, 0 } },
		.key = key };

	return make_cert(&s);
}

__attribute__((unused)) static void
lab_sign(struct ck_buf *pdf, const char *field, const struct made *who)
{
	struct ck_pdf_signer s = { .field = field,
		.name = "\xe5\xbc\xa0\xf0\xa0\xae\xb7 (x) \\",
		.reason = "\xe7\x94\xb3\xe8\xaf\xb7",
		.at = LAB_AT };
	struct ck_pdf_hole hole;
	struct ck_err err = { 0 };
	unsigned char digest[32], *der = NULL;
	size_t n = 0;

	if (ck_pdf_prepare(pdf, &s, &hole, digest, &err) == -1 ||
	    ck_cms_sign(who->key, who->der, who->n, digest, LAB_AT + 5, &der, &n, &err) == -1 ||
	    ck_pdf_fill(pdf, &hole, der, n, &err) == -1)
		printf("# %s\n", err.detail);
	LAB(err.code == CK_E_NONE);
	free(der);
}

__attribute__((unused)) static struct ck_buf
lab_copy(const struct ck_buf *b)
{
	struct ck_buf c = { 0 };

	LAB(ck_buf_add(&c, b->p, b->n) == 0);
	return c;
}

/* the last place of a text in it; SIZE_MAX: nowhere */
__attribute__((unused)) static size_t
lab_last(const struct ck_buf *b, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = b->n < n ? 0 : b->n - n + 1; i-- > 0;)
		if (memcmp(b->p + i, text, n) == 0)
			return i;
	return SIZE_MAX;
}

__attribute__((unused)) static const char *
lab_write(const struct ck_buf *b, const char *name)
{
	static char path[PATH_MAX];
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/%s", lab_dir, name);
	f = fopen(path, "wb");
	LAB(f != NULL && fwrite(b->p, 1, b->n, f) == b->n && fclose(f) == 0);
	return path;
}

/* what a command says, its errors too; $D is the folder */
__attribute__((unused)) static int
lab_run(const char *command, char *out, size_t cap)
{
	char line[4096];
	FILE *f = NULL;
	size_t n = 0;

	snprintf(line, sizeof line, "D=%s; ( %s ) 2>&1", lab_dir, command);
	f = popen(line, "r");
	LAB(f != NULL);
	n = fread(out, 1, cap - 1, f);
	out[n] = '\0';
	return pclose(f);
}

struct lab_seen {
	size_t n;
	struct ck_pdf_signature at[8];
};

__attribute__((unused)) static int
lab_see(void *u, const struct ck_pdf_signature *s)
{
	struct lab_seen *seen = u;

	if (seen->n < 8)
		seen->at[seen->n] = *s;
	seen->n++;
	return 0;
}

/* CK_E_NONE: whole */
__attribute__((unused)) static enum ck_code
lab_verify(const unsigned char *p, size_t n, struct lab_seen *seen)
{
	struct ck_err err = { 0 };
	int rc;

	*seen = (struct lab_seen){ 0 };
	rc = ck_pdf_verify(p, n, lab_see, seen, &err);
	LAB((rc == 0) == (err.code == CK_E_NONE));
	return err.code;
}

#endif
