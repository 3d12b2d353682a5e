#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cups/cups.h>
#include <cups/pwg.h>

#include "base/utf8.h"
#include "ipp_own.h"

/* no user sets more options than this for a queue */
#define OPTIONS_MAX 64

/* ---- what it offers ---- */

static const char *
text_of(ipp_t *attrs, const char *name)
{
	const char *s = ippGetString(ippFindAttribute(attrs, name, IPP_TAG_ZERO), 0, NULL);

	return s != NULL ? s : "";
}

static bool
takes(ipp_t *attrs, const char *name, const char *value)
{
	char supported[128];
	ipp_attribute_t *a = NULL;

	snprintf(supported, sizeof supported, "%s-supported", name);
	a = ippFindAttribute(attrs, supported, IPP_TAG_ZERO);
	switch (ippGetValueTag(a)) {
	case IPP_TAG_INTEGER:
	case IPP_TAG_ENUM:
	case IPP_TAG_RANGE:
		return ippContainsInteger(a, (int)strtol(value, NULL, 10)) != 0;
	default:
		return a != NULL && ippContainsString(a, value) != 0;
	}
}

/* ---- opening ---- */

static int
aim_at_uri(struct ck_ipp *p, const char *uri, struct ck_err *err)
{
	char scheme[16], user[HTTP_MAX_HOST], rest[CK_IPP_NAME_MAX];
	char *query = NULL;

	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme, user, sizeof user,
		p->host, sizeof p->host, &p->port, rest, sizeof rest) < HTTP_URI_STATUS_OK ||
	    (strcmp(scheme, "ipp") != 0 && strcmp(scheme, "ipps") != 0))
		return ck_fail(err, CK_E_PRINT_NO_QUEUE, "%s", uri);
	/* what follows is for CUPS's backend */
	if ((query = strchr(rest, '?')) != NULL)
		*query = '\0';
	snprintf(p->resource, sizeof p->resource, "%s", rest[0] != '\0' ? rest : "/");
	p->encryption =
	    strcmp(scheme, "ipps") == 0 ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
	/* without the user and password CUPS may have there */
	httpAssembleURI(HTTP_URI_CODING_ALL, p->uri, sizeof p->uri, scheme, NULL, p->host, p->port,
	    p->resource);
	snprintf(p->name, sizeof p->name, "%s", p->uri);
	return 0;
}

static void
aim_at_cups(struct ck_ipp *p)
{
	p->queue = true;
	snprintf(p->host, sizeof p->host, "%s", cupsServer());
	p->port = ippPort();
	p->encryption = cupsEncryption();
	snprintf(p->resource, sizeof p->resource, "/");
}

static void
aim_at_queue(struct ck_ipp *p, const char *queue, const char *instance)
{
	snprintf(p->name, sizeof p->name, "%s%s%s", queue, instance != NULL ? "/" : "",
	    instance != NULL ? instance : "");
	httpAssembleURIf(HTTP_URI_CODING_ALL, p->uri, sizeof p->uri, "ipp", NULL, "localhost",
	    p->port, "/printers/%s", queue);
	snprintf(p->resource, sizeof p->resource, "/printers/%s", queue);
}

/* printer, or printer/instance, or the default; with what this user set for it */
static int
name_queue(struct ck_ipp *p, const char *printer, struct ck_err *err)
{
	char name[256];
	char *instance = NULL;
	cups_dest_t *dest = NULL;

	snprintf(name, sizeof name, "%s", printer);
	if ((instance = strchr(name, '/')) != NULL)
		*instance++ = '\0';
	/* It says "not found" of a service that is down. */
	if (ck_ipp_connected(p, err) == -1)
		return -1;
	dest = cupsGetNamedDest(p->http, name[0] != '\0' ? name : NULL, instance);
	if (dest == NULL) {
		bool down = cupsLastError() == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE ||
			    cupsLastError() == IPP_STATUS_ERROR_INTERNAL;

		ck_ipp_disconnect(p);
		return down ? ck_ipp_silent(p, err)
			    : ck_fail(err, CK_E_PRINT_NO_QUEUE, "%s", printer);
	}
	aim_at_queue(p, dest->name, dest->instance);
	for (int i = 0; i < dest->num_options && i < OPTIONS_MAX; i++)
		p->n_user = cupsAddOption(
		    dest->options[i].name, dest->options[i].value, p->n_user, &p->user);
	cupsFreeDests(1, dest);
	return 0;
}

