/*
 * A certkiosk-print that fails where a real printer will not fail at will: it speaks
 * include/certkiosk/paper.h, and the file "mode" in the folder CK_PRINTPROG says what happens.
 * What it was asked stands in "asked", what became of a job in "jobs/TITLE", what came out in
 * "sheets/", what was signed in "signed" and "cms.SIGNER".
 *
 *   ok             all goes well                       glyph      a form has a letter no font has
 *   die-form       dies while a form is made           die-form-once   the first time alone
 *   no-queue       there is no such printer            die-created     a job, and no go was heard
 *   die-go         before the document is taken        die-sent        it is taken, and comes out
 *   empty          waits for paper until it is another mode
 *   unknown        nobody knows; sent: proves nothing  filter     nothing comes out, and why
 *   by-hand        a field has a letter no font has    die-glyphs, mute-glyphs   asked for such a
 * one: dies, or never answers away           the printer can't be reached to find anything, or to
 * take it back
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "base/frame.h"
#include "certkiosk/paper.h"

#define LOOK_MS 20 /* at the mode, while something is waited for */
#define PRINTER "kiosk"

static const char *dir;
static bool other; /* the printer of that name: nothing is wrong with it */
static struct ck_link *link_;

/* ---- its folder ---- */

static char *
path(const char *name, const char *more)
{
	static char all[4][600];
	static int turn;
	char *p = all[turn++ % 4];

	snprintf(p, sizeof all[0], "%s/%s%s", dir, name, more);
	return p;
}

static void
put(const char *file, const void *bytes, size_t n)
{
	char next[760];
	FILE *f;

	snprintf(next, sizeof next, "%s/next.%d", dir, (int)getpid());
	if ((f = fopen(next, "wb")) == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0 ||
	    rename(next, file) != 0)
		_exit(7);
}

static bool
holds(const char *file, const char *word)
{
	char text[64] = "";
	FILE *f = fopen(file, "r");

	if (f == NULL)
		return false;
	if (fgets(text, sizeof text, f) != NULL)
		text[strcspn(text, "\n")] = '\0';
	fclose(f);
	return strcmp(text, word) == 0;
}

static bool
mode(const char *word)
{
	return !other && holds(path("mode", ""), word);
}

static void
note(const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	FILE *f = fopen(path("asked", ""), "a");

	if (f == NULL || fprintf(f, "%s\n", text) < 0 || fclose(f) != 0)
		_exit(7);
	free(text);
}

/* ---- the link ---- */

static void
say(json_t *line)
{
	struct ck_err err = { 0 };

	if (line == NULL || ck_link_send(link_, line, &err) == -1)
		_exit(9);
	json_decref(line);
}

/* 1 a line, 0 ms passed; whoever asked is gone: so are we */
static int
hear(int ms, json_t **line)
{
	struct ck_err err = { 0 };
	int got = ck_link_recv(link_, ms, line, &err);

	if (got == -1)
		_exit(8);
	return got;
}

