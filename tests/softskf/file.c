/* An application's files: head and bytes in one, so that a write is all or nothing. */
#include "softskf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* more than a small key holds besides its certificates */
#define SIZE_MAX_OF_FILE 16384

struct file {
	uint32_t size, read_rights, write_rights;
	BYTE bytes[SIZE_MAX_OF_FILE];
};
#define HEAD offsetof(struct file, bytes)

static ULONG
path_of(const struct ss_call *c, const char *name, struct ss_path *out)
{
	char leaf[SS_FILE_NAME_LONGEST + sizeof ".file"];
	ULONG rv = ss_name_good(name, SS_FILE_NAME_LONGEST);

	if (rv != SAR_OK)
		return rv;
	snprintf(leaf, sizeof leaf, "%.*s.file", SS_FILE_NAME_LONGEST, name);
	*out = ss_path_of(c, leaf);
	return SAR_OK;
}

static ULONG
load(const struct ss_call *c, const char *name, struct ss_path *path, struct file *f)
{
	ULONG rv = path_of(c, name, path);
	ssize_t n = rv == SAR_OK ? ss_read(path->text, f, sizeof *f) : -1;

	if (rv != SAR_OK)
		return rv;
	return n >= (ssize_t)HEAD && f->size == (size_t)n - HEAD ? SAR_OK : SAR_FILE_NOT_EXIST;
}

static ULONG
create(const struct ss_call *c, const char *name, ULONG size, ULONG reading, ULONG writing)
{
	struct file f = { (uint32_t)size, (uint32_t)reading, (uint32_t)writing, { 0 } };
	struct ss_path path;
	ULONG rv = path_of(c, name, &path);

	if (rv != SAR_OK || (rv = ss_may_create(c)) != SAR_OK)
		return rv;
	if (access(path.text, F_OK) == 0)
		return SAR_FILE_ALREADY_EXIST;
	if (size == 0 || size > SIZE_MAX_OF_FILE)
		return size == 0 ? SAR_INVALIDPARAMERR : SAR_NO_ROOM;
	if ((rv = ss_room_for(c, HEAD + size)) != SAR_OK)
		return rv;
	return ss_write(path.text, &f, HEAD + size) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static ULONG
drop(const struct ss_call *c, const char *name)
{
	struct ss_path path;
	struct file f;
	ULONG rv = load(c, name, &path, &f);

	if (rv != SAR_OK || (rv = ss_may_create(c)) != SAR_OK)
		return rv;
	return ss_remove(path.text) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static ULONG
enumerate(const struct ss_call *c, LPSTR out, ULONG *size)
{
	struct ss_path p = ss_path_of(c, NULL);
	struct ss_names names;

	ss_names(p.text, ".file", &names);
	return ss_names_out(&names, out, size);
}

static ULONG
info(const struct ss_call *c, const char *name, FILEATTRIBUTE *out)
{
	struct ss_path path;
	struct file f;
	ULONG rv = load(c, name, &path, &f);

	if (rv != SAR_OK)
		return rv;
	memset(out, 0, sizeof *out);
	memcpy(out->FileName, name, strlen(name));
	out->FileSize = f.size;
	out->ReadRights = f.read_rights;
	out->WriteRights = f.write_rights;
	return SAR_OK;
}

struct span {
	ULONG at, n;
};

static ULONG
read_file(const struct ss_call *c, const char *name, struct span s, BYTE *out, ULONG *size)
{
	struct ss_path path;
	struct file f;
	ULONG rv = load(c, name, &path, &f);

	if (rv != SAR_OK || (rv = ss_may(c, f.read_rights)) != SAR_OK)
		return rv;
	if (s.at > f.size)
		return SAR_OFFSET_OVER_FILE;
	return ss_bytes_out(f.bytes + s.at, s.n < f.size - s.at ? s.n : f.size - s.at, out, size);
}

static ULONG
write_file(const struct ss_call *c, const char *name, struct span s, const BYTE *in)
{
	struct ss_path path;
	struct file f;
	ULONG rv = load(c, name, &path, &f);

	if (rv != SAR_OK || (rv = ss_may(c, f.write_rights)) != SAR_OK)
		return rv;
	if (in == NULL)
		return SAR_INVALIDPARAMERR;
	if (s.at > f.size || s.n > f.size - s.at)
		return SAR_OFFSET_OVER_FILE;
	memcpy(f.bytes + s.at, in, s.n);
	return ss_write(path.text, &f, HEAD + f.size) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

SS_EXPORT(SKF_CreateFile, SS_APP, app,
    (HAPPLICATION app, LPSTR name, ULONG size, ULONG reading, ULONG writing),
    create(&c, name, size, reading, writing))
SS_EXPORT(SKF_DeleteFile, SS_APP, app, (HAPPLICATION app, LPSTR name), drop(&c, name))
SS_EXPORT(SKF_EnumFiles, SS_APP, app, (HAPPLICATION app, LPSTR out, ULONG *size),
    enumerate(&c, out, size))
SS_EXPORT(SKF_GetFileInfo, SS_APP, app, (HAPPLICATION app, LPSTR name, FILEATTRIBUTE *out),
    info(&c, name, out))
SS_EXPORT(SKF_ReadFile, SS_APP, app,
    (HAPPLICATION app, LPSTR name, ULONG at, ULONG n, BYTE *out, ULONG *size),
    read_file(&c, name, (struct span){ at, n }, out, size))
SS_EXPORT(SKF_WriteFile, SS_APP, app, (HAPPLICATION app, LPSTR name, ULONG at, BYTE *in, ULONG n),
    write_file(&c, name, (struct span){ at, n }, in))
