#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <openssl/rand.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "knob.h"

int
sb_open(struct sb *sb, const char *dir)
{
	char file[SB_PATH_MAX];

	memset(sb, 0, sizeof *sb);
	pthread_mutex_init(&sb->act, NULL);
	pthread_mutex_init(&sb->knobs, NULL);
	if (snprintf(sb->dir, sizeof sb->dir, "%s", dir) >= (int)sizeof sb->dir) {
		ck_log(CK_LOG_ERROR, "the directory's name is too long");
		return -1;
	}
	snprintf(file, sizeof file, "%s/sandbox.db", dir);
	if (sb_pki_open(dir, &sb->pki) != 0 || sb_db_open(file, &sb->db) != 0)
		return -1;
	return 0;
}

void
sb_close(struct sb *sb)
{
	sqlite3_close(sb->db);
	sb_pki_close(&sb->pki);
	pthread_mutex_destroy(&sb->act);
	pthread_mutex_destroy(&sb->knobs);
	memset(sb, 0, sizeof *sb);
}

int64_t
sb_now(struct sb *sb)
{
	return ck_now() + sb_knob_number(sb, "desk.clock", NULL, 0);
}

void
sb_new_id(const char *prefix, size_t n, char out[SB_ID_MAX])
{
	unsigned char bytes[SB_ID_MAX / 4] = { 0 };
	char hex[SB_ID_MAX / 2 + 1];

	if (n > sizeof bytes)
		n = sizeof bytes;
	RAND_bytes(bytes, (int)n);
	ck_hex(bytes, n, hex);
	snprintf(out, SB_ID_MAX, "%s%s", prefix, hex);
}

void
sb_die(const char *where)
{
	ck_log(CK_LOG_WARN, "dies %s", where);
	raise(SIGKILL);
}
