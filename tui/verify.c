#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/peer.h"
#include "base/place.h"
#include "base/site.h"
#include "certkiosk/facts.h"
#include "certkiosk/paper.h"

/* fonts are looked for when a form is opened; a document of four megabytes takes a second */
#define LIMIT_MS 60000
#define GRACE_MS 2000
/* what a person types from a page, and base64 of the largest certificate */
#define FIELDS_MAX 262144
#define BOM "\xEF\xBB\xBF" /* some editors begin a file with it */
#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

/* ---- what is asked ---- */

/* USAGE: it cannot be read, or is longer than that. The caller frees b. */
static int
read_file(const char *file, size_t max, struct ck_buf *b, struct ck_err *err)
{
	unsigned char some[8192];
	int fd = open(file, O_RDONLY | O_CLOEXEC), rc = 0;
	ssize_t got = 1;

	if (fd == -1)
		return ck_fail_native(
		    err, CK_E_USAGE, (unsigned long)errno, "%s: %s", file, strerror(errno));
	b->max = max;
	while (rc == 0 && got != 0) {
		got = read(fd, some, sizeof some);
		if (got == -1 && errno != EINTR)
			rc = ck_fail_native(
			    err, CK_E_USAGE, (unsigned long)errno, "%s: %s", file, strerror(errno));
		else if (got > 0 && ck_buf_add(b, some, (size_t)got) == -1)
			rc = ck_fail(err, CK_E_USAGE, "%s: longer than %zu bytes", file, max);
	}
	close(fd);
	return rc;
}

/* PEM or DER as the link wants it: what stands between the lines of a PEM is its base64. */
static json_t *
read_cert(const char *file, struct ck_err *err)
{
	struct ck_buf b = { 0 };
	json_t *text = NULL;
	char *begin = NULL, *end = NULL, *made = NULL;

	if (read_file(file, 2 * CK_CERT_MAX, &b, err) == -1)
		goto out;
	begin = b.n > 0 ? strstr((char *)b.p, PEM_BEGIN) : NULL;
	end = begin != NULL ? strstr(begin, PEM_END) : NULL;
	if (end != NULL) {
		*end = '\0';
		text = json_string(begin + strlen(PEM_BEGIN));
	} else if (b.n > 0 && (made = ck_base64(b.p, b.n)) != NULL) {
		text = json_string(made);
	}
	if (text == NULL)
		ck_fail(err, CK_E_USAGE, "%s: no certificate", file);
out:
	free(made);
	ck_buf_free(&b);
	return text;
}

/* "name=value", a line each */
static json_t *
read_lines(const char *file, char *text, struct ck_err *err)
{
	json_t *fields = json_object();
	int n = 0;

	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		char *value = strchr(line, '=');

		n++;
		line[strcspn(line, "\r")] = '\0';
		if (*line == '\0')
			continue;
		if (value != NULL)
			*value++ = '\0';
		if (value == NULL || value == line + 1 ||
		    json_object_set_new(fields, line, json_string(value)) == -1) {
			ck_fail(err, CK_E_USAGE, "%s: line %d is no name=value", file, n);
			json_decref(fields);
			return NULL;
		}
	}
	return fields;
}

static json_t *
read_fields(const char *file, struct ck_err *err)
{
	struct ck_buf b = { 0 };
	json_t *fields = NULL;
	json_error_t why;
	char empty[] = "", *text = empty;

	if (read_file(file, FIELDS_MAX, &b, err) == -1)
		goto out;
	if (b.n > 0)
		text = (char *)b.p;
	if (strncmp(text, BOM, strlen(BOM)) == 0)
		text += strlen(BOM);
	if (text[strspn(text, " \t\r\n")] == '{') {
		fields = json_loadb(
		    text, b.n - (size_t)(text - (char *)b.p), JSON_REJECT_DUPLICATES, &why);
		if (fields == NULL)
			ck_fail(err, CK_E_USAGE, "%s: line %d: %s", file, why.line, why.text);
	} else if (strlen(text) > 0 && memchr(b.p, '\0', b.n) == NULL) {
		fields = read_lines(file, text, err);
	}
	if (fields == NULL)
		ck_fail(err, CK_E_USAGE, "%s: no fields", file);
out:
	ck_buf_free(&b);
	return fields;
}

/* Who looks at a page of this site's own need not name its certificate. */
static int
read_site(const struct ck_args *a, struct ck_site *site, struct ck_err *err)
{
	if (access(a->config, F_OK) == -1)
		return ck_fail_native(err, CK_E_USAGE, (unsigned long)errno,
		    "--cert, or --config: %s: %s", a->config, strerror(errno));
	if (ck_site_read(a->config, site, err) == -1)
		return -1;
	if (site->paper.cert_file[0] == '\0')
		return ck_fail(err, CK_E_USAGE, "--cert: %s has no paper.certificate", a->config);
	return 0;
}

static json_t *
code_request(const struct ck_args *a, const char *cert_file, const char *forms, struct ck_err *err)
{
	json_t *fields = read_fields(a->fields, err);
	json_t *cert = fields != NULL ? read_cert(cert_file, err) : NULL;
	json_t *o = NULL;

	if (cert == NULL) {
		json_decref(fields);
		return NULL;
	}
	o = json_pack("{s:s, s:s, s:s, s:o, s:o}", "paper", "verify-qr", "forms",
	    a->form_dir != NULL ? a->form_dir : forms, "text", a->qr, "fields", fields,
	    "certificate", cert);
	if (o == NULL)
		ck_fail(err, CK_E_USAGE, "not UTF-8");
	return o;
}

