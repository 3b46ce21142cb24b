"""Files that are sent with a request: streamed to disk, digested on the way."""

import hashlib

from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest


class _Digesting(FileUploadHandler):
    """Reads every chunk on its way to the next handler."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        self.digest.update(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        self.digest.update(f"\n{self.field_name} {self.file_name} {file_size}\n".encode())


def digest_of_upload(request: HttpRequest) -> bytes:
    """SHA-256 over the fields and files of a multipart body, which is read here, outside any transaction.

    Raises what Django's parser raises for a body that is cut or not multipart.
    """
    digesting = _Digesting(request)
    request.upload_handlers = [digesting, TemporaryFileUploadHandler(request)]
    for name, values in sorted(request.POST.lists()):
        digesting.digest.update(f"{name} {len(values)}\n".encode())
        for value in values:
            digesting.digest.update(f"{len(value)} {value}\n".encode())
    return digesting.digest.digest()


def digest_of_form(request: HttpRequest) -> bytes:
    """SHA-256 over the fields and files of a form that is read already (the check against forgery reads it)."""
    digest = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        for value in values:
            digest.update(f"{len(name)} {name} {len(str(value))} {value}\n".encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"{len(name)} {name} {file.name} {file.size}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.digest()
