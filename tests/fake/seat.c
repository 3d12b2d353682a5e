#include "seat.h"

#include <stdio.h>
#include <string.h>

#define SEATS_MAX 4
#define SLOTS_MAX 32
#define TEXT_MAX 1024

static struct {
	char text[TEXT_MAX]; /* as it was last read */
	struct seat {
		char serial[17], reader[SEAT_READER_MAX + 1];
	} at[SEATS_MAX];
	int n;
} seats;

/* false: none that was ever initialised */
static bool
serial_of(CK_FUNCTION_LIST *real, CK_SLOT_ID slot, char out[17])
{
	CK_TOKEN_INFO info;

	if (real->C_GetTokenInfo(slot, &info) != CKR_OK ||
	    (info.flags & CKF_TOKEN_INITIALIZED) == 0)
		return false;
	memcpy(out, info.serialNumber, 16);
	out[16] = '\0';
	out[strcspn(out, " ")] = '\0';
	return true;
}

static const struct seat *
seat_of(CK_FUNCTION_LIST *real, CK_SLOT_ID slot)
{
	char serial[17];

	for (int i = 0; serial_of(real, slot, serial) && i < seats.n; i++)
		if (strcmp(seats.at[i].serial, serial) == 0)
			return &seats.at[i];
	return NULL;
}

bool
seat_there(CK_FUNCTION_LIST *real, CK_SLOT_ID slot)
{
	char serial[17];

	return seats.text[0] == '\0' || !serial_of(real, slot, serial) ||
	       seat_of(real, slot) != NULL;
}

void
seat_read(CK_FUNCTION_LIST *real, const char *text)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;

	if (strncmp(seats.text, text, sizeof seats.text - 1) == 0)
		return;
	snprintf(seats.text, sizeof seats.text, "%s", text);
	seats.n = 0;
	for (const char *line = seats.text; line != NULL && seats.n < SEATS_MAX;
	     line = strchr(line, '\n'), line = line != NULL ? line + 1 : NULL) {
		struct seat *s = &seats.at[seats.n];

		seats.n += sscanf(line, "%16s %64[^\n]", s->serial, s->reader) == 2;
	}
	if (real->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK)
		return;
	for (CK_ULONG i = 0; i < n; i++)
		if (!seat_there(real, slots[i]))
			real->C_CloseAllSessions(slots[i]);
}

void
seat_name(CK_FUNCTION_LIST *real, CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
	const struct seat *s = seat_of(real, slot);

	if (s == NULL)
		return;
	memset(info->slotDescription, ' ', sizeof info->slotDescription);
	memcpy(info->slotDescription, s->reader, strlen(s->reader));
}

void
seat_keep(CK_FUNCTION_LIST *real, CK_SLOT_ID *slots, CK_ULONG *n)
{
	CK_ULONG kept = 0;

	for (CK_ULONG i = 0; i < *n; i++)
		if (seat_there(real, slots[i]))
			slots[kept++] = slots[i];
	*n = kept;
}
