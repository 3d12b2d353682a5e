#include <stdlib.h>
#include <string.h>
#include <png.h>
#include <turbojpeg.h>

#include "base/utf8.h"
#include "picture.h"

/* small print and the edges of a seal stay clear */
#define JPEG_QUALITY 85

void
ck_picture_free(struct ck_picture *p)
{
	free(p->p);
	p->p = NULL;
}

static int
unreadable(struct ck_err *err, const char *why)
{
	char clean[128];

	ck_clean_str(clean, sizeof clean, why);
	return ck_fail(err, CK_E_SHEET_UNREADABLE, "%s", clean);
}

static int
make_room(struct ck_picture *p, unsigned long width, unsigned long height, struct ck_err *err)
{
	if (width == 0 || height == 0)
		return unreadable(err, "no pixels");
	if (width > CK_PICTURE_PIXELS_MAX || height > CK_PICTURE_PIXELS_MAX / width)
		return ck_fail(err, CK_E_SHEET_LARGE, "%lu x %lu", width, height);
	*p = (struct ck_picture){
		.width = (int)width,
		.height = (int)height,
		.colours = 3,
		.p = malloc(width * height * 3),
	};
	return p->p != NULL ? 0 : ck_fail(err, CK_E_NO_MEMORY, "picture");
}

static int
read_png(const unsigned char *bytes, size_t n, struct ck_picture *p, struct ck_err *err)
{
	/* what shines through is paper */
	const png_color white = { 255, 255, 255 };
	png_image image = { .version = PNG_IMAGE_VERSION };
	int rc = -1;

	if (png_image_begin_read_from_memory(&image, bytes, n) == 0)
		return unreadable(err, image.message);
	image.format = PNG_FORMAT_RGB;
	if (make_room(p, image.width, image.height, err) == 0) {
		rc = png_image_finish_read(&image, &white, p->p, 0, NULL) != 0
			 ? 0
			 : unreadable(err, image.message);
	}
	png_image_free(&image);
	return rc;
}

/* Each scan goes over all pixels again: what a camera or a scanner writes has ten of them at most,
 * and one with hundreds is meant to keep us at work for minutes. Data never looks like this marker.
 */
#define SCANS_MAX 32
static int
count_scans(const unsigned char *bytes, size_t n)
{
	int scans = 0;

	for (size_t i = 0; i + 1 < n; i++)
		scans += bytes[i] == 0xFF && bytes[i + 1] == 0xDA;
	return scans;
}

static int
read_jpeg(const unsigned char *bytes, size_t n, struct ck_picture *p, struct ck_err *err)
{
	tjhandle tj = tjInitDecompress();
	int w = 0, h = 0, sub = 0, space = 0, rc = -1;

	if (tj == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "picture");
	if (tjDecompressHeader3(tj, bytes, n, &w, &h, &sub, &space) == -1 || w < 0 || h < 0)
		unreadable(err, tjGetErrorStr2(tj));
	else if (count_scans(bytes, n) > SCANS_MAX)
		unreadable(err, "too many scans");
	else if (make_room(p, (unsigned long)w, (unsigned long)h, err) == 0)
		/* one that breaks off is only warned of, and -1 all the same */
		rc = tjDecompress2(tj, bytes, n, p->p, w, 0, h, TJPF_RGB, 0) == 0
			 ? 0
			 : unreadable(err, tjGetErrorStr2(tj));
	tjDestroy(tj);
	return rc;
}

int
ck_picture_read(const unsigned char *bytes, size_t n, struct ck_picture *p, const char **type,
    struct ck_err *err)
{
	static const struct {
		const char *type, *magic;
		size_t n;
		int (*read)(const unsigned char *, size_t, struct ck_picture *, struct ck_err *);
	} kinds[] = {
		{ "image/png", "\x89PNG\r\n\x1a\n", 8, read_png },
		{ "image/jpeg", "\xff\xd8\xff", 3, read_jpeg },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (n >= kinds[i].n && memcmp(bytes, kinds[i].magic, kinds[i].n) == 0) {
			*type = kinds[i].type;
			return kinds[i].read(bytes, n, p, err);
		}
	return ck_fail(err, CK_E_SHEET_FORMAT, "%s", "");
}

static int
write_png(const struct ck_picture *p, struct ck_buf *out, struct ck_err *err)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
		.width = (png_uint_32)p->width,
		.height = (png_uint_32)p->height,
		.format = PNG_FORMAT_GRAY };
	png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(image);
	unsigned char *bytes = malloc(n);
	int rc = -1;

	if (bytes == NULL || png_image_write_to_memory(&image, bytes, &n, 0, p->p, 0, NULL) == 0)
		ck_fail(err, CK_E_NO_MEMORY, "picture");
	else if ((rc = ck_buf_add(out, bytes, n)) == -1)
		ck_fail(err, CK_E_SHEET_LARGE, "%zu bytes", (size_t)n);
	png_image_free(&image);
	free(bytes);
	return rc;
}

static int
write_jpeg(const struct ck_picture *p, struct ck_buf *out, struct ck_err *err)
{
	tjhandle tj = tjInitCompress();
	unsigned char *bytes = NULL;
	unsigned long n = 0;
	int rc = -1;

	if (tj == NULL || tjCompress2(tj, p->p, p->width, 0, p->height, TJPF_RGB, &bytes, &n,
			      TJSAMP_420, JPEG_QUALITY, 0) == -1)
		ck_fail(err, CK_E_NO_MEMORY, "picture");
	else if ((rc = ck_buf_add(out, bytes, n)) == -1)
		ck_fail(err, CK_E_SHEET_LARGE, "%lu bytes", n);
	tjFree(bytes);
	if (tj != NULL)
		tjDestroy(tj);
	return rc;
}

int
ck_picture_write(
    const struct ck_picture *p, struct ck_buf *out, const char **type, struct ck_err *err)
{
	*type = p->colours == 1 ? "image/png" : "image/jpeg";
	return p->colours == 1 ? write_png(p, out, err) : write_jpeg(p, out, err);
}
