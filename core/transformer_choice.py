"""Which transformer of the user's own scores posts: none until a folder is named. Kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from core.sentiment import get_scorer
from core.sentiment.transformer import NAME, spec_of

if TYPE_CHECKING:
    from core.model import ScorerId
    from core.store import Store

_KEY: Final = "transformer"  # in the store


class Choice(NamedTuple):
    """A folder with an ONNX model, and the languages that it reads."""

    folder: Path
    languages: tuple[str, ...]

    @property
    def spec(self) -> str:
        """What names its scorer in any process."""
        return spec_of(self.folder, self.languages)


def named(store: Store) -> Choice | None:
    """Return what the user named, whether or not it is there at the moment."""
    kept = store.get(_KEY)
    return Choice(Path(kept["folder"]), tuple(kept["languages"])) if kept else None


def chosen(store: Store) -> Choice | None:
    """Return the user's choice, None where there is none or its folder is not there at the moment."""
    choice = named(store)
    return choice if choice is not None and (choice.folder / "model.onnx").is_file() else None


def choose(store: Store, folder: Path, languages: tuple[str, ...] = ("en",)) -> ScorerId:
    """Use the transformer of a folder from now on; `core.rescoring` brings its scores of the posts there are.

    Raises:
        UsageError: the extra is not installed.
        InputError: the folder holds no model that can be read.

    """
    choice = Choice(folder.expanduser().resolve(), languages)
    found = get_scorer(choice.spec).id
    store.put(_KEY, {"folder": str(choice.folder), "languages": list(choice.languages)})
    return found


def drop(store: Store) -> None:
    """Use no transformer any more, and let its scores go."""
    store.put(_KEY, None)
    store.drop_scorer(NAME)
