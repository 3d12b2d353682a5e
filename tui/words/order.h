/* What the desk wants before it lets a certificate be issued, in words: prices, ways to pay, who
 * fills in what, papers. The same on a terminal line by line and on a screen. */
#ifndef CK_WORDS_ORDER_H
#define CK_WORDS_ORDER_H

#include <stdbool.h>

#include "words.h"

#define CK_AMOUNT_MAX 32
void ck_amount_text(json_int_t fen, char out[CK_AMOUNT_MAX]); /* "¥100.00" */

/* amount_text beside a fact "amount" that is more than nothing */
void ck_order_amount(json_t *facts);
/* Beside the facts of a question what its sentences name: amount_text, method_text, group_text,
 * until_at, again_at, next_text. */
void ck_order_facts(enum ck_lang, const json_t *question, json_t *facts);
/* One of a field's choices, in words of its question; false: of an order there are none for it. */
bool ck_order_choice(
    enum ck_lang, const json_t *question, const json_t *choice, char *out, size_t cap);
/* What is to be typed: field.QUESTION.NAME-GROUP, field.QUESTION.NAME, or the name. */
const char *ck_order_field(enum ck_lang, const json_t *question, const char *name);

/* What it has to be: rule.NAME, or of an application's field what its label says it is; NULL: any
 * text. */
const char *ck_order_rule(enum ck_lang, const json_t *question, const char *name);

/* The field a question's error is about, as its detail begins; -1: it names none. */
int ck_order_wrong(const json_t *question);
/* What is wrong with it and what it has to be, whose: staff may insist. */
void ck_order_wrong_text(enum ck_lang, const json_t *question, bool staff, char *out, size_t cap);

/* The error a question is asked with, what it says is missing called by its name; a new reference,
 * NULL where there is none. */
json_t *ck_order_error(enum ck_lang, const json_t *question);

/* A paper of the list: its state as a sign of tone ('v' in, 'x' refused, '>' the next one, '.'),
 * and what it is called. */
char ck_order_paper(
    enum ck_lang, const json_t *question, const json_t *paper, char *out, size_t cap);

#endif
