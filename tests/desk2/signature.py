"""Signatures with SHA-256: RSASSA-PKCS1-v1_5 (RFC 8017) and ECDSA over P-256 (FIPS 186-4)."""

import hashlib
import hmac

import der

RSA_KEY, EC_KEY, P256 = '1.2.840.113549.1.1.1', '1.2.840.10045.2.1', '1.2.840.10045.3.1.7'
RSA_SHA256, ECDSA_SHA256 = '1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2'
DIGEST_INFO = bytes.fromhex('3031300d060960864801650304020105000420')

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def double(point):
    """In Jacobian coordinates; None is the point at infinity."""
    if point is None or point[1] == 0:
        return None
    x, y, z = point
    s = 4 * x * y * y % P
    m = 3 * (x - z * z) * (x + z * z) % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * y**4) % P, 2 * y * z % P


def add(a, b):
    if a is None or b is None:
        return a or b
    x1, y1, z1 = a
    x2, y2, z2 = b
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * z2**3 % P, y2 * z1**3 % P
    if u1 == u2:
        return double(a) if s1 == s2 else None
    h, r = u2 - u1, s2 - s1
    x3 = (r * r - h**3 - 2 * u1 * h * h) % P
    return x3, (r * (u1 * h * h - x3) - s1 * h**3) % P, h * z1 * z2 % P


def times(k, point):
    total = None
    for bit in bin(k)[2:]:
        total = double(total)
        if bit == '1':
            total = add(total, point)
    return total


def ecdsa_good(point, digest, signature):
    if len(point) != 65 or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1:33], 'big'), int.from_bytes(point[33:], 'big')
    if x >= P or y >= P or (y * y - x**3 + 3 * x - B) % P:
        return False
    r, s = (part.number() for part in der.read(signature, 2))
    if not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, -1, N)
    sum_of = add(times(int.from_bytes(digest, 'big') * w % N, (*G, 1)), times(r * w % N, (x, y, 1)))
    return sum_of is not None and sum_of[0] * pow(sum_of[2], -2, P) % P % N == r


def rsa_good(key, digest, signature):
    n, e = (part.number() for part in der.read(key, 2))
    size = (n.bit_length() + 7) // 8
    value = int.from_bytes(signature, 'big')
    if n <= 0 or e <= 0 or len(signature) != size or value >= n:
        return False
    tail = b'\0' + DIGEST_INFO + digest
    want = b'\0\1' + b'\xff' * (size - len(tail) - 2) + tail
    return hmac.compare_digest(pow(value, e, n).to_bytes(size, 'big'), want)


def good(key, message, signature, algorithm=None):
    """key: a SubjectPublicKeyInfo; algorithm: the one that was named with the signature."""
    try:
        kind, bits = der.read(key, 2)
        kind = der.read(kind.whole, 1)
        digest = hashlib.sha256(message).digest()
        if kind[0].oid() == RSA_KEY:
            return algorithm in (None, RSA_SHA256) and rsa_good(bits.bits(), digest, signature)
        if kind[0].oid() == EC_KEY and len(kind) > 1 and kind[1].oid() == P256:
            return algorithm in (None, ECDSA_SHA256) and ecdsa_good(bits.bits(), digest, signature)
    except ValueError:
        pass
    return False
