"""The published schemas accept what we sign and refuse what verification refuses for its shape."""

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Resource
from referencing.jsonschema import EMPTY_REGISTRY

import palabre.record
from palabre.record.canonical import Json
from palabre.record.keys import PublicKey, SigningKey, key_list
from palabre.record.sealing import NO_ROOT, SealContent, seal_credential

FOLDER = Path(palabre.record.__path__[0]) / "schemas"
SCHEMAS = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def validator(name: str) -> Draft202012Validator:
    registry = EMPTY_REGISTRY.with_resources(
        (other, Resource.from_contents(schema)) for other, schema in SCHEMAS.items()
    )
    return Draft202012Validator(SCHEMAS[name], registry=registry)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_and_has_its_own_name(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == name


def test_a_signed_document(signed: dict[str, Json]) -> None:
    schema = validator("verifiable-credential.json")
    schema.validate(signed)
    for name in SCHEMAS["verifiable-credential.json"]["required"]:
        assert not schema.is_valid({other: item for other, item in signed.items() if other != name})
        assert not schema.is_valid({**signed, name: 3})


def test_a_seal(key: SigningKey, signed: dict[str, Json]) -> None:
    content = SealContent(
        number=2,
        first=11,
        last=20,
        late=[3],
        missing=[12, 15],
        count=9,
        root="ab" * 32,
        previous_root=NO_ROOT,
        sealed_at=AT,
    )
    schema = validator("seal-credential.json")
    document = seal_credential(content, key)
    schema.validate(document)
    assert not schema.is_valid(signed)
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    for name in subject:
        shorter = {other: item for other, item in subject.items() if other != name}
        assert not schema.is_valid({**document, "credentialSubject": shorter})


def test_a_list_of_keys(key: SigningKey) -> None:
    schema = validator("key-list.json")
    schema.validate(key_list([PublicKey(key.did, AT, AT + dt.timedelta(days=1)), PublicKey(key.did, AT)]))
    assert not schema.is_valid({"type": "PalabreKeys", "keys": []})
