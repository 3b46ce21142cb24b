"""The proxies and the unit of docs/operating.md, tried as they stand there before a real server.

Only names of places change: ports, the certificate, the folder. Where the machine has no such program the test is
skipped and says so; `./run test` installs them from Debian where it may.
"""

import datetime as dt
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import textwrap
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.installation.home import palabre
from tests.installation.test_serve import Server, served
from tests.waiting import until

ROOT = Path(__file__).parents[2]
NAME = "palabre.example"
# Twice what nginx takes of a body unless it is told otherwise.
LARGE = os.urandom(2 * 1024 * 1024)
TRIES = 5  # of one name from one address
SITE = {"PALABRE_URL": f"https://{NAME}", "PALABRE_ALLOWED_HOSTS": NAME}


def documented(after: str) -> str:
    """The indented block of docs/operating.md that follows a line with these words."""
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    found = re.search(rf"^[^\n]*{re.escape(after)}[^\n]*\n\n((?:    [^\n]*\n|\n)+)", text, re.MULTILINE)
    assert found, f"docs/operating.md shows nothing after {after!r}"
    return textwrap.dedent(found[1])


def put(text: str, change: Mapping[str, str]) -> str:
    """`text` with each place changed; every one of them must stand in it."""
    for here, there in change.items():
        assert here in text, f"docs/operating.md says no {here!r}"
        text = text.replace(here, there)
    return text


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def certify(folder: Path) -> tuple[Path, Path]:
    """A certificate of the site's name, by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    chain, private = folder / "fullchain.pem", folder / "privkey.pem"
    chain.write_bytes(made.public_bytes(pem))
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, private


def nginx(folder: Path, port: int, behind: int) -> list[str]:
    """The documented server, inside the least that a whole configuration needs."""
    chain, private = certify(folder)
    server = put(
        documented("nginx:"),
        {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "/etc/letsencrypt/live/palabre.example/fullchain.pem": str(chain),
            "/etc/letsencrypt/live/palabre.example/privkey.pem": str(private),
            "http://127.0.0.1:8000": f"http://127.0.0.1:{behind}",
        },
    )
    folders = "".join(
        f"{one}_temp_path {folder}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    root = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{root}daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{server}}}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]


def caddy(folder: Path, port: int, behind: int) -> list[str]:
    """The documented site, with a certificate of Caddy's own: no authority reaches this machine."""
    options = f"{{\nadmin off\nlocal_certs\nskip_install_trust\nauto_https disable_redirects\nhttps_port {port}\n}}\n"
    site = put(documented("Caddy,"), {"reverse_proxy 127.0.0.1:8000": f"reverse_proxy 127.0.0.1:{behind}"})
    file = folder / "Caddyfile"
    file.write_text(options + site)
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