static const char *
text(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static json_t *
error(int code, const char *detail)
{
	struct ck_err err = { .code = (enum ck_code)code };

	snprintf(err.detail, sizeof err.detail, "%s", detail);
	return ck_err_json(&err);
}

static void
end(const char *how, int code)
{
	say(json_pack(
	    "{s:s, s:o*}", "end", how, "error", code != 0 ? error(code, "as it was told") : NULL));
}

/* ---- a form ---- */

static void
digest_of(const void *p, size_t n, char hex[65])
{
	unsigned char md[32];

	if (EVP_Digest(p, n, md, NULL, EVP_sha256(), NULL) != 1)
		_exit(7);
	ck_hex(md, sizeof md, hex);
}

static json_t *
answer(const char *name)
{
	json_t *line = NULL, *value;

	hear(-1, &line);
	value = json_incref(json_object_get(line, name));
	json_decref(line);
	return value;
}

static void
ask_signature(const char *signer, const char *doc)
{
	char hex[65];
	json_t *cms;
	unsigned char *der;
	size_t n = 0;

	digest_of(doc, strlen(doc), hex);
	put(path("signed", ""), doc, strlen(doc));
	say(json_pack("{s:s, s:s}", "sign", signer, "digest", hex));
	cms = answer("cms");
	der = cms != NULL ? ck_unbase64(json_string_value(cms), 1 << 16, &n) : NULL;
	if (der != NULL)
		put(path("cms.", signer), der, n);
	free(der);
	json_decref(cms);
}

/* Of the request alone, so that the same one gives the same bytes. */
static void
make_form(json_t *request)
{
	json_t *qr = json_incref(json_object_get(request, "qr")), *signer, *signers;
	char hex[65], *doc = NULL, *body;
	size_t i;

	if (mode("glyph")) {
		say(json_pack("{s:s, s:o}", "end", "failed", "error",
		    error(CK_E_FORM_GLYPH, "U+2A6D6 in name")));
		return;
	}
	if (qr == NULL) {
		body =
		    json_dumps(json_object_get(request, "fields"), JSON_COMPACT | JSON_SORT_KEYS);
		digest_of(body, strlen(body), hex);
		free(body);
		say(json_pack("{s:i, s:s}", "pages", 2, "digest", hex));
		qr = answer("qr");
	}
	if (mode("die-form") || mode("die-form-once")) {
		if (mode("die-form-once"))
			put(path("mode", ""), "ok\n", 3);
		raise(SIGKILL);
	}
	signers = json_incref(json_object_get(request, "signers"));
	json_object_del(request, "signers");
	json_object_set_new(request, "qr", qr);
	body = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
	if (asprintf(&doc, "%%PDF-1.4 %s\n", body) == -1)
		_exit(7);
	json_array_foreach(signers, i, signer) ask_signature(json_string_value(signer), doc);
	if (ftruncate(CK_PAPER_FILE, 0) != 0 ||
	    pwrite(CK_PAPER_FILE, doc, strlen(doc), 0) != (ssize_t)strlen(doc))
		_exit(7);
	say(json_pack("{s:s, s:i, s:i}", "end", "made", "pages", 2, "bytes", (int)strlen(doc)));
	json_decref(signers);
	free(body);
	free(doc);
}

/* ---- a job ---- */

static void
set_job(const char *title, const char *state)
{
	put(path("jobs/", title), state, strlen(state));
}

/* Sent or taken back: said once, by whoever of several programs comes first. Was it that? */
static bool
decide(const char *title, const char *what)
{
	char fate[700], mine[720];

	snprintf(fate, sizeof fate, "%s.fate", path("jobs/", title));
	snprintf(mine, sizeof mine, "%s.%d", fate, (int)getpid());
	put(mine, what, strlen(what));
	if (link(mine, fate) == -1 && errno != EEXIST)
		_exit(7);
	unlink(mine);
	if (!holds(fate, what))
		return false;
	set_job(title, what);
	return true;
}

/* Each that is asked for is another sheet, but of two programs at one of them one prints it. */
static int
asked_for(const char *title, bool again)
{
	char name[720];
	int n = 0, fd;

	do
		snprintf(name, sizeof name, "%s.print%d", path("jobs/", title), ++n);
	while (access(name, F_OK) == 0);
	if (!again)
		return n - 1;
	if ((fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600)) == -1)
		_exit(7);
	close(fd);
	return n;
}

/* Paper: one file a sheet, whoever looks. */
static void
come_out(const char *title)
{
	static const char from[] = "jobs/";
	char name[700], doc[1 << 16];
	size_t n = 0;
	FILE *f = NULL;

	snprintf(name, sizeof name, "%s.pdf", path(from, title));
	if ((f = fopen(name, "rb")) != NULL) {
		n = fread(doc, 1, sizeof doc, f);
		fclose(f);
	}
	snprintf(name, sizeof name, "%s.%d", path("sheets/", title), asked_for(title, false));
	put(name, doc, n);
	set_job(title, "printed");
}

/* What it is told meanwhile: true, and it ended. */
static bool
told(const char *title)
{
	json_t *line = NULL;
	bool over = false;

	if (hear(LOOK_MS, &line) == 0)
		return false;
	if (json_is_true(json_object_get(line, "leave"))) {
		end(CK_PRINT_LEFT, 0);
		over = true;
	} else if (json_is_true(json_object_get(line, "cancel"))) {
		if (mode("away")) {
			end(CK_PRINT_LEFT, 0);
		} else {
			set_job(title, "canceled");
			end(CK_PRINT_FAILED, CK_E_PRINT_CANCELED);
		}
		over = true;
	}
	json_decref(line);
	return over;
}

static void
wait_while(const char *word, const char *title, const char *why, bool *over)
{
	bool said = false;

	while (!*over && mode(word)) {
		if (!said)
			say(json_pack("{s:s, s:s, s:s}", "state", CK_JOB_STOPPED, "why", why,
			    "detail", "tray 1"));
		said = true;
		*over = told(title);
	}
}

/* From "the document is there" on. */
static void
follow(const char *title)
{
	bool over = false;

	if (mode("unknown") || mode("sent")) {
		end(mode("sent") ? CK_PRINT_SENT : CK_PRINT_UNKNOWN,
		    mode("sent") ? 0 : CK_E_PRINT_UNKNOWN);
		return;
	}
	if (mode("filter")) {
		set_job(title, "canceled");
		end(CK_PRINT_FAILED, CK_E_PRINT_FILTER);
		return;
	}
	wait_while("empty", title, "PRINT_MEDIA", &over);
	wait_while("away", title, "PRINT_OFFLINE", &over);
	if (over)
		return;
	say(json_pack("{s:s, s:i}", "state", CK_JOB_PRINTING, "pages", 1));
	come_out(title);
	end(CK_PRINT_DONE, 0);
}

