"""Every kind of block and of question that a label schema can hold, and those that are taken today.

One row for each result type of Label Studio that the workbench will have. Taking a further modality
means: its row here says so, `label-schema.json` gets its definition, `results.py` its check.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockType:
    """`tag`: the object tag of Label Studio that shows it. `beside`: fields that it reads beside its own, where they are."""

    tag: str
    beside: tuple[str, ...] = ()
    taken: bool = False


@dataclass(frozen=True, slots=True)
class QuestionType:
    """`tag`: the control tag of Label Studio; `about`: the blocks that it can be asked of."""

    tag: str
    about: frozenset[str]
    taken: bool = False


BLOCK_TYPES: dict[str, BlockType] = {
    "text": BlockType("Text", taken=True),
    "image": BlockType("Image", beside=("alt", "description"), taken=True),
    "hypertext": BlockType("HyperText"),
    "paragraphs": BlockType("Paragraphs"),
    "list": BlockType("List"),
    "audio": BlockType("Audio"),
    "video": BlockType("Video"),
    "timeseries": BlockType("TimeSeries"),
}

ANY = frozenset(BLOCK_TYPES)
IMAGE = frozenset({"image"})

QUESTION_TYPES: dict[str, QuestionType] = {
    "choices": QuestionType("Choices", ANY, taken=True),
    "textarea": QuestionType("TextArea", ANY, taken=True),
    "taxonomy": QuestionType("Taxonomy", ANY),
    "rating": QuestionType("Rating", ANY),
    "number": QuestionType("Number", ANY),
    "datetime": QuestionType("DateTime", ANY),
    "labels": QuestionType("Labels", frozenset({"text", "hypertext", "audio", "video"})),
    "relation": QuestionType("Relations", ANY),
    "pairwise": QuestionType("Pairwise", ANY),
    "ranker": QuestionType("Ranker", frozenset({"list"})),
    "rectanglelabels": QuestionType("RectangleLabels", IMAGE),
    "ellipselabels": QuestionType("EllipseLabels", IMAGE),
    "polygonlabels": QuestionType("PolygonLabels", IMAGE),
    "keypointlabels": QuestionType("KeyPointLabels", IMAGE),
    "brushlabels": QuestionType("BrushLabels", IMAGE),
    "videorectangle": QuestionType("VideoRectangle", frozenset({"video"})),
    "timeserieslabels": QuestionType("TimeSeriesLabels", frozenset({"timeseries"})),
    "paragraphlabels": QuestionType("ParagraphLabels", frozenset({"paragraphs"})),
    # A recording made by the member; Label Studio has no control for it and gets a text with a file.
    "recording": QuestionType("TextArea", ANY),
}

TAKEN_BLOCKS = tuple(name for name, kind in BLOCK_TYPES.items() if kind.taken)
TAKEN_QUESTIONS = tuple(name for name, kind in QUESTION_TYPES.items() if kind.taken)
