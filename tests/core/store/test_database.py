"""The file: what is refused, what is backed up, and what survives."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from core.errors import StoreError
from core.model import Post
from core.store import DamagedStoreError, NewerStoreError, NewPost, Store, database, schema

if TYPE_CHECKING:
    from pathlib import Path

AS_ROOT = not hasattr(os, "geteuid") or os.geteuid() == 0


def posts(count: int, first: int = 0) -> list[NewPost]:
    return [
        NewPost(Post("x", str(n), n * 60_000, f"post {n} " * 20), stated=frozenset({"GE"}))
        for n in range(first, first + count)
    ]


def make(path: Path, count: int = 500) -> None:
    with Store.open(path) as store:
        store.add_posts(posts(count))
    forget()


def forget() -> None:
    """Let the next opening be as the first one of a process."""
    database._sound.clear()


def test_that_a_store_is_created_with_its_folders_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "new folder #1%20" / "数据" / "s.sqlite"
    make(path)
    with Store.open(path) as store:
        assert store.posts_total() == 500
        assert store.check() == []
    assert {p.name for p in path.parent.iterdir()} == {path.name}


def test_that_a_newer_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerStoreError, match=r"newer Crowdtape.*update Crowdtape"):
        Store.open(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"id,text\n1,hello\n", b"SQLite format 3\x00", b"\0" * 5000, b"PK\x03\x04" * 99])
def test_that_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError, match=r"s\.sqlite is damaged or is no store .*move it away"):
        Store.open(path)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_that_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs(x)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(DamagedStoreError, match="another program"):
        Store.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_that_a_cut_store_is_refused_and_left_as_it_is(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    content = path.read_bytes()
    content = content[: int(len(content) * kept)]
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError, match=r"s\.sqlite"):
        Store.open(path)
    assert path.read_bytes() == content


def test_that_a_store_with_a_spoilt_page_is_refused_and_names_its_backup(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    (tmp_path / "s.sqlite.v1.bak").write_bytes(b"")
    content = bytearray(path.read_bytes())
    for page in range(8192, len(content), 8192):
        content[page : page + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError, match=r"restore the backup s\.sqlite\.v1\.bak"):
        Store.open(path)
    assert path.read_bytes() == content


def test_that_a_large_store_is_checked_after_an_unclean_end_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    monkeypatch.setattr(database, "_ALWAYS_CHECK_BYTES", 0)
    checked: list[bool] = []
    monkeypatch.setattr(database.Database, "problems", lambda _, *, quick: checked.append(quick) or [])
    Store.open(path).close()
    assert checked == []
    forget()
    still_open = Store.open(path)
    still_open.add_posts(posts(1, 9000))
    forget()
    Store.open(path).close()
    Store.open(path).close()
    still_open.close()
    assert checked == [True]


def test_that_a_creation_cut_short_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as cut:
        cut.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0
    with Store.open(path) as store:
        assert store.posts_total() == 0
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    with Store.open(empty) as store:
        assert store.posts_total() == 0


@pytest.mark.parametrize("read_only", [False, True])
def test_that_a_store_whose_last_session_never_ended_opens_with_all_it_held(tmp_path: Path, *, read_only: bool) -> None:
    path, copy = tmp_path / "s.sqlite", tmp_path / "copy.sqlite"
    with Store.open(path) as store:
        store.add_posts(posts(7))
        for suffix in ("", "-wal"):  # as a power cut leaves them: all of it still in the -wal file
            copy.with_name(copy.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    with Store.open(copy, read_only=read_only) as store:
        assert store.count_posts("GE") == 7


def test_that_a_migration_leaves_a_backup_of_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    before = len(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE added(x)", "DROP TABLE event")))
    with pytest.raises(StoreError, match="older version"):
        Store.open(path, read_only=True)
    with Store.open(path) as store:
        assert store.posts_total() == 500
        assert store._database.sql.execute("SELECT count(*) FROM added").fetchone() == (0,)
    backup = tmp_path / f"s.sqlite.v{before}.bak"
    assert {p.name for p in tmp_path.iterdir()} == {path.name, backup.name}
    monkeypatch.undo()
    with Store.open(backup) as store:
        assert store.posts_total() == 500
        assert store.check() == []


def test_that_a_migration_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("DROP TABLE event", "CREATE NONSENSE")))
        with pytest.raises(StoreError, match="syntax"):
            Store.open(path)
    with Store.open(path) as store:
        assert store.events("GE") == []
        assert store.check() == []


def test_that_many_threads_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    failures: list[Exception] = []
    ready = threading.Barrier(6)

    def work(number: int) -> None:
        try:
            ready.wait(10)
            with Store.open(path) as store:
                for k in range(5):
                    store.add_posts(posts(10, number * 1000 + k * 10))
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Store.open(path) as store:
        assert store.count_posts("GE") == store.bins("GE").posts.sum() == 300


def test_that_a_store_opened_for_reading_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with pytest.raises(StoreError, match="no store at"):
        Store.open(path, read_only=True)
    assert not path.exists()
    make(path)
    with Store.open(path, read_only=True) as store:
        assert store.count_posts("GE") == 500
        assert store.check() == []
        with pytest.raises(StoreError, match="reading only"):
            store.put("key", 1)


def test_that_a_reader_sees_the_state_before_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    with Store.open(path) as writer, Store.open(path, read_only=True) as reader:
        with writer._database.write():
            writer.add_posts(posts(5, 1000))
            assert reader.count_posts("GE") == 500
        assert reader.count_posts("GE") == 505


def test_that_a_store_kept_busy_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    monkeypatch.setattr(database, "BUSY_MS", 20)
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other,
        Store.open(path) as store,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"busy; close it or wait"):
            store.put("key", 1)
        other.execute("ROLLBACK")
        store.put("key", 1)


def test_that_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    make(path)
    with Store.open(path) as store:
        sql = store._database.sql
        pages = sql.execute("PRAGMA page_count").fetchone()[0]
        sql.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="disk is full"):
            store.add_posts(posts(3000, 1000))
        assert store.count_posts("GE") == 500
        assert store.check() == []
        sql.execute("PRAGMA max_page_count = 1000000")
        assert store.add_posts(posts(3000, 1000)).added == 3000


def test_that_a_fault_of_the_program_is_not_told_as_one_of_the_store(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.sqlite")
    store.close()
    store.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        store.get("key")


def test_that_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        Store.open(blocked / "s.sqlite")


@pytest.mark.skipif(AS_ROOT, reason="the superuser may write anywhere")
def test_that_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "locked" / "s.sqlite"
    make(path)
    path.parent.chmod(0o500)
    try:
        with Store.open(path, read_only=True) as store:
            assert store.count_posts("GE") == 500
        with pytest.raises(StoreError, match="permissions"):
            Store.open(path)
        with pytest.raises(StoreError, match="permissions"):
            Store.open(path.with_name("other.sqlite"))
    finally:
        path.parent.chmod(0o700)
