"""The store on a real disk: what others plant, break, fill or write at the same time."""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.llm import store as store_module
from summarizer.llm.store import SafeDisk, Store, chosen_folder

KEY = "ab" * 32
OTHER = "cd" * 32


class Boom:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, ...]]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def store(folder: Path, told: list[str]) -> Iterator[Store]:
    with Store(folder, warn=told.append) as opened:
        yield opened


def database(folder: Path) -> Path:
    return folder / "answers" / "cache.db"


def sql(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(database(folder))) as connection, connection:
        connection.execute(statement, values)


def plant(folder: Path, key: object, value: object, *, raw: int = 1, mode: int = 1) -> None:
    sql(folder, "DELETE FROM Cache WHERE key = ? AND raw = ?", key, raw)
    sql(
        folder,
        "INSERT INTO Cache (key, raw, store_time, access_time, mode, value)"
        " VALUES (?, ?, 1.0, 1.0, ?, ?)",
        *(key, raw, mode, value),
    )


def run(code: str, *args: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# What is stored is there, in this process and the next.


def test_an_object_is_there_again_and_after_the_store_was_closed(folder: Path) -> None:
    with Store(folder) as store:
        store.put(KEY, {"value": [1, "zwölf", None]}, stage="extract_claims")
        assert store.get(KEY) == {"value": [1, "zwölf", None]}
        assert store.get(OTHER) is None
    with Store(folder) as store:
        assert store.get(KEY) == {"value": [1, "zwölf", None]}
        store.delete(KEY, OTHER)
        assert store.get(KEY) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.text(), value=st.dictionaries(st.text(), json_values, max_size=4))
def test_every_json_object_comes_back_as_it_was(key: str, value: dict[str, Any]) -> None:
    with Store() as store:
        store.put(key, value)
        assert store.get(key) == value


@pytest.mark.parametrize("text", ["\ud83d", "a\x00b", "\u2028", "x" * 200_000])
def test_odd_texts_survive_the_disk(store: Store, told: list[str], text: str) -> None:
    store.put(KEY, {"value": text})
    assert store.get(KEY) == {"value": text}
    assert not told


