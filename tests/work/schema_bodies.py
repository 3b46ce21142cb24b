"""Label schemas that several test files use."""

import copy

REVIEWS: dict[str, object] = {
    "shows": [{"name": "review", "type": "text", "field": "$text", "lang": "en"}],
    "asks": [
        {
            "name": "mood",
            "type": "choices",
            "to": "review",
            "title": {"en": "How does the guest feel?", "fr": "Que ressent le client ?"},
            "labels": [
                {"value": "pos", "title": {"en": "Happy", "fr": "Content"}, "key": "1"},
                {"value": "neg", "title": {"en": "Unhappy", "fr": "Mécontent"}, "key": "2"},
                {"value": "mixed", "title": {"en": "Both", "fr": "Les deux"}, "hint": {"en": "Says both"}},
            ],
        },
        {
            "name": "topics",
            "type": "choices",
            "to": "review",
            "choice": "multiple",
            "required": False,
            "labels": [{"value": "room"}, {"value": "food"}, {"value": "staff"}],
        },
        {"name": "note", "type": "textarea", "to": "review", "title": {"en": "Anything else?"}},
    ],
}

PICTURES: dict[str, object] = {
    "shows": [{"name": "picture", "type": "image", "field": "$image"}],
    "asks": [
        {
            "name": "kind",
            "type": "choices",
            "to": "picture",
            "labels": [{"value": "beach"}, {"value": "room"}],
        }
    ],
}


def reviews() -> dict[str, object]:
    """A fresh copy that a test may change."""
    return copy.deepcopy(REVIEWS)


def item(question: str, *labels: str, to: str = "review") -> dict[str, object]:
    """A Label Studio item that answers a question with choices."""
    return {
        "id": f"id-{question}",
        "from_name": question,
        "to_name": to,
        "type": "choices",
        "value": {"choices": list(labels)},
    }


def note(text: str) -> dict[str, object]:
    """A Label Studio item that holds a note."""
    return {
        "id": "id-note",
        "from_name": "note",
        "to_name": "review",
        "type": "textarea",
        "value": {"text": [text]},
    }
