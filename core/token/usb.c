#include "token/usb.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

#define USB_FOLDER "/sys/bus/usb/devices"
#define CLASS_SMART_CARD 0x0b

static const char *
folder(void)
{
#ifdef CK_TEST
	if (ck_fault_usb() != NULL)
		return ck_fault_usb();
#endif
	return USB_FOLDER;
}

/* one line of a file of sysfs; false when there is none */
static bool
read_line(const char *device, const char *what, char *out, int cap)
{
	char path[PATH_MAX];
	FILE *f;
	bool ok;

	snprintf(path, sizeof path, "%s/%s/%s", folder(), device, what);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	ok = fgets(out, cap, f) != NULL;
	if (ok)
		out[strcspn(out, "\n")] = '\0';
	fclose(f);
	return ok;
}

static bool
read_hex(const char *device, const char *what, uint16_t *out)
{
	char text[8] = "", *end = NULL;

	if (!read_line(device, what, text, sizeof text))
		return false;
	*out = (uint16_t)strtoul(text, &end, 16);
	return end != text && *end == '\0';
}

static void
take_device(const char *name, struct ck_usb *out, size_t *n)
{
	struct ck_usb *d = &out[*n];

	if (*n == CK_USB_MAX || strlen(name) >= sizeof d->place)
		return;
	*d = (struct ck_usb){ .reader = false };
	if (!read_hex(name, "idVendor", &d->vendor) || !read_hex(name, "idProduct", &d->product))
		return;
	memcpy(d->place, name, strlen(name)); /* the rest is zero */
	read_line(name, "product", d->name, sizeof d->name);
	++*n;
}

/* "1-1.2:1.0" is an interface of "1-1.2" */
static void
take_interface(const char *name, struct ck_usb *out, size_t n)
{
	size_t len = strcspn(name, ":");
	uint16_t class = 0;

	if (!read_hex(name, "bInterfaceClass", &class) || class != CLASS_SMART_CARD)
		return;
	for (size_t i = 0; i < n; i++)
		if (strlen(out[i].place) == len && strncmp(out[i].place, name, len) == 0)
			out[i].reader = true;
}

size_t
ck_usb_list(struct ck_usb out[CK_USB_MAX])
{
	DIR *dir = opendir(folder());
	const struct dirent *d;
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL)
		if (d->d_name[0] != '.' && strchr(d->d_name, ':') == NULL)
			take_device(d->d_name, out, &n);
	rewinddir(dir);
	while ((d = readdir(dir)) != NULL)
		if (strchr(d->d_name, ':') != NULL)
			take_interface(d->d_name, out, n);
	closedir(dir);
	return n;
}

/* PC/SC names a reader by its driver's table, not by the bus: the device's own name within it
 * tells, or that there is only one. */
const struct ck_usb *
ck_usb_of_reader(const struct ck_usb *all, size_t n, const char *reader)
{
	const struct ck_usb *named = NULL, *only = NULL;
	size_t readers = 0, hits = 0;

	for (size_t i = 0; i < n; i++) {
		if (!all[i].reader)
			continue;
		readers++;
		only = &all[i];
		if (all[i].name[0] != '\0' && strstr(reader, all[i].name) != NULL) {
			hits++;
			named = &all[i];
		}
	}
	if (hits == 1)
		return named;
	return readers == 1 ? only : NULL;
}
