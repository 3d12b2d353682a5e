#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "answer.h"
#include "cmp.h"
#include "desk.h"
#include "est.h"
#include "knob.h"

static const char desk_path[] = "/desk/v1/";
static const char cmp_path[] = "/cmp";
static const char est_path[] = "/.well-known/est/";
static const char garbage[] = "<html>\x1b[2J\xff\xfe Gateway \x00 Timeout</html>";

/* where a request goes: which knobs are about it */
struct route {
	const char *area; /* "desk", "cmp", "est" */
	const char *call;
	const char *type;
	char kiosk[SB_ID_MAX];
};

/* The common name of a kiosk certified by our kiosk CA; empty otherwise. */
static void
who_is_it(SSL *ssl, char kiosk[SB_ID_MAX])
{
	X509 *x = SSL_get0_peer_certificate(ssl);

	kiosk[0] = '\0';
	if (x != NULL && SSL_get_verify_result(ssl) == X509_V_OK)
		X509_NAME_get_text_by_NID(
		    X509_get_subject_name(x), NID_commonName, kiosk, SB_ID_MAX);
}

static bool
find_route(const struct sb *sb, const struct sb_request *r, struct route *to)
{
	struct sb_cmp_head head = { 0 };

	if (strncmp(r->path, desk_path, sizeof desk_path - 1) == 0) {
		to->area = "desk";
		to->call = r->path + sizeof desk_path - 1;
		to->type = "application/json";
		return strchr(to->call, '/') == NULL && !sb->no_desk;
	}
	if (strncmp(r->path, est_path, sizeof est_path - 1) == 0) {
		to->area = "est";
		to->call = strrchr(r->path, '/') + 1; /* before it, perhaps, a CA's label */
		to->type = "application/pkcs7-mime";
		return true;
	}
	/* RFC 6712 section 3.6 leaves the path below to the CA: /cmp/anything is taken */
	if (strncmp(r->path, cmp_path, sizeof cmp_path - 1) != 0)
		return false;
	sb_cmp_head(r->body, r->length, &head);
	to->area = "cmp";
	to->call = sb_cmp_body_name(head.body);
	to->type = "application/pkixcmp";
	return true;
}

static const char *
knob_of(const struct route *to, const char *fault, char name[SB_ID_MAX])
{
	snprintf(name, SB_ID_MAX, "%s.%s", to->area, fault);
	return name;
}

/* knob wire.FAULT */
static bool
hit(struct sb *sb, const struct route *to, const char *fault)
{
	char name[SB_ID_MAX], path[SB_PATH_MAX];
	FILE *f = NULL;

	snprintf(name, sizeof name, "wire.%s", fault);
	if (!sb_knob_turn(sb, name))
		return false;
	snprintf(path, sizeof path, "%s/hit", sb->dir);
	f = fopen(path, "w");
	if (f == NULL)
		return true;
	fprintf(f, "%s of %s %s\n", fault, to->area, to->call);
	fclose(f);
	return true;
}

static bool
due(struct sb *sb, const struct route *to, const char *fault)
{
	char name[SB_ID_MAX];

	return sb_knob_due(sb, knob_of(to, fault, name), to->call) || hit(sb, to, fault);
}

/* knob AREA.status: turned away before anything is done */
static bool
turned_away(struct sb *sb, const struct route *to, struct sb_answer *a)
{
	char name[SB_ID_MAX], text[SB_KNOB_MAX];

	if (!sb_knob_text(sb, knob_of(to, "status", name), to->call, text, sizeof text))
		return false;
	a->status = (int)strtol(text, NULL, 10);
	a->type = "application/json";
	a->retry_after = a->status == 503 ? 1 : 0;
	if (a->status == 204)
		return true;
	if (sb_knob_text(sb, knob_of(to, "words", name), to->call, text, sizeof text))
		a->type = "text/plain";
	else
		strcpy(text, "{\"ok\":false,\"code\":\"busy\",\"text\":\"请稍后再试\"}");
	a->body = (unsigned char *)strdup(text);
	a->n = a->body != NULL ? strlen((char *)a->body) : 0;
	return true;
}

