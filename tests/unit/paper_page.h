/* Forms made in a test: a folder, fields, the PDF as text and as grey pixels. */
#ifndef PAPER_PAGE_H
#define PAPER_PAGE_H

#include <stdlib.h>
#include <unistd.h>

#include "t.h"

#include "form.h"

#define LAB_FORMS "printer/forms"
#define LAB_NUMBER "CK-20261120-000027-SH-JINGAN-01-K"
#define LAB_MADE 1795229574 /* 2026-11-21T10:52:54+08:00 */
/* as long as formcode.h makes them: number, form, page, 26 and 103 letters */
#define LAB_CODE \
	"CK1*CK-20261120-000027-SH-JINGAN-01-K*SHECA-RENEWAL*1/1*ABCDEFGHIJKLMNOPQRSTUVWXYZ*" \
	"AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYUCULBOGAZDINRYHI6D4QCCIRDEQSSMJZIFEVCWLBNFYXTAMJSGM2D" \
	"KNRXHA4TUOZ4HU7D7QCBIJBUI"

struct lab_grey {
	int w, h;
	unsigned char *p;
};

static char lab_dir[200];

__attribute__((unused)) static void
lab_start(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(lab_dir, sizeof lab_dir, "%s/paper.XXXXXX", tmp != NULL ? tmp : P_tmpdir);
	if (mkdtemp(lab_dir) == NULL)
		abort();
}

__attribute__((unused)) static void
lab_end(void)
{
	char rm[sizeof lab_dir + 8];

	snprintf(rm, sizeof rm, "rm -r '%s'", lab_dir);
	if (system(rm) != 0)
		T(0, "the test's folder is gone");
}

static const char *
lab_path(const char *name)
{
	static char paths[4][sizeof lab_dir + 64];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", lab_dir, name);
	return path;
}

__attribute__((unused)) static void
lab_put(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(lab_path(name), "w");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		T(0, "%s is written", name);
}

/* a file, or what a command says; to be freed */
static char *
lab_all(FILE *f, size_t *n)
{
	struct ck_buf b = { 0 };
	char part[4096];
	size_t got = 0;

	while (f != NULL && (got = fread(part, 1, sizeof part, f)) > 0)
		ck_buf_add(&b, part, got);
	if (n != NULL)
		*n = b.n;
	ck_buf_add(&b, "", 1);
	return (char *)b.p;
}

__attribute__((unused)) static char *
lab_says(const char *command)
{
	FILE *f = popen(command, "r");
	char *out = lab_all(f, NULL);

	if (f != NULL)
		pclose(f);
	return out;
}

__attribute__((unused)) static char *
lab_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	char *out = lab_all(f, n);

	if (f != NULL)
		fclose(f);
	return out;
}

/* -1: err says why. codes: the same on every page */
__attribute__((unused)) static int
lab_make(const char *dir, const char *name, const json_t *fields, const char *mark,
    const char *code, struct ck_buf *pdf, struct ck_err *err)
{
	const struct ck_form_copy copy = { .number = LAB_NUMBER, .made = LAB_MADE, .mark = mark };
	const char *codes[16];
	struct ck_form *form = NULL;
	struct ck_sheet *sheet = NULL;
	int rc = -1;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		codes[i] = code;
	if (ck_form_open(dir, name, &form, err) == 0 &&
	    ck_form_lay(form, fields, &copy, &sheet, err) == 0 &&
	    ck_sheet_draw(sheet, codes, pdf, err) == 0)
		rc = ck_sheet_pages(sheet);
	ck_sheet_free(sheet);
	ck_form_free(form);
	return rc;
}

/* a page as pixels; p is NULL when that failed */
__attribute__((unused)) static struct lab_grey
lab_raster(const char *pdf, int page, int dpi)
{
	char command[1024];
	struct lab_grey g = { 0, 0, NULL };
	char *bytes = NULL;
	size_t n = 0;
	int at = 0;

	snprintf(command, sizeof command, "pdftoppm -gray -f %d -l %d -singlefile -r %d '%s' '%s'",
	    page, page, dpi, pdf, lab_path("page"));
	if (system(command) != 0)
		return g;
	bytes = lab_file(lab_path("page.pgm"), &n);
	if (sscanf(bytes, "P5 %d %d 255%n", &g.w, &g.h, &at) == 2 &&
	    n == (size_t)at + 1 + (size_t)g.w * (size_t)g.h &&
	    (g.p = malloc((size_t)g.w * (size_t)g.h)) != NULL)
		memcpy(g.p, bytes + at + 1, (size_t)g.w * (size_t)g.h);
	free(bytes);
	return g;
}

/* what a scanner reads off it; to be freed */
__attribute__((unused)) static char *
lab_read_code(const struct lab_grey *g)
{
	char command[1024], head[32];
	struct ck_buf b = { 0 };
	int n = snprintf(head, sizeof head, "P5 %d %d 255\n", g->w, g->h);

	ck_buf_add(&b, head, (size_t)n);
	ck_buf_add(&b, g->p, (size_t)g->w * (size_t)g->h);
	lab_put("scan.pgm", b.p, b.n);
	ck_buf_free(&b);
	snprintf(command, sizeof command,
	    "zbarimg -q --raw -Sdisable -Sqrcode.enable '%s' 2>/dev/null | tr -d '\\n'",
	    lab_path("scan.pgm"));
	return lab_says(command);
}

/* A renewal on behalf, with all there is to say. */
__attribute__((unused)) static json_t *
lab_renewal(void)
{
	return json_loads(
	    "{\"name\":\"上海示例信息技术服务有限公司\",\"organisation\":"
	    "\"上海示例信息技术服务有限公司\",\"class\":\"organisation\","
	    "\"unique_id\":\"SF310101199203190001\",\"old_serial\":\"4a5b0000129c7e31001122334455"
	    "66\",\"new_serial\":\"4a5b0000129d00070011223344556677\","
	    "\"old_not_before\":\"2025-11-21\",\"old_not_after\":\"2026-11-30T23:59:59+08:00\","
	    "\"new_not_before\":\"2026-11-20\",\"new_not_after\":\"2027-11-30\","
	    "\"algorithm\":\"RSA 2048\",\"key_serial\":\"SJK1144-0093127755\","
	    "\"way\":\"on-behalf\",\"envelope\":\"PE-0031-7712-0098\",\"site\":\"静安受理点\","
	    "\"kiosk\":\"SH-JINGAN-01\",\"date\":\"2026-11-20\",\"clerk\":\"0317\","
	    "\"clerk_name\":\"王晓明\",\"pin\":\"changed\"}",
	    0, NULL);
}

#endif
