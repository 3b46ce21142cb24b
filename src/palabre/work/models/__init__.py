"""Tables of the client's project, cut by noun."""

from palabre.work.models.annotations import Annotation, AnnotationRevision, OtherAnswer, RawSubmission
from palabre.work.models.projects import Batch, Guideline, LabelSchema, Project, Quote
from palabre.work.models.reviews import Review
from palabre.work.models.tasks import Cursor, Flag, Handout, Lease, Media, Question, SentKey, Task

__all__ = [
    "Annotation",
    "AnnotationRevision",
    "Batch",
    "Cursor",
    "Flag",
    "Guideline",
    "Handout",
    "LabelSchema",
    "Lease",
    "Media",
    "OtherAnswer",
    "Project",
    "Question",
    "Quote",
    "RawSubmission",
    "Review",
    "SentKey",
    "Task",
]
