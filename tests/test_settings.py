"""Settings are read strictly, all problems at once, each with what to do; what is documented is what there is."""

import re
from pathlib import Path

import pytest

from palabre.settings import Settings, SettingsError, load

HOME = {"PALABRE_HOME": "/srv/palabre"}
DOCUMENT = Path(__file__).parent.parent / "docs/settings.md"


def settings(**environ: str) -> Settings:
    return load(HOME | environ)


def problem(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(**environ)
    return str(caught.value)


def test_nothing_needs_to_be_set() -> None:
    made = load({"HOME": "/home/ami"})
    assert made.home == Path("/home/ami/.local/share/palabre")
    assert (made.url, made.database_url, made.demo) == ("http://localhost:8000", None, False)
    assert made.secret_key is None


def test_values_are_taken() -> None:
    made = settings(
        PALABRE_HOST="0.0.0.0",
        PALABRE_PORT="80",
        PALABRE_URL="https://palabre.example/",
        PALABRE_ALLOWED_HOSTS="palabre.example, www.palabre.example",
        PALABRE_LANGUAGES="fr",
        PALABRE_DEMO="yes",
        PALABRE_DEMO_PUBLIC="yes",
        DATABASE_URL="postgresql://ami:secret@db/palabre",
    )
    assert (made.host, made.port, made.url, made.secure) == ("0.0.0.0", 80, "https://palabre.example", True)
    assert made.allowed_hosts[:2] == ("palabre.example", "www.palabre.example")
    assert (made.languages, made.demo) == (("fr",), True)


@pytest.mark.parametrize(
    "reached",
    [
        {"PALABRE_HOST": "0.0.0.0", "PALABRE_ALLOWED_HOSTS": "demo.example"},
        {"PALABRE_URL": "https://demo.example"},
        {"PALABRE_ALLOWED_HOSTS": "demo.example"},
        {"PALABRE_HOST": "192.168.1.7", "PALABRE_ALLOWED_HOSTS": "localhost"},
    ],
)
def test_the_demo_stays_on_this_machine(reached: dict[str, str]) -> None:
    """Whoever reaches it may act as anybody."""
    assert "PALABRE_DEMO lets anybody act as anybody" in problem(PALABRE_DEMO="1", **reached)
    assert settings(PALABRE_DEMO="1", PALABRE_DEMO_PUBLIC="1", **reached).demo
    assert not settings(**reached).demo
    for host in ("127.0.0.1", "::1", "localhost"):
        assert settings(PALABRE_DEMO="1", PALABRE_HOST=host).demo


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 587)])
def test_a_mail_server(security: str, port: int) -> None:
    given = {"PALABRE_MAIL_HOST": "mail.example", "PALABRE_MAIL_FROM": "Palabre <palabre@example.org>"}
    mail = settings(**given, PALABRE_MAIL_SECURITY=security).mail
    assert mail is not None
    assert (mail.host, mail.port, mail.security, mail.user) == ("mail.example", port, security, None)


@pytest.mark.parametrize("port", ["0", "65536", "8_000", "8e3", "٨٠", "+80", "-1", "80.0", "99999999999999"])
def test_numbers_are_whole_and_plain(port: str) -> None:
    assert f"PALABRE_PORT is {port!r}: give a whole number from 1 to 65535" in problem(PALABRE_PORT=port)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PALABRE_HOME", "data"),
        ("PALABRE_URL", "palabre.example"),
        ("PALABRE_URL", "https://palabre.example/app"),
        ("PALABRE_ALLOWED_HOSTS", "*"),
        ("PALABRE_HOST", "0.0.0.0"),
        ("PALABRE_SECRET_KEY", "short"),
        ("PALABRE_LANGUAGES", "fr,tlh"),
        ("PALABRE_DEMO", "maybe"),
        ("PALABRE_LOG_LEVEL", "loud"),
        ("PALABRE_MEDIA", "ftp"),
        ("PALABRE_MEDIA", "s3"),
        ("DATABASE_URL", "mysql://localhost/palabre"),
        ("PALABRE_MAIL_HOST", "mail.example"),
        ("PALABRE_MAIL_FROM", "palabre@example.org"),
        ("PALABRE_MAIL_FROM", "nobody"),
        ("PALABRE_MAIL_USER", "palabre"),
        ("PALABRE_MAIL_PASSWORD", "hush"),
        ("PALABRE_MAIL_SECURITY", "maybe"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    assert name in problem(**{name: value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        settings(PALABRE_PORT="x", PALABRE_DEMO="x", PALABRE_LOG_LEVEL="x")
    assert len(caught.value.problems) == 3


def test_a_misspelt_name_is_told() -> None:
    assert "did you mean PALABRE_PORT?" in problem(PALABRE_PROT="80")


def test_the_projects_own_tools_may_have_variables() -> None:
    settings(PALABRE_CHROMIUM="/usr/bin/chromium", PALABRE_TEST_HOME="/srv/x")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("postgresql://db/palabre\n", encoding="utf-8")
    assert settings(DATABASE_URL_FILE=str(file)).database_url == "postgresql://db/palabre"


def test_a_secret_comes_from_one_place(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 50, encoding="utf-8")
    assert "keep one" in problem(PALABRE_SECRET_KEY="s" * 50, PALABRE_SECRET_KEY_FILE=str(file))


def test_a_file_that_is_not_there_is_told() -> None:
    assert "/no/such" in problem(PALABRE_SECRET_KEY_FILE="/no/such")


def test_no_secret_is_repeated() -> None:
    assert "hush" not in problem(DATABASE_URL="http://ami:hush@db/x")
    assert "hush" not in problem(PALABRE_SECRET_KEY="hush")
    assert "hush" not in problem(PALABRE_MAIL_PASSWORD="hush")


def test_every_setting_is_documented() -> None:
    """The names in the document's table are the names that `load` asks for."""
    asked = _names_asked_for()
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == {name for name in asked if not name.endswith("_FILE")}


def _names_asked_for() -> set[str]:
    class Listening(dict[str, str]):
        def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
            asked.add(key)
            return default

    asked: set[str] = set()
    load(Listening())
    return asked - {"HOME", "XDG_DATA_HOME"}