static json_t *
ask_code(const struct ck_args *a, struct ck_err *err)
{
	struct ck_site *site = calloc(1, sizeof *site);
	json_t *o = NULL;

	if (site == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "site");
		return NULL;
	}
	ck_place("forms", CK_SHAREDIR, site->paper.forms_dir, sizeof site->paper.forms_dir);
	if (a->cert != NULL)
		o = code_request(a, a->cert, site->paper.forms_dir, err);
	else if (read_site(a, site, err) == 0)
		o = code_request(a, site->paper.cert_file, site->paper.forms_dir, err);
	free(site);
	return o;
}

/* file: the document, opened */
static json_t *
ask_document(const struct ck_args *a, int *file, struct ck_err *err)
{
	json_t *cert = NULL;

	if (a->cert != NULL && (cert = read_cert(a->cert, err)) == NULL)
		return NULL;
	/* O_NONBLOCK: a pipe nobody writes to is no document */
	if ((*file = open(a->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1) {
		ck_fail_native(
		    err, CK_E_USAGE, (unsigned long)errno, "%s: %s", a->file, strerror(errno));
		json_decref(cert);
		return NULL;
	}
	return json_pack("{s:s, s:o*}", "paper", "verify", "certificate", cert);
}

/* ---- what is answered ---- */

struct run {
	const struct ck_front_ops *ops;
	void *u;
	struct ck_ended *ended;
	json_t *facts;
};

/* A program of ours that found an answer, and one that could not. */
static const struct {
	const char *end;
	enum ck_outcome outcome;
} ends[] = {
	{ "whole", CK_END_DONE },
	{ "same", CK_END_DONE },
	{ "altered", CK_END_REFUSED },
	{ "other", CK_END_REFUSED },
	{ "failed", CK_END_FAILED },
};

/* 1 that was the end, 0 go on, -1 LINK */
static int
take(struct run *r, const json_t *line, struct ck_err *err)
{
	const char *end = json_string_value(json_object_get(line, "end"));
	json_t *signature = json_object_get(line, "signature"), *row = NULL;

	if (signature != NULL) {
		row = json_pack("{s:O}", "row", signature);
		r->ops->tell(r->u, row);
		json_decref(row);
		return 0;
	}
	for (size_t i = 0; end != NULL && i < sizeof ends / sizeof *ends; i++)
		if (strcmp(end, ends[i].end) == 0) {
			r->ended->outcome = ends[i].outcome;
			if (json_object_get(line, "error") != NULL)
				ck_err_from_json(json_object_get(line, "error"), &r->ended->err);
			r->facts = json_incref(json_object_get(line, "facts"));
			return 1;
		}
	return ck_fail(err, CK_E_LINK, "a line that says nothing known");
}

/* 1 a line, -1 the other side is gone, silent or not wanted any more */
static int
next(struct ck_peer *p, int stop_fd, int64_t until, json_t **line, struct ck_err *err)
{
	struct pollfd fds[] = {
		{ .fd = ck_link_fd(p->link), .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};

	for (;;) {
		int got = ck_link_recv(p->link, 0, line, err);
		int64_t left = until - ck_mono_ms();

		if (got != 0)
			return got;
		if (left <= 0)
			return ck_fail(err, CK_E_PRINT_GONE, "no answer in %d s", LIMIT_MS / 1000);
		(void)poll(fds, 2, (int)left);
		if (fds[1].revents != 0)
			return ck_fail(err, CK_E_STOPPED, "%s", "");
	}
}

static int
converse(struct run *r, struct ck_peer *p, const json_t *request, int stop_fd, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + LIMIT_MS;
	struct ck_err why = { 0 };
	json_t *line = NULL;
	int rc = ck_link_send(p->link, request, &why);

	while (rc == 0) {
		if (next(p, stop_fd, until, &line, &why) == -1) {
			rc = -1;
			break;
		}
		rc = take(r, line, err);
		json_decref(line);
	}
	if (rc == -1) /* it died before it said an end: LINK is only how that looks from here */
		ck_fail(err, why.code == CK_E_LINK ? CK_E_PRINT_GONE : why.code, "%s", why.detail);
	return rc == 1 ? 0 : -1;
}

void
ck_verify_run(const struct ck_args *a, const struct ck_front_ops *ops, void *u, int stop_fd,
    struct ck_ended *ended)
{
	char program[PATH_MAX];
	char *argv[] = { "certkiosk-print", "--link", NULL };
	struct run r = { .ops = ops, .u = u, .ended = ended };
	struct ck_peer peer = { .pidfd = -1 };
	struct ck_err err = { 0 };
	int file = -1;
	json_t *request = a->qr != NULL ? ask_code(a, &err) : ask_document(a, &file, &err);
	json_t *line = NULL;

	*ended = (struct ck_ended){ .outcome = CK_END_FAILED };
	ck_place("certkiosk-print", CK_LIBDIR, program, sizeof program);
	if (request != NULL &&
	    ck_peer_start(program, argv, file, CK_E_PRINT_GONE, &peer, &err) == 0 &&
	    converse(&r, &peer, request, stop_fd, &err) == 0)
		err = ended->err;
	ended->err = err;
	/* what cannot be compared is the caller's to put right */
	if (err.code == CK_E_USAGE || err.code == CK_E_CERT_UNREADABLE)
		ended->outcome = CK_END_USAGE;
	(void)ck_peer_end(&peer, GRACE_MS, NULL);
	line = ck_end_line(ended, r.facts);
	ops->tell(u, line);
	json_decref(line);
	json_decref(r.facts);
	json_decref(request);
	if (file != -1)
		close(file);
}
