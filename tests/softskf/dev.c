#include "softskf.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/rand.h>

/* of one call, as small keys have it */
#define BUFFER_MAX 4096

/* ---- keys as folders ---- */

int
ss_device_make(const char *name, const struct ss_device *d)
{
	struct ss_path folder = ss_path(name, NULL, NULL, NULL);
	struct ss_path device = ss_path(name, NULL, NULL, "device");

	if (mkdir(folder.text, 0700) != 0 || ss_seat_set(name, true) != 0)
		return -1;
	return ss_write(device.text, d, sizeof *d);
}

int
ss_device_read(const char *name, struct ss_device *d)
{
	struct ss_path p = ss_path(name, NULL, NULL, "device");

	return ss_read(p.text, d, sizeof *d) == (ssize_t)sizeof *d ? 0 : -1;
}

void
ss_devices(struct ss_names *out)
{
	struct ss_path root = ss_path(NULL, NULL, NULL, NULL);
	struct ss_names all;
	struct ss_device d;

	ss_names(root.text, "", &all);
	out->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (ss_device_read(all.name[i], &d) == 0)
			memcpy(out->name[out->n++], all.name[i], sizeof all.name[i]);
}

void
ss_seat_read(const char *device, struct ss_seat *seat)
{
	struct ss_path p = ss_path(device, NULL, NULL, "seat");
	char text[32] = "", word[4] = "";

	*seat = (struct ss_seat){ .in = false };
	if (ss_read(p.text, text, sizeof text - 1) > 0 &&
	    sscanf(text, "%3s %" SCNu64, word, &seat->plug) == 2)
		seat->in = strcmp(word, "in") == 0;
}

int
ss_seat_set(const char *device, bool in)
{
	struct ss_path p = ss_path(device, NULL, NULL, "seat");
	struct ss_seat was;
	char text[32];

	ss_seat_read(device, &was);
	snprintf(text, sizeof text, "%s %" PRIu64 "\n", in ? "in" : "out", was.plug + (in ? 1 : 0));
	return ss_jot(p.text, text, strlen(text));
}

ULONG
ss_connected(const struct ss_handle *dev)
{
	struct ss_seat now;

	ss_seat_read(dev->name, &now);
	if (!now.in)
		return SAR_DEVICE_REMOVED;
	/* in again: what was opened before is nothing any more */
	return now.plug == dev->plug ? SAR_OK : SAR_INVALIDHANDLEERR;
}

static size_t
used_in(int folder)
{
	DIR *d = folder >= 0 ? fdopendir(folder) : NULL;
	struct dirent *e = NULL;
	struct stat st;
	size_t sum = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st, 0) != 0)
			continue;
		sum +=
		    S_ISDIR(st.st_mode)
			? used_in(openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
			: (size_t)st.st_size;
	}
	if (d != NULL)
		closedir(d);
	return sum;
}

