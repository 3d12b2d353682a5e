/* The requests that make a form, spoken to a process of their own as the engine speaks to
 * certkiosk-print. */
#include "paper_page.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <openssl/pem.h>

#include "base/formcode.h"
#include "certkiosk/paper.h"
#include "pdf.h"
#include "pki/pki.h"
#include "serve.h"

#define WAIT_MS 20000

struct asked {
	struct ck_link *link;
	pid_t pid;
	int file;
};

static const struct {
	const char *name;
	ck_serve *serve;
} serves[] = {
	{ "form", ck_serve_form },
	{ "text", ck_serve_text },
	{ "check", ck_serve_check },
	{ "glyphs", ck_serve_glyphs },
};

/* as main.c: the request, and why it failed if it did */
static void
answer(int fd)
{
	struct ck_link *link = ck_link_new(fd);
	json_t *request = NULL, *line = NULL;
	struct ck_err err = { 0 };
	const char *name = NULL;
	int rc = -1;

	if (ck_link_recv(link, WAIT_MS, &request, &err) != 1)
		_exit(3);
	name = json_string_value(json_object_get(request, "paper"));
	for (size_t i = 0; i < sizeof serves / sizeof *serves; i++)
		if (strcmp(serves[i].name, name) == 0)
			rc = serves[i].serve(link, request, &err);
	if (rc == -1) {
		line = json_pack("{s:s, s:o}", "end", "failed", "error", ck_err_json(&err));
		ck_link_send(link, line, NULL);
	}
	json_decref(line);
	json_decref(request);
	ck_link_free(link);
	_exit(rc == 0 ? 0 : 1);
}

/* most: bytes a file may have; 0: as many as there is room for */
static struct asked
ask(json_t *request, rlim_t most)
{
	struct rlimit limit = { most, most };
	int pair[2];
	struct asked a = { NULL, -1, memfd_create("form", 0) };

	fflush(stdout);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		abort();
	a.pid = fork();
	if (a.pid == 0) {
		int mine = fcntl(pair[1], F_DUPFD_CLOEXEC, 10), file = fcntl(a.file, F_DUPFD, 10);

		if (dup2(file, CK_PAPER_FILE) == -1)
			_exit(3);
		signal(SIGXFSZ, SIG_IGN);
		if (most > 0)
			setrlimit(RLIMIT_FSIZE, &limit);
		for (int fd = CK_PAPER_FILE + 1; fd < 10; fd++)
			close(fd);
		answer(mine);
	}
	close(pair[1]);
	a.link = ck_link_new(pair[0]);
	ck_link_send(a.link, request, NULL);
	json_decref(request);
	return a;
}

static json_t *
hear(const struct asked *a)
{
	json_t *line = NULL;

	return ck_link_recv(a->link, WAIT_MS, &line, NULL) == 1 ? line : json_object();
}

static void
reply(const struct asked *a, json_t *line)
{
	ck_link_send(a->link, line, NULL);
	json_decref(line);
}

static int
over(struct asked *a)
{
	int status = -1;

	ck_link_free(a->link);
	waitpid(a->pid, &status, 0);
	close(a->file);
	return status;
}

/* the next line is this; NULL: there is no such word in it */
static void
heard(const struct asked *a, const char *word, const char *want)
{
	json_t *line = hear(a);
	char *all = json_dumps(line, JSON_COMPACT);

	T_STR(json_string_value(json_object_get(line, word)), want, "%s is %s: %.300s", word, want,
	    all);
	free(all);
	json_decref(line);
}

static void
failed(struct asked *a, enum ck_code code, const char *what)
{
	json_t *line = hear(a);
	struct ck_err err = { 0 };

	ck_err_from_json(json_object_get(line, "error"), &err);
	T(err.code == code, "%s: %d %s", what, err.code, err.detail);
	json_decref(line);
	T(over(a) == 256, "%s: and it is gone", what);
}

static json_t *
renewal(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:[]}", "paper", "form", "forms",
	    LAB_FORMS, "form", "sheca-renewal", "number", LAB_NUMBER, "made", LAB_MADE, "fields",
	    lab_renewal(), "signers");
}

