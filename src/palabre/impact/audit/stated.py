"""What a ScoreCard states, figure by figure, each with the kinds of rows that it is computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palabre.impact.audit.rows import KINDS, Kind
from palabre.impact.rendering.figures import Figures, is_stated
from palabre.impact.rendering.unknowns import sentences

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """`figure` is worded in the reader's language; `held_back` where it is over fewer than five people."""

    label: str
    figure: str
    held_back: bool
    kinds: Sequence[Kind]


def stated_figures(subject: Document) -> list[Stated]:
    """The figures of a signed statement, in the order of its sheet."""
    write = Figures((get_language() or "en")[:2])
    return [
        *_work(subject["work"], write),
        _one(_("Members"), subject["people"]["members"], write.number, "members", "judgements"),
        _one(_("Counted time"), subject["time"], lambda time: write.hours(time["totalMs"]), "time"),
        *_pay(subject["pay"], write),
        *_decisions(subject, write),
    ]


def unknown_in(subject: Document) -> list[str]:
    """What the statement says is not known, or was declared rather than measured."""
    return list(sentences(subject["unknown"], Figures((get_language() or "en")[:2])))


def _work(work: Document, write: Figures) -> list[Stated]:
    judgements = work["judgements"]
    return [
        _one(_("Judgements"), judgements["total"], write.number, "judgements"),
        _one(_("of them late or extra"), judgements["extra"], write.number, "judgements"),
        *(
            _one(
                _("Agreement (alpha) on “%(question)s”") % {"question": one["question"]},
                one["figure"],
                lambda figure: write.number(figure["alpha"], 3),
                "judgements",
            )
            for one in work["agreements"]
        ),
    ]


def _pay(pay: Document, write: Figures) -> list[Stated]:
    legal, days = pay["perHour"]["ofLegalMinimum"], pay["floor"]
    found = [
        _one(
            _("Pay per hour, times the legal minimum (median)"),
            legal,
            lambda said: write.number(said["median"], 2),
            "members",
            "pay",
            "settlements",
        ),
        _one(_("Members’ days settled"), days["settledDays"], write.number, "settlements"),
        _one(_("of them at the floor"), days["atFloor"], write.number, "settlements"),
        _one(_("Top-ups"), pay["topUps"], lambda said: write.number(said["count"]), "settlements"),
        _one(
            _("Median seconds from answer to credit"),
            pay["creditSeconds"],
            lambda said: write.seconds(said["median"]),
            "judgements",
            "ledger",
        ),
    ]
    return [*found, *_money(pay["money"], write)]


def _money(money: Any, write: Figures) -> list[Stated]:
    labels = {
        "paidIn": _("Paid in by the client"),
        "toMembers": _("To members"),
        "socialCover": _("Social cover"),
        "platformShare": _("Platform’s share"),
        "spent": _("Price of the work"),
        "left": _("Left of the deposit"),
    }

    def of(name: str) -> Stated:
        return _one(
            labels[name], money, lambda said: write.money(said[name], said["currency"]), "ledger", "pay"
        )

    return [of(name) for name in labels]


def _decisions(subject: Document, write: Figures) -> list[Stated]:
    decisions, questions = subject["decisions"], subject["questions"]
    return [
        _one(
            _("Decisions about members"),
            decisions,
            lambda said: write.number(said["againstMembers"]),
            "decisions",
        ),
        _one(_("of them contested"), decisions, lambda said: write.number(said["appealed"]), "decisions"),
        _one(_("of them reversed"), decisions, lambda said: write.number(said["reversed"]), "decisions"),
        _one(_("Questions asked"), questions, lambda said: write.number(said["asked"]), "questions"),
        _one(_("of them answered"), questions, lambda said: write.number(said["answered"]), "questions"),
    ]


def _one(label: str, value: Any, words: Any, *kinds: str) -> Stated:
    rows = [KINDS[name] for name in kinds]
    if isinstance(value, Mapping) and not is_stated(value):
        return Stated(label, _("held back"), held_back=True, kinds=rows)
    return Stated(label, "–" if value is None else words(value), held_back=False, kinds=rows)
