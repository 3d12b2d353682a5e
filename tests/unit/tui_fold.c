/* Lines for a terminal: nothing wider than it, no date and no word cut, no line that begins with a
 * closing mark. */
#include "t.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../tui/fold.h"
#include "../../tui/words/words.h"

static void
folds(const char *text, int width, int hang, const char *want)
{
	char *got = ck_folded(text, width, hang);

	T_STR(got, want, "%d columns: %s", width, text);
	free(got);
}

static void
cases(void)
{
	folds("it never expires", 12, 2, "it never\n  expires");
	folds("   it never expires", 12, 2, "   it never\n  expires");
	folds("at the end", 10, 0, "at the end");
	folds("at the end  ", 10, 0, "at the end  ");
	folds("有效期到 2027-11-05", 18, 2, "有效期到\n  2027-11-05");
	folds("可以更新。请再来", 9, 0, "可以更\n新。请再\n来");
	folds("密码（PIN）不对", 7, 0, "密码\n（PIN）\n不对");
	folds("把 Key 拔下", 8, 0, "把 Key\n拔下");
	folds("正在查看 …", 9, 0, "正在查\n看 …");
	folds("  发生了什么     没有收到答复", 24, 17,
	    "  发生了什么     没有收\n  到答复"); /* 17 of 24 are more than half */
	folds("  发生了什么     没有收到答复", 27, 13,
	    "  发生了什么     没有收到答\n             复");
	folds("0123456789abcdef", 6, 2, "012345\n  6789\n  abcd\n  ef");
	folds("不在终端上，整行输出", 0, 4, "不在终端上，整行输出");
	folds("", 80, 4, "");
}

/* everything we can say, at every width a terminal may have */
static bool
fits(const char *text, int width)
{
	char *lines = ck_folded(text, width, 4), *rest = lines, *line;
	bool good = lines != NULL;

	while (good && (line = strsep(&rest, "\n")) != NULL) {
		good = ck_columns(line) <= width && strspn(line, " ") < (size_t)width;
		line += strspn(line, " ");
		good = good && strncmp(line, "。", 3) != 0 && strncmp(line, "，", 3) != 0;
	}
	free(lines);
	return good;
}

static void
all_sentences(enum ck_lang lang, const char *name)
{
	const struct ck_words *w = ck_words(lang);
	const struct ck_sentence *said;
	int bad = 0;

	for (int width = 40; width <= 120; width += 7) {
		for (size_t i = 0; i < w->n_errors; i++)
			bad += !fits(w->errors[i].what, width) + !fits(w->errors[i].todo, width);
		for (size_t i = 0; (said = ck_sentence_at(lang, i)) != NULL; i++)
			bad += strchr(said->text, '\n') == NULL && !fits(said->text, width);
	}
	T(bad == 0, "%s: every sentence fits every terminal", name);
}

int
main(void)
{
	cases();
	T(ck_columns("Key 安全吗") == 10, "without a locale what is wide is known");
	T(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "a locale that knows");
	cases();
	T(ck_columns("Key 安全吗…") == 11, "columns as a terminal counts them");
	all_sentences(CK_LANG_ZH, "zh");
	all_sentences(CK_LANG_EN, "en");
	return T_END();
}
