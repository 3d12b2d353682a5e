/*
 * Every write of the store, from the making of its folder to its last tidying, by number
 * (fulldisk.c): from there on the disk is full (--points full) or broken (broken), or it fails once
 * (once). What was done to the key by then must be meant by a line of the store as it stands; when
 * there is room again the same visit goes on. Elsewhere: --points stick, the same of the medium the
 * key's files are on, while the store is well; --points brim, a real small file system filled to
 * its last byte before each line.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certkiosk/record.h"
#include "prove.h"

/* calls that change a key, and the line that must be there first: its fact, or its station */
static const struct {
	const char *call, *fact, *station;
} meant[] = {
	{ "C_GenerateKeyPair", "new-id", NULL },
	{ "C_CreateObject", NULL, "install" },
	{ "C_SetPIN", "pin-intent", NULL },
	{ "C_DestroyObject", "retire-intent", NULL },
	{ "C_SetAttributeValue", "final-id", NULL },
};

struct store {
	struct ck_record *record;
	const char *station;
	bool intent; /* of that station */
};

static int
find_intent(void *u, const struct ck_line_row *row)
{
	struct store *s = u;

	s->intent |= strcmp(row->station, s->station) == 0 && strcmp(row->mark, "intent") == 0;
	return 0;
}

static bool
is_meant(struct store *s, const char *fact, const char *station)
{
	if (s->record == NULL)
		return false;
	if (fact != NULL)
		return ck_record_get(s->record, 0, fact, NULL) != NULL;
	s->station = station;
	s->intent = false;
	ck_record_lines(s->record, find_intent, s, NULL);
	return s->intent;
}

/* The new pair of a medium of files is a file or folder more there. */
static bool
files_untouched(const struct world *w)
{
	char before[SB_PATH_MAX], now[SB_PATH_MAX];

	world_path(w, "fresh/media", before);
	world_path(w, "media", now);
	return files_same(before, now) && files_same(now, before);
}

static void
judge_written(struct trial *t, struct store *s)
{
	for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
		if (world_calls(t->w, meant[i].call) > 0 &&
		    !is_meant(s, meant[i].fact, meant[i].station))
			trial_wrong(t, "%s, and the store knows nothing of it", meant[i].call);
	if (t->w->file && !is_meant(s, "new-id", NULL) && !files_untouched(t->w))
		trial_wrong(t, "a new file, and the store knows nothing of it");
}

static int
newest(void *u, const struct ck_record_head *head)
{
	*(struct ck_record_head *)u = *head;
	return 1; /* the first is the newest */
}

/* A copy is read: to open the store itself would put right what the next visit has to. True: the
 * record is done, and only what came after its last line failed. */
static bool
look_at_store(struct trial *t)
{
	struct ck_store_conf conf = { .reserve = 0 };
	struct ck_record_head head = { .number = "" };
	struct store s = { .record = NULL };
	struct ck_store *st = NULL;
	char state[SB_PATH_MAX], copy[SB_PATH_MAX];

	world_path(t->w, "state", state);
	world_path(t->w, "state-copy", copy);
	snprintf(conf.dir, sizeof conf.dir, "%s/state-copy", t->w->wish->dir);
	if (files_remove(copy) != 0 || files_copy(state, copy) != 0)
		trial_wrong(t, "the store cannot be copied");
	if (ck_store_open(&conf, &st, NULL) == 0) {
		ck_store_each(st, false, newest, &head, NULL);
		if (head.number[0] != '\0')
			ck_record_find(st, "number", head.number, &s.record, NULL);
	}
	judge_written(t, &s);
	ck_record_free(s.record);
	ck_store_close(st);
	return head.state == CK_RECORD_DONE && head.number[0] != '\0';
}

/* ---- what is said ---- */

static bool
said_so(const struct visit *v, const char *how)
{
	if (strcmp(v->error, "STORE_FULL") == 0)
		return true;
	return strcmp(how, "full") != 0 && strcmp(v->error, "STORE_UNWRITABLE") == 0;
}

