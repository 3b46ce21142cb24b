"""What a signed ScoreCard says, in words: a few sections of figures and tables, for any medium."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import gettext as _

from palabre.money import minor_units

Subject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Headline:
    """One large figure with what it is; `share` (0 to 1) draws a bar."""

    figure: str
    label: str
    note: str = ""
    share: float | None = None

    @property
    def permille(self) -> int:
        return round((self.share or 0) * 1000)


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. The first cell of a row is its name."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    @property
    def named_rows(self) -> list[dict[str, Any]]:
        """Rows with their name apart and the head of its column beside each cell."""
        return [
            {
                "name": row[0],
                "cells": [
                    {"head": head, "text": cell} for head, cell in zip(self.head[1:], row[1:], strict=True)
                ],
            }
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole, drawn: `share` from 0 to 1."""

    label: str
    figure: str
    share: float

    @property
    def permille(self) -> int:
        return round(self.share * 1000)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a page or a sheet of paper shows."""

    language: str
    title: str
    project: str
    parties: str
    period: str
    purpose: str
    headlines: Sequence[Headline]
    tables: Sequence[Table]
    bars_title: str
    bars: Sequence[Bar]
    promises: Sequence[str]
    unknown_title: str
    unknown: Sequence[str]
    proof_title: str
    proof: Sequence[tuple[str, str]] = field(default=())
    verify: str = ""


def sheet(credential: Mapping[str, Any], language: str) -> Sheet:
    """Word a signed ScoreCard. Call it with `language` active."""
    return _Writer(credential, language).sheet()


def kind_name(kind: str) -> str:
    """A kind of time in the reader's words."""
    names = {
        "task": _("tasks"),
        "reading": _("reading guidelines"),
        "question": _("questions"),
        "redo": _("work done again"),
        "review": _("review"),
        "training": _("training"),
        "meeting": _("meetings"),
        "support": _("support"),
        "outage": _("outages"),
        "payment": _("handling payments"),
        "other": _("other"),
    }
    return names.get(kind, kind)


