"""The public page of a ScoreCard: HTML, PDF, and the signed JSON itself."""

import json
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from palabre.impact.models import ScoreCard
from palabre.impact.rendering.page import page
from palabre.impact.rendering.paper import paper


def scorecard(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """One ScoreCard. It holds no personal data and nothing over fewer than five people: it is public."""
    card = ScoreCard.objects.filter(id=number).first()
    if card is None:
        raise Http404
    language = request.GET.get("lang") or (get_language() or "en")[:2]
    if request.GET.get("format") == "json":
        body = json.dumps(card.credential, ensure_ascii=False, indent=2)
        return HttpResponse(body, content_type="application/json")
    if request.GET.get("format") == "pdf":
        return HttpResponse(paper(card.credential, language), content_type="application/pdf")
    return HttpResponse(page(card.credential, language, card))
