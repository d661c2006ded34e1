from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.linking import Matcher, cashtag_forms, instrument_rule, normalise_symbol
from core.model import Rule


def matches(rule: Rule, text: str, tags: tuple[str, ...] = (), symbols: tuple[str, ...] = ()) -> bool:
    return Matcher({"x": rule}).match(text, tags, symbols) == {"x"}


@pytest.mark.parametrize(
    ("keyword", "text", "expected"),
    [
        ("RedNote", "I love rednote!", True),
        ("RedNote", "REDNOTE", True),
        ("RedNote", "ＲｅｄＮｏｔｅ", True),
        ("ｒｅｄｎｏｔｅ", "rednote", True),
        ("RedNote", "rednotes", False),
        ("RedNote", "my_rednote", False),
        ("RedNote", "rednote2", False),
        ("RedNote", "我爱rednote真的", True),
        ("RedNote", "rednote's", True),
        ("little red book", "Little\nRed  Book", True),
        ("小红书", "我在小红书上", True),
        ("小红书", "小 红书", False),
        ("小红书app", "小红书APP好", True),
        ("小红书app", "小红书apps", False),
        ("c++", "I like C++.", True),
        ("straße", "STRASSE", True),
    ],
)
def test_that_keywords_match_latin_at_boundaries_and_chinese_as_text(keyword: str, text: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    assert matches(Rule(keywords=(keyword,)), text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#TikTokRefugee", True),
        ("#tiktokrefugee#", True),
        ("#tiktokrefugee[话题]# hello", True),
        ("＃tiktokrefugee", True),
        ("#tiktokrefugees", False),
        ("#tiktokrefugee好", False),
        ("tiktokrefugee", False),
    ],
)
def test_that_hashtags_are_whole_and_need_their_mark(text: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    assert matches(Rule(hashtags=("#tiktokRefugee",)), text) is expected


def test_that_tags_of_the_post_count_as_hashtags_and_as_text_for_keywords() -> None:
    assert matches(Rule(hashtags=("TikTok Ban",)), "", ("tiktok ban",))
    assert matches(Rule(keywords=("小红书",)), "", ("爱小红书",))
    assert not matches(Rule(keywords=("ban tok",)), "", ("tiktok ban", "tok"))
    assert not matches(Rule(hashtags=("tiktok",)), "", ("tiktok ban",))


@pytest.mark.parametrize(
    ("symbol", "text", "expected"),
    [
        ("AAPL", "buy $AAPL now", True),
        ("AAPL", "buy $aapl...", True),
        ("AAPL", "$AAPL.", True),
        ("AAPL", "＄ＡＡＰＬ", True),
        ("AAPL", "买$AAPL吧", True),
        ("AAPL", "$AAPLX", False),
        ("AAPL", "$AAPL_X", False),
        ("AAPL", "US$AAPL", False),
        ("AAPL", "AAPL", False),
        ("AAPL", "$苹果(AAPL)$", True),
        ("C", "costs $5", False),
        ("BRK-B", "$BRK.B", True),
        ("BRK-A", "$BRK.B", False),
        ("BRK", "$BRK.B", False),
        ("BTC-USD", "$BTC.X to the moon", True),
        ("300792.SZ", "$300792.SZ", True),
        ("300792.SZ", "$300792 涨停", True),
        ("300792.SZ", "SZ300792", True),
        ("300792.SZ", "sz300792涨停", True),
        ("300792.SZ", "$壹网壹创(SZ300792)$", True),
        ("300792.SZ", "300792.sz", True),
        ("300792.SZ", "SZ3007921", False),
        ("300792.SZ", "it cost $300792.50", False),
        ("300792.SZ", "it cost $300792,500", False),
        ("300792.SZ", "SH300792", False),
        ("603598.SS", "SH603598", True),
        ("603598.SS", "$603598.SH", True),
        ("0700.HK", "$00700", True),
        ("0700.HK", "HK00700", True),
        ("0700.HK", "it cost $700", False),
    ],
)
def test_that_an_instrument_is_found_by_its_cashtags_only(symbol: str, text: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    assert matches(instrument_rule(symbol), text) is expected


def test_that_stated_symbols_match_in_any_spelling() -> None:
    rule = instrument_rule("300792.SZ")
    assert matches(rule, "", symbols=("300792.SZ",))
    assert matches(rule, "", symbols=("SZ300792",))
    assert not matches(rule, "", symbols=("300793.SZ",))


def test_that_excluded_words_veto_whatever_else_matches() -> None:
    rule = Rule(keywords=("apple",), hashtags=("apple",), cashtags=("AAPL",), excludes=("pie", "果汁"))
    assert matches(rule, "apple $AAPL")
    assert not matches(rule, "apple PIE $AAPL")
    assert not matches(rule, "apple 果汁")
    assert not matches(rule, "#apple", ("pie",))
    assert matches(rule, "apple pies")


def test_that_one_pass_serves_overlapping_rules() -> None:
    matcher = Matcher(
        {
            "long": Rule(keywords=("red note book",)),
            "short": Rule(keywords=("red note",)),
            "inner": Rule(keywords=("note",)),
            "zh": Rule(keywords=("红书",)),
            "zh2": Rule(keywords=("小红",)),
            "none": Rule(),
        }
    )
    assert matcher.match("the red note book 小红书") == {"long", "short", "inner", "zh", "zh2"}
    assert matcher.match("the red note books") == {"short", "inner"}
    assert matcher.match("") == set()


def test_that_no_rules_match_nothing() -> None:
    assert Matcher[str]({}).match("anything", ("tag",), ("AAPL",)) == set()


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("$aapl", "AAPL"), ("SZ300792", "300792.SZ"), ("SH600519", "600519.SS"), ("600519.SH", "600519.SS"),
        ("hk00700", "0700.HK"), ("BTC.X", "BTC-USD"), ("BRK.B", "BRK-B"), ("NASDAQ:AAPL", "AAPL"), ("RDS-B", "RDS-B"),
        ("^GSPC", "^GSPC"), ("vod.l", "VOD.L"),
    ],
)  # fmt: skip
def test_that_symbols_are_written_as_yahoo_does(text: str, symbol: str) -> None:
    assert normalise_symbol(text) == symbol
    assert normalise_symbol(symbol) == symbol


