/* A mistake in a configuration is named by file, line, setting and what was expected. */
#include "t.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/formfile.h"
#include "base_dir.h"

static struct ck_conf *
file_with(const char *text)
{
	struct ck_conf *conf = NULL;
	struct ck_err err = { 0 };

	if (ck_conf_open(put("a.conf", text), &conf, &err) != 0)
		T(0, "opens: %s", err.detail);
	return conf;
}

/* the detail behind the folder's name, which is another one every time */
static void
wrong(int rc, const struct ck_err *err, const char *want)
{
	size_t n = strlen(dir);

	T(rc == -1 && err->code == CK_E_CONFIG, "refused: %s", want);
	T_STR(strncmp(err->detail, dir, n) == 0 ? err->detail + n : err->detail, want,
	    "and says: %s", want);
}

static void
texts(void)
{
	char out[8] = "before";
	struct ck_err err = { 0 };
	struct ck_conf *conf = file_with("a = \"seven77\";\nb = \"eight888\";\nc = \"\";\nd = 7;\n"
					 "e = \"x\\ty\";\nf = \"\xe5\xbc\xa0\";\ncolor = 1;\n");
	const struct ck_conf_at *at = ck_conf_root(conf);

	T(ck_conf_text(at, "none", false, out, sizeof out, &err) == 0, "an absent text");
	T_STR(out, "before", "leaves out alone");
	wrong(
	    ck_conf_text(at, "none", true, out, sizeof out, &err), &err, "/a.conf: none: missing");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "colour", true, out, sizeof out, &err), &err,
	    "/a.conf:7: color: unknown setting, colour is missing");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "aa", true, out, sizeof out, &err), &err, "/a.conf: aa: missing");
	T(ck_conf_text(at, "a", true, out, sizeof out, NULL) == 1, "a text that just fits");
	T_STR(out, "seven77", "text");
	T(ck_conf_text(at, "f", true, out, sizeof out, NULL) == 1, "a Chinese text");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "b", true, out, sizeof out, &err), &err,
	    "/a.conf:2: b: expected a text of 1 to 7 bytes, found \"eight888\"");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "c", false, out, sizeof out, &err), &err,
	    "/a.conf:3: c: expected a text of 1 to 7 bytes, found \"\"");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "d", false, out, sizeof out, &err), &err,
	    "/a.conf:4: d: expected a text of 1 to 7 bytes, found 7");
	err.code = CK_E_NONE;
	wrong(ck_conf_text(at, "e", false, out, sizeof out, &err), &err,
	    "/a.conf:5: e: expected UTF-8 without control or invisible characters, found \"x y\"");
	ck_conf_close(conf);
}

/* a form's clause is longer than any message of ours */
static void
long_texts(void)
{
	char file[1300] = "a = \"", out[1200] = "";
	struct ck_err err = { 0 };
	struct ck_conf *conf = NULL;

	memset(file + 5, 'x', 1100);
	strcpy(file + 1105, "\xe2\x80\xae\";\n"); /* right-to-left override */
	conf = file_with(file);
	T(ck_conf_text(ck_conf_root(conf), "a", true, out, sizeof out, &err) == -1 &&
		err.code == CK_E_CONFIG,
	    "an invisible character is found far behind, too");
	ck_conf_close(conf);
}

