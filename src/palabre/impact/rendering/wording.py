"""What a signed ScoreCard says, in words: the same for a page and for a paper.

No sentence says that one thing came of another: figures stand beside one another, and that is all.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from palabre.impact.rendering.figures import Figures, is_held_back, is_stated
from palabre.impact.rendering.pay import pay_of
from palabre.impact.rendering.sheet import (
    Headline,
    Listing,
    Part,
    Promise,
    Proof,
    Sheet,
    Split,
    permille,
)
from palabre.impact.rendering.unknowns import sentences

# The languages that a ScoreCard is written in, by the names that they have for themselves.
LANGUAGES = {"fr": "Français", "en": "English"}
# A verified JSON document: its form was checked when it was signed.
Document = Mapping[str, Any]


def sheet(credential: Document, language: str) -> Sheet:
    """Word a signed ScoreCard. Call it with `language` active."""
    subject, figures = credential["credentialSubject"], Figures(language)
    project = subject["project"]
    return Sheet(
        language=language,
        title=_("ScoreCard"),
        project=project["name"],
        parties=_("Done for %(client)s by members of %(operator)s") % project,
        period=_("%(start)s to %(end)s")
        % {"start": figures.date(project["launchedAt"]), "end": figures.date(project["closedAt"])},
        purpose=project["purpose"],
        headlines=_headlines(subject, figures),
        promise=_promise(subject["pay"]["floor"], figures),
        pay=pay_of(subject["pay"]["perHour"], figures),
        money=_money(subject["pay"], figures),
        time=_time(subject["time"], figures),
        listings=[_work(subject, figures), _people(subject, figures)],
        unknown_title=_("What is not known, or was declared rather than measured"),
        unknown=sentences(subject["unknown"], figures),
        proof=_proof(credential, figures),
    )


def _headlines(subject: Document, figures: Figures) -> list[Headline]:
    work, time = subject["work"], subject["time"]
    tasks = _("on %(tasks)s tasks") % {"tasks": figures.number(work["judgedTasks"])}
    return [
        Headline(figures.number(work["judgements"]["total"]), _("judgements"), tasks),
        _agreement(work["agreements"], figures),
        _hours(time, subject["people"]["members"], figures),
        _share(subject["pay"], figures),
    ]


def _hours(time: Document, members: object, figures: Figures) -> Headline:
    label = _("of counted working time")
    if not is_stated(time):
        return Headline("—", label, figures.held_back())
    return Headline(
        figures.hours(time["totalMs"]),
        label,
        _("by %(members)s members") % {"members": figures.number(members)},
    )


def _agreement(agreements: Sequence[Document], figures: Figures) -> Headline:
    """The only question's, or the lowest: each question's own stands in the list of the work."""
    label = _("agreement: 1 is perfect, 0 is chance")
    stated = [one for one in agreements if is_stated(one["figure"])]
    if not stated:
        return Headline("—", label, figures.held_back() if agreements else _("not defined"))
    lowest = min(stated, key=lambda one: Decimal(one["figure"]["alpha"]))
    if len(agreements) == 1:
        return Headline(
            figures.number(lowest["figure"]["alpha"], 2), label, _interval(lowest["figure"], figures)
        )
    of = _("the lowest of %(questions)s questions, “%(question)s”; each one is listed below")
    note = of % {"questions": figures.number(len(agreements)), "question": lowest["question"]}
    return Headline(figures.number(lowest["figure"]["alpha"], 2), label, note)


def _interval(figure: Document, figures: Figures) -> str:
    """Empty where there is no interval."""
    if figure["low"] is None or figure["high"] is None:
        return _("Krippendorff’s alpha")
    interval = _("Krippendorff’s alpha, 95%% interval %(low)s to %(high)s")
    return interval % {name: figures.number(figure[name], 3) for name in ("low", "high")}


def _share(pay: Document, figures: Figures) -> Headline:
    label = _("of the client’s price went to members")
    if pay["share"] is None:
        return Headline("—", label, _("nothing was charged"))
    if is_held_back(pay["share"]):
        return Headline("—", label, figures.held_back())
    ratio = pay["perHour"]["ofLegalMinimum"]
    note = _("an hour brought %(times)s times the legal minimum (median)")
    stated = note % {"times": figures.number(ratio["median"], 2)} if is_stated(ratio) else ""
    return Headline(figures.percent(pay["share"], 1 if is_stated(pay["money"]) else 0), label, stated)


def _promise(floor: Document, figures: Figures) -> Promise:
    if floor["all"] is None:
        return Promise(
            _("No day of a member could be settled, so no day is stated to have reached a floor."), False
        )
    if floor["all"]:
        text = _("Every settled day of a member reached the floor of the place where she lived.")
    else:
        text = _("Not every settled day of a member reached the floor of the place where she lived.")
    if is_held_back(floor["settledDays"]) or is_held_back(floor["atFloor"]):
        return Promise(text, floor["all"])
    counts = {"reached": figures.number(floor["atFloor"]), "settled": figures.number(floor["settledDays"])}
    days = _("%(reached)s of %(settled)s days.") % counts
    return Promise(f"{text} {days}", floor["all"])


def _money(pay: Document, figures: Figures) -> Split:
    title, money = _("Where the client’s price went"), pay["money"]
    if not is_stated(money):
        return Split(title, "", [], figures.held_back())
    labels = {
        "toMembers": _("members’ accounts: base pay and top-ups"),
        "socialCover": _("members’ social cover"),
        "platformShare": _("running the platform"),
    }
    amounts = [(labels[name], money[name]) for name in labels]
    currency = money["currency"]
    note = _("Price of the work done: %(spent)s. Still the client’s: %(left)s.") % {
        name: figures.money(money[name], currency) for name in ("spent", "left")
    }
    return Split(title, note, _parts([(a, figures.money(b, currency), b) for a, b in amounts]), "")


def _time(time: Document, figures: Figures) -> Split:
    title = _("Counted working time")
    if not is_stated(time):
        return Split(title, "", [], figures.held_back())
    parts = [(kind_name(row["name"]), figures.hours(row["ms"]), row["ms"]) for row in time["byKind"]]
    sources = [
        f"{source_name(row['name'])} {figures.percent(str(Decimal(row['ms']) / (time['totalMs'] or 1)), 1)}"
        for row in time["bySource"]
        if row["name"] != "other"
    ]
    return Split(title, " · ".join(sources), _parts(parts), "")


def _parts(rows: Sequence[tuple[str, str, int]]) -> list[Part]:
    """Parts laid end to end; what is negative (time taken away) has no length."""
    whole = sum(max(amount, 0) for _label, _figure, amount in rows) or 1
    parts, begin = list[Part](), 0
    for label, figure, amount in rows:
        parts.append(Part(label, figure, permille(begin / whole), permille(max(amount, 0) / whole)))
        begin += max(amount, 0)
    return parts


def kind_name(kind: str) -> str:
    """A kind of time in the reader's words."""
    names = {
        "task": _("tasks"),
        "reading": _("reading guidelines"),
        "question": _("writing questions"),
        "redo": _("doing again"),
        "review": _("reviewing"),
        "training": _("training"),
        "meeting": _("meetings"),
        "support": _("support"),
        "outage": _("outages"),
        "payment": _("handling payments"),
        "other": _("other kinds"),
    }
    return names.get(kind, kind)