static json_t *
with(json_t *request, const char *name, json_t *value)
{
	json_object_set_new(request, name, value);
	return request;
}

static char *
file_of(const struct asked *a, size_t *n)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", a->file);
	return lab_file(path, n);
}

/* ---- a form ---- */

/* what this page has to say of itself, of an office without a key */
static char page_code[CK_FORMCODE_MAX];

static void
make_code(void)
{
	struct ck_formcode c = {
		.number = LAB_NUMBER, .form = "sheca-renewal", .page = 1, .pages = 1
	};
	json_t *fields = lab_renewal();
	struct ck_form *form = NULL;
	unsigned char d[32] = { 0 };

	ck_form_open(LAB_FORMS, "sheca-renewal", &form, NULL);
	ck_form_digest(form, fields, d, NULL);
	memcpy(c.digest, d, sizeof c.digest);
	T(ck_formcode_signed(&c, page_code), "a code: %s", page_code);
	ck_form_free(form);
	json_decref(fields);
}

/* its pages and digest, as they ought to be */
static void
pages_and_digest(const struct asked *a)
{
	json_t *line = hear(a), *fields = lab_renewal();
	struct ck_form *form = NULL;
	unsigned char d[32] = { 0 };
	char hex[65];

	ck_form_open(LAB_FORMS, "sheca-renewal", &form, NULL);
	ck_form_digest(form, fields, d, NULL);
	ck_hex(d, sizeof d, hex);
	T(json_integer_value(json_object_get(line, "pages")) == 1, "one page");
	T_STR(json_string_value(json_object_get(line, "digest")), hex, "digest of what it shows");
	ck_form_free(form);
	json_decref(fields);
	json_decref(line);
}

static char *
unsigned_form(size_t *n)
{
	struct asked a = ask(renewal(), 0);
	json_t *end = NULL;
	char *pdf = NULL;

	pages_and_digest(&a);
	reply(&a, json_pack("{s:[s]}", "qr", page_code));
	end = hear(&a);
	pdf = file_of(&a, n);
	T_STR(json_string_value(json_object_get(end, "end")), "made", "a form is made");
	T((size_t)json_integer_value(json_object_get(end, "bytes")) == *n && *n > 10000,
	    "and stands in the file, whole: %zu", *n);
	json_decref(end);
	T(over(&a) == 0, "the program is done");
	return pdf;
}

static void
given_codes(const char *want, size_t want_n)
{
	struct asked a = ask(with(renewal(), "qr", json_pack("[s]", page_code)), 0);
	size_t n = 0;
	char *pdf = NULL;

	heard(&a, "end", "made");
	pdf = file_of(&a, &n);
	T(n == want_n && memcmp(pdf, want, n) == 0, "the same codes given give the same bytes");
	free(pdf);
	over(&a);
}

/* A copy whose codes say something else than its page must not come out. */
static void
others_codes(void)
{
	char other[CK_FORMCODE_MAX + 2] = "";
	json_t *fields = lab_renewal();
	struct asked a;

	json_object_set_new(fields, "name", json_string("Somebody else"));
	a = ask(with(with(renewal(), "fields", fields), "qr", json_pack("[s]", page_code)), 0);
	failed(&a, CK_E_FORM_CODE, "the code of other fields");
	a = ask(with(with(renewal(), "number", json_string("CK-20261120-000028-X")), "qr",
		    json_pack("[s]", page_code)),
	    0);
	failed(&a, CK_E_FORM_CODE, "of another number");
	snprintf(other, sizeof other, "%sA", page_code);
	a = ask(with(renewal(), "qr", json_pack("[s]", other)), 0);
	failed(&a, CK_E_FORM_CODE, "with a letter too many");
	snprintf(other, sizeof other, "%s*A", page_code);
	a = ask(with(renewal(), "qr", json_pack("[s]", other)), 0);
	heard(&a, "end", "made");
	T(over(&a) == 0, "with a signature it may go on");
}