class Site:
    """What somebody out there sees at the proxy's address."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60, source_address=(source, 0))
        made = http.client.HTTPConnection(NAME, timeout=60)
        made.sock = trusting.wrap_socket(plain, server_hostname=NAME)
        return made

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, source: str = "127.0.0.1", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        link = self.connect(source)
        try:
            link.request(method, path, body, named)
            answer = link.getresponse()
            return answer, answer.read()
        finally:
            link.close()

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0].status == 200
        except (OSError, http.client.HTTPException):
            return False

    def api(self, path: str, token: str, what: object) -> dict[str, object]:
        answer, content = self.ask(
            "POST", f"/api/v1{path}", json.dumps(what).encode(), Authorization=f"Bearer {token}",
            Content_Type="application/json", Idempotency_Key=str(uuid.uuid4()),
        )  # fmt: skip
        assert answer.status < 300, content
        made: dict[str, object] = json.loads(content)
        return made


@contextmanager
def standing(program: Callable[[Path, int, int], list[str]]) -> Iterator[tuple[Site, Server]]:
    """The proxy before a real server."""
    if shutil.which(program.__name__) is None:
        pytest.skip(
            f"{program.__name__} is not installed on this machine: apt-get install {program.__name__}"
        )
    with served(**SITE) as server, tempfile.TemporaryDirectory(prefix="palabre-proxy-") as made:
        folder, site = Path(made), Site(free_port())
        command = program(folder, site.port, server.port)
        homes = {"HOME": made, "XDG_DATA_HOME": made, "XDG_CONFIG_HOME": made, "PATH": os.environ["PATH"]}
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(command, env=homes, stdout=said, stderr=said)
            try:
                until(lambda: process.poll() is not None or site.answers())
                assert process.poll() is None, (folder / "said").read_text()
                yield site, server
            finally:
                process.terminate()
                process.wait(timeout=30)


@pytest.mark.parametrize("program", [nginx, caddy])
def test_the_documented_proxy_serves_palabre(program: Callable[[Path, int, int], list[str]]) -> None:
    with standing(program) as (site, server):
        a_page_comes_for_https_only(site)
        a_probe_asks_by_number(server)
        whoever_tries_is_known_by_her_own_address(site)
        a_slow_body_arrives(site)
        a_large_part_arrives(site, server)


def a_page_comes_for_https_only(site: Site) -> None:
    answer, page = site.ask("GET", "/account/login/", Accept="text/html")
    assert (answer.status, b"Palabre" in page) == (200, True)
    assert "max-age" in (answer.headers["Strict-Transport-Security"] or "")
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("secure" in one.casefold() for one in cookies), cookies


def a_probe_asks_by_number(server: Server) -> None:
    """Of the program itself, on its network: pages are answered to its own names only."""
    for path, status in (("/readyz", 200), ("/healthz", 200), ("/account/login/", 400)):
        direct = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        direct.request("GET", path, headers={"Host": "10.20.30.40"})
        assert direct.getresponse().status == status, path
        direct.close()


def _try(site: Site, source: str, says: str) -> int:
    mark = "a" * 32
    form = urlencode({"login": "nobody@example.org", "password": "wrong", "csrfmiddlewaretoken": mark})
    answer, _page = site.ask(
        "POST", "/account/login/", form.encode(), source=source, Content_Type="application/x-www-form-urlencoded",
        Cookie=f"csrftoken={mark}", Origin=f"https://{NAME}", Referer=f"https://{NAME}/account/login/",
        X_Forwarded_For=says, X_Forwarded_Proto="http",
    )  # fmt: skip
    return answer.status


def whoever_tries_is_known_by_her_own_address(site: Site) -> None:
    """What a sender says of herself counts for nothing; and she keeps nobody else behind the proxy out."""
    seen = [_try(site, "127.0.0.1", f"10.0.0.{number}") for number in range(TRIES + 1)]
    assert seen == [422] * TRIES + [429]
    assert _try(site, "127.0.0.2", "127.0.0.1") == 422


def a_slow_body_arrives(site: Site) -> None:
    body = b" " * 40
    link = site.connect()
    link.putrequest("POST", "/account/login/")
    link.putheader("Content-Type", "application/x-www-form-urlencoded")
    link.putheader("Cookie", f"csrftoken={'a' * 32}")
    link.putheader("Content-Length", str(len(body)))
    link.endheaders()
    pause = threading.Event()
    for place in range(0, len(body), 4):
        link.send(body[place : place + 4])
        pause.wait(0.3)
    # Without the mark of the form it is refused, by the program, which has read all of it.
    answer = link.getresponse()
    assert (answer.status, bool(answer.headers["X-Request-ID"])) == (403, True)
    link.close()


def a_large_part_arrives(site: Site, server: Server) -> None:
    token, project = _a_project(server)
    upload = site.api(f"/projects/{project}/uploads", token, {"name": "a.csv", "size": len(LARGE)})["id"]
    edge = uuid.uuid4().hex
    fields = {"offset": "0", "sha256": hashlib.sha256(LARGE).hexdigest()}
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    file = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="part"\r\n\r\n'
    body = (head + file).encode() + LARGE + f"\r\n--{edge}--\r\n".encode()
    answer, content = site.ask(
        "POST", f"/api/v1/uploads/{upload}/parts", body, Authorization=f"Bearer {token}",
        Content_Type=f"multipart/form-data; boundary={edge}",
    )  # fmt: skip
    assert (answer.status, json.loads(content)["received"]) == (200, len(LARGE))


def _a_project(server: Server) -> tuple[str, str]:
    """A draft of the first operator's, and the secret of who may bring tasks into it."""

    def say(*words: str) -> str:
        done = palabre(*words, **server.settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[-1]

    place = ("--country", "SN", "--timezone", "Africa/Dakar")
    operator = say("organisation", "add", "--name", "Operator", "--kind", "operator", *place)
    client = say("organisation", "add", "--name", "Client", "--kind", "client", *place)
    who = ("--name", "Awa", "--role", "coordinator", "--email", "awa@example.org")
    coordinator = say("people", "add", "--organisation", operator, *who)
    terms = ("--name", "Reviews", "--purpose", "To sort.", "--currency", "EUR", "--seconds", "10")
    project = say("project", "create", "--client", client, "--operator", operator, *terms)
    return say("people", "token", coordinator, "--organisation", operator), project


def test_the_documented_unit_is_one() -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not on this machine")
    with tempfile.TemporaryDirectory(prefix="palabre-unit-") as folder:
        unit = Path(folder) / "palabre.service"
        places = {"/srv/palabre": str(ROOT), "/var/lib/palabre": folder, "User=palabre": "User=root"}
        unit.write_text(put(documented("As a service of systemd"), places), encoding="utf-8")
        done = subprocess.run([verify, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, str(unit) in done.stderr) == (0, False), done.stderr