ULONG
ss_space_used(const char *device)
{
	struct ss_path folder = ss_path(device, NULL, NULL, NULL);

	return (ULONG)used_in(open(folder.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

ULONG
ss_room_for(const struct ss_call *c, size_t more)
{
	struct ss_device d;

	if (ss_device_read(c->dev->name, &d) != 0)
		return SAR_FILEERR;
	return ss_space_used(c->dev->name) + more > d.space ? SAR_NO_ROOM : SAR_OK;
}

/* ---- the calls ---- */

static ULONG
enumerate(BOOL present, LPSTR out, ULONG *size)
{
	struct ss_names all, in = { .n = 0 };
	struct ss_seat seat;

	ss_devices(&all);
	for (size_t i = 0; i < all.n; i++) {
		ss_seat_read(all.name[i], &seat);
		if (seat.in || !present)
			memcpy(in.name[in.n++], all.name[i], sizeof all.name[i]);
	}
	return ss_names_out(&in, out, size);
}

static ULONG
connect_to(const char *name, DEVHANDLE *out)
{
	struct ss_path lock = ss_path(name, NULL, NULL, "lock");
	struct ss_handle *h = NULL;
	struct ss_device d;
	struct ss_seat seat;

	if (ss_name_good(name, SS_NAME_LONGEST) != SAR_OK || ss_device_read(name, &d) != 0)
		return SAR_INVALIDPARAMERR;
	ss_seat_read(name, &seat);
	if (!seat.in)
		return SAR_DEVICE_REMOVED;
	h = ss_handle_new(SS_DEV, NULL);
	if (h == NULL)
		return SAR_MEMORYERR;
	snprintf(h->name, sizeof h->name, "%s", name);
	h->plug = seat.plug;
	h->lock_fd = open(lock.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	*out = h->self;
	return SAR_OK;
}

static ULONG
state(const char *name, ULONG *out)
{
	struct ss_seat seat = { .in = false };

	if (ss_name_good(name, SS_NAME_LONGEST) == SAR_OK)
		ss_seat_read(name, &seat);
	*out = seat.in ? DEV_PRESENT_STATE : DEV_ABSENT_STATE;
	return SAR_OK;
}

static ULONG
info(const struct ss_call *c, DEVINFO *out)
{
	const ULONG used = ss_space_used(c->dev->name);
	struct ss_device d;

	if (ss_device_read(c->dev->name, &d) != 0)
		return SAR_FILEERR;
	*out = (DEVINFO){ .Version = { 1, 0 },
		.HWVersion = { 1, 0 },
		.FirmwareVersion = { 1, 0 },
		.AlgSymCap = SGD_SM4_ECB | SGD_SM4_CBC,
		.AlgAsymCap = SGD_RSA | SGD_SM2_1 | SGD_SM2_3,
		.AlgHashCap = SGD_SM3 | SGD_SHA1 | SGD_SHA256,
		.DevAuthAlgId = SGD_SM4_ECB,
		.TotalSpace = d.space,
		.FreeSpace = used < d.space ? d.space - used : 0,
		.MaxECCBufferSize = BUFFER_MAX,
		.MaxBufferSize = BUFFER_MAX };
	memcpy(out->Manufacturer, d.maker, sizeof d.maker);
	memcpy(out->Issuer, d.issuer, sizeof d.issuer);
	memcpy(out->Label, d.label, sizeof d.label);
	memcpy(out->SerialNumber, d.serial, sizeof d.serial);
	return SAR_OK;
}

static ULONG
set_label(const struct ss_call *c, const char *label)
{
	struct ss_path p = ss_path(c->dev->name, NULL, NULL, "device");
	struct ss_device d;

	if (label == NULL || strlen(label) >= sizeof d.label)
		return SAR_INVALIDPARAMERR;
	if (!c->dev->authenticated)
		return SAR_USER_NOT_LOGGED_IN;
	if (ss_device_read(c->dev->name, &d) != 0)
		return SAR_FILEERR;
	memset(d.label, 0, sizeof d.label);
	memcpy(d.label, label, strlen(label));
	return ss_write(p.text, &d, sizeof d) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

/* The last random number asked for is what has to be encrypted. */
static ULONG
gen_random(const struct ss_call *c, BYTE *out, ULONG n)
{
	struct ss_handle *d = c->dev;

	if (out == NULL || n == 0 || n > BUFFER_MAX)
		return SAR_INVALIDPARAMERR;
	if (RAND_bytes(out, (int)n) != 1)
		return SAR_GENRANDERR;
	d->challenge_len = n == 8 || n == 16 ? n : 0;
	memset(d->challenge, 0, sizeof d->challenge);
	memcpy(d->challenge, out, d->challenge_len);
	return SAR_OK;
}

static ULONG
authenticate(const struct ss_call *c, const BYTE *proof, ULONG n)
{
	struct ss_device d;
	BYTE said[16];

	if (proof == NULL || n != sizeof said || c->dev->challenge_len == 0)
		return SAR_INVALIDPARAMERR;
	if (ss_device_read(c->dev->name, &d) != 0 || ss_sm4_open(d.auth_key, proof, n, said) != 0)
		return SAR_FAIL;
	c->dev->authenticated = memcmp(said, c->dev->challenge, sizeof said) == 0;
	c->dev->challenge_len = 0;
	return c->dev->authenticated ? SAR_OK : SAR_FAIL;
}

SS_EXPORT(
    SKF_EnumDev, 0, NULL, (BOOL present, LPSTR out, ULONG *size), enumerate(present, out, size))
SS_EXPORT(SKF_ConnectDev, 0, NULL, (LPSTR name, DEVHANDLE *out), connect_to(name, out))
SS_EXPORT_CLOSING(SKF_DisConnectDev, SS_DEV, dev, (DEVHANDLE dev))
SS_EXPORT(SKF_GetDevState, 0, NULL, (LPSTR name, ULONG *out), state(name, out))
SS_EXPORT(SKF_GetDevInfo, SS_DEV, dev, (DEVHANDLE dev, DEVINFO *out), info(&c, out))
SS_EXPORT(SKF_SetLabel, SS_DEV, dev, (DEVHANDLE dev, LPSTR label), set_label(&c, label))
SS_CALL(SKF_LockDev, SS_DEV, dev, (DEVHANDLE dev, ULONG ms), (c.dev->locked = true, SAR_OK),
    .patient = ms != 0xFFFFFFFF, .patience_ms = ms)
SS_EXPORT(SKF_UnlockDev, SS_DEV, dev, (DEVHANDLE dev), (c.dev->locked = false, SAR_OK))
SS_EXPORT(SKF_GenRandom, SS_DEV, dev, (DEVHANDLE dev, BYTE *out, ULONG n), gen_random(&c, out, n))
SS_EXPORT(
    SKF_DevAuth, SS_DEV, dev, (DEVHANDLE dev, BYTE *proof, ULONG n), authenticate(&c, proof, n))
