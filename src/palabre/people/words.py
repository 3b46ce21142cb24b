"""Roles and rights as people read them."""

from django.utils.translation import gettext_lazy as _

from palabre.people.models import Link, Role
from palabre.people.permissions import Permission

ROLES = {
    Role.MEMBER: _("Member"),
    Role.REVIEWER: _("Reviewer"),
    Role.COORDINATOR: _("Coordinator"),
    Role.CLIENT: _("Client"),
    Role.FINANCE: _("Finance"),
    Role.AUDITOR: _("Auditor"),
    Role.DELEGATE: _("Delegate"),
    Role.ADMINISTRATOR: _("Administrator"),
}
RIGHTS = {
    Permission.MANAGE_PEOPLE: _("invite people and change their roles"),
    Permission.LET_IN: _("give members a new link to come in"),
    Permission.ERASE_PEOPLE: _("erase people"),
    Permission.MANAGE_PROJECTS: _("make and change projects"),
    Permission.READ_PROJECTS: _("read projects"),
    Permission.IMPORT_TASKS: _("bring tasks in"),
    Permission.ASSIGN_TASKS: _("give work to members"),
    Permission.WORK: _("do the work of a member"),
    Permission.ASK_PAYOUT: _("take money out"),
    Permission.REVIEW: _("review answers"),
    Permission.ANSWER_QUESTIONS: _("answer members' questions"),
    Permission.READ_RESULTS: _("read results"),
    Permission.EXPORT_RESULTS: _("have files of results made"),
    Permission.DECIDE: _("take decisions about members"),
    Permission.ANSWER_APPEALS: _("answer appeals"),
    Permission.CORRECT_TIME: _("answer corrections of time"),
    Permission.RECORD_DEPOSITS: _("record deposits"),
    Permission.PAY_OUT: _("pay out"),
    Permission.READ_MONEY: _("read the books"),
    Permission.MANAGE_FLOORS: _("import floors and rates"),
    Permission.READ_RECORD: _("read the record"),
    Permission.CHECK_RECORD: _("have the record verified and evidence put together"),
    Permission.ADMINISTER: _("look after the installation"),
}
REASONS = {
    Link.Reason.LOST_PHONE: _("Her phone is lost, stolen or broken"),
    Link.Reason.FORGOTTEN: _("She forgot her password"),
    Link.Reason.LOST_LINK: _("Her link was lost, or its time is over"),
    Link.Reason.OTHER: _("Something else"),
}
# The same, as she reads it herself.
REASONS_TO_HER = {
    Link.Reason.LOST_PHONE: _("your phone is lost, stolen or broken"),
    Link.Reason.FORGOTTEN: _("you forgot your password"),
    Link.Reason.LOST_LINK: _("your link was lost, or its time was over"),
    Link.Reason.OTHER: _("something else"),
}