static void
judge_said(struct trial *t, const char *how)
{
	const struct visit *v = &t->last;

	if (!said_so(v, how))
		trial_wrong(t, "status %d, %s %s", v->status, v->error, v->detail);
	if (v->status != 1 && v->status != 4)
		trial_wrong(t, "status %d", v->status);
	if (v->status == 4 && (world_calls(t->w, "C_GenerateKeyPair") > 0))
		trial_wrong(t, "refused, with a pair made");
}

/* ---- one write ---- */

static long
writes_done(const struct world *w)
{
	char path[SB_PATH_MAX];
	long n = 0;
	FILE *f = NULL;
	int c = 0;

	world_path(w, "writes", path);
	f = fopen(path, "r");
	while (f != NULL && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f != NULL)
		fclose(f);
	return n;
}

static void
visit_on_bad_disk(struct trial *t, struct visit *v, const char *where, const char *how, long n)
{
	char lib[SB_PATH_MAX], dir[SB_PATH_MAX], log[SB_PATH_MAX], at[24];
	const struct {
		const char *name, *value;
	} around[] = {
		{ "LD_PRELOAD", lib },
		/* what a sanitizer says of any preloaded library */
		{ "ASAN_OPTIONS", "verify_asan_link_order=0" },
		{ "CK_DISK_DIR", dir },
		{ "CK_DISK_LOG", log },
		{ "CK_DISK_HOW", how },
		{ "CK_DISK_AT", at },
	};

	files_join(t->w->wish->bin, "fulldisk.so", lib);
	world_path(t->w, where, dir);
	world_path(t->w, "writes", log);
	snprintf(at, sizeof at, "%ld", n);
	files_remove(log);
	for (size_t i = 0; i < sizeof around / sizeof *around; i++)
		setenv(around[i].name, around[i].value, 1);
	trial_visit(t, v);
	for (size_t i = 0; i < sizeof around / sizeof *around; i++)
		unsetenv(around[i].name);
}

/* There is room again: the same visit goes on, or is given back to the end if it was to be. */
static void
go_on(struct trial *t, bool may_give_back)
{
	struct visit v = { .abandon = NULL };

	trial_visit(t, &v);
	if (v.status == 0)
		judge_done(t);
	else if (v.status == 5 && may_give_back)
		judge_given_up(t);
	else
		trial_wrong(t, "with room again: status %d, %s %s", v.status, v.error, v.detail);
}

static void
judge_store_case(struct trial *t, const char *how)
{
	bool done = look_at_store(t);

	if (t->last.status != 0)
		judge_said(t, how);
	else if (!done)
		trial_wrong(t, "said to be done, and is not");
	if (done)
		judge_done(t);
	else
		go_on(t, false);
}

/* The key's own medium: KEY_FULL ends what cannot go on, anything else waits. */
static void
judge_stick_case(struct trial *t)
{
	look_at_store(t);
	if (t->last.status != 0 && strncmp(t->last.error, "KEY_", 4) != 0)
		trial_wrong(t, "status %d, %s %s", t->last.status, t->last.error, t->last.detail);
	if (t->last.status == 0)
		judge_done(t);
	else if (t->last.status == 5)
		judge_given_up(t);
	else
		go_on(t, true);
}

/* 0: no write has this number */
static int
at_write(struct world *w, struct count *c, const char *how, long n)
{
	bool stick = strcmp(w->wish->points, "stick") == 0;
	struct visit v = { .abandon = NULL };
	struct trial t;
	char only[48];

	snprintf(only, sizeof only, "%s %ld", how, n);
	trial_begin(w, &t, "write %s", only);
	visit_on_bad_disk(&t, &v, stick ? "media/stick" : "state", how, n);
	if (writes_done(w) < n && v.status == 0) {
		visit_free(&t.last);
		return 0;
	}
	if (writes_done(w) < n)
		trial_wrong(&t, "nothing failed, and yet status %d, %s", v.status, v.error);
	else if (stick)
		judge_stick_case(&t);
	else
		judge_store_case(&t, how);
	trial_end(&t, c, only);
	return writes_done(w) >= n;
}

