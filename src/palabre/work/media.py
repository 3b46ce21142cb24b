"""Pictures as members get them, kept by their content."""

import hashlib
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from palabre.work.models import Media, Project


class Picture(Protocol):
    """A prepared picture: re-encoded, without metadata."""

    @property
    def content(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def original_width(self) -> int: ...
    @property
    def original_height(self) -> int: ...


def store_picture(project: Project, picture: Picture, name: str) -> Media:
    """Keep a prepared picture; the same content twice in a project is one."""
    digest = hashlib.sha256(picture.content).hexdigest()
    path = f"media/{project.id}/{digest}.webp"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(picture.content))
    media, _ = Media.objects.get_or_create(
        project=project,
        sha256=digest,
        defaults={
            "content_type": "image/webp",
            "size": len(picture.content),
            "width": picture.width,
            "height": picture.height,
            "original_width": picture.original_width,
            "original_height": picture.original_height,
            "name": name[:200],
        },
    )
    return media
