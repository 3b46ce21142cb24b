"""The labelling configuration that Label Studio reads."""

from xml.etree import ElementTree as ET

from palabre.work.schemas import to_label_studio_xml
from tests.work.schema_bodies import PICTURES, REVIEWS


def test_it_shows_and_asks_the_same() -> None:
    view = ET.fromstring(to_label_studio_xml(REVIEWS, "fr"))  # noqa: S314
    assert view.find("Text").attrib == {"name": "review", "value": "$text"}  # type: ignore[union-attr]
    mood, topics = view.findall("Choices")
    assert mood.attrib == {"name": "mood", "toName": "review", "choice": "single", "required": "true"}
    assert topics.attrib == {"name": "topics", "toName": "review", "choice": "multiple"}
    assert mood[0].attrib == {"value": "Content", "alias": "pos", "hotkey": "1"}
    assert topics[0].attrib == {"value": "room"}
    assert view.find("TextArea") is not None
    assert next(header.attrib["value"] for header in view.findall("Header")) == "Que ressent le client ?"


def test_it_escapes() -> None:
    body = PICTURES | {
        "asks": [
            {
                "name": "kind",
                "type": "choices",
                "to": "picture",
                "labels": [{"value": 'a "b" <c> & d'}, {"value": "e"}],
            }
        ]
    }
    view = ET.fromstring(to_label_studio_xml(body))  # noqa: S314
    assert view.find("Choices/Choice").attrib["value"] == 'a "b" <c> & d'  # type: ignore[union-attr]


def test_label_studio_reads_the_same_labels() -> None:
    """The rule by which Label Studio names labels: the alias where there is one, else the value."""
    view = ET.fromstring(to_label_studio_xml(REVIEWS))  # noqa: S314
    choices = view.findall("Choices[@name='mood']/Choice")
    assert [choice.get("alias") or choice.get("value") for choice in choices] == ["pos", "neg", "mixed"]
