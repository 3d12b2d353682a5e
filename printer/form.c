#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/formfile.h"
#include "base/utf8.h"
#include "form.h"
#include "template.h"

int
ck_form_parse(
    const char *dir, const char *name, const char *text, struct ck_form **out, struct ck_err *err)
{
	char file[PATH_MAX] = "", shown[CK_FORMCODE_FORM_MAX * 2] = "";
	struct ck_conf *conf = NULL;
	struct ck_form *f = NULL;
	int rc = -1, len = snprintf(file, sizeof file, "%s/%s.conf", dir, name);

	ck_clean_str(shown, sizeof shown, name);
	if (!ck_form_name_good(name) || len < 0 || (size_t)len >= sizeof file)
		return ck_fail(err, CK_E_FORM_UNKNOWN, "%s", shown);
	if ((f = calloc(1, sizeof *f)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	strcpy(f->name, name);
	if (ck_conf_parse(file, text, &conf, err) == 0)
		rc = ck_form_read(conf, f, err);
	ck_conf_close(conf);
	if (rc == -1) {
		ck_form_free(f);
		return -1;
	}
	*out = f;
	return 0;
}

int
ck_form_open(const char *dir, const char *name, struct ck_form **out, struct ck_err *err)
{
	char *text = NULL;
	int rc = ck_form_file(dir, name, &text, err);

	if (rc == 0)
		rc = ck_form_parse(dir, name, text, out, err);
	free(text);
	return rc;
}

void
ck_form_free(struct ck_form *f)
{
	if (f == NULL)
		return;
	ck_form_wipe(f);
	free(f);
}

const char *
ck_form_title(const struct ck_form *f)
{
	return f->title;
}

static bool
hangs(const struct ck_form_when *w)
{
	return w->with.field[0] != '\0' || w->without.field[0] != '\0';
}

json_t *
ck_form_needs(const struct ck_form *f)
{
	json_t *needs = json_object();

	for (size_t i = 0; i < f->n_sections; i++) {
		const struct ck_form_section *s = &f->sections[i];

		for (size_t k = 0; s->part == CK_PART_GRID && !hangs(&s->when) && k < s->n; k++)
			if (s->cells[k].required && !hangs(&s->cells[k].when))
				json_object_set_new(
				    needs, s->cells[k].field, json_string(s->cells[k].label));
	}
	return needs;
}

struct walk {
	const char *dir;
	ck_form_seen *each;
	void *u;
};

static int
one_file(void *u, const char *file, struct ck_err *err)
{
	struct walk *w = u;
	const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
	char name[NAME_MAX + 1] = "";
	struct ck_form *f = NULL;
	struct ck_err why = { 0 };
	int rc = 0;

	(void)err;
	snprintf(name, sizeof name, "%.*s", (int)(strlen(base) - strlen(".conf")), base);
	if (!ck_form_name_good(name))
		ck_fail(&why, CK_E_CONFIG, "%s: a form is named by at most %d of a-z 0-9 -", file,
		    CK_FORMCODE_FORM_MAX - 1);
	else
		ck_form_open(w->dir, name, &f, &why);
	rc = w->each(w->u, name, f, &why);
	ck_form_free(f);
	return rc;
}

int
ck_form_each(const char *dir, ck_form_seen *each, void *u, struct ck_err *err)
{
	struct walk w = { .dir = dir, .each = each, .u = u };

	return ck_conf_each_file(dir, one_file, &w, err);
}
