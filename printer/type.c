#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fontconfig/fontconfig.h>

#include "base/utf8.h"
#include "type.h"

/* The family with all of GB 18030's two planes that Debian has, and a subset that stays small: the
 * Sans of the same house gives files of a megabyte. */
#define FAMILY "Noto Serif CJK SC"

static const struct {
	double points;
	PangoWeight weight;
	double spacing; /* of lines */
	bool justify;
} styles[] = {
	[CK_STYLE_TITLE] = { 22, PANGO_WEIGHT_BOLD, 0.9, false },
	[CK_STYLE_TITLE_SMALL] = { 13, PANGO_WEIGHT_BOLD, 0.9, false },
	[CK_STYLE_BESIDE] = { 10, PANGO_WEIGHT_NORMAL, 1, false },
	[CK_STYLE_MARK] = { 12, PANGO_WEIGHT_BOLD, 0.9, false },
	[CK_STYLE_HEADING] = { 11, PANGO_WEIGHT_BOLD, 1, false },
	[CK_STYLE_LABEL] = { 9.5, PANGO_WEIGHT_NORMAL, 0.9, false },
	[CK_STYLE_VALUE] = { 10.5, PANGO_WEIGHT_NORMAL, 0.9, false },
	[CK_STYLE_CLAUSE] = { 9.5, PANGO_WEIGHT_NORMAL, 1, true },
	[CK_STYLE_SMALL] = { 8, PANGO_WEIGHT_NORMAL, 1, false },
	[CK_STYLE_LARGE] = { 15, PANGO_WEIGHT_NORMAL, 1, false },
	[CK_STYLE_HUGE] = { 24, PANGO_WEIGHT_BOLD, 1, false },
};

struct ck_type {
	PangoFontMap *map;
	PangoContext *context;
	PangoAttrList *attributes;
	PangoFontDescription *described[CK_STYLES];
	PangoFont *fonts[CK_STYLES];
};

static void
steady(PangoContext *context)
{
	cairo_font_options_t *options = cairo_font_options_create();

	/* a page has no pixels to fit letters to */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(context, FALSE);
	/* which form of a character that Chinese and Japanese write differently */
	pango_context_set_language(context, pango_language_from_string("zh-cn"));
}

static int
open_style(struct ck_type *t, int i, struct ck_err *err)
{
	PangoFontDescription *d = pango_font_description_new(), *got = NULL;
	bool ours = false;

	t->described[i] = d;
	pango_font_description_set_family(d, FAMILY);
	pango_font_description_set_weight(d, styles[i].weight);
	pango_font_description_set_absolute_size(d, styles[i].points * PANGO_SCALE);
	t->fonts[i] = pango_context_load_font(t->context, d);
	if (t->fonts[i] != NULL) {
		got = pango_font_describe(t->fonts[i]);
		ours = strcmp(pango_font_description_get_family(got), FAMILY) == 0;
		pango_font_description_free(got);
	}
	return ours ? 0 : ck_fail(err, CK_E_CONFIG, "%s: this font is not installed", FAMILY);
}

/* Of a machine's fonts and its rules for them nothing else is read: that takes longer than a page,
 * and a form looks the same wherever it is made. */
