"""Ready beginnings: questions with their labels in both languages, to be changed as the client likes."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.work.setup.sketch import LabelRow, QuestionRow, Sketch

Four = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Beginning:
    """`question` and `labels`: French and English words; of a label, then French and English hints.

    `seconds`: what one answer takes as a rule, until a pilot measures it.
    """

    name: str
    title: str | Promise
    kind: str
    choice: str
    seconds: Decimal
    question: tuple[str, str]
    labels: tuple[Four, ...]

    def sketch(self) -> Sketch:
        labels = [
            LabelRow(title={"fr": fr, "en": en}, hint={"fr": why, "en": because})
            for fr, en, why, because in self.labels
        ]
        title = {"fr": self.question[0], "en": self.question[1]}
        question = QuestionRow(name=self.name, kind=self.choice, title=title, labels=labels)
        note = QuestionRow(
            name="note", kind="note", required=False, title={"fr": "Une remarque\u00a0?", "en": "A remark?"}
        )
        shown = "text" if self.kind == "text" else "file"
        return Sketch(kind=self.kind, column=shown, questions=[question, note])


BEGINNINGS: tuple[Beginning, ...] = (
    Beginning(
        "sentiment", _("What a text feels"), "text", "single", Decimal(15),
        ("Que ressent la personne qui écrit\u00a0?", "What does the writer feel?"),
        (
            ("Positif", "Positive", "Surtout du bien", "Mostly good things"),
            ("Négatif", "Negative", "Surtout du mal", "Mostly bad things"),
            ("Partagé", "Mixed", "Du bien et du mal, à peu près autant", "Good and bad, about as much of each"),
            ("Neutre", "Neutral", "Des faits, sans sentiment", "Facts, without feeling"),
        ),
    ),
    Beginning(
        "topics", _("What a text speaks of"), "text", "multiple", Decimal(20),
        ("De quoi parle ce texte ?", "What does this text speak of?"),
        (
            ("Prix", "Price", "Ce que cela coûte", "What it costs"),
            ("Qualité", "Quality", "Ce que vaut le produit ou le service", "How good the product or service is"),
            ("Accueil", "Staff", "Les personnes qui reçoivent ou répondent", "The people who receive or answer"),
            ("Délai", "Time", "L’attente, la livraison", "Waiting, delivery"),
            ("Autre chose", "Something else", "Rien de tout cela", "None of these"),
        ),
    ),
    Beginning(
        "language", _("Which language a text is in"), "text", "single", Decimal(8),
        ("Dans quelle langue est ce texte ?", "Which language is this text in?"),
        (
            ("Français", "French", "Même avec des fautes", "Also with mistakes"),
            ("Wolof", "Wolof", "Même avec des mots français", "Also with French words in it"),
            ("Anglais", "English", "Même avec des fautes", "Also with mistakes"),
            ("Un mélange", "A mix", "Deux langues, à peu près autant", "Two languages, about as much of each"),
            ("Une autre langue", "Another language", "Ou pas de langue du tout", "Or no language at all"),
        ),
    ),
    Beginning(
        "content", _("What a picture shows"), "image", "multiple", Decimal(12),
        ("Que voit-on sur l’image\u00a0?", "What does the picture show?"),
        (
            ("Des personnes", "People", "Même une partie du corps", "Also a part of a body"),
            ("Un animal", "An animal", "Vivant, pas un dessin", "Alive, not a drawing"),
            ("Un bâtiment", "A building", "Vu de dehors ou de dedans", "From outside or from inside"),
            ("De la nature", "Nature", "Sans bâtiment au premier plan", "Without a building in front"),
            ("Autre chose", "Something else", "Rien de tout cela", "None of these"),
        ),
    ),
    Beginning(
        "quality", _("Whether a picture can be used"), "image", "single", Decimal(10),
        ("Peut-on utiliser cette image\u00a0?", "Can this picture be used?"),
        (
            ("Oui", "Yes", "Nette, claire, sans rien de choquant", "Sharp, bright, nothing shocking"),
            ("Non\u00a0: floue ou sombre", "No: blurred or dark", "On ne reconnaît rien", "Nobody can tell what it is"),
            ("Non\u00a0: choquante", "No: shocking", "Violence, nudité, haine", "Violence, nudity, hatred"),
            ("Non\u00a0: vie privée", "No: private", "Un visage, un nom, une adresse", "A face, a name, an address"),
        ),
    ),
)  # fmt: skip


def beginning(name: str) -> Beginning | None:
    return next((one for one in BEGINNINGS if one.name == name), None)
