"""Secret files are made once, whole, and for their owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from palabre.keys import exposed, read_or_make, secret_key
from palabre.settings import load


def test_it_is_made_once(tmp_path: Path) -> None:
    settings = load({"PALABRE_HOME": str(tmp_path)})
    key = secret_key(settings)
    assert len(key) > 40
    assert secret_key(settings) == key


def test_the_owner_alone_may_read_it(tmp_path: Path) -> None:
    settings = load({"PALABRE_HOME": str(tmp_path)})
    secret_key(settings)
    assert stat.S_IMODE((settings.keys / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o700
    assert exposed(settings) == []


def test_a_key_that_others_may_read_is_found(tmp_path: Path) -> None:
    settings = load({"PALABRE_HOME": str(tmp_path)})
    secret_key(settings)
    (settings.keys / "secret").chmod(0o644)
    assert exposed(settings) == [settings.keys / "secret"]


def test_first_runs_at_once_agree(tmp_path: Path) -> None:
    made = iter(range(100))
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: read_or_make(tmp_path / "k", lambda: b"%d" % next(made)), range(32)))
    assert len(set(read)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["k"]
