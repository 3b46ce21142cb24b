"""Label schemas: what a task shows and what it asks, and the results and payloads that fit one."""

from palabre.work.schemas.compatibility import incompatibilities, shows_more
from palabre.work.schemas.form import Form, form_of, with_language
from palabre.work.schemas.label_studio import in_language, to_label_studio_xml
from palabre.work.schemas.payloads import PayloadForm, check_payload, payload_form
from palabre.work.schemas.problems import Problem
from palabre.work.schemas.results import ResultForm, labels_of, result_form, validate_result
from palabre.work.schemas.validation import published_schema, validate_schema

__all__ = [
    "Form",
    "PayloadForm",
    "Problem",
    "ResultForm",
    "check_payload",
    "form_of",
    "in_language",
    "incompatibilities",
    "labels_of",
    "payload_form",
    "published_schema",
    "result_form",
    "shows_more",
    "to_label_studio_xml",
    "validate_result",
    "validate_schema",
    "with_language",
]