static void
numbers(void)
{
	int v = 42;
	bool yes = false;
	struct ck_err err = { 0 };
	struct ck_conf *conf =
	    file_with("a = 5;\nb = 99999999999L;\nc = 1.5;\nd = true;\ne = \"5\";\nf = \"any\";\n");
	const struct ck_conf_at *at = ck_conf_root(conf);

	T(ck_conf_int(at, "none", false, 0, 9, &v, &err) == 0 && v == 42, "an absent number");
	T(ck_conf_int(at, "a", true, 5, 9, &v, &err) == 1 && v == 5, "a number at its lower bound");
	T(ck_conf_int(at, "a", true, 0, 5, &v, &err) == 1, "and at its upper");
	wrong(ck_conf_int(at, "a", true, 6, 9, &v, &err), &err,
	    "/a.conf:1: a: expected a whole number from 6 to 9, found 5");
	err.code = CK_E_NONE;
	wrong(ck_conf_int(at, "a", true, 1, 4, &v, &err), &err,
	    "/a.conf:1: a: expected a whole number from 1 to 4, found 5");
	err.code = CK_E_NONE;
	wrong(ck_conf_int(at, "b", true, 0, 9, &v, &err), &err,
	    "/a.conf:2: b: expected a whole number from 0 to 9, found 99999999999");
	err.code = CK_E_NONE;
	wrong(ck_conf_int(at, "c", true, 0, 9, &v, &err), &err,
	    "/a.conf:3: c: expected a whole number from 0 to 9, found 1.5");
	err.code = CK_E_NONE;
	wrong(ck_conf_int(at, "e", true, 0, 9, &v, &err), &err,
	    "/a.conf:5: e: expected a whole number from 0 to 9, found \"5\"");
	T(v == 5, "a wrong number leaves out alone");
	T(ck_conf_int_or(at, "a", true, 0, 9, "any", -1, &v, &err) == 1 && v == 5,
	    "a number where a word may stand");
	T(ck_conf_int_or(at, "f", true, 0, 9, "any", -1, &v, &err) == 1 && v == -1,
	    "the word in its place");
	v = 5;
	T(ck_conf_int_or(at, "none", false, 0, 9, "any", -1, &v, &err) == 0 && v == 5, "neither");
	err.code = CK_E_NONE;
	wrong(ck_conf_int_or(at, "a", true, 6, 9, "any", -1, &v, &err), &err,
	    "/a.conf:1: a: expected a whole number from 6 to 9 or \"any\", found 5");
	err.code = CK_E_NONE;
	wrong(ck_conf_int_or(at, "e", true, 0, 9, "any", -1, &v, &err), &err,
	    "/a.conf:5: e: expected a whole number from 0 to 9 or \"any\", found \"5\"");
	err.code = CK_E_NONE;
	wrong(ck_conf_int_or(at, "d", true, 0, 9, "any", -1, &v, &err), &err,
	    "/a.conf:4: d: expected a whole number from 0 to 9 or \"any\", found true");
	T(v == 5, "and it is left alone by what is neither");
	T(ck_conf_bool(at, "d", true, &yes, NULL) == 1 && yes, "a truth");
	err.code = CK_E_NONE;
	wrong(ck_conf_bool(at, "a", true, &yes, &err), &err,
	    "/a.conf:1: a: expected true or false, found 5");
	ck_conf_close(conf);
}

static void
words(void)
{
	static const char *const words[] = { "any", "digits", NULL };
	int v = 42;
	struct ck_err err = { 0 };
	struct ck_conf *conf = file_with("a = \"digits\";\nb = \"digit\";\nc = 1;\n");
	const struct ck_conf_at *at = ck_conf_root(conf);

	T(ck_conf_word(at, "a", true, words, &v, &err) == 1 && v == 1, "a word by its index");
	wrong(ck_conf_word(at, "b", true, words, &v, &err), &err,
	    "/a.conf:2: b: expected one of \"any\" \"digits\", found \"digit\"");
	err.code = CK_E_NONE;
	wrong(ck_conf_word(at, "c", true, words, &v, &err), &err,
	    "/a.conf:3: c: expected one of \"any\" \"digits\", found 1");
	ck_conf_close(conf);
}

static void
paths(void)
{
	char out[256] = "", want[256] = "";
	struct ck_err err = { 0 };
	struct ck_conf *conf = NULL;

	snprintf(out, sizeof out, "%s/sub", dir);
	mkdir(out, 0700);
	put("sub/b.conf", "p = \"x.pem\";\n");
	conf =
	    file_with("a = \"x/y.pem\";\nb = \"/etc/y.pem\";\n@include \"sub/b.conf\"\nc = 1;\n");
	T(ck_conf_path(ck_conf_root(conf), "a", true, out, sizeof out, &err) == 1,
	    "a relative path");
	snprintf(want, sizeof want, "%s/x/y.pem", dir);
	T_STR(out, want, "stands relative to the file");
	T(ck_conf_path(ck_conf_root(conf), "b", true, out, sizeof out, &err) == 1, "a full path");
	T_STR(out, "/etc/y.pem", "stays as it is");
	T(ck_conf_path(ck_conf_root(conf), "p", true, out, sizeof out, &err) == 1,
	    "a path included");
	snprintf(want, sizeof want, "%s/sub/x.pem", dir);
	T_STR(out, want, "stands relative to the file it is written in");
	T(ck_conf_path(ck_conf_root(conf), "a", true, out, 12, &err) == -1,
	    "a path too long whole");
	err.code = CK_E_NONE;
	wrong(ck_conf_int(ck_conf_root(conf), "p", true, 0, 9, &(int){ 0 }, &err), &err,
	    "/sub/b.conf:1: p: expected a whole number from 0 to 9, found \"x.pem\"");
	err.code = CK_E_NONE;
	wrong(ck_conf_done(conf, &err), &err, "/a.conf:4: c: unknown setting");
	ck_conf_close(conf);
}