/* The file may be another one by now, or gone: what it said comes with the request. */
static void
template_given(const char *want, size_t want_n)
{
	size_t n = 0, text_n = 0;
	char *text = lab_file(LAB_FORMS "/sheca-renewal.conf", &text_n), *pdf = NULL;
	struct asked a = ask(with(with(with(renewal(), "template", json_string(text)), "forms",
				      json_string("/nowhere")),
				 "qr", json_pack("[s]", page_code)),
	    0);
	struct ck_err err = { 0 };
	json_t *line = NULL;

	heard(&a, "end", "made");
	pdf = file_of(&a, &n);
	T(n == want_n && memcmp(pdf, want, n) == 0, "drawn without the folder it came from");
	free(pdf);
	free(text);
	over(&a);
	a = ask(with(renewal(), "template", json_string("title = \"x\";\ncode_mm = 7;\n")), 0);
	line = hear(&a);
	ck_err_from_json(json_object_get(line, "error"), &err);
	T(err.code == CK_E_CONFIG && strstr(err.detail, "sheca-renewal.conf:2: code_mm") != NULL,
	    "its mistakes name the file: %s", err.detail);
	json_decref(line);
	over(&a);
}

static void
no_codes(void)
{
	struct asked a = ask(renewal(), 0);

	pages_and_digest(&a);
	reply(&a, json_pack("{s:[]}", "qr"));
	heard(&a, "end", "made");
	over(&a);
	a = ask(with(renewal(), "qr", json_pack("[ss]", "A", "B")), 0);
	failed(&a, CK_E_LINK, "more codes than pages");
	a = ask(with(renewal(), "qr", json_pack("[i]", 1)), 0);
	failed(&a, CK_E_LINK, "a code that is no text");
}

/* One signs, the other does not: what was written for it is gone again. */
static void
signing(const char *bare, size_t bare_n)
{
	struct asked a = ask(with(with(renewal(), "qr", json_pack("[s]", page_code)), "signers",
				 json_pack("[ss]", "customer", "site")),
	    0);
	size_t n = 0;
	char *pdf = NULL;

	heard(&a, "sign", "customer");
	reply(&a, json_pack("{s:s}", "cms", "q83vASNFZ4mrze8="));
	heard(&a, "sign", "site");
	reply(&a, json_object());
	heard(&a, "end", "made");
	pdf = file_of(&a, &n);
	T(n > bare_n && memcmp(pdf, bare, bare_n) == 0, "appended, nothing rewritten");
	T(memmem(pdf, n, "/ETSI.CAdES.detached", 20) != NULL, "a signature is in it");
	T(memmem(pdf, n, "abcdef0123456789abcdef", 22) != NULL ||
		memmem(pdf, n, "ABCDEF0123456789ABCDEF", 22) != NULL,
	    "and what the key said");
	T(memmem(pdf, n, "/ByteRange", 10) != NULL &&
		memmem((char *)memmem(pdf, n, "/ByteRange", 10) + 1,
		    n - (size_t)((char *)memmem(pdf, n, "/ByteRange", 10) + 1 - pdf), "/ByteRange",
		    10) == NULL,
	    "nothing is left of the one that did not sign");
	free(pdf);
	over(&a);
}

/* ---- signed for real ---- */

struct person {
	EVP_PKEY *key;
	unsigned char *cert;
	size_t n;
};

static struct person
person(const char *name, const char *kind)
{
	struct person p = { NULL, NULL, 0 };
	char command[1024], path[256];
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s", lab_path("key.pem"));
	snprintf(command, sizeof command,
	    "openssl req -x509 -newkey %s -nodes -days 30 -subj '/CN=%s' -keyout '%s' "
	    "-outform DER -out '%s' 2>/dev/null",
	    kind, name, path, lab_path("cert.der"));
	if (system(command) == 0 && (f = fopen(path, "r")) != NULL) {
		p.key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
		fclose(f);
	}
	p.cert = (unsigned char *)lab_file(lab_path("cert.der"), &p.n);
	return p;
}

static void
person_end(struct person *p)
{
	EVP_PKEY_free(p->key);
	free(p->cert);
}