# --- a twin that looks for every literal by itself --------------------------------------------------------------------

_WORD = "[0-9A-Za-z_\u00aa-\u0dff\u1e00-\u1fff]"


def _brute(rule: Rule, text: str) -> bool:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = " ".join(text.split())

    def word(w: str) -> bool:
        w = " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", w).casefold()).split())
        left = rf"(?<!(?=\w){_WORD})" if re.match(rf"(?=\w){_WORD}", w) else ""
        right = rf"(?!(?=\w){_WORD})" if re.match(rf"(?=\w){_WORD}", w[-1]) else ""
        return re.search(left + re.escape(w) + right, text) is not None

    def hashtag(tag: str) -> bool:
        return re.search("#" + re.escape(tag.casefold()) + r"(?!\w)", text) is not None

    def cashtag(tag: str) -> bool:
        after = rf"(?!(?=\w){_WORD})(?!\.[a-z]{{1,2}}(?![a-z0-9_])|\.\d)"
        return any(
            re.search(re.escape(f), text)
            if f.endswith("$")
            else re.search(rf"(?<!(?=\w){_WORD})" + re.escape(f) + after, text)
            for f in cashtag_forms(tag)
        )

    wanted = any(map(word, rule.keywords)) or any(map(hashtag, rule.hashtags)) or any(map(cashtag, rule.cashtags))
    return wanted and not any(map(word, rule.excludes))


_ALPHABET = "abAB1_ .$#小红ｂ()\n-Éя"
_TEXTS = st.text(_ALPHABET, max_size=25)
_WORDS = st.text("abAB1小红bé", min_size=1, max_size=3)
_PHRASES = st.one_of(_WORDS, st.tuples(_WORDS, _WORDS).map(" ".join))
_RULES = st.builds(
    Rule,
    keywords=st.lists(_PHRASES, max_size=3).map(tuple),
    hashtags=st.lists(st.text("abAB小红", min_size=1, max_size=3), max_size=2).map(tuple),
    cashtags=st.lists(st.text("abAB", min_size=1, max_size=3), max_size=2).map(tuple),
    excludes=st.lists(_WORDS, max_size=1).map(tuple),
)


@given(rules=st.lists(_RULES, min_size=1, max_size=4), text=_TEXTS)
def test_that_one_pass_agrees_with_looking_for_each_rule_alone(rules: list[Rule], text: str) -> None:
    expected = {i for i, rule in enumerate(rules) if _brute(rule, text)}
    assert Matcher(dict(enumerate(rules))).match(text) == expected


_TAGS = st.lists(st.sampled_from(["ab", "#a b", "a#", "小红书"]), max_size=2)
_STATED = st.lists(st.sampled_from(["AB", "$ab", "A"]), max_size=2)


@given(rules=st.lists(_RULES, min_size=1, max_size=4), posts=st.lists(st.tuples(_TEXTS, _TAGS, _STATED), max_size=5))
def test_that_posts_matched_at_once_are_matched_as_each_alone(
    rules: list[Rule], posts: list[tuple[str, list[str], list[str]]]
) -> None:
    matcher = Matcher(dict(enumerate(rules)))
    assert matcher.match_many(posts) == [matcher.match(*post) for post in posts]
