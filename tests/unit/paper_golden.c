/* Every form that ships, with much and with little in it: as text, and as a coarse picture. What is
 * meant stands in tests/golden/forms; with --write it becomes what is. */
#include "paper_page.h"

#include <math.h>

#define GOLDEN "tests/golden/forms"
#define GRID_W 40
#define GRID_H 57
/* of 15: rasterisers differ at edges, not in where things are */
#define CELL_OFF 3
#define MEAN_OFF 0.1

static int writing;

static json_t *
person(void)
{
	return json_loads("{\"name\":\"王𠮷㛃䶮\",\"class\":\"person\",\"old_serial\":\"01\","
			  "\"new_serial\":\"02\",\"old_not_before\":\"2025-11-21\","
			  "\"old_not_after\":\"2026-11-30\",\"new_not_before\":\"2026-11-20\","
			  "\"new_not_after\":\"2027-11-30\",\"algorithm\":\"P-256\","
			  "\"way\":\"self\",\"envelope\":\"88001122\",\"site\":\"静安受理点\","
			  "\"kiosk\":\"K\",\"pin\":\"stays\",\"date\":\"2026-11-20\"}",
	    0, NULL);
}

/* on behalf, and the key took no other PIN */
static json_t *
pin_unchanged(void)
{
	json_t *j = lab_renewal();

	json_object_set_new(j, "pin", json_string("unchanged"));
	return j;
}

