"""The smallest request that an operation's own documentation calls right."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from django.core.files.uploadedfile import SimpleUploadedFile

Json: TypeAlias = Any
_FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date-time": "2026-01-05T08:00:00Z",
    "date": "2026-01-05",
}
_CSV = b"id,text\n1,Bonjour\n"


class Examples:
    """Reads one OpenAPI document. `ids` gives the value of a property by its name, where one is known."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.document = document

    def value(self, schema: Mapping[str, Json], ids: Mapping[str, object]) -> Json:
        """An instance of `schema`: required properties only, the least of everything."""
        if "$ref" in schema:
            return self.value(self._resolve(schema["$ref"]), ids)
        for key in ("const", "default", "example"):
            if key in schema:
                return schema[key]
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self.value(schema[key][0], ids)
        return self._plain(schema, ids)

    def _plain(self, schema: Mapping[str, Json], ids: Mapping[str, object]) -> Json:
        match schema.get("type"):
            case "object":
                return {
                    name: self._property(name, schema["properties"][name], ids)
                    for name in schema.get("required", [])
                }
            case "array":
                return [self.value(schema["items"], ids)] * schema.get("minItems", 0)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
            case "string":
                return _text(schema)
        return {}

    def _property(self, name: str, schema: Mapping[str, Json], ids: Mapping[str, object]) -> Json:
        if name in ids:
            known = ids[name]
            return known if isinstance(known, int) else str(known)
        return self.value(schema, ids)

    def _resolve(self, reference: str) -> Mapping[str, Json]:
        found: Json = self.document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found  # type: ignore[no-any-return]

    def body(self, details: Mapping[str, Json], ids: Mapping[str, object]) -> tuple[str, Json] | None:
        """Media type and body of an operation, or None for one that takes none."""
        content = details.get("requestBody", {}).get("content", {})
        for media_type, described in content.items():
            value = self.value(described["schema"], ids)
            if media_type == "multipart/form-data":
                value = {name: _file(each) for name, each in value.items()}
            return media_type, value
        return None


def _text(schema: Mapping[str, Json]) -> str:
    if schema.get("format") == "binary" or schema.get("contentMediaType") == "application/octet-stream":
        return "\x00file"
    if "pattern" in schema:
        return "1"
    least: int = schema.get("minLength", 0)
    return _FORMATS.get(schema.get("format", ""), "a" * max(2, least))


def _file(value: Json) -> Json:
    return SimpleUploadedFile("texts.csv", _CSV, "text/csv") if value == "\x00file" else value
