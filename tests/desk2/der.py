"""DER (X.690), and what of X.509 (RFC 5280) and PKCS#10 (RFC 2986) a desk has to read."""

import calendar
import hashlib
import re
import unicodedata

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 1, 2, 3, 4, 5, 6
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET, CONTEXT_0 = 0x30, 0x31, 0xA0
UTF8, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP = 0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E
CODECS = {UTF8: 'utf-8', PRINTABLE: 'ascii', IA5: 'ascii', TELETEX: 'latin-1',
          UNIVERSAL: 'utf-32-be', BMP: 'utf-16-be'}
COMMON_NAME, ORGANISATION = '2.5.4.3', '2.5.4.10'
CALENDAR = {UTC_TIME: r'(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z',
            GENERALIZED_TIME: r'(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z'}


class Wrong(ValueError):
    """Not DER, or not what it should be."""


class Node:
    """One element: its tag, its content, all of its bytes."""

    def __init__(self, tag, content, whole):
        self.tag, self.content, self.whole = tag, content, whole

    def parts(self):
        parts, rest = [], self.content
        while rest:
            part, rest = take(rest)
            parts.append(part)
        return parts

    def want(self, tag):
        if self.tag != tag:
            raise Wrong(f'tag {self.tag:#x} where {tag:#x} should be')
        return self

    def number(self):
        return int.from_bytes(self.want(INTEGER).content, 'big', signed=True)

    def bits(self):
        """A BIT STRING of whole bytes."""
        if self.want(BIT_STRING).content[:1] != b'\0':
            raise Wrong('bits that are no bytes')
        return self.content[1:]

    def oid(self):
        values, value = [], 0
        for byte in self.want(OID).content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                values.append(value)
                value = 0
        if not values:
            raise Wrong('an empty object identifier')
        first = min(values[0] // 40, 2)
        return '.'.join(map(str, [first, values[0] - 40 * first] + values[1:]))

    def text(self):
        try:
            return self.content.decode(CODECS[self.tag])
        except (KeyError, UnicodeDecodeError):
            return self.whole.hex()

    def time(self):
        match = re.fullmatch(CALENDAR.get(self.tag, '$^'), self.content.decode('ascii', 'replace'))
        if not match:
            raise Wrong('no time')
        year, *rest = map(int, match.groups())
        if self.tag == UTC_TIME:
            year += 1900 if year >= 50 else 2000
        return calendar.timegm((year, *rest))


def take(data):
    """The first element and what follows it."""
    if len(data) < 2:
        raise Wrong('too short')
    tag, size, at = data[0], data[1], 2
    if size & 0x80:
        at += size & 0x7F
        size = int.from_bytes(data[2:at], 'big')
        if not 2 < at <= 6:
            raise Wrong('a length without end')
    if at + size > len(data) or tag & 0x1F == 0x1F:
        raise Wrong('longer than what there is')
    return Node(tag, data[at:at + size], data[:at + size]), data[at + size:]


def read(data, n=None):
    """The parts of one SEQUENCE, of which nothing may be left over: at least n of them."""
    node, rest = take(data)
    parts = node.want(SEQUENCE).parts()
    if rest or len(parts) < (n or 0):
        raise Wrong('too much, or too little')
    return parts


class Name:
    def __init__(self, node):
        self.values = []
        for rdn in node.want(SEQUENCE).parts():
            pairs = [read(pair.whole, 2) for pair in rdn.want(SET).parts()]
            self.values.append([(kind.oid(), value.text()) for kind, value in pairs])

    def first(self, oid):
        return next((text for rdn in self.values for kind, text in rdn if kind == oid), None)

    def canonical(self):
        """What counts when names are compared: neither case nor spaces, nor how it is coded."""
        def fold(text):
            return ' '.join(unicodedata.normalize('NFC', text).casefold().split())
        return [sorted((kind, fold(text)) for kind, text in rdn) for rdn in self.values]


class Certificate:
    def __init__(self, data):
        self.der = data
        self.sha = hashlib.sha256(data).hexdigest()
        parts = read(data, 3)[0].want(SEQUENCE).parts()
        if parts and parts[0].tag == CONTEXT_0:
            parts = parts[1:]
        if len(parts) < 6:
            raise Wrong('no certificate')
        self.not_before, self.not_after = [time.time() for time in read(parts[3].whole, 2)]
        self.subject = Name(parts[4])
        self.key = parts[5].whole
        self.organisation = self.subject.first(ORGANISATION)


class Request:
    """PKCS#10: what is asked for, and what the new key has signed."""

    def __init__(self, data):
        info, algorithm, signature = read(data, 3)
        parts = read(info.whole, 3)
        self.signed = info.whole
        self.subject = Name(parts[1])
        self.key = parts[2].whole
        self.algorithm = read(algorithm.whole, 1)[0].oid()
        self.signature = signature.bits()
