"""Reading and choosing the user's own scorers, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from ui.jobs import Place
    from ui.tasks import JobContext


class OwnScorers(NamedTuple):
    """What the user has beside the built-in scorers: the layer in use ("" for none), and the transformer named."""

    layer: str = ""
    folder: Path | None = None
    languages: tuple[str, ...] = ("en",)
    found: bool = False  # whether the folder holds a model just now


def read(_context: JobContext, place: Place) -> OwnScorers:
    """Read what is in use; nothing where there is no store yet."""
    from core.corrections import layer_of  # noqa: PLC0415  heavy
    from core.transformer_choice import chosen, named  # noqa: PLC0415  heavy

    if not place.store.exists():
        return OwnScorers()
    with place.open() as store:
        layer, choice = layer_of(store), named(store)
        mine = str(layer.id) if layer is not None else ""
        if choice is None:
            return OwnScorers(mine)
        return OwnScorers(mine, choice.folder, choice.languages, found=chosen(store) is not None)


def choose(_context: JobContext, place: Place, folder: Path | None, languages: tuple[str, ...]) -> None:
    """Use the transformer of a folder from now on, once its model has been read; None uses none, and its scores go.

    Raises:
        UsageError: onnxruntime or tokenizers is not installed.
        InputError: the folder holds no model that can be read.

    """
    from core import transformer_choice  # noqa: PLC0415  heavy

    with place.open() as store:
        if folder is None:
            transformer_choice.drop(store)
        else:
            transformer_choice.choose(store, folder, languages)