static void
groups_and_lists(void)
{
	char out[32] = "";
	size_t n = 0;
	struct ck_err err = { 0 };
	const struct ck_conf_at *g = NULL, *m = NULL;
	struct ck_conf *conf =
	    file_with("g = {\n  x = 1;\n};\nl = ( { id = \"one\"; },\n  { id = \"two\"; } );\n"
		      "t = [ \"p\", \"q\" ];\nmixed = ( \"p\",\n  7 );\nn = 3;\n");
	const struct ck_conf_at *at = ck_conf_root(conf);

	T(ck_conf_group(at, "g", true, &g, &err) == 1, "a group");
	wrong(ck_conf_text(g, "y", true, out, sizeof out, &err), &err,
	    "/a.conf:1: y: missing in this group");
	err.code = CK_E_NONE;
	wrong(ck_conf_group(at, "n", true, &m, &err), &err,
	    "/a.conf:9: n: expected a group { }, found 3");
	T(ck_conf_list(at, "l", true, 2, &n, NULL) == 1 && n == 2, "a list");
	m = ck_conf_list_group(at, "l", 1, NULL);
	T(m != NULL && ck_conf_text(m, "id", true, out, sizeof out, NULL) == 1,
	    "a group of a list");
	T_STR(out, "two", "the second one");
	err.code = CK_E_NONE;
	wrong(ck_conf_list(at, "l", true, 1, &n, &err), &err,
	    "/a.conf:4: l: expected a list of at most 1, found a list of 2");
	err.code = CK_E_NONE;
	wrong(ck_conf_list(at, "g", true, 9, &n, &err), &err,
	    "/a.conf:1: g: expected a list of at most 9, found a group { }");
	T(ck_conf_list(at, "t", true, 9, &n, NULL) == 1 && n == 2, "an array is a list too");
	T(ck_conf_list_text(at, "t", 1, out, sizeof out, NULL) == 1, "a text of a list");
	T_STR(out, "q", "the second one");
	err.code = CK_E_NONE;
	wrong(ck_conf_list_text(at, "mixed", 1, out, sizeof out, &err), &err,
	    "/a.conf:8: mixed: expected a text of 1 to 31 bytes, found 7");
	err.code = CK_E_NONE;
	T(ck_conf_list_group(at, "t", 0, &err) == NULL && err.code == CK_E_CONFIG,
	    "no group there");
	err.code = CK_E_NONE;
	T(ck_conf_list_text(at, "t", 2, out, sizeof out, &err) == -1 && err.code == CK_E_INTERNAL,
	    "no third member");
	err.code = CK_E_NONE;
	wrong(ck_conf_wrong(at, "n", &err, "%d is one too many", 3), &err,
	    "/a.conf:9: n: 3 is one too many");
	ck_conf_close(conf);
}

static void
nothing_silent(void)
{
	int v = 0;
	size_t n = 0;
	struct ck_err err = { 0 };
	const struct ck_conf_at *g = NULL;
	struct ck_conf *conf =
	    file_with("a = 1;\ng = {\n  x = 1;\n  xx = 2;\n};\nl = ( \"p\" );\n");
	const struct ck_conf_at *at = ck_conf_root(conf);

	wrong(ck_conf_done(conf, &err), &err, "/a.conf:1: a: unknown setting");
	ck_conf_int(at, "a", true, 0, 9, &v, NULL);
	err.code = CK_E_NONE;
	wrong(ck_conf_done(conf, &err), &err, "/a.conf:2: g: unknown setting");
	ck_conf_group(at, "g", true, &g, NULL);
	ck_conf_int(g, "x", true, 0, 9, &v, NULL);
	err.code = CK_E_NONE;
	wrong(ck_conf_done(conf, &err), &err, "/a.conf:4: xx: unknown setting");
	ck_conf_int(g, "xx", true, 0, 9, &v, NULL);
	ck_conf_list(at, "l", true, 9, &n, NULL);
	err.code = CK_E_NONE;
	wrong(ck_conf_done(conf, &err), &err, "/a.conf:6: l: unknown setting");
	ck_conf_list_text(at, "l", 0, (char[9]){ 0 }, 9, NULL);
	T(ck_conf_done(conf, NULL) == 0, "all asked for");
	ck_conf_close(conf);
	ck_conf_close(NULL);
}

