"""What can go wrong around a project and its tasks."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from palabre.errors import Invalid, NotAllowed, WrongState


class NotOffered(WrongState):
    code = "work.not_offered"
    sentence = _("This project gives out no work at the moment. Work that you already have stays yours.")


class NoRateHere(WrongState):
    code = "work.no_rate_here"
    sentence = _("This project has no price for the place where you live, so it can't be offered to you.")


class TooManyHeld(WrongState):
    code = "work.too_many_held"
    sentence = _("You hold %(held)s tasks of this project. Send or skip some of them first.")


class BadSync(Invalid):
    code = "work.bad_sync"
    sentence = _("%(path)s: send a list of at most %(most)s items.")


class AnotherAccount(NotAllowed):
    code = "work.another_account"
    sentence = _("These answers are of another account. They are sent when that person signs in.")


class LookedAt(WrongState):
    code = "work.looked_at"
    sentence = _("Somebody has seen to this already.")


class UndoOver(WrongState):
    code = "work.undo_over"
    sentence = _(
        "This can’t be undone any more: the time for it is over, or something else rests on it already."
    )


# What a project is made of


class TextWrong(Invalid):
    code = "work.text"
    sentence = _("%(path)s: write something, at most %(most)s characters.")


class NumberWrong(Invalid):
    code = "work.number"
    sentence = _("%(path)s: give a number from %(least)s to %(most)s.")


class CountryWrong(Invalid):
    code = "work.country"
    sentence = _("%(path)s: “%(value)s” is not a country. Use two capital letters, each once, such as SN.")


class LanguageWrong(Invalid):
    code = "work.language"
    sentence = _("%(path)s: “%(value)s” is not a language. Use its tag, such as fr or wo.")


class SpokenWrong(Invalid):
    code = "work.spoken"
    sentence = _("%(path)s: members can't read Palabre in “%(value)s”. Choose among: %(choices)s.")


class MainTextMissing(Invalid):
    """A text in another language alone: whoever doesn't read that would miss what others are told."""

    code = "work.main_text"
    sentence = _("%(path)s: write it in the main language (%(language)s) as well.")


class FileUnreadable(Invalid):
    code = "work.file_unreadable"
    sentence = _("%(path)s can't be read as UTF-8 text, or as the JSON that is expected.")


class DecimalWrong(Invalid):
    code = "work.decimal"
    sentence = _("%(path)s: “%(value)s” is not a decimal number. Write digits, with a point, such as 12.5.")


class PartyWrong(Invalid):
    code = "work.party"
    sentence = _(
        "%(path)s: a project has a client organisation and an operator, and you act for one of them."
    )


class SchemaRefused(Invalid):
    """`problems` has the path and the sentence of each."""

    code = "work.schema_refused"
    sentence = _("This label schema can't be published:\n%(problems)s")


class SchemaIncompatible(WrongState):
    """`problems` has the path and the sentence of each."""

    code = "work.schema_incompatible"
    sentence = _("Tasks and answers of version %(version)s would not fit this one:\n%(problems)s")


class ChangesMissing(Invalid):
    code = "work.changes_missing"
    sentence = _("%(path)s: say what is new since version %(version)s, so that members need not compare.")


# States


STATES = {
    "draft": _("a draft"),
    "pilot": _("in its pilot"),
    "live": _("live"),
    "paused": _("paused"),
    "closed": _("closed"),
}


class ProjectIs(WrongState):
    """`state` is the project's, which does not allow the action."""

    code = "work.project_is"
    sentence = _("This can't be done: the project is %(state)s.")

    def __str__(self) -> str:
        return str(self.sentence) % {"state": STATES[str(self.fields["state"])]}


BATCH_STATES = {
    "importing": _("still being imported"),
    "open": _("open"),
    "closed": _("closed"),
    "discarded": _("discarded"),
}


class BatchIs(WrongState):
    """`state` is the batch's, which does not allow the action."""

    code = "work.batch_is"
    sentence = _("This can't be done: the batch is %(state)s.")

    def __str__(self) -> str:
        return str(self.sentence) % {"state": BATCH_STATES[str(self.fields["state"])]}


class ImportRuns(WrongState):
    code = "work.import_runs"
    sentence = _("Tasks are being imported. Change this when they are in.")


class CurrencyFixed(WrongState):
    code = "work.currency_fixed"
    sentence = _("An account in %(currency)s was opened for this project, so its currency stays.")


NEEDS = {
    "schema": _("a label schema"),
    "guideline": _("a guideline"),
    "quote": _("an accepted quote"),
    "deposit": _("a deposit"),
    "tasks": _("imported tasks"),
    "language": _("the language of the data (in the step Purpose)"),
}


class NotReady(WrongState):
    """`missing`: which of NEEDS a project lacks before members can work on it."""

    code = "work.not_ready"
    sentence = _("Members can't start yet. Missing: %(missing)s.")

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing=missing)
        self.missing = missing

    def __str__(self) -> str:
        return str(self.sentence) % {"missing": ", ".join(str(NEEDS[name]) for name in self.missing)}


