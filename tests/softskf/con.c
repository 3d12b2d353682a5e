#include "softskf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* two certificates of this size and their pairs are a quarter of what a small key holds */
#define CERT_MAX 8192

static struct ss_path
folder(const struct ss_call *c, const char *name)
{
	return ss_path(c->dev->name, c->app->name, name, NULL);
}

static ULONG
open_con(const struct ss_call *c, const char *name, HCONTAINER *out)
{
	struct ss_handle *h = NULL;
	struct ss_path p;
	ULONG rv = ss_name_good(name, SS_NAME_LONGEST);

	if (rv != SAR_OK)
		return rv;
	p = folder(c, name);
	if (access(p.text, F_OK) != 0)
		return SAR_CONTAINER_NOT_FOUND;
	h = ss_handle_new(SS_CON, c->app);
	if (h == NULL)
		return SAR_MEMORYERR;
	snprintf(h->name, sizeof h->name, "%s", name);
	*out = h->self;
	return SAR_OK;
}

static void
names_of(const struct ss_call *c, struct ss_names *out)
{
	struct ss_path p = ss_path(c->dev->name, c->app->name, NULL, NULL);

	ss_names(p.text, ".con", out);
}

ULONG
ss_con_make(const struct ss_call *c, const char *name)
{
	struct ss_device d;
	struct ss_names names;
	struct ss_path p;
	ULONG rv = ss_name_good(name, SS_NAME_LONGEST);

	if (rv != SAR_OK || (rv = ss_may_create(c)) != SAR_OK)
		return rv;
	p = folder(c, name);
	if (access(p.text, F_OK) == 0)
		return SAR_CONTAINER_EXIST;
	names_of(c, &names);
	if (ss_device_read(c->dev->name, &d) != 0)
		return SAR_FILEERR;
	if (names.n >= d.containers)
		return SAR_REACH_MAX_CONTAINER_COUNT;
	return ss_make_folder(p.text) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static ULONG
create(const struct ss_call *c, const char *name, HCONTAINER *out)
{
	ULONG rv = ss_con_make(c, name);

	return rv != SAR_OK ? rv : open_con(c, name, out);
}

static ULONG
drop(const struct ss_call *c, const char *name)
{
	struct ss_path p;
	ULONG rv = ss_name_good(name, SS_NAME_LONGEST);

	if (rv != SAR_OK || (rv = ss_may(c, SECURE_USER_ACCOUNT)) != SAR_OK)
		return rv;
	p = folder(c, name);
	if (access(p.text, F_OK) != 0)
		return SAR_CONTAINER_NOT_FOUND;
	return ss_remove_folder(p.text) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static ULONG
enumerate(const struct ss_call *c, LPSTR out, ULONG *size)
{
	struct ss_names names;

	names_of(c, &names);
	return ss_names_out(&names, out, size);
}

static ULONG
type_of(const struct ss_call *c, ULONG *out)
{
	struct ss_pair pair;
	ULONG rv = ss_pair_read(c, true, &pair);

	if (rv != SAR_OK)
		rv = ss_pair_read(c, false, &pair);
	if (rv != SAR_OK && rv != SAR_KEYNOTFOUNTERR)
		return rv;
	*out = rv != SAR_OK ? CONTAINER_EMPTY : pair.kind == SS_RSA ? CONTAINER_RSA : CONTAINER_ECC;
	return SAR_OK;
}

ULONG
ss_put_cert(const struct ss_call *c, bool sign, const BYTE *der, size_t n)
{
	struct ss_path p = ss_path_of(c, sign ? "sign.cert" : "enc.cert");
	ULONG rv = ss_may(c, SECURE_USER_ACCOUNT);

	if (der == NULL || n == 0 || n > CERT_MAX)
		return SAR_INDATALENERR;
	if (rv != SAR_OK || (rv = ss_room_for(c, n)) != SAR_OK)
		return rv;
	return ss_write(p.text, der, n) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static ULONG
get_cert(const struct ss_call *c, bool sign, BYTE *out, ULONG *size)
{
	struct ss_path p = ss_path_of(c, sign ? "sign.cert" : "enc.cert");
	BYTE der[CERT_MAX];
	ssize_t n = ss_read(p.text, der, sizeof der);

	return n < 0 ? SAR_CERTNOTFOUNTERR : ss_bytes_out(der, (size_t)n, out, size);
}

SS_EXPORT(SKF_CreateContainer, SS_APP, app, (HAPPLICATION app, LPSTR name, HCONTAINER *out),
    create(&c, name, out))
SS_EXPORT(SKF_DeleteContainer, SS_APP, app, (HAPPLICATION app, LPSTR name), drop(&c, name))
SS_EXPORT(SKF_OpenContainer, SS_APP, app, (HAPPLICATION app, LPSTR name, HCONTAINER *out),
    open_con(&c, name, out))
SS_EXPORT_CLOSING(SKF_CloseContainer, SS_CON, con, (HCONTAINER con))
SS_EXPORT(SKF_EnumContainer, SS_APP, app, (HAPPLICATION app, LPSTR out, ULONG *size),
    enumerate(&c, out, size))
SS_EXPORT(SKF_GetContainerType, SS_CON, con, (HCONTAINER con, ULONG *out), type_of(&c, out))
SS_EXPORT(SKF_ImportCertificate, SS_CON, con, (HCONTAINER con, BOOL sign, BYTE *der, ULONG n),
    ss_put_cert(&c, sign, der, n))
SS_EXPORT(SKF_ExportCertificate, SS_CON, con, (HCONTAINER con, BOOL sign, BYTE *out, ULONG *size),
    get_cert(&c, sign, out, size))
