/*
 * Every sentence a person reads, in Chinese and English, and how facts come into it.
 *
 * A sentence may hold {name}: the fact of that name, filtered; and [ … ]: left out as a whole when
 * a fact in it is missing. A fact is missing when it is absent, null, an empty text, false or a
 * negative number ("unknown"); of a true one nothing shows. Numbers and times under *_after,
 * *_before and *_day are shown as a day, under *_at and at as a minute, both China's.
 */
#ifndef CK_WORDS_H
#define CK_WORDS_H

#include <stddef.h>
#include <jansson.h>

#include "certkiosk/err.h"

enum ck_lang { CK_LANG_ZH, CK_LANG_EN };

/* the longest sentence with its facts: a detail of 512 bytes and our own words around it */
#define CK_SENTENCE_MAX 1536

struct ck_sentence {
	const char *name; /* "did.issued" */
	const char *text;
};

/* what a person is told about a code; {detail} is the error's own, and may be missing */
struct ck_err_words {
	enum ck_code code;
	const char *title; /* a headline, no full stop, no facts */
	const char *what;  /* what happened */
	const char *safe;  /* is the key safe, where the general answer would be wrong; else NULL */
	const char *todo;  /* what to do now */
};

struct ck_sentences { /* of one file */
	const struct ck_sentence *at;
	size_t n;
};
extern const struct ck_sentences ck_zh_list, ck_en_list;
extern const struct ck_sentences ck_zh_visit, ck_en_visit, ck_zh_page, ck_en_page;
extern const struct ck_sentences ck_zh_desk, ck_en_desk, ck_zh_paper, ck_en_paper;
extern const struct ck_sentences ck_zh_batch, ck_en_batch;
extern const struct ck_sentences ck_zh_service, ck_en_service;
extern const struct ck_sentences ck_zh_order, ck_en_order, ck_zh_doctor, ck_en_doctor;

struct ck_words { /* of one language */
	const struct ck_sentences *const *parts;
	size_t n_parts;
	const struct ck_err_words *errors;
	size_t n_errors;
};
extern const struct ck_words ck_words_zh, ck_words_en;

/* err.def has as many codes as there are rows in each language's table */
enum {
#define CK_ERR(name, number, whose, key) CK_ERR_ROW_##name,
#include "certkiosk/err.def"
#undef CK_ERR
	CK_ERR_WORDS_N
};
extern const struct ck_err_words ck_err_words_zh[CK_ERR_WORDS_N], ck_err_words_en[CK_ERR_WORDS_N];

const struct ck_words *ck_words(enum ck_lang);
/* LC_ALL, LC_MESSAGES, LANG as given, NULL = not set; zh* is Chinese, all else English */
enum ck_lang ck_lang_of(const char *lc_all, const char *lc_messages, const char *lang);

/* one by one, through all files; NULL behind the last */
const struct ck_sentence *ck_sentence_at(enum ck_lang, size_t i);
/* NULL when there is no such sentence */
const char *ck_word(enum ck_lang, const char *group, const char *name);
const struct ck_err_words *ck_err_word(enum ck_lang, int code);

/* A sentence with its facts (an object or NULL). Cut between characters when it does not fit. */
void ck_fill(char *out, size_t cap, const char *sentence, const json_t *facts);

/* the four answers and the headline, filled in; err is the error object of ask.h */
struct ck_told {
	char title[CK_SENTENCE_MAX], what[CK_SENTENCE_MAX], safe[CK_SENTENCE_MAX],
	    todo[CK_SENTENCE_MAX], who[CK_SENTENCE_MAX];
	char detail[CK_DETAIL_MAX]; /* what no sentence took up; may be empty */
};
void ck_tell_err(enum ck_lang, const json_t *err, const json_t *facts, struct ck_told *);

#endif
