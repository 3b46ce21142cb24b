"""What can stop a replay before it begins."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, WrongState


class NotReadable(Invalid):
    code = "replay.not_readable"
    sentence = _("%(path)s can't be read as a CSV file in UTF-8: %(why)s.")


class ColumnMissing(Invalid):
    code = "replay.column_missing"
    sentence = _("The file has no column “%(column)s”. It has: %(found)s.")


class ColumnsDiffer(Invalid):
    code = "replay.columns_differ"
    sentence = _(
        "%(members)s columns of members and %(labels)s of labels: name as many of the one as of the other."
    )


class OtherCampaign(WrongState):
    code = "replay.other_campaign"
    sentence = _("“%(name)s” was replayed from another file. Give this one another name.")
