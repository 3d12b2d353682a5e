#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "short.key", "Key" },
};

const struct ck_sentences ck_zh_visit = { sentences, sizeof sentences / sizeof *sentences };
