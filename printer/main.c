/*
 * certkiosk-print: one form made, one document printed or checked, sheets scanned, then gone. It
 * alone knows fonts, pages, printers and scanners; it has no keys and keeps nothing. It speaks over
 * the descriptor CK_PAPER_LINK (include/certkiosk/paper.h) and has no other way in or out.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/harden.h"
#include "base/log.h"
#include "certkiosk/paper.h"
#include "serve.h"

/* whoever started us says what for at once */
#define FIRST_WORD_MS 10000
/* malloc has nothing larger in its heap; outlines of a font are 24 MB */
#define PIECE_MAX (32 << 20)
#define PIECE (30 << 20)

static const struct request {
	const char *name;
	ck_serve *serve;
} requests[] = {
	{ "form", ck_serve_form },
	{ "text", ck_serve_text },
	{ "check", ck_serve_check },
	{ "glyphs", ck_serve_glyphs },
	{ "print", ck_serve_print },
	{ "find", ck_serve_find },
	{ "printers", ck_serve_printers },
	{ "verify", ck_serve_verify },
	{ "verify-qr", ck_serve_verify_qr },
	{ "scanners", ck_serve_scanners },
	{ "scan", ck_serve_scan },
	{ "read", ck_serve_read },
};

/* For its subsets cairo copies all outlines of a font, twice of each, and gives them back: to
 * memory that stays ours, in large pages. Else a third of a form's time is the system's. */
static void
make_room(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = NULL;

	(void)mallopt(M_MMAP_THRESHOLD, PIECE_MAX);
	(void)mallopt(M_TRIM_THRESHOLD, 2 * PIECE_MAX);
	/* as much again behind it */
	(void)mallopt(M_TOP_PAD, PIECE);
	if ((p = malloc(PIECE)) == NULL)
		return;
	(void)madvise(p + page - (uintptr_t)p % page, 2 * PIECE - page, MADV_HUGEPAGE);
	free(p);
}

static int
serve(struct ck_link *link, struct ck_err *err)
{
	json_t *request = NULL;
	const char *name = NULL;
	int rc = -1;

	if (ck_link_recv(link, FIRST_WORD_MS, &request, err) != 1)
		return -1;
	name = json_string_value(json_object_get(request, "paper"));
	for (size_t i = 0; name != NULL && i < sizeof requests / sizeof *requests; i++)
		if (strcmp(requests[i].name, name) == 0) {
			rc = requests[i].serve(link, request, err);
			goto out;
		}
	ck_fail(err, CK_E_USAGE, "%s", name != NULL ? name : "nothing asked");
out:
	json_decref(request);
	return rc;
}

static void
say_failed(struct ck_link *link, const struct ck_err *err)
{
	json_t *line = json_pack("{s:s, s:o}", "end", "failed", "error", ck_err_json(err));
	struct ck_err unheard = { 0 };

	if (ck_link_send(link, line, &unheard) == -1)
		ck_log_err(CK_LOG_WARN, "nobody listens", err);
	json_decref(line);
}

int
main(int argc, char **argv)
{
	struct ck_link *link = NULL;
	struct ck_err err = { 0 };
	int rc = 1;

	ck_log_open("certkiosk-print", CK_LOG_WARN);
	if (argc != 2 || strcmp(argv[1], "--link") != 0) {
		fputs("certkiosk-print is started by certkiosk; see certkiosk-print(8)\n", stderr);
		return 2;
	}
	ck_harden();
	make_room();
	if ((link = ck_link_new(CK_PAPER_LINK)) == NULL)
		return 1;
	rc = serve(link, &err);
	if (rc == -1)
		say_failed(link, &err);
	ck_link_free(link);
	return rc == 0 ? 0 : 1;
}