static void
unreadable(void)
{
	struct ck_err err = { 0 };
	struct ck_conf *conf = NULL;
	const char *gone = NULL;

	wrong(ck_conf_open(put("a.conf", "a = 1;\nb = ;\n"), &conf, &err), &err,
	    "/a.conf:2: syntax error");
	err.code = CK_E_NONE;
	wrong(ck_conf_open(put("a.conf", "a = 1;\n\na = 2;\n"), &conf, &err), &err,
	    "/a.conf:3: duplicate setting name");
	put("sub/b.conf", "p = 1;\nq = ;\n");
	err.code = CK_E_NONE;
	wrong(ck_conf_open(put("a.conf", "a = 1;\n@include \"sub/b.conf\"\n"), &conf, &err), &err,
	    "/sub/b.conf:2: syntax error");
	err.code = CK_E_NONE;
	wrong(ck_conf_open(put("a.conf", "a = 1;\n@include \"sub/c.conf\"\n"), &conf, &err), &err,
	    "/a.conf:2: cannot open include file");
	gone = put("gone.conf", "");
	unlink(gone);
	err.code = CK_E_NONE;
	wrong(ck_conf_open(gone, &conf, &err), &err, "/gone.conf: cannot be read");
}

static int
note(void *u, const char *file, struct ck_err *err)
{
	char *seen = u;

	strcat(seen, strrchr(file, '/'));
	return strcmp(strrchr(file, '/'), "/30.conf") == 0 ? ck_fail(err, CK_E_CONFIG, "enough")
							   : 0;
}

static void
folders(void)
{
	char seen[256] = "", sub[256] = "";
	struct ck_err err = { 0 };

	put("sub/20.conf", "");
	put("sub/10.conf", "");
	put("sub/.hidden.conf", "");
	put("sub/10.conf~", "");
	put("sub/30.conf", "");
	put("sub/40.conf", "");
	unlink(put("sub/b.conf", ""));
	snprintf(sub, sizeof sub, "%s/sub", dir);
	wrong(ck_conf_each_file(sub, note, seen, &err), &err, "enough");
	T_STR(seen, "/10.conf/20.conf/30.conf", "in name order, and stops");
	err.code = CK_E_NONE;
	T(ck_conf_each_file("/nonexistent", note, seen, &err) == -1 && err.code == CK_E_CONFIG,
	    "an absent folder is a mistake");
}

/* A pipe with a configuration's name in a folder of them would be waited for for ever. */
static void
no_files(void)
{
	char path[sizeof dir + 64];
	struct ck_conf *conf = NULL;
	struct ck_err err = { 0 };
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/pipe.conf", dir);
	T(mkfifo(path, 0600) == 0, "a pipe");
	wrong(ck_conf_open(path, &conf, &err), &err, "/pipe.conf: not a regular file");
	err.code = CK_E_NONE;
	T(ck_conf_open("/dev/zero", &conf, &err) == -1 && err.code == CK_E_CONFIG, "a device");
	err.code = CK_E_NONE;
	snprintf(path, sizeof path, "%s/a.conf", dir);
	f = fopen(path, "w");
	if (f == NULL || fwrite("a = 1;\0b = 2;\n", 1, 14, f) != 14 || fclose(f) != 0)
		abort();
	wrong(ck_conf_open(path, &conf, &err), &err, "/a.conf: no text");
	err.code = CK_E_NONE;
	f = fopen(path, "w");
	for (int i = 0; i < 1024 * 1024; i++)
		fputc(' ', f);
	fputs("\n", f);
	fclose(f);
	wrong(ck_conf_open(path, &conf, &err), &err, "/a.conf: longer than 1048576 bytes");
}

/* What a form says has to be in the file itself: it is kept with what was signed. */
static void
forms(void)
{
	char *text = NULL;
	struct ck_err err = { 0 };

	put("one.conf", "title = \"x\";\n");
	T(ck_form_file(dir, "one", &text, &err) == 0, "a form's text");
	T_STR(text, "title = \"x\";\n", "as it stands there");
	free(text);
	T(ck_form_file(dir, "none", &text, &err) == -1 && err.code == CK_E_FORM_UNKNOWN &&
		text == NULL,
	    "there is none");
	err.code = CK_E_NONE;
	T(ck_form_file(dir, "../one", &text, &err) == -1 && err.code == CK_E_FORM_UNKNOWN,
	    "nor outside of the folder");
	err.code = CK_E_NONE;
	put("one.conf", "title = \"x\";\n \t@include \"more.conf\"\n");
	wrong(ck_form_file(dir, "one", &text, &err), &err,
	    "/one.conf:2: a form includes no other file");
	err.code = CK_E_NONE;
	put("one.conf", "# \xb1\xed\n");
	wrong(ck_form_file(dir, "one", &text, &err), &err, "/one.conf: not UTF-8");
}

int
main(void)
{
	dir_start();
	texts();
	long_texts();
	numbers();
	words();
	paths();
	groups_and_lists();
	nothing_silent();
	unreadable();
	folders();
	no_files();
	forms();
	return dir_end() == 0 ? T_END() : 1;
}
