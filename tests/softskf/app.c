#include "softskf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The folder appears with its PINs in it, or not at all. */
ULONG
ss_app_make(const char *device, const char *name, const struct ss_pins *pins)
{
	struct ss_path app = ss_path(device, name, NULL, NULL);
	struct ss_path making = ss_path(device, NULL, NULL, ".making");
	struct ss_path inside = ss_path(device, NULL, NULL, ".making/pins");

	if (access(app.text, F_OK) == 0)
		return SAR_APPLICATION_EXISTS;
	if ((access(making.text, F_OK) != 0 && ss_make_folder(making.text) != 0) ||
	    ss_write(inside.text, pins, sizeof *pins) != 0 || ss_fault_step() != 0 ||
	    rename(making.text, app.text) != 0)
		return SAR_WRITEFILEERR;
	return SAR_OK;
}

static ULONG
open_app(const struct ss_call *c, const char *name, HAPPLICATION *out)
{
	struct ss_handle *h = NULL;
	struct ss_path p;
	ULONG rv = ss_name_good(name, SS_NAME_LONGEST);

	if (rv != SAR_OK)
		return rv;
	p = ss_path(c->dev->name, name, NULL, "pins");
	if (access(p.text, F_OK) != 0)
		return SAR_APPLICATION_NOT_EXISTS;
	h = ss_handle_new(SS_APP, c->dev);
	if (h == NULL)
		return SAR_MEMORYERR;
	snprintf(h->name, sizeof h->name, "%s", name);
	*out = h->self;
	return SAR_OK;
}

struct wanted {
	const char *name, *admin, *user;
	DWORD admin_tries, user_tries, rights;
};

static ULONG
create(const struct ss_call *c, const struct wanted *w, HAPPLICATION *out)
{
	uint32_t tries[2] = { (uint32_t)w->admin_tries, (uint32_t)w->user_tries };
	struct ss_pins pins = { .create_rights = (uint32_t)w->rights };
	ULONG rv = ss_name_good(w->name, SS_NAME_LONGEST);

	if (rv != SAR_OK)
		return rv;
	if (!c->dev->authenticated)
		return SAR_USER_NOT_LOGGED_IN;
	if ((rv = ss_room_for(c, sizeof pins)) != SAR_OK)
		return rv;
	if (ss_pins_make(&pins, w->admin, w->user, tries, true) != 0)
		return SAR_PIN_LEN_RANGE;
	rv = ss_app_make(c->dev->name, w->name, &pins);
	return rv != SAR_OK ? rv : open_app(c, w->name, out);
}

static ULONG
enumerate(const struct ss_call *c, LPSTR out, ULONG *size)
{
	struct ss_path p = ss_path(c->dev->name, NULL, NULL, NULL);
	struct ss_names names;

	ss_names(p.text, ".app", &names);
	return ss_names_out(&names, out, size);
}

static ULONG
drop(const struct ss_call *c, const char *name)
{
	struct ss_path p;
	ULONG rv = ss_name_good(name, SS_NAME_LONGEST);

	if (rv != SAR_OK)
		return rv;
	if (!c->dev->authenticated)
		return SAR_USER_NOT_LOGGED_IN;
	p = ss_path(c->dev->name, name, NULL, NULL);
	if (access(p.text, F_OK) != 0)
		return SAR_APPLICATION_NOT_EXISTS;
	return ss_remove_folder(p.text) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

SS_EXPORT(SKF_CreateApplication, SS_DEV, dev,
    (DEVHANDLE dev, LPSTR name, LPSTR admin, DWORD admin_tries, LPSTR user, DWORD user_tries,
	DWORD rights, HAPPLICATION *out),
    create(&c, &((struct wanted){ name, admin, user, admin_tries, user_tries, rights }), out))
SS_EXPORT(SKF_EnumApplication, SS_DEV, dev, (DEVHANDLE dev, LPSTR out, ULONG *size),
    enumerate(&c, out, size))
SS_EXPORT(SKF_DeleteApplication, SS_DEV, dev, (DEVHANDLE dev, LPSTR name), drop(&c, name))
SS_EXPORT(SKF_OpenApplication, SS_DEV, dev, (DEVHANDLE dev, LPSTR name, HAPPLICATION *out),
    open_app(&c, name, out))
/* who is logged in stays so: the standard says that this call does not touch it */
SS_EXPORT_CLOSING(SKF_CloseApplication, SS_APP, app, (HAPPLICATION app))
