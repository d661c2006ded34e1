"""The labelled sets: which there are, what their labels mean here, and which texts are near-duplicates."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.sentiment.features import TOKEN, Kind, fold, read_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

BULL, NEUTRAL, BEAR = 0, 1, 2
_MEANING = {
    **dict.fromkeys(("bullish", "positive", "happy"), BULL),
    "neutral": NEUTRAL,
    **dict.fromkeys(("bearish", "negative", "angry", "sad", "fear"), BEAR),
}


@dataclass(frozen=True)
class LabelledSet:
    """A set as the registry knows it. `neutrals` says whether its labels include neutral at all.

    `weight` is what its texts count while fitting: those of traders most, as they are what the model is for.
    """

    name: str
    about: str
    licence: str
    neutrals: bool
    fitted: bool = True
    weight: float = 1.0
    kin: str = ""  # sets of one kin leave together when one set is left out


_UNSTATED = "not stated in the data's README"
SETS = (
    LabelledSet("pyfin_tweets", "hand-labelled finance tweets (PyFin-sentiment)", _UNSTATED, neutrals=True, weight=6.0),
    LabelledSet("stockemotions_senti", "StockTwits posts, 2020 (StockEmotions)", _UNSTATED, neutrals=False, weight=7.0),
    LabelledSet("twitter_financial_news", "financial headlines on Twitter", _UNSTATED, neutrals=True, weight=6.0),
    LabelledSet(
        "financial_phrasebank_50agree",
        "sentences of financial news",
        "non-commercial: for checking only, never fitted on",
        neutrals=True,
        fitted=False,
        weight=0.0,
    ),
    LabelledSet("vader_tweets_3class", "VADER's ground truth: tweets", "MIT", neutrals=True),
    LabelledSet("vader_amazonReviewSnippets_3class", "VADER's ground truth: reviews", "MIT", neutrals=True),
    LabelledSet(
        "vader_movieReviewSnippets_3class", "VADER's ground truth: film reviews", "MIT", neutrals=True, weight=1.5
    ),
    LabelledSet("vader_nytEditorialSnippets_3class", "VADER's ground truth: editorials", "MIT", neutrals=True),
    LabelledSet(
        "zh_guba_stock_comments_segmented", "Eastmoney stock forum, segmented", _UNSTATED, neutrals=False, weight=16.0
    ),
    LabelledSet("zh_finance_news_titles", "Chinese finance headlines, noisy", _UNSTATED, neutrals=False, weight=8.0),
    LabelledSet("zh_weibo2018", "Weibo, general", _UNSTATED, neutrals=False, weight=10.0),
    LabelledSet("zh_waimai_10k", "Chinese reviews of food deliveries", _UNSTATED, neutrals=False, weight=2.0),
    LabelledSet(
        "zh_smp2020_weibo_usual_6emotions", "Weibo, general", _UNSTATED, neutrals=True, weight=2.5, kin="smp2020"
    ),
    LabelledSet(
        "zh_smp2020_weibo_virus_6emotions", "Weibo on the epidemic", _UNSTATED, neutrals=True, weight=2.5, kin="smp2020"
    ),
)


@dataclass(frozen=True)
class Labelled:
    """All texts with their labels. `set_of` holds indices into `sets`; `group` is equal for near-duplicates."""

    sets: list[LabelledSet]
    texts: list[str]
    labels: NDArray[np.int64]
    set_of: NDArray[np.int64]
    group: NDArray[np.int64]

    def having(self, wanted: Sequence[bool]) -> NDArray[np.bool_]:
        """Return a mask of the texts whose set is wanted; one flag a set."""
        return np.array(wanted, dtype=np.bool_)[self.set_of]


def read_sets(folder: Path) -> Labelled:
    """Read every known set in the folder, in the registry's order. Labels without a stance (surprise) are left out.

    Raises:
        InputError: there is no known set, or a line is no `label<TAB>text`.

    """
    texts: list[str] = []
    labels: list[int] = []
    set_of: list[int] = []
    sets = [known for known in SETS if (folder / f"{known.name}.tsv").is_file()]
    if not any(known.fitted for known in sets):
        raise InputError(f"There is no labelled set in {folder}; expected files such as {SETS[0].name}.tsv.")
    for index, known in enumerate(sets):
        path = folder / f"{known.name}.tsv"
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[1:], 2):
            if not line:
                continue
            label, tab, text = line.rstrip("\r").partition("\t")
            if not tab:
                raise InputError(f"{path.name}, line {number}: expected a label, a tab and a text.")
            if label in _MEANING:
                texts.append(text)
                labels.append(_MEANING[label])
                set_of.append(index)
    return Labelled(sets, texts, np.array(labels), np.array(set_of), near_duplicates(texts))


# MinHash with 32 functions in 8 bands of 4: pairs that share 60 % of their shingles are found with probability 0.67,
# those that share 80 % with 0.985.
_HASHES, _BAND = 32, 4
_SHINGLE = 5
_ALIKE = 0.55


def plain(text: str) -> str:
    """Return what is left of a text when links, names, numbers and signs go: templates differ in those alone."""
    tokens = (read_token(token) for token in TOKEN.findall(fold(text)))
    return "".join(token.key for token in tokens if token.kind in {Kind.WORD, Kind.HAN})


def near_duplicates(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return for each text the index of the first text of its group; texts in one group are near-duplicates."""
    plains = [plain(text) for text in texts]
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        i, j = root(i), root(j)
        parent[max(i, j)] = min(i, j)

    first: dict[str, int] = {}
    for i, text in enumerate(plains):
        join(first.setdefault(text or texts[i], i), i)
    signatures = _signatures(plains)
    for band in range(0, _HASHES, _BAND):
        buckets: dict[bytes, int] = {}
        rows = np.ascontiguousarray(signatures[:, band : band + _BAND])
        for i, text in enumerate(plains):
            if len(text) < 2 * _SHINGLE:
                continue
            j = buckets.setdefault(rows[i].tobytes(), i)
            if j != i and root(i) != root(j) and np.mean(signatures[i] == signatures[j]) >= _ALIKE:
                join(i, j)
    return np.array([root(i) for i in range(len(texts))], dtype=np.int64)


