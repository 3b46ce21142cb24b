"""Numbers, money, dates and durations as the reader's language writes them. In every template without `load`."""

import datetime as dt
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from palabre.money import Money, minor_units
from palabre.pay.models import Floor
from palabre.pay.paper.figures import minutes_of, written
from palabre.pay.paper.laws import law as law_of
from palabre.pay.paper.laws import rate_source as rate_source_of
from palabre.people.queries import Viewer
from palabre.web.drafts import mark_for
from palabre.work.markdown import to_html
from palabre.work.models.projects import Guideline, Spoken
from palabre.work.spoken import reads

register = template.Library()


def locale() -> Locale:
    """The reader's."""
    return Locale.parse(get_language() or "en", sep="-")


@register.filter
def money(minor: int | Decimal | None, currency: str) -> str:
    """Minor units of a currency: 1250 in EUR is “€12.50”. Nothing for None."""
    if minor is None:
        return ""
    return amount(Money(int(minor), currency).decimal(), currency)


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """Major units: what stands behind a rate. As many decimals as the currency has."""
    if value is None:
        return ""
    return written(value, currency, locale())


@register.filter
def said(spoken: Spoken, field: str) -> str:
    """A text of a project in the reader's language, or in its main one, which is marked for screen readers."""
    found = spoken.said(field, reads())
    if found.language == reads():
        return found.text
    return format_html('<span lang="{}">{}</span>', found.language, found.text)


@register.filter
def plainly(spoken: Spoken, field: str) -> str:
    """The same where no mark-up can stand: titles of pages, names of controls."""
    return spoken.said(field, reads()).text


@register.filter
def said_lang(spoken: Spoken, field: str) -> str:
    """The attribute of the element that holds such a text; nothing where it is in the reader's language."""
    found = spoken.said(field, reads())
    return "" if found.language == reads() else format_html(' lang="{}"', found.language)


@register.filter
def direction(language: str) -> str:
    """Of a text in a language that is written from right to left; else its first letter says it."""
    try:
        found = str(Locale.parse(language, sep="-").text_direction) if language else ""
    except (UnknownLocaleError, ValueError):
        found = ""
    return "rtl" if found == "rtl" else "auto"


@register.filter
def rate(value: Decimal | None, currency: str) -> str:
    """What an hour brings, in major units: never more than it does, 370.526 in XOF is “F CFA 370”."""
    if value is None:
        return ""
    whole = value.scaleb(minor_units(currency)).to_integral_value(ROUND_FLOOR)
    return amount(whole.scaleb(-minor_units(currency)), currency)


@register.filter
def hundred(value: Decimal | None, currency: str) -> str:
    """What a hundred answers bring or cost, where one is less than the smallest coin: 1.0292 in XOF is “F CFA 103”."""
    if value is None:
        return ""
    digits = minor_units(currency)
    return amount((value * 100).scaleb(digits).to_integral_value(ROUND_HALF_UP).scaleb(-digits), currency)


@register.filter
def priced(value: Decimal | None, currency: str) -> str:
    """Major units with all the decimals that they have, to do a sum again: “F CFA 370.526”."""
    return "" if value is None else written(value, currency, locale(), decimals=12)


@register.filter
def law(floor: Floor) -> str:
    """The law that a floor is from, in the reader's language, or its source."""
    return law_of(floor.legal_ref, floor.source)


@register.filter
def rate_source(source: str) -> str:
    """Who says an exchange rate, in the reader's language."""
    return rate_source_of(source)


@register.filter
def number(value: float | Decimal | None) -> str:
    """A number with the reader's separators, two decimals at most."""
    return "" if value is None else str(format_decimal(value, "#,##0.##", locale=locale()))


@register.filter
def exact(value: Decimal | None) -> str:
    """A number with all the decimals that it has."""
    return "" if value is None else str(format_decimal(value, "#,##0.############", locale=locale()))