class _Writer:
    def __init__(self, credential: Mapping[str, Any], language: str) -> None:
        self.credential = credential
        self.subject: Subject = credential["credentialSubject"]
        self.locale, self.language = Locale.parse(language), language

    def sheet(self) -> Sheet:
        project = self.subject["project"]
        return Sheet(
            language=self.language,
            title=_("ScoreCard"),
            project=project["name"],
            parties=_("for %(client)s, with %(operator)s")
            % {"client": project["client"], "operator": project["operator"]},
            period=_("%(start)s to %(end)s")
            % {"start": self._date(project["launchedAt"]), "end": self._date(project["closedAt"])},
            purpose=project["purpose"],
            headlines=self._headlines(),
            tables=[self._pay(), self._work(), self._people()],
            bars_title=_("Counted time by kind"),
            bars=self._bars(),
            promises=self._promises(),
            unknown_title=_("What is not known, or was declared rather than measured"),
            unknown=[self._unknown(entry) for entry in self.subject["unknown"]],
            proof_title=_("How to check this"),
            proof=self._proof(),
            verify=_("palabre verify FILE.json needs no account and no network."),
        )

    def _date(self, text: str) -> str:
        day = dt.datetime.fromisoformat(text).date()
        return format_date(day, "long", self.locale)

    def _number(self, value: int | str | Decimal) -> str:
        return format_decimal(Decimal(value), locale=self.locale)

    def _money(self, minor: int, currency: str) -> str:
        amount = Decimal(minor).scaleb(-minor_units(currency))
        return format_currency(amount, currency, locale=self.locale, currency_digits=True)

    def _rate(self, hourly: str, currency: str) -> str:
        digits = 2 if minor_units(currency) else 0
        amount = round(Decimal(hourly), digits)
        return format_currency(amount, currency, locale=self.locale, currency_digits=True)

    def _percent(self, share: str) -> str:
        return format_percent(
            Decimal(share), format="0.0 %" if self.language == "fr" else "0.0%", locale=self.locale
        )

    def _hours(self, milliseconds: int) -> str:
        return _("%(hours)s h") % {
            "hours": format_decimal(round(milliseconds / 3_600_000, 1), locale=self.locale)
        }

    def _held_back(self) -> str:
        return _("fewer than 5 people")

    def _country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def _headlines(self) -> list[Headline]:
        work, pay, time = self.subject["work"], self.subject["pay"], self.subject["time"]
        found = [
            Headline(
                self._number(work["judgements"]["total"]),
                _("judgements on %(tasks)s tasks") % {"tasks": self._number(work["judgedTasks"])},
            )
        ]
        agreement = work.get("agreement")
        if agreement and agreement["alpha"] is not None:
            found.append(
                Headline(
                    self._number(f"{Decimal(agreement['alpha']):.3f}"),
                    _("agreement (Krippendorff’s alpha)"),
                    _("95 %% interval %(low)s to %(high)s")
                    % {
                        "low": self._number(f"{Decimal(agreement['low']):.3f}"),
                        "high": self._number(f"{Decimal(agreement['high']):.3f}"),
                    },
                )
            )
        hours = self._held_back() if _is_held_back(time) else self._hours(time["totalMs"])
        found.append(Headline(hours, _("counted working time")))
        if pay["share"] is not None:
            found.append(
                Headline(
                    self._percent(pay["share"]),
                    _("of the client’s price reached members"),
                    share=float(pay["share"]),
                )
            )
        return found

    def _pay(self) -> Table:
        rows = []
        for place in self.subject["pay"]["perHour"]["places"]:
            pay = place["pay"]
            if _is_held_back(pay) or pay is None:
                spread = [self._held_back(), "", ""]
            else:
                spread = [self._rate(pay[name], pay["currency"]) for name in ("median", "p10", "p90")]
            floors = [self._floor(place[name]) for name in ("legalMinimum", "livingTariff")]
            rows.append([self._country(place["country"]), *spread, *floors])
        return Table(
            _("Pay per counted hour, before members’ own costs"),
            [
                _("Place"),
                _("Median"),
                _("Lowest tenth"),
                _("Highest tenth"),
                _("Legal minimum"),
                _("Living tariff"),
            ],
            rows,
            " ".join(self._sources()),
        )

    def _floor(self, floor: Any) -> str:
        return _("not known") if floor is None else self._rate(floor["hourly"], floor["currency"])

    def _sources(self) -> list[str]:
        said = []
        for place in self.subject["pay"]["perHour"]["places"]:
            for name in ("legalMinimum", "livingTariff"):
                floor = place[name]
                if floor is not None:
                    said.append(
                        _("%(country)s: %(reference)s, in force since %(since)s.")
                        % {
                            "country": self._country(place["country"]),
                            "reference": floor["legalReference"] or floor["source"],
                            "since": self._date(floor["validFrom"]),
                        }
                    )
        return said

    def _work(self) -> Table:
        work, pay = self.subject["work"], self.subject["pay"]
        reached, credit, top_ups = pay["money"], pay["creditSeconds"], pay["topUps"]
        rows = [
            [
                _("Judgements that count, of those wanted for each task"),
                f"{self._number(work['judgements']['counted'])} / {work['overlap']}",
            ],
            [_("Late or extra judgements, kept and paid"), self._number(work["judgements"]["extra"])],
        ]
        if not _is_held_back(reached):
            rows += [
                [_("Price of the work done"), self._money(reached["spent"], reached["currency"])],
                [_("Credited to members"), self._money(reached["toMembers"], reached["currency"])],
            ]
        if credit is not None and not _is_held_back(credit):
            seconds = _("%(median)s s (nine in ten: %(slow)s s)")
            words = seconds % {"median": self._number(credit["median"]), "slow": self._number(credit["p90"])}
            rows.append([_("From an answer to its credit"), words])
        if not _is_held_back(top_ups):
            sums = ", ".join(self._money(one["amount"], one["currency"]) for one in top_ups["sums"])
            words = f"{self._number(top_ups['count'])} ({sums})" if sums else self._number(top_ups["count"])
            rows.append([_("Top-ups to the floor"), words])
        return Table(_("Work and money"), [_("What"), _("Figure")], rows)

    def _people(self) -> Table:
        people, decisions, questions = (
            self.subject["people"],
            self.subject["decisions"],
            self.subject["questions"],
        )
        rows = [[_("Members who worked"), self._or_held_back(people["members"])]]
        rows += [[self._country(one["country"]), self._number(one["members"])] for one in people["places"]]
        if not _is_held_back(decisions):
            words = _("%(taken)s, of which %(appealed)s contested and %(reversed)s reversed")
            taken = {name: self._number(decisions[key]) for name, key in _DECISIONS.items()}
            rows.append([_("Decisions against members"), words % taken])
        if not _is_held_back(questions):
            words = _("%(asked)s asked, %(answered)s answered")
            rows.append(
                [_("Questions of members"), words % {k: self._number(v) for k, v in questions.items()}]
            )
        return Table(_("People"), [_("What"), _("Figure")], rows)

    def _or_held_back(self, value: Any) -> str:
        return self._held_back() if _is_held_back(value) else self._number(value)

    def _bars(self) -> list[Bar]:
        time = self.subject["time"]
        if _is_held_back(time) or not time["totalMs"]:
            return []
        return [
            Bar(kind_name(row["name"]), self._hours(row["ms"]), row["ms"] / time["totalMs"])
            for row in time["byKind"]
        ]

    def _promises(self) -> list[str]:
        floor = self.subject["pay"]["floor"]
        if floor["all"]:
            return [_("Every settled day reached the floor of the place where the member lives.")]
        return [_("Not every settled day reached the floor of the place where the member lives.")]

    def _unknown(self, entry: Mapping[str, Any]) -> str:
        fields = {key: value for key, value in entry.items() if key != "code"}
        if "country" in fields:
            fields["country"] = self._country(fields["country"])
        if "share" in fields:
            fields["share"] = self._percent(fields["share"] or "1")
        for name in ("days", "count"):
            if name in fields:
                fields[name] = self._or_held_back(fields[name])
        return unknown_sentence(entry["code"]) % fields

    def _proof(self) -> list[tuple[str, str]]:
        record, issuer = self.subject["record"], self.credential["issuer"]
        return [
            (_("Rests on seal"), f"{record['seal']} · {record['root']}"),
            (_("Signed by"), issuer["id"] if isinstance(issuer, Mapping) else issuer),
            (_("Number"), self.subject["id"]),
            (_("As of"), self._date(self.subject["asOf"])),
        ]


