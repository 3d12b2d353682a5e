#include "keys.h"

enum ck_went
ck_went_by(enum ck_came came)
{
	static const enum ck_went went[] = {
		[CK_CAME_NOTHING] = CK_WENT_NOTHING,
		[CK_CAME_CHANGE] = CK_WENT_CHANGE,
		[CK_CAME_REFUSED] = CK_WENT_REFUSED,
		[CK_CAME_CHOICE] = CK_WENT_DONE,
	};

	return went[came];
}

enum ck_went
ck_list_or_back(struct ck_list *l, const struct ck_event *e)
{
	return ck_is_key(e, CK_KEY_ESC) ? CK_WENT_BACK : ck_went_by(ck_list_key(l, e));
}

struct ck_function
ck_choose_function(const struct ck_ctx *ctx)
{
	return (struct ck_function){
		.key = CK_KEY_ENTER, .name = "Enter", .text = ck_say(ctx, "does", "choose")
	};
}

struct ck_function
ck_back_function(const struct ck_ctx *ctx)
{
	return (struct ck_function){
		.key = CK_KEY_ESC, .name = "Esc", .text = ck_say(ctx, "does", "back")
	};
}

int
ck_back_functions(
    void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = ck_back_function(ctx);
	return 1;
}

int
ck_choose_functions(
    void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = ck_choose_function(ctx);
	out[1] = ck_back_function(ctx);
	return 2;
}