static json_t *
long_names(void)
{
	json_t *j = lab_renewal();
	static const char company[] =
	    "内蒙古自治区锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇新能源智能装备制造与综合技术服务及"
	    "信息工程咨询股份有限公司第二分公司驻上海办事处";

	json_object_set_new(j, "name", json_string(company));
	json_object_set_new(j, "organisation", json_string(company));
	json_object_set_new(
	    j, "unique_id", json_string("1.2.156.112570.11.205@SF310101199203190001X-91310000"));
	json_object_set_new(j, "key_serial", json_string("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
	return j;
}

static json_t *
extension(void)
{
	return json_loads("{\"name\":\"深圳市示例核电工程设备有限公司\",\"class\":\"organisation\","
			  "\"owner_id\":\"91440300MA5EXAMPLE\",\"legal_person\":\"赵𠮷\","
			  "\"owner_phone\":\"13800138000\",\"old_serial\":\"38880012f3a4b5c6\","
			  "\"old_not_after\":\"2026-10-31\",\"expired\":\"yes\","
			  "\"key_serial\":\"3888-20211101\",\"old_algorithm\":\"SM2\",\"years\":\"2\","
			  "\"agent_name\":\"㛃䶮\",\"agent_phone\":\"15966606660\","
			  "\"agent_id\":\"370105199203190001\"}",
	    0, NULL);
}

static json_t *
application(void)
{
	return json_loads("{\"name\":\"测试个人20180724\",\"owner_id_type\":\"身份证\","
			  "\"owner_id\":\"370105199203190001\",\"service\":\"renew\","
			  "\"class\":\"person\","
			  "\"old_serial\":\"1a2b3c4d5e6f\",\"old_not_after\":\"2018-07-24\","
			  "\"new_not_after\":\"2019-08-03\",\"price\":\"50 元\","
			  "\"agent_name\":\"测试\",\"agent_phone\":\"15966606660\","
			  "\"agent_id\":\"370105199203190000\",\"agent_email\":\"a@example.com\"}",
	    0, NULL);
}

static json_t *
invoiced(void)
{
	json_t *j = application();

	json_object_del(j, "owner_id");
	json_object_del(j, "owner_id_type");
	json_object_set_new(j, "invoice_title", json_string("山东示例有限公司"));
	json_object_set_new(j, "invoice_tax", json_string("91370102MA3C0TEST8"));
	return j;
}

static json_t *
slip(void)
{
	return json_loads("{\"site\":\"静安受理点\",\"hotline\":\"客户服务 021-62077128\","
			  "\"name\":\"上海示例信息技术服务有限公司\",\"key_serial\":\"SJK1144\","
			  "\"station\":\"issue\",\"since\":\"2026-11-20T10:32:00+08:00\","
			  "\"reason\":\"authority\",\"next\":\"2026-11-20T12:32:00+08:00\","
			  "\"deadline\":\"2026-12-20T10:32:00+08:00\",\"bring\":\"envelope\","
			  "\"key\":\"beside\"}",
	    0, NULL);
}

/* next to nothing is known, and what was done is given back */
static json_t *
slip_bare(void)
{
	return json_loads("{\"site\":\"静安受理点\",\"since\":\"2026-11-20T10:32:00+08:00\","
			  "\"deadline\":\"2026-12-20T10:32:00+08:00\",\"reason\":\"abandon\","
			  "\"key\":\"pin\"}",
	    0, NULL);
}

static json_t *
slip_codes(void)
{
	json_t *j = slip();

	json_object_set_new(j, "bring", json_string("codes"));
	return j;
}

static const struct sample {
	const char *name, *form;
	json_t *(*fields)(void);
	const char *mark, *code;
	int pages;
} samples[] = {
	{ "renewal", "sheca-renewal", lab_renewal, NULL, LAB_CODE, 1 },
	{ "renewal-self", "sheca-renewal", person, NULL, NULL, 1 },
	{ "renewal-unchanged", "sheca-renewal", pin_unchanged, NULL, LAB_CODE, 1 },
	{ "renewal-long", "sheca-renewal", long_names, NULL, LAB_CODE, 2 },
	{ "renewal-copy", "sheca-renewal", lab_renewal, "补打第2次", LAB_CODE, 1 },
	{ "extension", "szca-extension", extension, NULL, LAB_CODE, 1 },
	{ "application", "sdca-application", application, NULL, LAB_CODE, 1 },
	{ "application-invoice", "sdca-application", invoiced, NULL, LAB_CODE, 1 },
	{ "slip", "parking-slip", slip, NULL, LAB_NUMBER, 1 },
	{ "slip-codes", "parking-slip", slip_codes, NULL, LAB_NUMBER, 1 },
	{ "slip-bare", "parking-slip", slip_bare, NULL, LAB_NUMBER, 1 },
};

/* ---- as it is meant ---- */

static const char *
golden_path(const struct sample *s, int page, const char *what)
{
	static char path[256];

	if (page == 0)
		snprintf(path, sizeof path, GOLDEN "/%s.%s", s->name, what);
	else
		snprintf(path, sizeof path, GOLDEN "/%s.%d.%s", s->name, page, what);
	return path;
}

static void
write_golden(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	T(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0, "written: %s", path);
}

static void
check_text(const struct sample *s, const char *pdf)
{
	char command[1024];
	char *got = NULL, *want = NULL;

	snprintf(command, sizeof command, "pdftotext -layout '%s' - | tr -d '\\f'", pdf);
	got = lab_says(command);
	if (writing)
		write_golden(golden_path(s, 0, "txt"), got);
	want = lab_file(golden_path(s, 0, "txt"), NULL);
	T_STR(got, want, "%s says what it should", s->name);
	free(got);
	free(want);
}

static void
check_fonts(const struct sample *s, const char *pdf)
{
	char command[1024];
	char *got = NULL;

	/* columns from the right: object, generation, uni, sub, emb */
	snprintf(command, sizeof command,
	    "pdffonts '%s' | awk 'NR > 2 { n++; if ($1 !~ /^[A-Z]+\\+NotoSerifCJKsc/ || "
	    "$(NF-4) != \"yes\" || $(NF-3) != \"yes\" || $(NF-2) != \"yes\") print } "
	    "END { if (n < 1 || n > 4) print n \" fonts\" }'",
	    pdf);
	got = lab_says(command);
	T_STR(got, "", "%s: one family, embedded, a subset, searchable", s->name);
	free(got);
}

static char
darkness(const struct lab_grey *g, int x0, int x1, int y0, int y1)
{
	double sum = 0;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++)
			sum += 255 - g->p[y * g->w + x];
	/* the root: a line of type is not much darker than white paper */
	return "0123456789abcdef"[(int)(15 * sqrt(sum / 255 / ((x1 - x0) * (y1 - y0))) + 0.5)];
}

static void
shrink(const struct lab_grey *g, char out[(GRID_W + 1) * GRID_H + 1])
{
	char *to = out;

	for (int j = 0; j < GRID_H; j++) {
		for (int i = 0; i < GRID_W; i++)
			*to++ = darkness(g, g->w * i / GRID_W, g->w * (i + 1) / GRID_W,
			    g->h * j / GRID_H, g->h * (j + 1) / GRID_H);
		*to++ = '\n';
	}
	*to = '\0';
}

static int
grey_of(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static int
alike(const char *a, const char *b)
{
	int off = 0, n = 0;

	for (; *a != '\0' && *b != '\0'; a++, b++) {
		int d = *a == '\n' || *b == '\n' ? (*a != *b) * 16 : grey_of(*a) - grey_of(*b);

		d = d < 0 ? -d : d;
		if (d > CELL_OFF)
			return 0;
		off += d;
		n++;
	}
	return *a == *b && n > 0 && off <= n * MEAN_OFF;
}

static void
check_picture(const struct sample *s, const char *pdf, int page)
{
	char got[(GRID_W + 1) * GRID_H + 1] = "";
	struct lab_grey g = lab_raster(pdf, page, 50);
	char *want = NULL;

	if (g.p != NULL)
		shrink(&g, got);
	if (writing)
		write_golden(golden_path(s, page, "grey"), got);
	want = lab_file(golden_path(s, page, "grey"), NULL);
	T(alike(got, want), "%s page %d looks as it should", s->name, page);
	free(want);
	free(g.p);
}

static void
check(const struct sample *s)
{
	json_t *fields = s->fields();
	struct ck_buf pdf = { 0 };
	struct ck_err err = { 0 };
	const char *path = NULL;
	int pages = lab_make(LAB_FORMS, s->form, fields, s->mark, s->code, &pdf, &err);

	T(pages == s->pages, "%s has %d pages, not %d %s", s->name, s->pages, pages, err.detail);
	lab_put("form.pdf", pdf.p, pdf.n);
	path = lab_path("form.pdf");
	T(pdf.n < 250 * 1024, "%s has less than 250 KB: %zu", s->name, pdf.n);
	check_text(s, path);
	check_fonts(s, path);
	for (int i = 1; i <= pages; i++)
		check_picture(s, lab_path("form.pdf"), i);
	ck_buf_free(&pdf);
	json_decref(fields);
}

/* A comparison that would pass anything: one form's picture against another's. */
static void
not_blind(void)
{
	char *a = lab_file(golden_path(&samples[0], 1, "grey"), NULL);
	char *b = lab_file(golden_path(&samples[1], 1, "grey"), NULL);
	char *c = lab_file(golden_path(&samples[3], 1, "grey"), NULL);

	T(alike(a, a), "a picture is like itself");
	T(!alike(a, b), "a form without a code is not like one with it");
	T(!alike(a, c), "a marked copy is not like the original");
	/* the second line of the last clause is gone */
	memcpy(b, a, strlen(a) + 1);
	memset(b + 41 * (GRID_W + 1), '0', GRID_W);
	T(!alike(a, b), "nor is a form that lacks a line");
	free(a);
	free(b);
	free(c);
}

/* Rules of a machine for its fonts, as its owner likes them: forms have their own. */
static void
foreign_rules(void)
{
	static const char rules[] =
	    "<?xml version=\"1.0\"?><fontconfig><dir>/usr/share/fonts</dir><selectfont><rejectfont>"
	    "<pattern><patelt name=\"family\"><string>Noto Serif CJK SC</string></patelt></pattern>"
	    "</rejectfont></selectfont></fontconfig>";

	lab_put("fonts.conf", rules, sizeof rules - 1);
	setenv("FONTCONFIG_FILE", lab_path("fonts.conf"), 1);
}

int
main(int argc, char **argv)
{
	writing = argc > 1 && strcmp(argv[1], "--write") == 0;
	lab_start();
	foreign_rules();
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check(&samples[i]);
	not_blind();
	lab_end();
	return T_END();
}
