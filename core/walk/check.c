/*
 * Rules and forms alone, before anybody is served by them: every file of the folder of systems,
 * whether the counter serves it yet or not, and what the counter serves that has none. Each mistake
 * is a row; one file's does not hide another's.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "walk/diagnose.h"
#include "walk/show.h"

#define SUFFIX ".conf"

static int
is_rules(const struct dirent *e)
{
	size_t n = strlen(e->d_name), end = strlen(SUFFIX);

	return n > end && e->d_name[0] != '.' && strcmp(e->d_name + n - end, SUFFIX) == 0;
}

/* Names of systems, in their order. */
static int
names_in(const char *dir, json_t *names, struct ck_err *err)
{
	struct dirent **found = NULL;
	int n = scandir(dir, &found, is_rules, alphasort);

	if (n == -1)
		return ck_fail(err, CK_E_CONFIG, "%s: %s", dir, strerror(errno));
	for (int i = 0; i < n; i++) {
		size_t len = strlen(found[i]->d_name) - strlen(SUFFIX);

		json_array_append_new(names, json_stringn(found[i]->d_name, len));
		free(found[i]);
	}
	free(found);
	return 0;
}

static bool
is_among(const json_t *names, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)names, i, one)
	{
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return false;
}

static void
look_at_all(struct ck_diagnosis *d, json_t *names)
{
	const json_t *one;
	size_t i;

	for (i = 0; i < d->site->n_systems; i++)
		if (!is_among(names, d->site->systems[i].id))
			json_array_append_new(names, json_string(d->site->systems[i].id));
	json_array_foreach(names, i, one)
	{
		struct ck_err err = { 0 };

		ck_diagnose_rules(d, json_string_value(one), &err);
	}
	ck_diagnose_forms(d);
}

enum ck_outcome
ck_check_rules(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_diagnosis *d = calloc(1, sizeof *d);
	json_t *names = json_array(), *facts = NULL;
	struct ck_err err = { 0 };

	(void)order;
	if (d == NULL) {
		ck_fail(&err, CK_E_NO_MEMORY, "check");
	} else if (names_in(site->systems_dir, names, &err) == 0) {
		d->site = site;
		d->talk = talk;
		look_at_all(d, names);
		facts = ck_diagnosed_facts(d);
		err = d->first;
	}
	free(d);
	json_decref(names);
	return ck_end_of_list(&talk, NULL, facts, &err);
}
