"""The file itself: opening it without ever harming it, migrating it, transactions, and errors in plain words."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Final, Self

from core.errors import StoreError
from core.store import schema
from core.store.types import DamagedStoreError, NewerStoreError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

BUSY_MS: Final = 30_000
_PAUSE_S: Final = 0.01
# Bulk imports write a few hundred MB: pages as large as a cluster of most disks, a checkpoint every 32 MB.
_PAGE_BYTES: Final = 8192
_CHECKPOINT_PAGES: Final = 4096
_CACHE_KIB: Final = 16_384
# Reading goes through a million of bars once: what it keeps of them would be fetched from the system in vain.
_READING_CACHE_KIB: Final = 2048
# Checking reads the whole file. Up to this size it is not noticed; above, it is done after an unclean end only.
_ALWAYS_CHECK_BYTES: Final = 16 << 20

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\x00"

# Stores that this process has found sound: other threads that open them need not read the whole file again.
_sound: set[str] = set()


class Database:
    """One connection to one store, for the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self.sql = connection
        self.path = path
        self.read_only = read_only
        self._writing = False  # whether the cache is as large as writing wants it

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the store at `path`; create it where there is none, unless `read_only`.

        Raises `StoreError` (`NewerStoreError`, `DamagedStoreError`), and then has changed nothing.
        """
        fresh = _look_at(path, read_only=read_only)
        wal = path.with_name(path.name + "-wal")
        unclean = wal.exists() and wal.stat().st_size > 0
        with told(path):
            connection = _connect(path, read_only=read_only)
        database = cls(connection, path, read_only=read_only)
        try:
            with told(path):
                # Before anything is written, so that a stranger's database stays as it is.
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                if not read_only:
                    if fresh:
                        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
                    _turn_to_wal(connection)
                    connection.execute("PRAGMA synchronous = NORMAL")
                    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
                connection.execute(f"PRAGMA cache_size = -{_READING_CACHE_KIB}")
                connection.execute("PRAGMA foreign_keys = ON")
            if not fresh:
                database._check_if_due(unclean=unclean)
            database._migrate()
            _sound.add(str(path.resolve()))
        except BaseException:
            connection.close()
            raise
        return database

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self.sql.close()

    @contextlib.contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """Run the block on one unchanging state of the store."""
        with self._transaction("BEGIN") as sql:
            yield sql

    @contextlib.contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """Run the block as one transaction: all of it is kept, or nothing."""
        if self.read_only:
            raise StoreError(f"The store {self.path} was opened for reading only.")
        with self._transaction("BEGIN IMMEDIATE") as sql:
            if not self._writing:
                sql.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                self._writing = True
            yield sql

    @contextlib.contextmanager
    def append(self) -> Generator[sqlite3.Connection]:
        """Run the block as `write` does, for one that adds many rows that refer to each other and deletes none.

        SQLite looks up no reference of these rows, which takes a seventh of an import; `problems` does.
        """
        if not self.sql.in_transaction:
            self.sql.execute("PRAGMA foreign_keys = OFF")
        try:
            with self.write() as sql:
                yield sql
        finally:
            if not self.sql.in_transaction:
                self.sql.execute("PRAGMA foreign_keys = ON")

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Generator[sqlite3.Connection]:
        with told(self.path):
            if self.sql.in_transaction:
                yield self.sql
                return
            self.sql.execute(begin)
            try:
                yield self.sql
                self.sql.execute("COMMIT")
            except BaseException:
                if self.sql.in_transaction:
                    self.sql.execute("ROLLBACK")
                raise

    def problems(self, *, quick: bool = False) -> list[str]:
        """Return what SQLite finds wrong with the file; nothing for a sound one. Reads all of it."""
        with told(self.path):
            rows = self.sql.execute("PRAGMA quick_check(20)" if quick else "PRAGMA integrity_check(20)").fetchall()
            found = [str(r[0]) for r in rows if r[0] != "ok"]
            if not quick:
                found += [f"{r[0]}: a row without its {r[2]}" for r in self.sql.execute("PRAGMA foreign_key_check")]
                if not self.read_only and not found:
                    self.sql.execute("INSERT INTO post_text(post_text) VALUES('integrity-check')")
            return found

    def _check_if_due(self, *, unclean: bool) -> None:
        if str(self.path.resolve()) in _sound:
            return
        if unclean or self.path.stat().st_size <= _ALWAYS_CHECK_BYTES:
            found = self.problems(quick=True)
            if found:
                raise DamagedStoreError(damaged(self.path, found[0]))

    def _version(self) -> int:
        return int(self.sql.execute("PRAGMA user_version").fetchone()[0])

    def _migrate(self) -> None:
        newest = len(schema.MIGRATIONS)
        while (version := self._version()) != newest:
            if version > newest:
                raise NewerStoreError(newer(self.path, version))
            if self.read_only:
                raise StoreError(f"The store {self.path} is of an older version; open it once for writing.")
            if version:
                self._back_up(version)
            with self.write() as sql:
                if self._version() != version:  # another process was faster
                    continue
                # All steps in one transaction: a store is of the version before, or of the newest.
                for statement in itertools.chain.from_iterable(schema.MIGRATIONS[version:]):
                    sql.execute(statement)
                sql.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                sql.execute(f"PRAGMA user_version = {newest}")

    def _back_up(self, version: int) -> None:
        """Copy the store as it is now, complete or not at all."""
        target = self.path.with_name(f"{self.path.name}.v{version}.bak")
        partial = target.with_name(target.name + ".part")
        with told(partial):
            partial.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(partial)) as copy:
                self.sql.backup(copy)
                # The copy must stand alone, without -wal and -shm beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
            partial.replace(target)


def _look_at(path: Path, *, read_only: bool) -> bool:
    """Judge the file by its header, before SQLite touches it; return whether there is no store yet."""
    with told(path):
        if path.is_dir():
            raise StoreError(f"The store cannot be opened: {path} is a folder; name a file.")
        if not path.exists():
            if read_only:
                raise StoreError(f"There is no store at {path}.")
            path.parent.mkdir(parents=True, exist_ok=True)
            return True
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    if not header:
        if read_only:
            raise StoreError(f"There is no store at {path}: the file is empty.")
        return True
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise DamagedStoreError(damaged(path, "it does not begin as a SQLite database does"))
    version, application = int.from_bytes(header[60:64], "big"), int.from_bytes(header[68:72], "big")
    if application == 0 and version == 0:
        return _without_tables(path)
    if application != schema.APPLICATION_ID:
        raise DamagedStoreError(f"{path} is a database of another program; choose another data folder.")
    if version > len(schema.MIGRATIONS):
        raise NewerStoreError(newer(path, version))
    return False


def _without_tables(path: Path) -> bool:
    """Return whether the database holds nothing yet, its -wal file included: its creation may have been cut short."""
    with told(path), contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as peek:
        peek.execute("BEGIN")  # another program may be making the store: both are of one moment
        application = int(peek.execute("PRAGMA application_id").fetchone()[0])
        tables = int(peek.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if application == schema.APPLICATION_ID:
        return False
    if tables:
        raise DamagedStoreError(f"{path} is a database of another program; choose another data folder.")
    return True


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    uri = path.resolve().as_uri()
    if not read_only:
        uri += "?mode=rwc"
    elif os.access(path.parent, os.W_OK) or path.with_name(path.name + "-wal").exists():
        uri += "?mode=ro"
    else:
        # In a folder that cannot be written, nobody else can be writing either; WAL needs no side files then.
        uri += "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, isolation_level=None, cached_statements=256)
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Let the store be read while it is written; where others open a new one at once, SQLite itself does not wait."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def newer(path: Path, version: int) -> str:
    """Say that a newer program wrote the store."""
    return (
        f"The store {path} was written by a newer Crowdtape (store version {version}, this program knows "
        f"{len(schema.MIGRATIONS)}); update Crowdtape or choose another data folder."
    )


def damaged(path: Path, why: str) -> str:
    """Say that the file is damaged, and what can be done with what there is."""
    backups = sorted(p.name for p in path.parent.glob(f"{path.name}.v*.bak"))
    rescue = f"restore the backup {backups[-1]} beside it" if backups else "restore it from your own backup"
    return f"The store {path} is damaged or is no store ({why}); {rescue}, or move it away to begin a new one."


@contextlib.contextmanager
def told(path: Path) -> Generator[None]:
    """Turn what SQLite and the system raise into one sentence that names the file and says what to do."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise  # a fault of this program, which no user can mend: the traceback is worth more
    except sqlite3.Error as error:
        raise _translate(error, path) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"The store {path} cannot be used: {reason}; check the folder and its permissions.") from error


# What SQLite's primary result codes mean to a user; `{path}` is the store, `{error}` SQLite's own words.
_SENTENCES: Final = {
    "FULL": "The disk is full: nothing more fits into {path}; free some space and do it again.",
    "BUSY": "Another program keeps the store {path} busy; close it or wait, then do it again.",
    "LOCKED": "Another part of the program keeps the store {path} busy; wait, then do it again.",
    "READONLY": "The store {path} cannot be written; check the permissions of the file and its folder.",
    "PERM": "The store {path} may not be used; check the permissions of the file and its folder.",
    "CANTOPEN": "The store {path} cannot be opened; check the folder and its permissions.",
    "IOERR": "The disk failed while {path} was used ({error}); check the disk, then do it again.",
}


def _translate(error: sqlite3.Error, path: Path) -> StoreError:
    name = str(getattr(error, "sqlite_errorname", None) or "SQLITE_UNKNOWN").split("_")[1]
    if name in {"CORRUPT", "NOTADB"}:
        return DamagedStoreError(damaged(path, str(error)))
    sentence = _SENTENCES.get(name, "The store {path} refused: {error}.")
    return StoreError(sentence.format(path=path, error=error))