def source_name(source: str) -> str:
    """Where a time comes from, in the reader's words."""
    names = {
        "measured": _("measured"),
        "corrected": _("corrected by members"),
        "declared": _("declared, not measured"),
    }
    return names.get(source, source)


def _work(subject: Document, figures: Figures) -> Listing:
    work, pay = subject["work"], subject["pay"]
    judgements, credit, top_ups = work["judgements"], pay["creditSeconds"], pay["topUps"]
    wanted = _("%(counted)s (%(overlap)s wanted for each task)")
    rows = [
        (_("Tasks judged"), f"{figures.number(work['judgedTasks'])} / {figures.number(work['tasks'])}"),
        (
            _("Judgements that count"),
            wanted
            % {"counted": figures.number(judgements["counted"]), "overlap": figures.number(work["overlap"])},
        ),
        (_("Late or extra ones, kept and paid"), figures.number(judgements["extra"])),
        *_agreements(work["agreements"], figures),
        (_("From an answer to its credit"), _credit(credit, figures)),
        (_("Top-ups to the floor"), _top_ups(top_ups, figures)),
    ]
    return Listing(_("Work and pay"), rows)


def _agreements(agreements: Sequence[Document], figures: Figures) -> list[tuple[str, str]]:
    """Each question's own, where there are several."""
    if len(agreements) < 2:
        return []
    label = _("Agreement on “%(question)s”")
    return [(label % {"question": one["question"]}, _agreed(one["figure"], figures)) for one in agreements]


