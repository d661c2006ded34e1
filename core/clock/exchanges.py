"""Which exchange keeps the time of a symbol: Yahoo's suffixes, indices, futures, currencies and coins."""

from __future__ import annotations

import re

ALWAYS = "24/7"
CURRENCIES = "24/5"
FUTURES = "us_futures"
UNITED_STATES = "XNYS"

# Yahoo's suffix -> code of the calendar (ISO 10383 where there is one).
EXCHANGES: dict[str, str] = {
    # Asia and the Pacific. Shenzhen keeps Shanghai's calendar.
    "SS": "XSHG", "SZ": "XSHG", "HK": "XHKG", "T": "XTKS", "KS": "XKRX", "KQ": "XKRX", "TW": "XTAI", "TWO": "XTAI",
    "NS": "XBOM", "BO": "XBOM", "SI": "XSES", "JK": "XIDX", "KL": "XKLS", "BK": "XBKK", "PS": "XPHS",
    "AX": "XASX", "XA": "XASX", "NZ": "XNZE", "SR": "XSAU", "SAU": "XSAU", "TA": "XTAE", "KA": "XKAR", "VN": "XSTC",
    "AE": "XDFM", "QA": "DSMD", "KW": "XKUW",
    # Europe and Africa. German regional exchanges keep one calendar and differ in hours only.
    "L": "XLON", "IL": "XLON", "XC": "XLON", "DE": "XETR", "F": "XFRA", "BE": "XDUS", "BM": "XDUS", "DU": "XDUS",
    "HA": "XHAM",
    "HM": "XHAM", "MU": "XDUS", "SG": "XSTU", "PA": "XPAR", "NX": "XPAR", "XD": "XPAR", "AS": "XAMS", "BR": "XBRU",
    "LS": "XLIS", "MI": "XMIL", "TI": "XMIL", "MC": "XMAD", "SW": "XSWX", "VI": "XWBO", "IR": "XDUB", "OL": "XOSL",
    "ST": "XSTO", "CO": "XCSE", "HE": "XHEL", "IC": "XICE", "PR": "XPRA", "WA": "XWAR", "BD": "XBUD", "AT": "ASEX",
    "IS": "XIST", "ME": "XMOS", "TL": "XTAL", "RG": "XRIS", "VS": "XLIT", "RO": "XBSE", "JO": "XJSE", "CA": "XCAI",
    # The Americas.
    "TO": "XTSE", "V": "XTSE", "CN": "XTSE", "NE": "XTSE", "MX": "XMEX", "SA": "BVMF", "BA": "XBUE", "SN": "XSGO",
    "CL": "XBOG", "LM": "XLIM", "CR": "BVCA",
    # American futures by their exchange, as Yahoo lists single contracts (ESH25.CME).
    "CME": FUTURES, "CBT": FUTURES, "CMX": FUTURES, "NYM": FUTURES, "NYB": FUTURES,
}  # fmt: skip

# Indices have no suffix; those that are not here are American.
_INDICES: dict[str, str] = {
    "HSI": "XHKG", "HSCE": "XHKG", "HSCC": "XHKG", "HSTECH": "XHKG", "N225": "XTKS", "NIKK": "XTKS", "TOPX": "XTKS",
    "KS11": "XKRX", "KQ11": "XKRX", "KS200": "XKRX", "TWII": "XTAI", "TWOII": "XTAI", "BSESN": "XBOM", "NSEI": "XBOM",
    "NSEBANK": "XBOM", "CNXIT": "XBOM", "INDIAVIX": "XBOM", "STI": "XSES", "JKSE": "XIDX", "KLSE": "XKLS",
    "AXJO": "XASX", "AORD": "XASX", "AXVI": "XASX", "NZ50": "XNZE", "FTSE": "XLON", "FTMC": "XLON", "FTAS": "XLON",
    "FTLC": "XLON", "GDAXI": "XETR", "MDAXI": "XETR", "SDAXI": "XETR", "TECDAX": "XETR", "STOXX": "XETR",
    "STOXX50E": "XETR", "SX5E": "XETR", "FCHI": "XPAR", "SBF120": "XPAR", "N100": "XPAR", "AEX": "XAMS", "AMX": "XAMS",
    "BFX": "XBRU", "PSI20": "XLIS", "IBEX": "XMAD", "SSMI": "XSWX", "ATX": "XWBO", "ISEQ": "XDUB", "OMX": "XSTO",
    "OMXS30": "XSTO", "OMXC25": "XCSE", "OMXC20": "XCSE", "OMXH25": "XHEL", "OSEAX": "XOSL", "XU100": "XIST",
    "GSPTSE": "XTSE", "BVSP": "BVMF", "MXX": "XMEX", "MERV": "XBUE", "IPSA": "XSGO",
}  # fmt: skip

# A coin is quoted in money or in another coin. Class shares (BRK-B), preferred shares (BAC-PL), warrants (X-WT) and
# units (X-UN) also have a hyphen, but never one of these behind it.
_COIN = re.compile(
    r"[A-Z0-9]+-(USD|USDT|USDC|EUR|GBP|JPY|CNY|KRW|AUD|CAD|CHF|INR|BRL|RUB|TRY|HKD|SGD|TWD|MXN|NZD|PHP|IDR|THB|ZAR"
    r"|BTC|ETH|BNB)"
)


def exchange_of(symbol: str) -> str:
    """Return the code of the calendar of a Yahoo symbol, such as `XNYS`, `XSHG` or `24/7`.

    A symbol without a suffix is American. One whose suffix nobody knows keeps plain time (`24/7`); `unknown_suffix`
    tells that case from a coin.
    """
    name = symbol.strip().upper()
    if name.endswith("=X"):
        return CURRENCIES
    if name.endswith("=F"):
        return FUTURES
    if name.startswith("^"):
        return _INDICES.get(name[1:], UNITED_STATES) if "." not in name else EXCHANGES.get(_suffix(name), UNITED_STATES)
    if "." in name:
        return EXCHANGES.get(_suffix(name), ALWAYS)
    if not name or _COIN.fullmatch(name):
        return ALWAYS
    return UNITED_STATES


def unknown_suffix(symbol: str) -> str:
    """Return the suffix with its dot where no calendar is known for it, else an empty text."""
    name = symbol.strip().upper()
    if "." not in name or name.startswith("^") or name.endswith(("=X", "=F")) or _suffix(name) in EXCHANGES:
        return ""
    return "." + _suffix(name)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