def _signatures(plains: Sequence[str]) -> NDArray[np.uint32]:
    """Return the MinHash of each text's shingles of five characters, one row a text."""
    odd = np.random.default_rng(20250113).integers(0, 2**62, size=(_HASHES, 2), dtype=np.uint64) | np.uint64(1)
    made = np.zeros((len(plains), _HASHES), dtype=np.uint32)
    block = 4096
    for at in range(0, len(plains), block):
        padded = [text.ljust(_SHINGLE) for text in plains[at : at + block]]
        codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
        lengths = np.array([len(text) for text in padded], dtype=np.int64)
        ends = np.cumsum(lengths)
        starts = ends - lengths
        shingle = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
        for k in range(_SHINGLE):
            shingle = shingle * np.uint64(1_000_003) + codes[k : len(shingle) + k]
        inside = np.ones(len(shingle), dtype=np.bool_)  # a shingle must not reach into the next text
        for k in range(1, _SHINGLE):
            late = ends[:-1] - k
            inside[late[late < len(shingle)]] = False
        for h, (factor, summand) in enumerate(odd):
            mixed = ((shingle * factor + summand) >> np.uint64(32)).astype(np.uint32)
            mixed[~inside] = np.uint32(0xFFFFFFFF)
            made[at : at + block, h] = np.minimum.reduceat(mixed, starts)
    return made


def folds(data: Labelled, count: int) -> NDArray[np.int64]:
    """Return the fold of each text, the same for a whole group of near-duplicates, by a hash of its first text."""
    fold_of: dict[int, int] = {}
    groups: list[int] = data.group.tolist()
    for group in set(groups):
        fold_of[group] = zlib.crc32(data.texts[group].encode("utf-8", "surrogatepass")) % count
    return np.array([fold_of[group] for group in groups], dtype=np.int64)
