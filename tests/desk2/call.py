"""One call: what it says and how it is answered or refused (PROTOCOL.desk 1)."""

import base64
import binascii
import re

import der
from systems import SYSTEMS

ID = re.compile(r'[A-Za-z0-9._:-]{1,63}')
HASH = re.compile(r'[0-9a-f]{64}')
WORD = re.compile(r'[a-z0-9-]{1,31}')
AMOUNT_MAX = 100000000
TEXT_MAX = 300

STATUS = {'bad-request': 400, 'unknown-kiosk': 403, 'key-reused': 422, 'busy': 503}
TEXTS = {
    'bad-request': '请求不完整或格式不正确',
    'unknown-kiosk': '这台终端没有登记',
    'unknown-system': '没有这个业务系统',
    'key-reused': '同一个编号用在了不同的请求上',
    'challenge-unknown': '质询不存在、已使用或已过期',
    'proof-wrong': '签名与证书不符',
    'proof-unknown': '没有有效的私钥证明',
    'download-unknown': '没有这个授权码',
    'download-used': '授权码已使用',
    'download-wrong': '第二个授权码不正确',
    'download-locked': '授权码多次输入错误，已锁定',
    'download-expired': '授权码已过期',
    'envelope-unknown': '没有这个信封序列号',
    'envelope-original': '这是该证书首次申请时的信封，请使用新的信封',
    'envelope-used': '密码信封已使用',
    'envelope-foreign': '该信封不是为这张证书发放的',
    'envelope-locked': '密码多次输入错误，信封已锁定',
    'envelope-wrong': '信封密码不正确',
    'envelope-needed': '本业务需要密码信封',
    'envelope-serves': '用信封密码即可申请，不另发一次性密码',
    'lease-unknown': '没有这次办理',
    'lease-released': '这次办理已取消',
    'lease-confirmed': '证书已签发并确认，不能取消',
    'lease-elsewhere': '正在另一台终端办理',
    'way-otherwise': '这次办理是以另一种方式开始的',
    'certificate-revoked': '证书已吊销',
    'certificate-wrong': '不是这次办理签发的那一份',
    'outside-window': '不在可更新的期限内',
    'bound-otherwise': '这次办理已绑定另一个公钥',
    'request-wrong': '申请的签名或主题不正确',
    'not-yet': '前面的步骤还没有完成',
    'amount-changed': '金额已变更',
    'field-wrong': '填写的内容不正确',
    'owner-other': '与证书所有者不符',
    'sms-wrong': '短信验证码不正确',
    'sms-wait': '请稍后再获取短信验证码',
    'paid-already': '无需再付款',
    'method-unknown': '没有这种付款方式',
    'paper-unknown': '不需要这份材料',
    'paper-wrong': '材料无法读取或太大',
    'service-unknown': '没有这项业务',
    'service-closed': '现在不受理这项业务',
    'busy': '请稍后再试',
    'refused': '不能办理',
}


class Refusal(Exception):
    def __init__(self, code, text=None, **more):
        super().__init__(code)
        self.status = STATUS.get(code, 409)
        self.body = {'ok': False, 'code': code, 'text': (text or TEXTS[code])[:TEXT_MAX], **more}


class Call:
    """What every call has: the kiosk, what it says, the books, the time."""

    def __init__(self, desk, kiosk, said):
        self.desk, self.books, self.knobs = desk, desk.books, desk.knobs
        self.kiosk, self.said, self.now = kiosk, said, desk.now()

    def want(self, name, kind, where=None):
        value = (self.said if where is None else where).get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Refusal('bad-request')
        return value

    def text(self, name, most=200, where=None):
        value = self.want(name, str, where)
        if len(value) > most or any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise Refusal('bad-request')
        return value

    def shaped(self, name, shape, where=None):
        value = self.want(name, str, where)
        if not shape.fullmatch(value):
            raise Refusal('bad-request')
        return value

    def one_of(self, name, words):
        value = self.want(name, str)
        if value not in words:
            raise Refusal('bad-request')
        return value

    def number(self, name, least, most):
        value = self.want(name, int)
        if not least <= value <= most:
            raise Refusal('bad-request')
        return value

    def bytes(self, name, where=None):
        try:
            return base64.b64decode(self.want(name, str, where), validate=True)
        except binascii.Error:
            raise Refusal('bad-request') from None

    def system(self):
        name = self.want('system', str)
        if name not in SYSTEMS:
            raise Refusal('unknown-system')
        return name

    def certificate(self):
        try:
            return der.Certificate(self.bytes('certificate'))
        except der.Wrong:
            raise Refusal('bad-request') from None

    def proof(self):
        """The certificate whose key this kiosk was shown."""
        sha = self.books.value('SELECT cert FROM proof WHERE id=? AND kiosk=? AND until>=?',
                               self.want('proof', str), self.kiosk, self.now)
        if not sha:
            raise Refusal('proof-unknown')
        return sha

    def codes(self):
        """The first of the download codes the proof is by; None: it is a key's."""
        return self.books.value('SELECT download FROM proof WHERE id=?', self.want('proof', str))

    def lease(self, over=False):
        """The one this kiosk holds; over: a released one, too. Its holder has spoken."""
        lease = self.books.lease('id=? AND kiosk=?', self.shaped('lease', ID), self.kiosk)
        if not lease:
            raise Refusal('lease-unknown')
        if lease.state == 'released' and not over:
            raise Refusal('lease-released')
        lease.seen = self.now
        self.books.put('lease', lease)
        return lease
