"""The public address of a ScoreCard: a page, a paper, and the signed statement itself."""

import json
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from palabre import __version__
from palabre.impact.models import ScoreCard
from palabre.impact.rendering.page import page
from palabre.impact.rendering.paper import paper
from palabre.impact.rendering.wording import LANGUAGES

# Style and mark come from here; nothing else is loaded, no script runs, nothing is sent anywhere.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def scorecard(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """One ScoreCard, in `?lang=fr` or `en`, as a page, `?format=pdf` or `?format=json`.

    Public: it holds no personal data and nothing over fewer than five people.

    Without a language, or in one that there is not, it speaks the reader's. Raises: Http404.
    """
    card = ScoreCard.objects.filter(id=number).first()
    if card is None:
        raise Http404
    wished = (request.GET.get("lang"), (get_language() or "")[:2])
    language = next((one for one in wished if one in LANGUAGES), "en")
    answer = _answer(card, request.GET.get("format", "html"), language)
    answer["Content-Security-Policy"] = POLICY
    return answer


def _answer(card: ScoreCard, form: str, language: str) -> HttpResponse:
    if form == "json":
        text = json.dumps(card.credential, ensure_ascii=False, indent=2)
        return _file(text.encode(), "application/json", "scorecard.json")
    if form == "pdf":
        return _file(_paper(card, language), "application/pdf", f"scorecard.{language}.pdf")
    return HttpResponse(page(card.credential, language))


def _paper(card: ScoreCard, language: str) -> bytes:
    """Made once: an issued ScoreCard never changes, and its paper takes a second of a processor."""
    place = f"papers/{card.id}.{language}.{__version__}.pdf"
    if default_storage.exists(place):
        with default_storage.open(place) as kept:
            return bytes(kept.read())
    made = paper(card.credential, language)
    default_storage.save(place, ContentFile(made))
    return made


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