static void
signs(const struct asked *a, const char *signer, const struct person *p)
{
	json_t *line = hear(a);
	const char *hex = json_string_value(json_object_get(line, "digest"));
	unsigned char digest[32] = { 0 }, *der = NULL;
	size_t n = 0;
	char *text = NULL;
	struct ck_err err = { 0 };

	T_STR(json_string_value(json_object_get(line, "sign")), signer, "%s's turn", signer);
	T(hex != NULL && ck_unhex(hex, digest, sizeof digest) &&
		ck_cms_sign(p->key, p->cert, p->n, digest, LAB_MADE, &der, &n, &err) == 0,
	    "%s signs: %s", signer, err.detail);
	text = ck_base64(der, n);
	reply(a, json_pack("{s:s}", "cms", text));
	free(text);
	free(der);
	json_decref(line);
}

static int
count_good(void *u, const struct ck_pdf_signature *s)
{
	int *good = u;

	*good += s->good && s->whole;
	return 0;
}

static void
signed_for_real(void)
{
	struct person customer = person("customer", "rsa:2048");
	struct person site = person("site", "ec -pkeyopt ec_paramgen_curve:P-256");
	struct asked a = ask(with(with(renewal(), "qr", json_pack("[s]", page_code)), "signers",
				 json_pack("[ss]", "customer", "site")),
	    0);
	struct ck_err err = { 0 };
	char *pdf = NULL, *said = NULL, command[512];
	size_t n = 0;
	int good = 0;

	signs(&a, "customer", &customer);
	signs(&a, "site", &site);
	heard(&a, "end", "made");
	pdf = file_of(&a, &n);
	T(ck_pdf_verify((unsigned char *)pdf, n, count_good, &good, &err) == 0 && good == 2,
	    "both are good, and nothing else is in it %s", err.detail);
	T(n < 250 * 1024, "signed twice it has less than 250 KB: %zu", n);
	lab_put("signed.pdf", pdf, n);
	snprintf(command, sizeof command,
	    "pdfsig -nocert '%s' 2>/dev/null | grep -cE 'Signature is Valid|Total document signed'",
	    lab_path("signed.pdf"));
	said = lab_says(command);
	/* the customer's covers all that was there before the site's */
	T_STR(said, "3\n", "pdfsig agrees");
	free(said);
	free(pdf);
	over(&a);
	person_end(&customer);
	person_end(&site);
}

static void
broken_off(void)
{
	struct asked a = ask(with(renewal(), "signers", json_pack("[s]", "customer")), 0);
	int status = 0;

	pages_and_digest(&a);
	status = over(&a);
	T(WIFEXITED(status) && WEXITSTATUS(status) == 1, "nobody there any more: it ends");
	a = ask(
	    with(with(renewal(), "qr", json_array()), "signers", json_pack("[s]", "customer")), 0);
	heard(&a, "sign", "customer");
	reply(&a, json_pack("{s:s}", "cms", "no base64!"));
	failed(&a, CK_E_LINK, "a signature that is none");
}

static void
disk_full(void)
{
	static const rlim_t most[] = { 1, 4096, 100000 };

	for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
		struct asked a = ask(with(renewal(), "qr", json_array()), most[i]);

		failed(&a, CK_E_STORE_FULL, "room for too few bytes");
	}
}

static void
wrong_requests(void)
{
	struct asked a;

	a = ask(json_pack("{s:s}", "paper", "form"), 0);
	failed(&a, CK_E_USAGE, "nothing said");
	a = ask(with(renewal(), "form", json_string("none")), 0);
	failed(&a, CK_E_FORM_UNKNOWN, "a form there is not");
	a = ask(with(renewal(), "fields", json_object()), 0);
	failed(&a, CK_E_FORM_FIELD, "no fields");
	a = ask(with(with(renewal(), "qr", json_array()), "signers", json_string("x")), 0);
	failed(&a, CK_E_USAGE, "signers that are no list");
}

/* ---- the other requests ---- */