def _agreed(figure: Document, figures: Figures) -> str:
    if not is_stated(figure):
        return figures.held_back()
    return f"{figures.number(figure['alpha'], 2)} ({_interval(figure, figures)})"


def _credit(credit: Document | None, figures: Figures) -> str:
    if not is_stated(credit):
        return "—" if credit is None else figures.held_back()
    times = {name: figures.seconds(str(credit[name])) for name in ("median", "p90")}
    return _("%(median)s (median), %(p90)s (nine in ten)") % times


def _top_ups(top_ups: Document, figures: Figures) -> str:
    if not is_stated(top_ups):
        return figures.held_back()
    count = figures.number(top_ups["count"])
    if is_held_back(top_ups["sums"]):
        return f"{count} ({_('sums held back')})"
    sums = ", ".join(figures.money(one["amount"], one["currency"]) for one in top_ups["sums"])
    return f"{count} ({sums})" if sums else count


def _people(subject: Document, figures: Figures) -> Listing:
    people, decisions, questions = subject["people"], subject["decisions"], subject["questions"]
    places = [
        f"{figures.country(one['country'])} {figures.number(one['members'])}" for one in people["places"]
    ]
    if not is_held_back(people["elsewhere"]) and people["elsewhere"]:
        places.append(_elsewhere(people, figures))
    rows = [
        (_("Members who worked"), figures.number(people["members"])),
        (_("Where they live"), ", ".join(places) or figures.held_back()),
        (
            _("Decisions against members"),
            _counts(
                decisions,
                _("%(againstMembers)s, of which %(appealed)s contested and %(reversed)s reversed"),
                figures,
            ),
        ),
        (_("Questions of members"), _counts(questions, _("%(asked)s asked, %(answered)s answered"), figures)),
    ]
    return Listing(_("People"), rows)


def _elsewhere(people: Document, figures: Figures) -> str:
    """Places told together: by name, as far as it is known that the project was open to them."""
    named = ", ".join(figures.country(country) for country in people["together"])
    hidden = people["countries"] > len(people["places"]) + len(people["together"])
    if not named:
        words = _("elsewhere %(members)s")
    elif hidden:
        words = _("%(places)s and elsewhere, together %(members)s")
    else:
        words = (
            _("%(places)s, together %(members)s")
            if len(people["together"]) > 1
            else _("%(places)s %(members)s")
        )
    return words % {"members": figures.number(people["elsewhere"]), "places": named}


def _counts(counts: Document, words: str, figures: Figures) -> str:
    if not is_stated(counts):
        return figures.held_back()
    if not any(counts.values()):
        return _("none")
    return words % {name: figures.number(value) for name, value in counts.items()}


def _proof(credential: Document, figures: Figures) -> Proof:
    subject, issuer = credential["credentialSubject"], credential["issuer"]
    record = subject["record"]
    signer = issuer["id"] if isinstance(issuer, Mapping) else issuer
    rows = [
        (_("Signed by"), str(signer)),
        (_("Number"), str(subject["id"])),
        (_("Rests on seal"), figures.number(record["seal"])),
        (_("Root of the seal"), str(record["root"])),
    ]
    steps = [
        _("Take the signed file, scorecard.json, and run: palabre verify scorecard.json --keys keys.json"),
        _(
            "It needs no account and no network. It says whether anything was changed since %(date)s, and"
            " whether the sums are right. The operator publishes its keys at /.well-known/palabre-keys.json."
        )
        % {"date": figures.date(subject["asOf"])},
        _(
            "Whoever may read the record gets the same figures from it: palabre scorecard recompute scorecard.json"
        ),
    ]
    return Proof(_("How to check this"), rows, steps)
