"""What a member wrote beside her answers. The answers stay: they are work that was paid and handed over."""

import uuid

from django.db import connection

from palabre.people.erasure import GONE, blank
from palabre.record.kept_answers import forget_answers
from palabre.work.models import Flag, Lease, Project, Question, RawSubmission
from palabre.work.models.projects import Confirmation

# The record holds a digest of each answer with its note; what is needed to check it stays.
_NOTES = """
UPDATE work_annotation SET note_digest = encode(sha256(convert_to(note, 'UTF8')), 'hex'), note = %s
WHERE member_id = %s AND note <> ''
"""
_OTHER_NOTES = """
UPDATE work_otheranswer SET note_digest = encode(sha256(convert_to(note, 'UTF8')), 'hex'), note = %s
WHERE member_id = %s AND note <> ''
"""
_EARLIER_NOTES = "UPDATE work_annotationrevision SET note = %s WHERE member_id = %s AND note <> ''"


def erase(account: uuid.UUID) -> None:
    """Notes, comments, questions and remarks of hers, and what no version of ours could read."""
    with connection.cursor() as cursor:
        for sql in (_NOTES, _EARLIER_NOTES, _OTHER_NOTES):
            cursor.execute(sql, [GONE, account])
    # By project, because of the index: she may have held more tasks than anybody wants to walk through.
    skipped = Lease.objects.filter(project__in=Project.objects.values("id"), state=Lease.State.SKIPPED)
    blank(skipped.filter(member=account), "comment")
    flags = Flag.objects.filter(member=account)
    blank(flags, "comment")
    blank(flags, "word")
    asked = Question.objects.filter(member=account)
    blank(asked, "text")
    forget_answers(about=asked.values_list("id", flat=True))
    blank(Confirmation.objects.filter(member=account), "remark")
    raw = RawSubmission.objects.filter(member=account)
    raw.update(body={}, why=GONE)
    blank(raw, "word")