static void
keep_document(const char *title)
{
	char doc[1 << 16], name[700];
	ssize_t n = pread(CK_PAPER_FILE, doc, sizeof doc, 0);

	if (n <= 0)
		_exit(7);
	snprintf(name, sizeof name, "%s.pdf", path("jobs/", title));
	put(name, doc, (size_t)n);
}

static void
print(json_t *request)
{
	const char *title = text(request, "title"), *printer = text(request, "printer");
	json_t *line = NULL;

	other = strcmp(printer, "other") == 0;
	if (mode("no-queue")) {
		say(json_pack(
		    "{s:s, s:o}", "end", "failed", "error", error(CK_E_PRINT_NO_QUEUE, printer)));
		return;
	}
	(void)asked_for(title, true);
	set_job(title, "created");
	say(json_pack("{s:i, s:s, s:s, s:b}", "job", 41, "uuid", "urn:uuid:41", "printer",
	    *printer != '\0' ? printer : PRINTER, "direct", 1));
	if (mode("die-created"))
		raise(SIGKILL);
	hear(-1, &line);
	if (!json_is_true(json_object_get(line, "go"))) {
		set_job(title, "canceled");
		end(CK_PRINT_LEFT, 0);
		json_decref(line);
		return;
	}
	json_decref(line);
	if (mode("die-go"))
		raise(SIGKILL);
	keep_document(title);
	if (!decide(title, "sent")) {
		end(CK_PRINT_FAILED, CK_E_PRINT_CANCELED);
		return;
	}
	if (mode("die-sent")) {
		come_out(title);
		raise(SIGKILL);
	}
	say(json_pack("{s:b}", "sent", 1));
	follow(title);
}

/* A job without its document is taken back; one that has it goes on; of none there was no sheet,
 * unless its number was written down. */
static void
find(const json_t *request)
{
	const char *title = text(request, "title");
	char job[700];
	bool over = false;

	snprintf(job, sizeof job, "%s", path("jobs/", title));
	wait_while("away", title, "PRINT_OFFLINE", &over);
	if (over)
		return;
	if (holds(job, "created") && !decide(title, "canceled"))
		set_job(title, "sent");
	if (holds(job, "printed")) {
		end(CK_PRINT_DONE, 0);
	} else if (holds(job, "sent")) {
		say(json_pack("{s:b}", "sent", 1));
		follow(title);
	} else if (holds(job, "created") || holds(job, "canceled") ||
		   json_object_get(request, "job") == NULL) {
		set_job(title, "canceled");
		end(CK_PRINT_ABSENT, 0);
	} else {
		end(CK_PRINT_UNKNOWN, CK_E_PRINT_UNKNOWN);
	}
}

static void
list_printers(bool alone)
{
	static const char *const names[] = { PRINTER, "other" };

	for (int i = 0; i < (alone ? 1 : 2); i++)
		say(json_pack("{s:{s:s, s:s, s:s, s:b, s:b, s:b, s:s}}", "row", "name", names[i],
		    "uri", "ipp://localhost/ipp/print", "info", "a printer", "default", i == 0,
		    "direct", 1, "accepting", 1, "state", "ready"));
	end("listed", 0);
}

/* Its fields, one a line below each other, as a form's name and number. */
static void
show_text(const json_t *request)
{
	json_t *fields = json_object_get(request, "fields"), *value;
	const char *name;

	say(json_pack("{s:s}", "line", "数字证书更新申请表"));
	say(json_pack("{s:s+}", "line", "编号 ", text(request, "number")));
	say(json_pack("{s:s}", "line", ""));
	json_object_foreach(fields, name, value)
	    say(json_pack("{s:s++}", "line", name, "：", json_string_value(value)));
	end("shown", 0);
}

static void
look_for_glyphs(void)
{
	json_t *line = NULL;

	if (mode("die-glyphs"))
		raise(SIGKILL);
	while (mode("mute-glyphs"))
		(void)hear(LOOK_MS, &line);
	if (mode("by-hand"))
		say(json_pack("{s:s, s:s}", "lacks", "U+2A6D6 𪛖", "field", "name"));
	end("shown", 0);
}

int
main(int argc, char **argv)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	json_t *request = NULL;
	const char *what;

	if (argc != 2 || strcmp(argv[1], "--link") != 0 || (dir = getenv("CK_PRINTPROG")) == NULL)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGPIPE, &ignore, NULL);
	if ((link_ = ck_link_new(CK_PAPER_LINK)) == NULL)
		return 1;
	hear(-1, &request);
	note(request);
	what = text(request, "paper");
	if (strcmp(what, "form") == 0)
		make_form(request);
	else if (strcmp(what, "print") == 0)
		print(request);
	else if (strcmp(what, "find") == 0)
		find(request);
	else if (strcmp(what, "text") == 0)
		show_text(request);
	else if (strcmp(what, "glyphs") == 0)
		look_for_glyphs();
	else if (strcmp(what, "check") == 0)
		end("checked", 0);
	else
		list_printers(json_object_get(request, "printer") != NULL);
	json_decref(request);
	ck_link_free(link_);
	return 0;
}