def test_a_killed_process_loses_nothing_it_stored(folder: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from summarizer.llm.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for n in range(20): store.put(f'{n:064x}', {'n': n})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    process = run(code, folder)
    process.communicate(timeout=60)
    assert process.returncode == -9
    told: list[str] = []
    with Store(folder, warn=told.append) as store:
        assert [store.get(f"{n:064x}") for n in range(20)] == [{"n": n} for n in range(20)]
    assert not told


# Nothing that lies in the database is ever run.


@pytest.mark.parametrize("raw", [0, 1])
def test_a_planted_pickle_is_not_run_and_counts_as_missing(
    store: Store, folder: Path, tmp_path: Path, raw: int
) -> None:
    payload = pickle.dumps(Boom(tmp_path / "boom"))
    store.put(KEY, {"value": 1})
    sql(folder, "DELETE FROM Cache")
    plant(folder, KEY, payload, raw=raw, mode=4)
    plant(folder, payload, payload, raw=0, mode=4)
    assert store.get(KEY) is None
    assert store.entries() == []
    assert store.info()["entries"] == 0
    store.put(OTHER, {"value": 2})
    store.prune(max_bytes=10**6)
    assert store.get(OTHER) == {"value": 2}
    store.clear()
    assert not (tmp_path / "boom").exists()
    pickle.loads(payload)
    assert (tmp_path / "boom").is_dir()  # The payload does run where it is unpickled.


def test_a_planted_pickle_in_a_file_is_not_run(store: Store, folder: Path, tmp_path: Path) -> None:
    (folder / "answers" / "x.val").write_bytes(pickle.dumps(Boom(tmp_path / "boom")))
    plant(folder, KEY, None, mode=4)
    sql(folder, "UPDATE Cache SET filename = 'x.val'")
    assert store.get(KEY) is None
    assert not (tmp_path / "boom").exists()


def test_no_file_that_a_row_names_is_read_or_removed(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious.json"
    precious.write_text('{"secret": 1}')
    for mode in (2, 3):
        plant(folder, KEY, None, mode=mode)
        sql(folder, "UPDATE Cache SET filename = ?", str(precious))
        assert store.get(KEY) is None
    plant(folder, KEY, None, mode=2)
    sql(folder, "UPDATE Cache SET filename = ?", str(precious))
    store.put(KEY, {"value": 1})
    plant(folder, OTHER, None, mode=2)
    sql(folder, "UPDATE Cache SET filename = ?", str(precious))
    store.prune(before=2.0)
    store.clear()
    assert precious.exists()


def test_the_disk_gives_texts_and_bytes_and_nothing_else(tmp_path: Path) -> None:
    safe = SafeDisk(str(tmp_path))
    assert safe.get("key", True) == "key"
    size, mode, name, value = safe.store(b"value", False)
    assert (size, safe.fetch(mode, name, value, False)) == (0, b"value")
    for raw_key in ((b"key", True), ("key", False), (pickle.dumps("key"), False)):
        with pytest.raises(OSError, match="that is not"):
            safe.get(*raw_key)
    rows = ((4, None, pickle.dumps(1)), (1, "a.val", b""), (2, "a.val", None), (1, None, 7))
    for mode, file, found in rows:
        with pytest.raises(OSError, match="that is not"):
            safe.fetch(mode, file, found, False)


@pytest.mark.parametrize("value", [b"", b"[1]", b"nonsense", b"\xff", b"[" * 100_000, b"9" * 9999])
def test_what_is_no_json_object_is_missing_and_removed(
    store: Store, folder: Path, told: list[str], value: bytes
) -> None:
    store.put(OTHER, {"value": 1})
    plant(folder, KEY, value)
    assert store.get(KEY) is None
    assert [row.key for row in store.entries()] == [OTHER]
    assert not told


# Damage costs what was stored, never the run.

DAMAGE: dict[str, Callable[[Path], object]] = {
    "garbage": lambda file: file.write_bytes(b"not a database at all" * 500),
    "cut short": lambda file: os.truncate(file, 5000),
    "another table": lambda file: _script(file, "DROP TABLE Cache; CREATE TABLE Cache (a, b)"),
    "a setting that hides a method": lambda file: _script(
        file, "INSERT INTO Settings VALUES ('get', 'x')"
    ),
    "a setting that hides the disk": lambda file: _script(
        file, "INSERT INTO Settings VALUES ('_disk', 'x')"
    ),
}
REPAIRED = {
    "no settings": "DELETE FROM Settings",
    "another pragma": "UPDATE Settings SET value = 'off' WHERE key = 'sqlite_journal_mode'",
    "another type": "UPDATE Settings SET value = 'much' WHERE key = 'size_limit'",
    "an unknown policy": "UPDATE Settings SET value = 4 WHERE key = 'eviction_policy'",
}


def _script(file: Path, script: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(script)


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_database_is_set_aside_when_it_is_opened(
    folder: Path, told: list[str], kind: str
) -> None:
    with Store(folder) as store:
        store.put(KEY, {"value": 1})
    DAMAGE[kind](database(folder))
    with Store(folder, warn=told.append) as store:
        assert store.get(KEY) is None
        store.put(KEY, {"value": 2})
        (aside,) = map(Path, store.info()["set_aside"])
    assert aside.parent == folder
    assert (aside / "cache.db").exists()
    (warning,) = told
    assert str(aside) in warning
    with Store(folder, warn=told.append) as store:
        assert store.get(KEY) == {"value": 2}
        assert store.clear() == 1
    assert not aside.exists()
    assert len(told) == 1


@pytest.mark.parametrize("kind", REPAIRED)
def test_settings_that_somebody_changed_are_put_right(
    folder: Path, told: list[str], kind: str
) -> None:
    with Store(folder) as store:
        store.put(KEY, {"value": 1})
    _script(database(folder), REPAIRED[kind])
    with Store(folder, warn=told.append) as store:
        assert store.get(KEY) == {"value": 1}
        store.put(OTHER, {"value": 2})
        assert store.get(OTHER) == {"value": 2}
    assert not told


@pytest.mark.parametrize("first", ["get", "put", "entries", "delete", "prune", "clear", "info"])
def test_damage_that_shows_later_costs_one_miss(
    store: Store, folder: Path, told: list[str], first: str
) -> None:
    store.put(KEY, {"value": 1})
    _script(database(folder), "PRAGMA wal_checkpoint(TRUNCATE); DROP TABLE Cache")
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: store.get(KEY),
        "put": lambda: store.put(OTHER, {"value": 2}),
        "entries": store.entries,
        "delete": lambda: store.delete(KEY),
        "prune": lambda: store.prune(max_bytes=0),
        "clear": store.clear,
        "info": store.info,
    }
    calls[first]()
    assert len(told) == 1
    assert "set aside" in told[0]
    store.put(OTHER, {"value": 3})
    assert store.get(OTHER) == {"value": 3}
    with Store(folder) as again:
        assert again.get(OTHER) == {"value": 3}


def test_pages_overwritten_under_an_open_store_cost_no_more_than_what_was_stored(
    store: Store, folder: Path, told: list[str]
) -> None:
    for n in range(200):
        store.put(f"{n:064x}", {"value": "x" * 500})
    _script(database(folder), "PRAGMA wal_checkpoint(TRUNCATE)")
    size = database(folder).stat().st_size
    with database(folder).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    for n in range(200):
        assert store.get(f"{n:064x}") in (None, {"value": "x" * 500})
    store.put(KEY, {"value": 1})
    assert store.get(KEY) == {"value": 1}
    assert len(told) == 1


def test_two_stores_that_meet_the_same_damage_set_it_aside_once(
    folder: Path, told: list[str]
) -> None:
    with Store(folder, warn=told.append) as one, Store(folder, warn=told.append) as two:
        one.put(KEY, {"value": 1})
        _script(database(folder), "DROP TABLE Cache")
        one.put(KEY, {"value": 2})
        two.put(OTHER, {"value": 3})
        assert two.get(KEY) == {"value": 2}
        assert one.get(OTHER) == {"value": 3}
        assert len(one.info()["set_aside"]) == 1
    assert len(told) == 1


def test_many_threads_that_meet_the_same_damage_go_on(
    store: Store, folder: Path, told: list[str]
) -> None:
    store.put(KEY, {"value": 1})
    _script(database(folder), "DROP TABLE Cache")
    threads = [
        threading.Thread(target=lambda n=n: store.put(f"{n:064x}", {"n": n})) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.get(f"{n:064x}") for n in range(8)] == [{"n": n} for n in range(8)]
    assert len(told) == 1


# A folder that cannot be used costs the storing, never the run.


def test_a_file_in_the_place_of_the_folder_means_memory_only(
    tmp_path: Path, told: list[str]
) -> None:
    (tmp_path / "cache").write_text("mine")
    for folder in (tmp_path / "cache", tmp_path / "cache" / "inner"):
        with Store(folder, warn=told.append) as store:
            store.put(KEY, {"value": 1})
            assert store.get(KEY) == {"value": 1}
            with store.turn(KEY):
                pass
    assert len(told) == 2
    assert all("for this run only" in line for line in told)
    assert (tmp_path / "cache").read_text() == "mine"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who is root may write everywhere"
)
def test_a_folder_that_may_not_be_written_means_memory_only(
    tmp_path: Path, told: list[str]
) -> None:
    tmp_path.chmod(0o500)
    with Store(tmp_path / "cache", warn=told.append) as store:
        store.put(KEY, {"value": 1})
        assert store.get(KEY) == {"value": 1}
    tmp_path.chmod(0o700)
    assert len(told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_keeps_the_rest_of_the_run_in_memory(folder: Path) -> None:
    code = (
        "import json, resource, sys\n"
        "from pathlib import Path\n"
        "from summarizer.llm.store import Store\n"
        "told = []\n"
        "store = Store(Path(sys.argv[1]), warn=told.append)\n"
        "store.put('aa', {'n': -1})\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))\n"
        "for n in range(20): store.put(f'{n:064x}', {'n': n, 'x': 'x' * 50_000})\n"
        "found = [(store.get(f'{n:064x}') or {}).get('n') for n in range(20)]\n"
        "left = store.get('aa')\n"
        "store.close()\n"
        "print(json.dumps([found, left, told]))\n"
    )
    out, err = run(code, folder).communicate(timeout=120)
    assert not err
    found, left, told = json.loads(out)
    assert found == list(range(20))
    assert left == {"n": -1}
    assert len(told) == 1
    assert "for this run only" in told[0]
    later: list[str] = []
    with Store(folder, warn=later.append) as store:
        assert store.get("aa") == {"n": -1}
        assert 0 < len(store.entries()) < 21
    assert not later


def test_a_database_that_another_process_holds_is_waited_for_only_so_long(
    folder: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PATIENCE", 0.05)
    with Store(folder, warn=told.append) as store:
        store.put(KEY, {"value": 1})
        with closing(sqlite3.connect(database(folder), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            store.put(KEY, {"value": 2})
            store.put(OTHER, {"value": 3})
            assert store.get(KEY) == {"value": 2}
        assert len(told) == 1
        assert "database is locked" in told[0]
        store.put(KEY, {"value": 4})
        assert store.get(OTHER) == {"value": 3}
    with Store(folder) as store:
        assert [row.key for row in store.entries()] == [KEY]
        assert store.get(KEY) == {"value": 4}


def test_a_folder_removed_under_an_open_store_does_no_harm(store: Store, folder: Path) -> None:
    import shutil

    store.put(KEY, {"value": 1})
    shutil.rmtree(folder)
    store.put(OTHER, {"value": 2})
    assert store.get(OTHER) == {"value": 2}
    assert store.info()["folder"] == str(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_a_file_system_without_locks_is_noticed_and_not_waited_for(
    folder: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Store(folder, warn=told.append) as store:
        store.put(KEY, {"value": 1})
        assert store.get(KEY) == {"value": 1}
    (warning,) = told
    assert "No locks available" in warning


# Who may read it.


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")
def test_the_folder_is_private(folder: Path) -> None:
    def rights(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    with Store(folder) as store, store.turn(KEY):
        assert {rights(each) for each in (folder, *folder.iterdir()) if each.is_dir()} == {0o700}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")
def test_in_a_folder_of_the_users_own_only_what_is_stored_is_private(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    with Store(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
        assert stat.S_IMODE((folder / "answers").stat().st_mode) == 0o700


def test_the_folder_is_the_chosen_one_or_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert chosen_folder(str(tmp_path)) == tmp_path
    assert "~" not in str(chosen_folder("~/answers"))
    assert chosen_folder("").name.startswith("summarizer") or "summarizer" in str(chosen_folder(""))
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert chosen_folder("") == tmp_path / "summarizer"


# Several at once.


def test_four_processes_write_at_once_into_a_new_folder(folder: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from summarizer.llm.store import Store\n"
        "told = []\n"
        "with Store(Path(sys.argv[1]), warn=told.append) as store:\n"
        "    for n in range(50):\n"
        "        store.put(f'{sys.argv[2]}{n:063x}', {'who': sys.argv[2], 'n': n})\n"
        "        store.put('f' * 64, {'who': sys.argv[2]})\n"
        "assert not told, told\n"
    )
    processes = [run(code, folder, who) for who in "1234"]
    assert [process.communicate(timeout=120)[1] for process in processes] == [""] * 4
    with Store(folder) as store:
        assert len(store.entries()) == 201
        assert all(
            store.get(f"{who}{n:063x}") == {"who": who, "n": n} for who in "1234" for n in range(50)
        )


def test_threads_share_a_store(store: Store) -> None:
    def work(who: int) -> None:
        for n in range(25):
            store.put(f"{who}{n:063x}", {"n": n})
            assert store.get(f"{who}{n:063x}") == {"n": n}

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.entries()) == 200


def test_a_closed_store_answers_as_an_empty_one(store: Store, told: list[str]) -> None:
    store.put(KEY, {"value": 1})
    store.close()
    store.close()
    assert store.get(KEY) is None
    assert store.entries() == []
    assert not told


# How much it is, and less of it.


def test_info_counts_replies_by_stage(store: Store) -> None:
    for n in range(3):
        store.put(f"{n:064x}", {"n": n}, stage="extract_claims")
    store.put(KEY, {"n": 3}, stage="verify_statements")
    store.put("asked/of something else", {"n": 4}, stage="verify_statements")
    info = store.info()
    assert (info["entries"], info["bytes"]) == (4, 4 * len('{"n":0}'))
    assert info["stages"] == {
        "extract_claims": {"entries": 3, "bytes": 21},
        "verify_statements": {"entries": 1, "bytes": 7},
    }
    assert info["oldest"] <= info["newest"]


def test_prune_removes_what_is_old(store: Store, folder: Path) -> None:
    for n in range(4):
        store.put(f"{n:064x}", {"n": n})
    store.put("asked/long ago", {})
    sql(folder, "UPDATE Cache SET store_time = 1000.0 WHERE key < ?", f"{2:064x}")
    sql(folder, "UPDATE Cache SET store_time = 1000.0 WHERE key = 'asked/long ago'")
    assert store.prune(before=2000.0) == 2
    assert [row.key for row in store.entries()] == [f"{n:064x}" for n in (2, 3)]
    assert store.get("asked/long ago") is None


def test_prune_leaves_no_more_than_the_size_and_removes_the_oldest_first(store: Store) -> None:
    for n in range(10):
        store.put(f"{n:064x}", {"x": "x" * 92})  # 100 bytes each
    assert store.prune(max_bytes=350) == 7
    assert [row.key for row in store.entries()] == [f"{n:064x}" for n in (7, 8, 9)]
    assert store.prune(max_bytes=350) == 0


def test_those_stored_first_are_evicted_from_the_limit_on(folder: Path) -> None:
    with Store(folder, size_limit=1_000_000) as store:
        for n in range(60):
            store.put(f"{n:064x}", {"x": "x" * 50_000})
        kept = [int(row.key, 16) for row in store.entries()]
    assert kept == list(range(60 - len(kept), 60))
    assert 5 <= len(kept) <= 25


def test_clear_leaves_nothing(store: Store, folder: Path) -> None:
    store.put(KEY, {"value": 1})
    store.put("asked/something", {})
    (folder / "locks").mkdir()
    (folder / "locks" / "of a dead process.lock").touch()
    assert store.clear() == 1
    assert store.get(KEY) is None
    assert store.get("asked/something") is None
    assert not (folder / "locks").exists()
    store.put(KEY, {"value": 2})
    assert store.get(KEY) == {"value": 2}