@register.filter
def percent(value: float | Decimal | None) -> str:
    """A share of one: 0.124 is “12 %”."""
    return "" if value is None else str(format_percent(value, locale=locale()))


@register.filter
def duration(milliseconds: float | None) -> str:
    """“2 h 14 min”, “14 min”, “25 s”: the two largest units that matter."""
    if milliseconds is None:
        return ""
    seconds = int(milliseconds // 1000)
    if seconds == 0:
        return gettext("%(minutes)d min") % {"minutes": 0}
    if seconds < 60:
        return gettext("%(seconds)d s") % {"seconds": seconds}
    minutes = minutes_of(milliseconds)
    if minutes < 60:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def seconds(value: float | Decimal | None) -> str:
    """A number of seconds as `duration` shows it."""
    return "" if value is None else duration(float(value) * 1000)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """“24 November 2026”, in the reader's time zone."""
    return "" if value is None else str(format_date(_local(value), "long", locale=locale()))


@register.filter
def weekday(value: dt.date | None) -> str:
    """“Mon”: a day of the week, short."""
    return "" if value is None else str(format_date(value, "EEE", locale=locale()))


@register.filter
def short_day(value: dt.date | None) -> str:
    """“Tue 24 Nov”: a day where room is short."""
    return "" if value is None else str(format_date(value, "EEE d MMM", locale=locale()))


@register.filter
def full_day(value: dt.date | dt.datetime | None) -> str:
    """“Tuesday 24 November”: a day of these weeks."""
    return "" if value is None else str(format_date(_local(value), "EEEE d MMMM", locale=locale()))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """“24 November 2026, 10:05”, in the reader's time zone."""
    return "" if value is None else f"{day(value)}, {clock(value)}"


@register.filter
def clock(value: dt.datetime | None) -> str:
    """“10:05”, in the reader's time zone."""
    return "" if value is None else str(format_time(timezone.localtime(value), "short", locale=locale()))


@register.filter
def away(value: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """“in 2 days”, “3 hours ago”."""
    if value is None:
        return ""
    difference = value - (now or timezone.now())
    return str(format_timedelta(difference, add_direction=True, locale=locale()))


@register.filter
def country(code: str | None) -> str:
    """The name of a country."""
    return "" if not code else str(locale().territories.get(code, code))


@register.filter
def language_name(code: str | None) -> str:
    """The name of a language."""
    return "" if not code else str(locale().languages.get(code, code))


@register.filter(name="decimal")
def as_decimal(text: str) -> Decimal:
    """Decimal text, as rates are kept."""
    return Decimal(text)


@register.filter
def kilobytes(size: int | None) -> str:
    """Bytes as whole kilobytes, rounded up: what a connection is charged for."""
    return "" if size is None else number(-(-size // 1000))


@register.filter
def listed(values: list[object]) -> str:
    """“a, b and c”."""
    return str(format_list([str(value) for value in values], locale=locale()))


@register.filter
def as_html(guideline: Guideline, field: str) -> SafeString:
    """A text of a guideline as safe HTML, in the reader's language or in the main one."""
    return guideline.html(field, reads())


@register.filter
def cleaned(text: str) -> SafeString:
    """Markdown that somebody is writing, as safe HTML."""
    return to_html(text)


@register.filter
def short(value: object) -> str:
    """The last eight characters of an id, which are drawn by chance: enough for people to tell two apart."""
    return str(value)[-8:]


@register.filter(name="abs")
def without_sign(value: int) -> int:
    """How much, whichever way."""
    return abs(value)


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """The value under a key that is only known in the template."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """The hidden fields of every form that is sent: against forgery, and against doing a thing twice."""
    viewer = context.get("viewer")
    mark = mark_for(viewer.account if isinstance(viewer, Viewer) else None)
    token = context.get("csrf_token", "")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="_once" value="{}">',
        token,
        mark,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside a word; it says nothing that the word doesn't."""
    from django.templatetags.static import static

    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value
