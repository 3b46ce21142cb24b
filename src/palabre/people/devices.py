"""The name of a device for her who uses it: enough to recognise her own, and nothing more."""

_BROWSERS = (("Firefox", "Firefox"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """“Chrome, Android”, or less where less is known."""
    found = (
        next((name for mark, name in table if mark in user_agent), "") for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
