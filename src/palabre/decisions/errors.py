"""What can be wrong around decisions and appeals."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, NotAllowed, WrongState


class WhyMissing(Invalid):
    code = "decisions.why_missing"
    sentence = _("%(path)s: no decision without a why. Name the rule and what was seen.")


class PersonNeeded(NotAllowed):
    code = "decisions.person_needed"
    sentence = _("A decision about a person is taken by a person.")


class NotAboutOneself(NotAllowed):
    code = "decisions.not_about_oneself"
    sentence = _("Nobody decides about herself.")


class AnotherPersonNeeded(NotAllowed):
    code = "decisions.another_person_needed"
    sentence = _("Whoever took the decision can't answer the appeal. Ask a colleague.")


class AppealedAlready(WrongState):
    code = "decisions.appealed_already"
    sentence = _("This decision was contested already. The answer is due by %(due)s.")


class ContestOver(WrongState):
    code = "decisions.contest_over"
    sentence = _("This decision could be contested until %(until)s.")


class NoOpenAppeal(WrongState):
    code = "decisions.no_open_appeal"
    sentence = _("There is no appeal to answer here.")