static int
look_at(struct ck_ipp *p, struct ck_err *err)
{
	static const char *const wants[] = { "all" };
	ipp_t *q = ck_ipp_question(p, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
	ipp_status_t status;

	ck_ipp_want(q, 1, wants);
	if ((p->attrs = ck_ipp_ask(p, q, &status, err)) == NULL)
		return -1;
	if (p->queue)
		snprintf(p->device, sizeof p->device, "%s", text_of(p->attrs, "device-uri"));
	return 0;
}

static const char *
no_password(const char *prompt, http_t *http, const char *method, const char *resource, void *u)
{
	(void)prompt, (void)http, (void)method, (void)resource, (void)u;
	return NULL;
}

int
ck_ipp_open(
    const char *printer, const struct ck_ipp_wait *wait, struct ck_ipp **out, struct ck_err *err)
{
	struct ck_ipp *p = calloc(1, sizeof *p);
	int rc = -1;

	*out = NULL;
	if (p == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "a printer");
	/* libcups would ask for one on the terminal */
	cupsSetPasswordCB2(no_password, NULL);
	if (wait != NULL)
		p->wait = *wait;
	if (strstr(printer, "://") != NULL) {
		if (aim_at_uri(p, printer, err) == -1)
			goto out;
	} else {
		aim_at_cups(p);
		if (name_queue(p, printer, err) == -1)
			goto out;
	}
	if (look_at(p, err) == -1)
		goto out;
	*out = p;
	p = NULL;
	rc = 0;
out:
	ck_ipp_close(p);
	return rc;
}

void
ck_ipp_close(struct ck_ipp *p)
{
	if (p == NULL)
		return;
	httpClose(p->http);
	httpAddrFreeList(p->addresses);
	ippDelete(p->attrs);
	cupsFreeOptions(p->n_user, p->user);
	cupsFreeOptions(p->n_chosen, p->chosen);
	free(p);
}

const char *
ck_ipp_name(const struct ck_ipp *p)
{
	return p->name;
}

bool
ck_ipp_queue(const struct ck_ipp *p)
{
	return p->queue;
}

const char *
ck_ipp_device(const struct ck_ipp *p)
{
	return strncmp(p->device, "ipp://", 6) == 0 || strncmp(p->device, "ipps://", 7) == 0
		   ? p->device
		   : "";
}

bool
ck_ipp_waits(const struct ck_ipp *p)
{
	return ck_ipp_device(p)[0] != '\0' && strstr(p->device, "waitjob=false") == NULL &&
	       strstr(p->device, "waitjob=no") == NULL && strstr(p->device, "waitjob=off") == NULL;
}

bool
ck_ipp_plain(const struct ck_ipp *p)
{
	return ck_ipp_device(p)[0] != '\0' && strchr(p->device, '?') == NULL;
}

bool
ck_ipp_takes_pdf(const struct ck_ipp *p)
{
	return takes(p->attrs, "document-format", "application/pdf");
}

/* ---- what is chosen ---- */

static const char *
user_set(const struct ck_ipp *as, const char *name)
{
	return as != NULL ? cupsGetOption(name, as->n_user, as->user) : NULL;
}

static void
choose(struct ck_ipp *p, const char *name, const char *value)
{
	p->n_chosen = cupsAddOption(name, value, p->n_chosen, &p->chosen);
}

static int
choose_checked(struct ck_ipp *p, const char *name, const char *value, struct ck_err *err)
{
	char clean[128];

	if (!takes(p->attrs, name, value)) {
		ck_clean_str(clean, sizeof clean, value);
		return ck_fail(err, CK_E_PRINT_OPTION, "%s=%s", name, clean);
	}
	choose(p, name, value);
	return 0;
}

/* People write A4 and a PPD's names where IPP has iso_a4_210x297mm, and a tray behind a comma. */
static int
choose_media(struct ck_ipp *p, const char *value, bool asked_for, struct ck_err *err)
{
	char size[128];
	pwg_media_t *media = NULL;

	snprintf(size, sizeof size, "%.*s", (int)strcspn(value, ","), value);
	if ((media = pwgMediaForPWG(size)) == NULL && (media = pwgMediaForLegacy(size)) == NULL)
		media = pwgMediaForPPD(size);
	if (p->queue && !asked_for && strchr(value, ',') != NULL) {
		choose(p, "media", value);
		return 0;
	}
	return choose_checked(p, "media", media != NULL ? media->pwg : size, err);
}

static bool
is_own(const char *name)
{
	return strcmp(name, "media") == 0 || strcmp(name, "sides") == 0 ||
	       strcmp(name, "copies") == 0 || strcmp(name, "PageSize") == 0;
}

/* Whatever else this user wants of the queue. Past the queue only what the printer knows. */
static void
choose_rest(struct ck_ipp *p, const struct ck_ipp *as)
{
	for (int i = 0; as != NULL && i < as->n_user; i++) {
		const cups_option_t *o = &as->user[i];

		if (!is_own(o->name) && (p->queue || takes(p->attrs, o->name, o->value)))
			choose(p, o->name, o->value);
	}
	/* a form fits its paper as it is: nothing is enlarged or shrunk to a printer's margins */
	if (takes(p->attrs, "print-scaling", "none"))
		choose(p, "print-scaling", "none");
}

static const char *
sides_set(const struct ck_ipp *p, const struct ck_ipp *as)
{
	const char *set = user_set(as, "sides");

	if (set != NULL || as == NULL || p->queue)
		return set;
	set = text_of(as->attrs, "sides-default");
	/* the queue's own default is no one's wish: only where the printer can */
	return takes(p->attrs, "sides", set) ? set : NULL;
}

int
ck_ipp_choose(
    struct ck_ipp *p, const struct ck_ipp *as, const struct ck_ipp_choice *c, struct ck_err *err)
{
	const char *media = c->media != NULL ? c->media : user_set(as, "media");
	const char *sides = c->sides != NULL ? c->sides : sides_set(p, as);
	const char *copies = user_set(as, "copies");
	char number[16];

	if (!ck_ipp_takes_pdf(p))
		return ck_fail(err, CK_E_PRINT_OPTION, "document-format=application/pdf");
	if (c->copies > 0) {
		snprintf(number, sizeof number, "%d", c->copies);
		copies = number;
	}
	if (media == NULL)
		media = user_set(as, "PageSize");
	if (media == NULL && takes(p->attrs, "media", "iso_a4_210x297mm"))
		media = "iso_a4_210x297mm";
	if ((media != NULL && choose_media(p, media, c->media != NULL, err) == -1) ||
	    (sides != NULL && choose_checked(p, "sides", sides, err) == -1) ||
	    (copies != NULL && choose_checked(p, "copies", copies, err) == -1))
		return -1;
	choose_rest(p, as);
	return 0;
}

int
ck_ipp_copies(const struct ck_ipp *p)
{
	const char *copies = cupsGetOption("copies", p->n_chosen, p->chosen);

	return copies != NULL ? (int)strtol(copies, NULL, 10) : 1;
}

/* ---- all of them ---- */

static const char *
set_or_default(
    const struct ck_ipp *p, const char *name, const char *default_name, char *buf, size_t cap)
{
	const char *set = user_set(p, name);

	if (set != NULL)
		return set;
	buf[0] = '\0';
	ippAttributeString(ippFindAttribute(p->attrs, default_name, IPP_TAG_ZERO), buf, cap);
	return buf;
}

/* standard: the default's name; NULL: this one is meant */
static int
tell_row(const struct ck_ipp_wait *wait, const char *name, const char *standard,
    int (*each)(void *, struct ck_ipp *, const struct ck_ipp_row *, struct ck_err *), void *u,
    struct ck_err *err)
{
	char media[128], sides[128], copies[32];
	struct ck_ipp *p = NULL;
	struct ck_ipp_row row;
	int rc = -1;

	if (ck_ipp_open(name, wait, &p, err) == -1)
		return -1;
	row = (struct ck_ipp_row){
		.name = p->name,
		.info = text_of(p->attrs, "printer-info"),
		.device = p->device,
		.media = set_or_default(p, "media", "media-default", media, sizeof media),
		.sides = set_or_default(p, "sides", "sides-default", sides, sizeof sides),
		.copies = set_or_default(p, "copies", "copies-default", copies, sizeof copies),
		.is_default = standard == NULL || strcmp(p->name, standard) == 0,
	};
	rc = each(u, p, &row, err);
	ck_ipp_close(p);
	return rc;
}

/* "" when there is none */
static void
default_name(struct ck_ipp *p, char out[256])
{
	cups_dest_t *dest = cupsGetNamedDest(p->http, NULL, NULL);

	out[0] = '\0';
	if (dest != NULL)
		snprintf(out, 256, "%s%s%s", dest->name, dest->instance != NULL ? "/" : "",
		    dest->instance != NULL ? dest->instance : "");
	cupsFreeDests(dest != NULL, dest);
}

int
ck_ipp_one(const char *printer, const struct ck_ipp_wait *wait,
    int (*each)(void *, struct ck_ipp *, const struct ck_ipp_row *, struct ck_err *), void *u,
    struct ck_err *err)
{
	return tell_row(wait, printer, NULL, each, u, err);
}

int
ck_ipp_each(const struct ck_ipp_wait *wait,
    int (*each)(void *, struct ck_ipp *, const struct ck_ipp_row *, struct ck_err *), void *u,
    struct ck_err *err)
{
	struct ck_ipp cups = { .wait = *wait };
	ipp_attribute_t *a = NULL;
	ipp_t *list = NULL;
	char standard[256];
	ipp_status_t status;
	int rc = -1;

	aim_at_cups(&cups);
	if (ck_ipp_connected(&cups, err) == -1)
		goto out;
	default_name(&cups, standard);
	list = ck_ipp_ask(&cups, ippNewRequest(IPP_OP_CUPS_GET_PRINTERS), &status, err);
	/* CUPS without a single printer says not found */
	rc = list != NULL || status == IPP_STATUS_ERROR_NOT_FOUND ? 0 : -1;
	for (a = ippFindAttribute(list, "printer-name", IPP_TAG_NAME); a != NULL && rc == 0;
	     a = ippFindNextAttribute(list, "printer-name", IPP_TAG_NAME))
		rc = tell_row(wait, ippGetString(a, 0, NULL), standard, each, u, err);
out:
	ippDelete(list);
	httpClose(cups.http);
	httpAddrFreeList(cups.addresses);
	return rc;
}