_DECISIONS = {"taken": "againstMembers", "appealed": "appealed", "reversed": "reversed"}


def _is_held_back(value: Any) -> bool:
    return isinstance(value, Mapping) and "suppressed" in value


def unknown_sentence(code: str) -> str:
    """The sentence for one thing that is not known; its places are filled by the entry's fields."""
    sentences = {
        "times_declared": _("Times were declared, not measured, for %(share)s of the counted time."),
        "campaign_replayed": _(
            "This campaign happened elsewhere; its judgements were taken over from a file."
        ),
        "corrections_waiting": _("Corrections of time that wait for an answer: %(count)s."),
        "no_legal_minimum": _("The legal minimum of this place is not known here: %(country)s."),
        "no_living_tariff": _("No living tariff is known here for this place: %(country)s."),
        "floor_from_press": _(
            "The minimum for this place comes from the press, not from the law itself: %(country)s."
        ),
        "floor_old": _("The floor for this place was last checked on %(checkedOn)s: %(country)s."),
        "days_not_over": _("Days that are not over, and so not settled yet: %(days)s."),
        "no_quote": _("No quote was accepted, so no share of a price can be stated."),
        "no_hourly_pay": _("For some members no pay per hour can be stated."),
        "agreement_undefined": _("Agreement can't be computed from these judgements."),
        "small_group": _(
            "Figures over fewer than %(fewest)s people are held back, so that nobody can be recognised."
        ),
        "own_costs": _(
            "What members spent themselves (connection, electricity, time looking for work) is not known."
        ),
        "payouts": _(
            "Amounts are what was credited; when members drew the money is not part of this ScoreCard."
        ),
    }
    return sentences.get(code, code.replace("_", " "))