static int
each_write(struct world *w, struct count *c)
{
	static const char *const stick[] = { "full", "broken", "once", NULL };
	const char *const one[] = { w->wish->points, NULL };
	const char *const *how = strcmp(one[0], "stick") == 0 ? stick : one;
	char what[96];

	for (; *how != NULL; how++) {
		long since = c->points;

		for (long n = 1; at_write(w, c, *how, n);)
			n++;
		count_some(c, c->points - since, *how);
	}
	snprintf(what, sizeof what, "writes to the %s that fail (%s)",
	    strcmp(one[0], "stick") == 0 ? "key's medium" : "store", one[0]);
	return prove_count(c, what);
}

/* ---- a real one ---- */

#define SMALL_DISK "size=4m"
#define SAND "state/sand"

static void
fill(struct visit *v)
{
	static const char grain[4096];
	char path[SB_PATH_MAX];
	int fd = -1;

	world_path(v->w, SAND, path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (fd >= 0 && write(fd, grain, sizeof grain) > 0)
		;
	if (fd >= 0)
		close(fd);
}

static int
new_disk(const struct world *w)
{
	char path[SB_PATH_MAX];

	world_path(w, "state", path);
	return mount("tmpfs", path, "tmpfs", 0, SMALL_DISK);
}

/* 0: no line has this number */
static int
at_line(struct world *w, struct count *c, long n)
{
	char at[32], only[24], sand[SB_PATH_MAX], state[SB_PATH_MAX];
	struct visit v = { .fault_at = at, .held = fill };
	struct trial t;
	int more = 0;

	snprintf(at, sizeof at, "record.before#%ld", n);
	snprintf(only, sizeof only, "%ld", n);
	world_path(w, SAND, sand);
	world_path(w, "state", state);
	trial_begin(w, &t, "full before line %ld", n);
	if (new_disk(w) != 0)
		trial_wrong(&t, "no small disk: %s", strerror(errno));
	trial_visit(&t, &v);
	more = access(sand, F_OK) == 0;
	if (more && v.status != 0)
		judge_said(&t, "full");
	remove(sand);
	if (!more && v.status != 0)
		trial_wrong(&t, "never full, and yet status %d, %s", v.status, v.error);
	else if (v.status == 0)
		judge_done(&t);
	else if (look_at_store(&t))
		judge_done(&t);
	else
		go_on(&t, false);
	umount2(state, MNT_DETACH);
	if (more || t.wrong[0] != '\0')
		trial_end(&t, c, only);
	else
		visit_free(&t.last);
	return more;
}

/* In a mount namespace of its own, which takes the disks with it however this ends. */
static int
each_line(struct world *w, struct count *c)
{
	char conf[SB_PATH_MAX];
	FILE *f = NULL;

	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    new_disk(w) != 0) {
		puts("skip - a small disk filled to the brim: only root can mount one");
		return 0;
	}
	world_path(w, "state", conf);
	umount2(conf, MNT_DETACH);
	world_path(w, "certkiosk.conf", conf);
	f = fopen(conf, "a");
	if (f == NULL || fputs("reserve_mb = 1;\n", f) < 0 || fclose(f) != 0)
		return 1;
	if (w->wish->only != NULL)
		at_line(w, c, strtol(w->wish->only, NULL, 10));
	else
		for (long n = 1; at_line(w, c, n);)
			n++;
	return prove_count(c, "a small disk filled to the brim before each line");
}

int
prove_disk(struct world *w)
{
	struct count c = { .mode = "disk" };
	char how[16];
	long n = 0;

	if (strcmp(w->wish->points, "brim") == 0)
		return each_line(w, &c);
	if (w->wish->only == NULL)
		return each_write(w, &c);
	if (sscanf(w->wish->only, "%15s %ld", how, &n) == 2)
		at_write(w, &c, how, n);
	return prove_count(&c, w->wish->only);
}
