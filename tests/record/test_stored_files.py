"""Pictures, exports and parts of uploads are held against the digest in their row."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from palabre.exchange.actions import append_part, ask_export, begin_upload, run_export
from palabre.exchange.models import UploadPart
from palabre.record.files import file_problems
from palabre.times import system_clock
from palabre.work.media import store_picture, stored_at
from palabre.work.models import Media
from tests.cast import Cast
from tests.work.stage import AT, set_stage

PART = b"a,b\n1,"


@dataclass
class Drawn:
    """A picture that is prepared already."""

    content: bytes = b"a picture"
    width: int = 1
    height: int = 1
    original_width: int = 2
    original_height: int = 2


@pytest.fixture
def files(cast: Cast) -> dict[str, str]:
    """One of each, whole."""
    project = set_stage(cast).live(2)
    picture = store_picture(project, Drawn(), "a.png")
    asked = ask_export(project.id, "judgements", "csv", by=cast.client_person.actor, at=AT)
    made = run_export(asked.id, system_clock)
    upload = begin_upload(project.id, "b.csv", 6, by=cast.client_person.actor, at=AT)
    append_part(upload.id, 0, PART, hashlib.sha256(PART).hexdigest(), by=cast.client_person.actor, at=AT)
    return {
        "picture": stored_at(project.id, picture.sha256),
        "export": made.file,
        "part": UploadPart.objects.get().file,
    }


def lost(name: str) -> None:
    default_storage.delete(name)


def changed(name: str) -> None:
    default_storage.delete(name)
    assert default_storage.save(name, ContentFile(b"something else")) == name


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [lost, changed])
@pytest.mark.parametrize("which", ["picture", "export", "part"])
def test_a_file_that_is_gone_or_another_is_named(
    files: dict[str, str], which: str, damage: Callable[[str], None]
) -> None:
    assert list(file_problems()) == []
    damage(files[which])
    (problem,) = file_problems()
    assert files[which] in str(problem)


@pytest.mark.django_db
def test_what_went_with_its_row_meanwhile_is_not_missed(cast: Cast) -> None:
    """The rows are read some thousand at a time: by the turn of one, it may be gone in good order."""
    project = set_stage(cast).live(2)
    pictures = [store_picture(project, Drawn(content), "a.png") for content in (b"one", b"two")]
    names = [stored_at(project.id, one.sha256) for one in pictures]
    lost(names[0])
    found = file_problems()
    assert names[0] in str(next(found))
    lost(names[1])
    Media.objects.filter(id=pictures[1].id).delete()
    assert list(found) == []