static const FcChar8 fonts[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\"><fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir><cachedir prefix=\"xdg\">fontconfig</cachedir>"
    "<selectfont><rejectfont><pattern/></rejectfont><acceptfont><pattern><patelt name=\"family\">"
    "<string>" FAMILY "</string></patelt></pattern></acceptfont></selectfont></fontconfig>";

static int
find_fonts(struct ck_err *err)
{
	FcConfig *c = FcConfigCreate();
	bool found = c != NULL && FcConfigParseAndLoadFromMemory(c, fonts, FcTrue) &&
		     FcConfigBuildFonts(c) && FcConfigGetFonts(c, FcSetSystem)->nfont > 0 &&
		     FcConfigSetCurrent(c);

	if (c != NULL)
		FcConfigDestroy(c);
	return found ? 0 : ck_fail(err, CK_E_CONFIG, "%s: this font is not installed", FAMILY);
}

int
ck_type_open(struct ck_type **out, struct ck_err *err)
{
	struct ck_type *t = NULL;

	if (find_fonts(err) == -1)
		return -1;
	if ((t = calloc(1, sizeof *t)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "type");
	t->map = pango_cairo_font_map_new();
	t->context = pango_font_map_create_context(t->map);
	t->attributes = pango_attr_list_new();
	/* a letter out of another font would be one nobody chose */
	pango_attr_list_insert(t->attributes, pango_attr_fallback_new(FALSE));
	/* "ff" of a serial number is two letters to whoever searches for it */
	pango_attr_list_insert(t->attributes, pango_attr_font_features_new("liga=0, clig=0"));
	steady(t->context);
	for (int i = 0; i < CK_STYLES; i++)
		if (open_style(t, i, err) == -1) {
			ck_type_close(t);
			return -1;
		}
	*out = t;
	return 0;
}

void
ck_type_close(struct ck_type *t)
{
	if (t == NULL)
		return;
	for (int i = 0; i < CK_STYLES; i++) {
		if (t->fonts[i] != NULL)
			g_object_unref(t->fonts[i]);
		pango_font_description_free(t->described[i]);
	}
	pango_attr_list_unref(t->attributes);
	g_object_unref(t->context);
	g_object_unref(t->map);
	free(t);
}

bool
ck_type_lacks(
    const struct ck_type *t, enum ck_style style, const char *text, char out[CK_LACKS_MAX])
{
	size_t n = strlen(text);
	uint32_t cp = 0;
	int len = 0;

	for (size_t i = 0; i < n; i += (size_t)len) {
		if ((len = ck_utf8_next(text + i, n - i, &cp)) < 0) {
			snprintf(out, CK_LACKS_MAX, "%02X", (unsigned)(unsigned char)text[i]);
			return true;
		}
		if (cp == '\n' || (cp >= 0x20 && cp != 0x7F &&
				      pango_font_has_char(t->fonts[style], (gunichar)cp)))
			continue;
		snprintf(out, CK_LACKS_MAX, cp < 0x20 || cp == 0x7F ? "U+%04X" : "U+%04X %.*s",
		    (unsigned)cp, len, text + i);
		return true;
	}
	return false;
}

int
ck_type_covers(const struct ck_type *t, enum ck_style style, const char *text, const char *where,
    struct ck_err *err)
{
	char lacks[CK_LACKS_MAX];

	if (ck_type_lacks(t, style, text, lacks))
		return ck_fail(err, CK_E_FORM_GLYPH, "%s: %s", lacks, where);
	return 0;
}

int
ck_type_set(struct ck_type *t, enum ck_style style, const char *text, double width,
    const char *where, PangoLayout **out, struct ck_err *err)
{
	PangoLayout *l = NULL;

	if (ck_type_covers(t, style, text, where, err) == -1)
		return -1;
	l = pango_layout_new(t->context);
	pango_layout_set_font_description(l, t->described[style]);
	pango_layout_set_attributes(l, t->attributes);
	pango_layout_set_line_spacing(l, (float)styles[style].spacing);
	if (width > 0) {
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
		pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	}
	/* Pango stretches nothing but the blanks of a line that has some: they would gape. */
	pango_layout_set_justify(l, styles[style].justify && strchr(text, ' ') == NULL);
	pango_layout_set_text(l, text, -1);
	*out = l;
	return 0;
}

void
ck_type_size(PangoLayout *l, double *w, double *h)
{
	int pw = 0, ph = 0;

	pango_layout_get_size(l, &pw, &ph);
	if (w != NULL)
		*w = pw / (double)PANGO_SCALE;
	if (h != NULL)
		*h = ph / (double)PANGO_SCALE;
}

#ifdef __SANITIZE_ADDRESS__
/* cairo 1.16 loses 768 bytes a font it takes a subset of, fontconfig its table of object types:
 * this program makes one form and ends */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libcairo.so\nleak:libfontconfig.so\n";
}
#endif
