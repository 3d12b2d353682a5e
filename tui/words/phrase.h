/* The engine's lines as sentences, the same on a terminal line by line and on a screen. */
#ifndef CK_PHRASE_H
#define CK_PHRASE_H

#include <stdbool.h>

#include "words.h"

/* What is being done at a station; its name where there is no sentence. */
void ck_phrase_step(enum ck_lang, const char *station, char *out, size_t cap);
/* {"did":…}: what is true now, and the sign before it: 'v', '>' (it waits), '!' (not as wished) */
void ck_phrase_did(enum ck_lang, const json_t *line, char *out, size_t cap);
char ck_phrase_mark(const json_t *line);
void ck_phrase_question(enum ck_lang, const json_t *question, char *out, size_t cap);
/* one of a field's choices: words of ours, or its label and what tells it apart */
void ck_phrase_choice(
    enum ck_lang, const json_t *question, const json_t *choice, char *out, size_t cap);
/* the headline of an error by its name in err.def; NULL when there is none */
const char *ck_phrase_title(enum ck_lang, const char *name);
/* {"restart":…}; the sentence is one for work that goes on, or for a question that is asked again
 */
void ck_phrase_restart(
    enum ck_lang, const char *sentence, const json_t *line, char *out, size_t cap);
/* what a record leaves undone, in one sentence; empty for nothing */
void ck_phrase_left(enum ck_lang, const json_t *left, char out[CK_SENTENCE_MAX]);

/* What is told of a system before it is begun with, line i: its cost, what to bring, how long it
 * takes, whom to call. false: nothing is said of that */
#define CK_NOTICE_LINES 4
bool ck_phrase_notice(
    enum ck_lang, int i, const json_t *notice, const char *hotline, char out[CK_SENTENCE_MAX]);

/* A new object: facts, and beside each code word of a sentence (station, state, way, bound, or
 * those of names up to NULL) NAME_text in the reader's language. */
json_t *ck_phrase_facts(enum ck_lang, const json_t *facts, const char *const *names);

#endif
