"""What went wrong when Yahoo was asked, in one sentence: by what yfinance or curl raised and what Yahoo answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import FeedError
from core.feeds.base import OfflineError, RateLimitError, ServiceError, UnknownSymbolError
from core.feeds.transport import UNKNOWN, shown_proxy
from core.feeds.yahoo_answers import error_of, json_of, result_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.feeds.transport import Answer, Limits

_TOO_MANY = frozenset({429, 999})  # 999 is what Yahoo's edge used to say
# curl's codes, as its manual lists them.
_NO_PROXY_NAME, _NO_NAME, _NO_CONNECTION, _TIMED_OUT, _PROXY = 5, 6, 7, 28, 97
_TLS = frozenset({35, 53, 58, 59, 60, 64, 66, 77, 83, 91})


def explained(error: Exception, answers: Sequence[Answer], proxy: str | None, limits: Limits) -> FeedError:
    """Turn whatever yfinance or curl raised into one sentence, with the help of what Yahoo answered."""
    if isinstance(error, FeedError):
        return error
    code = getattr(error, "code", None)
    if isinstance(error, OSError) and code:
        return _unreachable(int(code), str(error), proxy, limits)
    last = answers[-1] if answers else None
    if isinstance(error, ValueError) and "ISIN" in str(error):  # it takes twelve letters and digits for one
        return UnknownSymbolError(UNKNOWN.format(str(error).rpartition(" ")[2]))
    if type(error).__name__ == "YFRateLimitError" or (last is not None and _asks_to_wait(last)):
        wishes = [a.retry_after for a in answers if a.retry_after is not None]
        return RateLimitError("Yahoo asks us to wait", retry_after=max(wishes, default=None))
    if last is None:
        return FeedError(f"Yahoo could not be asked ({type(error).__name__}: {short(str(error))})")
    return _bad_answer(last, error)


def _unreachable(code: int, text: str, proxy: str | None, limits: Limits) -> FeedError:
    via = f"the proxy {shown_proxy(proxy)}" if proxy else ""
    if code in _TLS:
        return ServiceError(
            "Yahoo's certificate is not trusted here: where a company proxy re-signs traffic, name its CA file in "
            "the settings or with --ca-file"
        )
    if code in {_PROXY, _NO_PROXY_NAME} or "CONNECT" in text:
        return OfflineError(f"Yahoo cannot be reached, {via or 'a proxy'} refuses: check the proxy setting")
    if code in {_NO_NAME, _NO_CONNECTION}:
        if via:
            return OfflineError(f"Yahoo cannot be reached, {via} does not answer: check the proxy setting")
        return OfflineError("Yahoo cannot be reached, this machine seems to be offline")
    if code == _TIMED_OUT:
        return ServiceError(f"Yahoo did not answer within {limits.answer:g} s")
    return ServiceError("The connection to Yahoo was cut")


def own_fault(error: Exception) -> bool:
    """Whether yfinance failed by itself, not by the network or Yahoo."""
    if isinstance(error, FeedError) or type(error).__module__.startswith("yfinance"):
        return False
    return not (isinstance(error, OSError) and getattr(error, "code", None))


def is_no_prices(error: Exception, answers: Sequence[Answer]) -> bool:
    """Whether Yahoo answered well, but with no bar in the span asked for (yfinance raises one of several errors)."""
    if isinstance(error, FeedError) or not answers:
        return False
    last = answers[-1]
    if last.status == 400:
        return "doesn't exist for startdate" in str(error_of(last).get("description")).lower()
    result = result_of(last)
    return last.status == 200 and bool(result.get("meta")) and not result.get("timestamp")


def _asks_to_wait(answer: Answer) -> bool:
    return answer.status in _TOO_MANY or ("json" not in answer.kind and "Too Many Requests" in answer.text[:200])


def _bad_answer(answer: Answer, error: Exception) -> FeedError:  # noqa: PLR0911  one return a kind of trouble
    """Say what was wrong with an answer that is neither prices nor a rate limit."""
    if answer.status >= 500:
        return ServiceError(f"Yahoo answers with an error ({answer.status})")
    if answer.status in {401, 403, 451}:
        return ServiceError(f"Yahoo refuses this network ({answer.status}): a proxy in another one may help")
    if "Will be right back" in answer.text:
        return ServiceError("Yahoo is down for maintenance")
    if json_of(answer) is None:
        what = "a web page" if "<" in answer.text[:200] else "something unreadable" if answer.text else "nothing"
        return ServiceError(f"Yahoo answered with {what} instead of prices")
    said = error_of(answer)
    text = short(str(said.get("description") or said.get("code") or ""))
    if answer.status == 404 or str(said.get("code")) == "Not Found":
        return UnknownSymbolError(UNKNOWN.format(answer.symbol))
    if text:
        return FeedError(f"Yahoo refuses the request ({answer.status}): {text}")
    return ServiceError(f"Yahoo's answer could not be read ({type(error).__name__}: {short(str(error))})")


def short(text: str) -> str:
    """Return a foreign text as part of a sentence: one line, no full stop, at most 200 characters."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 200 else line[:199] + "…"