static void
as_text(void)
{
	struct asked a = ask(
	    with(with(renewal(), "paper", json_string("text")), "mark", json_string("补打第1次")),
	    0);

	heard(&a, "line", "【补打第1次】");
	heard(&a, "line", "上海市数字证书认证中心有限公司");
	heard(&a, "line", "数字证书更新申请表");
	heard(&a, "line", "编号 " LAB_NUMBER);
	heard(&a, "line", "");
	heard(&a, "line", "一、申请人");
	heard(&a, "line", "证书名称：上海示例信息技术服务有限公司");
	for (;;) {
		json_t *line = hear(&a);
		const char *end = json_string_value(json_object_get(line, "end"));

		if (json_object_get(line, "line") != NULL) {
			json_decref(line);
			continue;
		}
		T_STR(end, "shown", "the text ends");
		json_decref(line);
		break;
	}
	T(over(&a) == 0, "the program is done");
}

/* one is wrong, which is no reason to stop */
static void
form_wrong(struct asked *a, enum ck_code code, const char *what)
{
	json_t *line = hear(a);
	struct ck_err err = { 0 };

	ck_err_from_json(json_object_get(line, "error"), &err);
	T_STR(json_string_value(json_object_get(line, "form")), "smile", "%s is named", what);
	T(err.code == code, "%s: %d %s", what, err.code, err.detail);
	json_decref(line);
	heard(a, "end", "checked");
	T(over(a) == 0, "the program is done");
}

static void
checked(void)
{
	struct asked a = ask(json_pack("{s:s, s:s}", "paper", "check", "forms", LAB_FORMS), 0);
	static const char smile[] =
	    "title = \"T\";\nsections = ( { clauses = ( { text = \"☺☻\"; } ); } );";

	heard(&a, "title", "业务待办凭条");
	heard(&a, "title", "更新证书明细");
	heard(&a, "title", "数字证书申请表");
	heard(&a, "title", "业务申请表");
	heard(&a, "title", "数字证书更新申请表");
	heard(&a, "title", "数字证书续期申请表");
	heard(&a, "end", "checked");
	over(&a);
	lab_put("smile.conf", "title = 1;", 10);
	a = ask(json_pack("{s:s, s:s}", "paper", "check", "forms", lab_dir), 0);
	form_wrong(&a, CK_E_CONFIG, "a form with a mistake");
	lab_put("smile.conf", smile, sizeof smile - 1);
	a = ask(json_pack("{s:s, s:s}", "paper", "check", "forms", lab_dir), 0);
	form_wrong(&a, CK_E_FORM_GLYPH, "a form with a character our fonts lack");
	a = ask(json_pack("{s:s, s:s}", "paper", "check", "forms", "nowhere"), 0);
	failed(&a, CK_E_CONFIG, "no folder");
}

static json_t *
glyphs_of(const char *form, const char *name)
{
	return json_pack("{s:s, s:s, s:s, s:{s:s}}", "paper", "glyphs", "forms", LAB_FORMS, "form",
	    form, "fields", "name", name);
}

static void
glyphs(void)
{
	struct asked a = ask(glyphs_of("sheca-renewal", "𠮷㛃䶮"), 0);

	heard(&a, "end", "shown");
	T(over(&a) == 0, "the program is done");
	a = ask(glyphs_of("sheca-renewal", "王𪛖"), 0);
	heard(&a, "lacks", "U+2A6D6 𪛖");
	heard(&a, "end", "shown");
	T(over(&a) == 0, "the program is done, whatever it found");
	a = ask(glyphs_of("nowhere", "王"), 0);
	failed(&a, CK_E_FORM_UNKNOWN, "no such form");
	a = ask(json_pack("{s:s}", "paper", "glyphs"), 0);
	failed(&a, CK_E_USAGE, "no fields");
}

int
main(void)
{
	size_t n = 0;
	char *bare = NULL;

	lab_start();
	signal(SIGPIPE, SIG_IGN);
	make_code();
	bare = unsigned_form(&n);
	given_codes(bare, n);
	others_codes();
	template_given(bare, n);
	no_codes();
	signing(bare, n);
	signed_for_real();
	broken_off();
	disk_full();
	wrong_requests();
	as_text();
	checked();
	glyphs();
	free(bare);
	lab_end();
	return T_END();
}
