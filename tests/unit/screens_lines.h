/* What an engine says in a visit, line by line as it was recorded, to be fed to the screens. */
#ifndef SCREENS_LINES_H
#define SCREENS_LINES_H

#include "screens_golden.h"

#include "../../tui/screens/course.h"

static const struct golden_person lines_clerk = { .clerk = true, .hotline = "962600" };
static const struct golden_person lines_customer = { .hotline = "962600" };

#define LINES_NAME "上海某某科技有限公司"
#define LINES_SLIP "CK-20261121-000027-JINGAN-1-X"

static const char lines_begin[] =
    "{\"do\":\"renew\",\"system\":\"sheca-cisweb\",\"way\":\"on-behalf\",\"clerk\":\"07\"}";

static const char *const lines_visit[] = {
	"{\"step\":\"key\",\"n\":1,\"of\":14,\"limit\":60}",
	"{\"busy\":\"key\",\"limit\":12}",
	"{\"did\":\"key\",\"n\":1,\"of\":14,\"say\":\"key-found\",\"facts\":{\"serial\":"
	"\"3310090012345678\",\"label\":\"某某科技\",\"family\":\"飞天 ePass2003\"}}",
	"{\"step\":\"cert\",\"n\":2,\"of\":14,\"limit\":60}",
	"{\"did\":\"cert\",\"n\":2,\"of\":14,\"say\":\"cert-read\",\"facts\":{\"name\":\"" LINES_NAME
	"\",\"serial\":\"433EDA6AF178B1219E4A3CFD\",\"not_after\":\"2026-12-06T01:31:58+08:00\"}}",
	"{\"step\":\"eligible\",\"n\":3,\"of\":14,\"limit\":60}",
	"{\"busy\":\"network\",\"limit\":13}",
	"{\"did\":\"eligible\",\"n\":3,\"of\":14,\"say\":\"eligible\",\"facts\":{\"first_day\":"
	"\"2026-11-06\",\"last_day\":\"2027-01-06\",\"record\":\"CK-20261121-000027\",\"slip\":"
	"\"" LINES_SLIP "\"}}",
	"{\"step\":\"unlock\",\"n\":4,\"of\":14,\"limit\":60}",
	"{\"did\":\"unlock\",\"n\":4,\"of\":14,\"say\":\"unlocked\",\"facts\":{}}",
	"{\"did\":\"unlock\",\"n\":4,\"of\":14,\"say\":\"key-proved\",\"facts\":{}}",
	"{\"step\":\"authorise\",\"n\":5,\"of\":14,\"limit\":60}",
	"{\"did\":\"authorise\",\"n\":5,\"of\":14,\"say\":\"envelope-proved\",\"facts\":{\"serial\":"
	"\"88880001\"}}",
	"{\"did\":\"authorise\",\"n\":5,\"of\":14,\"say\":\"password-proved\",\"facts\":{}}",
	"{\"did\":\"authorise\",\"n\":5,\"of\":14,\"say\":\"leased\",\"facts\":{\"lease\":"
	"\"L-b724d2bb52bf29d3\"}}",
	"{\"step\":\"newkey\",\"n\":6,\"of\":14,\"limit\":60}",
	"{\"did\":\"newkey\",\"n\":6,\"of\":14,\"say\":\"newkey-made\",\"facts\":{\"type\":"
	"\"rsa2048\"}}",
	"{\"step\":\"request\",\"n\":7,\"of\":14,\"limit\":60}",
	"{\"did\":\"request\",\"n\":7,\"of\":14,\"say\":\"request-made\",\"facts\":{}}",
	"{\"step\":\"issue\",\"n\":8,\"of\":14,\"limit\":60}",
	"{\"did\":\"issue\",\"n\":8,\"of\":14,\"say\":\"issued\",\"facts\":{\"serial\":"
	"\"50C18EBC1D04C3746AFDF262\",\"not_after\":\"2027-12-06T01:31:58+08:00\"}}",
	"{\"step\":\"install\",\"n\":9,\"of\":14,\"limit\":60}",
	"{\"did\":\"install\",\"n\":9,\"of\":14,\"say\":\"installed\",\"facts\":{\"serial\":"
	"\"50C18EBC1D04C3746AFDF262\"}}",
	"{\"step\":\"confirm\",\"n\":10,\"of\":14,\"limit\":60}",
	"{\"did\":\"confirm\",\"n\":10,\"of\":14,\"say\":\"confirmed\",\"facts\":{}}",
	"{\"step\":\"pin\",\"n\":11,\"of\":14,\"limit\":60}",
	"{\"did\":\"pin\",\"n\":11,\"of\":14,\"say\":\"pin-changed\",\"facts\":{}}",
	"{\"step\":\"retire\",\"n\":12,\"of\":14,\"limit\":60}",
	"{\"did\":\"retire\",\"n\":12,\"of\":14,\"say\":\"retired\",\"facts\":{\"removed\":"
	"\"433EDA6AF178B1219E4A3CFD\"}}",
	"{\"step\":\"form\",\"n\":13,\"of\":14,\"limit\":60}",
	"{\"did\":\"form\",\"n\":13,\"of\":14,\"say\":\"form-made\",\"facts\":{\"pages\":2}}",
	"{\"step\":\"close\",\"n\":14,\"of\":14,\"limit\":60}",
	"{\"did\":\"close\",\"n\":14,\"of\":14,\"say\":\"closed\",\"facts\":{\"record\":"
	"\"CK-20261121-000027\"}}",
};
#define LINES_VISIT ((int)(sizeof lines_visit / sizeof *lines_visit))

static json_t *
lines_json(const char *text)
{
	json_error_t why;
	json_t *o = json_loads(text, 0, &why);

	T(o != NULL, "test data is JSON: %s %s", o != NULL ? "" : why.text, o != NULL ? "" : text);
	return o;
}

static void
lines_take(struct ck_course *c, const char *text, int64_t mono_ms)
{
	json_t *line = lines_json(text);

	ck_course_take(c, line, mono_ms);
	json_decref(line);
}

/* F1 says something here. */
static void
lines_helped(const struct ck_view *v)
{
	for (enum ck_lang lang = CK_LANG_ZH; lang <= CK_LANG_EN; lang++)
		T(v->help != NULL && ck_word(lang, "help", v->help) != NULL, "%s has its help",
		    v->help != NULL ? v->help : "a screen");
}

/* The visit up to and with the step STATION; NULL: to its end. */
__attribute__((unused)) static void
lines_until(struct ck_course *c, const char *station, int64_t mono_ms)
{
	char step[48];

	snprintf(step, sizeof step, "{\"step\":\"%s\"", station != NULL ? station : "");
	lines_take(c, lines_begin, mono_ms);
	for (int i = 0; i < LINES_VISIT; i++) {
		lines_take(c, lines_visit[i], mono_ms);
		if (station != NULL && strncmp(lines_visit[i], step, strlen(step)) == 0)
			break;
	}
}

#endif
