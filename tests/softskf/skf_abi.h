/*
 * Structures of GM/T 0016 as one compiler's flags make them: SKF_ULONG_BYTES is 4 (what most
 * vendors ship for Linux) or 8 (unsigned long taken literally); SKF_NATURAL leaves out the packing.
 * Numbers of 256 bits are big-endian and right-aligned in their 64 bytes. A modulus shorter than
 * its field stands at the field's beginning.
 */
#ifndef SKF_ABI_H
#define SKF_ABI_H

#include <stdint.h>

#include "certkiosk/skf.h"

#if SKF_ULONG_BYTES == 4
typedef uint32_t ULONG;
#elif SKF_ULONG_BYTES == 8
typedef uint64_t ULONG;
#else
#error "SKF_ULONG_BYTES is 4 or 8"
#endif
/* unsigned long in headers of either kind */
typedef unsigned long DWORD;
typedef uint8_t BYTE;
typedef int32_t BOOL;
typedef char *LPSTR;
typedef void *HANDLE;
typedef HANDLE DEVHANDLE, HAPPLICATION, HCONTAINER;

#ifndef SKF_NATURAL
#pragma pack(push, 1)
#endif

typedef struct {
	BYTE major, minor;
} VERSION;

typedef struct {
	VERSION Version;
	char Manufacturer[64], Issuer[64], Label[32], SerialNumber[32];
	VERSION HWVersion, FirmwareVersion;
	ULONG AlgSymCap, AlgAsymCap, AlgHashCap, DevAuthAlgId, TotalSpace, FreeSpace;
	ULONG MaxECCBufferSize, MaxBufferSize;
	BYTE Reserved[64];
} DEVINFO;

typedef struct {
	ULONG BitLen;
	BYTE XCoordinate[64], YCoordinate[64];
} ECCPUBLICKEYBLOB;

typedef struct {
	BYTE r[64], s[64];
} ECCSIGNATUREBLOB;

typedef struct {
	BYTE XCoordinate[64], YCoordinate[64], HASH[32];
	ULONG CipherLen;
	BYTE Cipher[1];
} ECCCIPHERBLOB;

typedef struct {
	ULONG Version, ulSymmAlgID, ulBits;
	BYTE cbEncryptedPriKey[64];
	ECCPUBLICKEYBLOB PubKey;
	ECCCIPHERBLOB ECCCipherBlob;
} ENVELOPEDKEYBLOB;

typedef struct {
	ULONG AlgID, BitLen;
	BYTE Modulus[256], PublicExponent[4];
} RSAPUBLICKEYBLOB;

typedef struct {
	BYTE IV[32];
	ULONG IVLen, PaddingType, FeedBitLen;
} BLOCKCIPHERPARAM;

typedef struct {
	char FileName[32];
	ULONG FileSize, ReadRights, WriteRights;
} FILEATTRIBUTE;

#ifndef SKF_NATURAL
#pragma pack(pop)
#endif

#endif