static void
drop_body(struct sb_answer *a)
{
	if (a->body != NULL)
		OPENSSL_cleanse(a->body, a->n);
	free(a->body);
	a->body = NULL;
}

static void
spoil(struct sb_answer *a)
{
	free(a->body);
	a->body = malloc(sizeof garbage);
	a->n = a->body != NULL ? sizeof garbage : 0;
	if (a->body != NULL)
		memcpy(a->body, garbage, sizeof garbage);
	a->status = 200;
}

static void
act(struct sb *sb, SSL *ssl, const struct route *to, const struct sb_request *r,
    struct sb_answer *a)
{
	if (turned_away(sb, to, a))
		return;
	if (strcmp(to->area, "desk") == 0)
		sb_desk(sb, to->call, to->kiosk, r, a);
	else if (strcmp(to->area, "est") == 0)
		sb_est(sb, to->call, SSL_get0_peer_certificate(ssl), r, a);
	else
		sb_cmp(sb, r, a);
}

/* knob AREA.doubled: the request comes a second time, byte for byte, as from a proxy that had no
 * answer soon enough */
static void
act_again(struct sb *sb, SSL *ssl, const struct route *to, const struct sb_request *r,
    struct sb_answer *a)
{
	struct sb_request again = *r;

	again.body = malloc(r->length + 1);
	if (again.body == NULL)
		return;
	memcpy(again.body, r->body, r->length + 1);
	drop_body(a);
	*a = (struct sb_answer){ .status = 404, .type = "text/plain" };
	act(sb, ssl, to, &again, a);
	sb_http_request_free(&again);
}

/*
 * What was answered last goes out once more, instead of the answer to this request (knob
 * AREA.stale), as from a proxy that confuses two of its clients' requests. One for all areas.
 */
static void
swap_with_last(struct sb *sb, const struct route *to, struct sb_answer *a)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct sb_answer last;
	struct sb_answer now = *a;
	bool stale = due(sb, to, "stale");

	now.body = malloc(a->n);
	if (now.body == NULL)
		return;
	if (a->n > 0)
		memcpy(now.body, a->body, a->n);
	pthread_mutex_lock(&lock);
	if (stale && last.body != NULL) {
		drop_body(a);
		*a = last;
	} else {
		drop_body(&last);
	}
	last = now;
	pthread_mutex_unlock(&lock);
}

/* false: no answer was sent, or none should follow */
static bool
go_through(struct sb *sb, SSL *ssl, const struct route *to, const struct sb_request *r,
    struct sb_answer *a)
{
	char name[SB_ID_MAX];

	sb_http_wait(ssl, sb_knob_number(sb, knob_of(to, "delay", name), to->call, 0));
	if (due(sb, to, "lose-request"))
		return false;
	if (due(sb, to, "endless")) {
		sb_http_endless(ssl, to->type);
		return false;
	}
	act(sb, ssl, to, r, a);
	if (due(sb, to, "doubled"))
		act_again(sb, ssl, to, r, a);
	swap_with_last(sb, to, a);
	if (hit(sb, to, "crash"))
		sb_die("before the reply");
	if (due(sb, to, "lose-reply"))
		return false;
	if (due(sb, to, "garbage"))
		spoil(a);
	ck_log(
	    CK_LOG_INFO, "%s %s: %d over %s", to->area, to->call, a->status, SSL_get_version(ssl));
	if (due(sb, to, "cut")) {
		sb_http_cut(ssl, a);
		return false;
	}
	return sb_http_answer(ssl, a, r->keep) == 0 && r->keep;
}

bool
sb_answer_one(struct sb *sb, SSL *ssl)
{
	struct sb_answer a = { .status = 404, .type = "text/plain" };
	struct sb_request r = { 0 };
	struct route to = { 0 };
	bool more = false;

	if (sb_http_read(ssl, &r)) {
		who_is_it(ssl, to.kiosk);
		if (find_route(sb, &r, &to))
			more = go_through(sb, ssl, &to, &r, &a);
		else
			more = sb_http_answer(ssl, &a, r.keep) == 0 && r.keep;
	}
	drop_body(&a);
	sb_http_request_free(&r);
	return more;
}