# The pilot


class PilotMissing(WrongState):
    code = "work.pilot_missing"
    sentence = _("Do a pilot first and let its times be measured, or say why you go without one.")


class PilotNotCovered(WrongState):
    code = "work.pilot_not_covered"
    sentence = _("The deposit covers %(covered)s of the %(tasks)s tasks of the pilot.")


class TookNoPart(WrongState):
    code = "work.took_no_part"
    sentence = _("Who has answered a task of the pilot can say whether the guideline is clear.")


LEFT_TO_DO = {
    "answers": _("answers to tasks of the pilot"),
    "confirmations": _("two members who say whether the guideline is clear"),
    "clear": _("a guideline that is clear to everybody who was asked"),
    "times": _("measured times"),
}


class PilotOpen(WrongState):
    """`missing`: which of LEFT_TO_DO a pilot lacks."""

    code = "work.pilot_open"
    sentence = _("The pilot is not over. Missing: %(missing)s.")

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing=missing)
        self.missing = missing

    def __str__(self) -> str:
        return str(self.sentence) % {"missing": ", ".join(str(LEFT_TO_DO[name]) for name in self.missing)}


# Giving back


class DaysOpen(WrongState):
    """`holds`: a sentence for each thing that a top-up may still be due for, with who can end it."""

    code = "work.days_open"
    sentence = _("A top-up may still be due from this money.")

    def __init__(self, days: int, corrections: int, operator: str) -> None:
        super().__init__(days=days, corrections=corrections)
        self.operator = operator

    def __str__(self) -> str:
        return " ".join([str(self.sentence), *self.holds()])

    def holds(self) -> Iterator[str]:
        days, corrections = int(str(self.fields["days"])), int(str(self.fields["corrections"]))
        if days:
            yield ngettext(
                "%(days)s day of members is not settled: that happens by itself in the night after it is over.",
                "%(days)s days of members are not settled: that happens by itself in the night after each is over.",
                days,
            ) % {"days": days}
        if corrections:
            yield ngettext(
                "%(corrections)s correction of time waits for an answer of a coordinator of %(operator)s.",
                "%(corrections)s corrections of time wait for an answer of a coordinator of %(operator)s.",
                corrections,
            ) % {"corrections": corrections, "operator": self.operator}


class DepositNeeded(WrongState):
    """`free_minor`: what nobody has a claim to, in minor units."""

    code = "work.deposit_needed"
    sentence = _(
        "%(free)s of this project’s money are free; the deposit is %(amount)s. The rest is spent, or belongs to work"
        " that is done or in somebody’s hands. When tasks come back unanswered, more of it is free."
    )


class NothingLeft(WrongState):
    code = "work.nothing_left"
    sentence = _("Nothing is left of the deposit.")


# Quotes


class PriceBelowFloor(Invalid):
    """`smallest_minor`: the smallest price that passes, in minor units."""

    code = "work.price_below_floor"
    sentence = _("%(price)s would pay less than the floor. The smallest price that passes is %(smallest)s.")


class NoEligiblePlace(WrongState):
    code = "work.no_eligible_place"
    sentence = _("It is not known where the members live: name the countries of the project, or add members.")


class QuoteOutdated(WrongState):
    code = "work.quote_outdated"
    sentence = _("The project or the floors have changed since this quote. Ask for a new one.")


class SharesFixed(NotAllowed):
    code = "work.shares_fixed"
    sentence = _("The platform share, social cover and reserve are set by the operator.")


# Reviews


class NotCovered(WrongState):
    code = "work.not_covered"
    sentence = _("The money of this project does not cover another review at the moment.")


class NothingDisputed(WrongState):
    code = "work.nothing_disputed"
    sentence = _(
        "No task of this project waits for you: those in dispute are decided, or you worked on them."
    )


class ReviewDone(WrongState):
    code = "work.review_done"
    sentence = _("This review was sent or given back already.")


class ResultWrong(Invalid):
    """`problems` has the path and the sentence of each."""

    code = "work.result"
    sentence = _("%(path)s: this does not answer what is asked.\n%(problems)s")


# What a coordinator does


class NothingChosen(Invalid):
    code = "work.nothing_chosen"
    sentence = _("%(path)s: choose at least one.")


class WorkEnded(NotAllowed):
    """By a decision about the member, which she can contest."""

    code = "work.ended"
    sentence = _(
        "By a decision about you, this project gives you no more tasks. You can read why and contest it."
    )


class EndedAlready(WrongState):
    code = "work.ended_already"
    sentence = _("This was decided already for this member and project.")


class NotHerTasks(Invalid):
    code = "work.not_her_tasks"
    sentence = _("%(path)s: name only tasks of this project that she answered.")


class ReferenceKnown(Invalid):
    """The same reference twice for a project is the same deposit: nothing is added."""

    code = "work.reference_known"
    sentence = _(
        "“%(reference)s” was recorded for this project on %(day)s already: %(amount)s. Nothing was added."
    )
