"""What can be wrong with time."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, WrongState


class CorrectionEmpty(Invalid):
    code = "timesheet.correction_empty"
    sentence = _("A correction adds or takes away at least one minute, and at most 24 hours.")


class ReasonMissing(Invalid):
    code = "timesheet.reason_missing"
    sentence = _("Say in a few words why the time was different.")


class BelowZero(Invalid):
    code = "timesheet.below_zero"
    sentence = _(
        "That would leave less than no time on %(day)s. At most %(minutes)s minutes can be taken away."
    )


class AlreadyAnswered(WrongState):
    code = "timesheet.already_answered"
    sentence = _("This correction was answered already.")


class BadDay(Invalid):
    code = "timesheet.bad_day"
    sentence = _("“%(value)s” is not a day. Write year, month and day, for example 2026-03-02.")


class DayToCome(Invalid):
    code = "timesheet.day_to_come"
    sentence = _("%(day)s is still to come. Time can be corrected once the day has begun.")


class DayFull(Invalid):
    code = "timesheet.day_full"
    sentence = _(
        "A day has 24 hours: on %(day)s, %(minutes)s more minutes can be counted. Give fewer, or choose another day."
    )


class ChargeNotHers(Invalid):
    code = "timesheet.charge_not_hers"
    sentence = _("Choose a project that you have worked on, or no project in particular.")
