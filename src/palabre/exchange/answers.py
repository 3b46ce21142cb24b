"""Labels as files show them: in the order of the schema, by question where it asks several."""

import json

from palabre.exchange.formats import JsonValue
from palabre.work.models import Project
from palabre.work.queries.versions import result_form_of
from palabre.work.schemas.form import Question
from palabre.work.schemas.results import ChoicesForm

# So many different answers are kept ready; there are rarely more than a few dozen.
_MOST_KEPT = 20_000


class Answers:
    """Reads `{question: [label, …]}` in JSON text, as the project's newest schema orders it."""

    def __init__(self, project: Project) -> None:
        newest = project.schemas.order_by("-version").first()
        form = result_form_of(project.id, newest.version) if newest else None
        self._parts = list(form.choices.values()) if form else []
        names = [part.question.name for part in self._parts]
        self.columns = ["labels"] if len(names) < 2 else [f"labels.{name}" for name in names]
        # Questions that are answered in words, in the schema's order.
        self.written = [name for name in form.questions if name not in form.choices] if form else []
        self._kept: dict[str, tuple[list[str], JsonValue]] = {}

    def by_question(self, text: str) -> list[tuple[Question, list[str]]]:
        """The labels of each question with choices, in the schema's order."""
        chosen: dict[str, list[str]] = json.loads(text)
        return [(part.question, _in_order(part, chosen)) for part in self._parts]

    def texts(self, said: str) -> list[str]:
        """What was written in answer to each of those questions; empty where nothing was."""
        found: dict[str, str] = json.loads(said)
        return [found.get(name, "") for name in self.written]

    def cells(self, text: str) -> list[str]:
        """A cell for each column; several labels are parted by `|`."""
        return self._read(text)[0]

    def value(self, text: str) -> JsonValue:
        """A list of labels, or one for each question by its name."""
        return self._read(text)[1]

    def _read(self, text: str) -> tuple[list[str], JsonValue]:
        kept = self._kept.get(text)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[text] = self._shown(text)
        return kept

    def _shown(self, text: str) -> tuple[list[str], JsonValue]:
        found = self.by_question(text)
        cells = ["|".join(labels) for _, labels in found] or [""]
        if len(found) < 2:
            return cells, [*found[0][1]] if found else []
        return cells, {question.name: [*labels] for question, labels in found}


def _in_order(part: ChoicesForm, chosen: dict[str, list[str]]) -> list[str]:
    return sorted(chosen.get(part.question.name, []), key=lambda label: part.places.get(label, -1))
