/*
 * Plays the engine for the print program: has a form made and signs it with keys in files.
 *   signform FORMS FORM FIELDS.json NUMBER OUT.pdf CUSTOMER.key CUSTOMER.pem SITE.key SITE.pem
 * The codes of its pages go to standard output, a line each.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/pem.h>

#include "base/buf.h"
#include "base/formcode.h"
#include "base/peer.h"
#include "base/place.h"
#include "pki/pki.h"

#define MADE 1795000000 /* 2026-11-18 */
#define WAIT_MS 30000

struct signer {
	EVP_PKEY *key;
	unsigned char *cert;
	size_t n;
};

struct asked {
	const char *form, *number;
	struct signer customer, site;
};

static _Noreturn void
stop(const char *what, const struct ck_err *err)
{
	fprintf(stderr, "signform: %s: %s\n", what, err != NULL ? err->detail : "");
	exit(1);
}

static struct signer
read_signer(const char *key, const char *cert)
{
	struct signer s = { 0 };
	FILE *f = fopen(key, "r"), *g = fopen(cert, "r");
	X509 *x = NULL;
	int n;

	if (f == NULL || g == NULL || (s.key = PEM_read_PrivateKey(f, NULL, NULL, NULL)) == NULL ||
	    (x = PEM_read_X509(g, NULL, NULL, NULL)) == NULL || (n = i2d_X509(x, &s.cert)) <= 0)
		stop(cert, NULL);
	s.n = (size_t)n;
	X509_free(x);
	fclose(f);
	fclose(g);
	return s;
}

static json_t *
codes(const struct asked *a, const json_t *line)
{
	struct ck_formcode c = { .pages = (int)json_integer_value(json_object_get(line, "pages")) };
	char text[CK_FORMCODE_MAX];
	unsigned char digest[32];
	json_t *list = json_array();
	struct ck_err err = { 0 };

	snprintf(c.number, sizeof c.number, "%s", a->number);
	snprintf(c.form, sizeof c.form, "%s", a->form);
	if (!ck_unhex(json_string_value(json_object_get(line, "digest")), digest, sizeof digest))
		stop("digest", NULL);
	memcpy(c.digest, digest, sizeof c.digest);
	for (c.page = 1; c.page <= c.pages; c.page++) {
		if (!ck_formcode_signed(&c, text) ||
		    ck_sign_p256(a->site.key, text, c.sig, &err) == -1 ||
		    !ck_formcode_make(&c, text))
			stop("code", &err);
		puts(text);
		json_array_append_new(list, json_string(text));
	}
	return json_pack("{s:o}", "qr", list);
}

static json_t *
signature(const struct asked *a, const json_t *line)
{
	const char *who = json_string_value(json_object_get(line, "sign"));
	const struct signer *s = strcmp(who, "site") == 0 ? &a->site : &a->customer;
	unsigned char digest[32], *der = NULL;
	struct ck_err err = { 0 };
	char *text = NULL;
	json_t *o = NULL;
	size_t n = 0;

	if (!ck_unhex(json_string_value(json_object_get(line, "digest")), digest, sizeof digest) ||
	    ck_cms_sign(s->key, s->cert, s->n, digest, MADE, &der, &n, &err) == -1 ||
	    (text = ck_base64(der, n)) == NULL)
		stop(who, &err);
	o = json_pack("{s:s}", "cms", text);
	free(text);
	free(der);
	return o;
}

static void
converse(const struct asked *a, struct ck_peer *p, const json_t *request)
{
	struct ck_err err = { 0 };
	json_t *line = NULL, *answer = NULL;

	if (ck_link_send(p->link, request, &err) == -1)
		stop("request", &err);
	for (;;) {
		if (ck_link_recv(p->link, WAIT_MS, &line, &err) != 1)
			stop("no answer", &err);
		if (json_object_get(line, "end") != NULL)
			break;
		answer =
		    json_object_get(line, "sign") != NULL ? signature(a, line) : codes(a, line);
		if (ck_link_send(p->link, answer, &err) == -1)
			stop("answer", &err);
		json_decref(answer);
		json_decref(line);
	}
	if (strcmp(json_string_value(json_object_get(line, "end")), "made") != 0) {
		ck_err_from_json(json_object_get(line, "error"), &err);
		stop("not made", &err);
	}
	json_decref(line);
}

int
main(int argc, char **argv)
{
	char program[PATH_MAX];
	char *print_argv[] = { "certkiosk-print", "--link", NULL };
	struct asked a = { 0 };
	struct ck_peer peer;
	struct ck_err err = { 0 };
	json_t *fields = NULL, *request = NULL;
	int fd;

	if (argc != 10)
		stop("nine arguments", NULL);
	signal(SIGPIPE, SIG_IGN);
	a.form = argv[2];
	a.number = argv[4];
	a.customer = read_signer(argv[6], argv[7]);
	a.site = read_signer(argv[8], argv[9]);
	fd = open(argv[5], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	fields = json_load_file(argv[3], 0, NULL);
	request = json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:[s, s]}", "paper", "form", "forms",
	    argv[1], "form", a.form, "number", a.number, "made", MADE, "fields", fields, "signers",
	    "customer", "site");
	if (fd == -1 || request == NULL)
		stop("files", NULL);
	ck_place("certkiosk-print", ".", program, sizeof program);
	if (ck_peer_start(program, print_argv, fd, CK_E_PRINT_GONE, &peer, &err) == -1)
		stop("print program", &err);
	converse(&a, &peer, request);
	ck_peer_end(&peer, WAIT_MS, NULL);
	json_decref(request);
	EVP_PKEY_free(a.customer.key);
	EVP_PKEY_free(a.site.key);
	OPENSSL_free(a.customer.cert);
	OPENSSL_free(a.site.cert);
	close(fd);
	return 0;
}
