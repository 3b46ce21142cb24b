"""What keeps a ScoreCard from being issued or computed again."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Busy, Invalid, NotFound, WrongState


class ProjectNotClosed(WrongState):
    code = "impact.project_not_closed"
    sentence = _("A ScoreCard is issued when the project is closed. Close it first.")


class NoWork(WrongState):
    code = "impact.no_work"
    sentence = _("Nobody has worked on this project yet, so there is nothing to state.")


class DaysNotSettled(WrongState):
    """Days must be settled before anybody says what an hour brought."""

    code = "impact.days_not_settled"
    sentence = _(
        "%(days)s days of members are over but not settled yet. Settlement runs in the background;"
        " issue the ScoreCard when it is done, or see palabre doctor for what holds it up."
    )


class DaysNotOver(WrongState):
    """The same, of days that nothing can settle before they end."""

    code = "impact.days_not_over"
    sentence = _(
        "%(days)s days of members are not over yet. The last one ends at %(ends)s (UTC), and settlement follows by"
        " itself within minutes; then the ScoreCard can be issued."
    )


class SealMissing(NotFound):
    code = "impact.seal_missing"
    sentence = _("The record has no seal %(seal)s, so the figures can't be computed as they were then.")


class IssuedMeanwhile(Busy):
    code = "impact.issued_meanwhile"
    sentence = _(
        "Somebody else issued a ScoreCard of this project at the same moment. Look at that one first."
    )


class NotAScoreCard(Invalid):
    code = "impact.not_a_scorecard"
    sentence = _("%(path)s: this is not a ScoreCard as Palabre signs it (%(why)s).")


class NotIssued(NotFound):
    code = "impact.not_issued"
    sentence = _("No ScoreCard was issued for this project yet.")


class LanguageUnknown(Invalid):
    code = "impact.language_unknown"
    sentence = _("A ScoreCard is written in French (fr) or English (en), not in “%(language)s”.")


class NothingInPeriod(Invalid):
    code = "impact.nothing_in_period"
    sentence = _("The period ends before it begins.")
