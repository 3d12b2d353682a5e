"""The rules of the systems this desk serves, as data: who may renew when and by what, and until
when; what it costs and takes besides. The figures are the manuals' of the five authorities."""

import datetime
from dataclasses import dataclass

CHINA = datetime.timezone(datetime.timedelta(hours=8))
EVER = 36600  # days: longer than any certificate


@dataclass
class System:
    before: tuple = (0, 1)      # months and days before its end
    after: tuple = (0, 1)       # and after
    at_the_second: bool = False  # over with the certificate itself
    envelope: bool = False      # what authorises, else the key alone
    est: bool = False           # how it enrols, else by CMP
    years: int = 1
    from_old_end: bool = False  # those years, even of what has ended long since


@dataclass
class Terms:
    person: int                 # fen a year
    organisation: int
    months: tuple
    methods: tuple
    agent: tuple                # fields that may not be missing
    invoice: tuple = ()
    sms: bool = False           # from a customer who is alone
    identity: bool = False
    expired: tuple = ()         # papers of what has ended; its owner and a review, too
    proof: tuple = ()           # methods whose receipt is wanted, and reviewed


CISWEB = dict(before=(1, 0), after=(1, 0))
SYSTEMS = {
    'sheca-cisweb': System(**CISWEB, envelope=True),
    'sheca-issp': System(before=(3, 0), after=(3, 0)),
    'sd-bianban': System(before=(0, 90), after=(0, 300), years=5, from_old_end=True),
    'sdca-dezhou': System(before=(0, 30), at_the_second=True, from_old_end=True),
    'szca-cgn': System(before=(0, EVER), after=(0, 90)),
    # those that stories make of sheca-cisweb
    'key-proof': System(**CISWEB),
    'kur': System(before=(1, 0), at_the_second=True),
    'kur-envelope': System(before=(1, 0), at_the_second=True, envelope=True),
    'est': System(**CISWEB, est=True),
    'est-envelope': System(**CISWEB, est=True, envelope=True),
    'est-renew': System(before=(1, 0), at_the_second=True, est=True, envelope=True),
}
TERMS = {
    'sheca-issp': Terms(1, 1, (12, 24), ('netbank', 'remittance', 'transfer'),
                        ('name', 'mobile'), invoice=('address',)),
    'sdca-dezhou': Terms(5000, 10000, (12,), ('alipay',),
                         ('name', 'resident-id', 'mobile', 'mail'), sms=True),
    'szca-cgn': Terms(20000, 20000, (12, 24), ('alipay', 'wechat', 'transfer'),
                      ('name', 'resident-id', 'mobile'), identity=True,
                      expired=('form', 'licence'), proof=('transfer',)),
}
TO_ACCOUNT = ('transfer', 'remittance')


def day_of(time):
    return datetime.datetime.fromtimestamp(time, CHINA).date()


def months_later(day, months):
    """A month's end stays inside the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(day.day, last))
        except ValueError:
            continue
    raise ValueError('no such day')


def years_later(time, years):
    when = datetime.datetime.fromtimestamp(time, CHINA)
    day = months_later(when.date(), 12 * years)
    return int(datetime.datetime.combine(day, when.timetz()).timestamp())


def in_window(system, not_after, now):
    end, today = day_of(not_after), day_of(now)
    months, days = system.before
    first = months_later(end, -months) - datetime.timedelta(days=days)
    if system.at_the_second:
        return first <= today and now <= not_after
    months, days = system.after
    return first <= today <= months_later(end, months) + datetime.timedelta(days=days)


def new_end(system, not_after, now, years=None):
    start = not_after if system.from_old_end else max(not_after, now)
    return years_later(start, years or system.years)
