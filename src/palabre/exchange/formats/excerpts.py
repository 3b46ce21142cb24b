"""Short pieces of foreign text that are safe to show in any report, page or terminal."""


def excerpt(text: str, length: int = 60) -> str:
    """The beginning of `text` with everything that does not print, or turns the direction, spelled out."""
    shown = "".join(_shown(character) for character in text[:length])
    return shown + "…" if len(text) > length else shown


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
