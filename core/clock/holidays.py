"""Names of exchange holidays, for the label of a closure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.clock.holiday_names import plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.series import IntArray

# Closed once, for a reason (the exchanges' own lists of special closings).
_ONCE = {
    "XNYS": {
        "1963-11-25": "Funeral of John F. Kennedy",
        "1968-04-09": "Mourning for Martin Luther King Jr.",
        "1969-02-10": "Snowstorm",
        "1969-03-31": "Funeral of Dwight D. Eisenhower",
        "1969-07-21": "First landing on the Moon",
        "1972-12-28": "Funeral of Harry S. Truman",
        "1973-01-25": "Funeral of Lyndon B. Johnson",
        "1977-07-14": "New York blackout",
        "1985-09-27": "Hurricane Gloria",
        "1994-04-27": "Funeral of Richard Nixon",
        "2001-09-11": "September 11 attacks",
        "2001-09-12": "September 11 attacks",
        "2001-09-13": "September 11 attacks",
        "2001-09-14": "September 11 attacks",
        "2004-06-11": "Mourning for Ronald Reagan",
        "2007-01-02": "Mourning for Gerald Ford",
        "2012-10-29": "Hurricane Sandy",
        "2012-10-30": "Hurricane Sandy",
        "2018-12-05": "Mourning for George H. W. Bush",
        "2025-01-09": "Mourning for Jimmy Carter",
    },
    "XHKG": {
        "2008-08-06": "Typhoon Kammuri",
        "2008-08-22": "Typhoon Nuri",
        "2011-09-29": "Typhoon Nesat",
        "2013-08-14": "Typhoon Utor",
        "2015-09-03": "Victory Day",
        "2016-08-02": "Typhoon Nida",
        "2016-10-21": "Typhoon Haima",
        "2017-08-23": "Typhoon Hato",
        "2020-10-13": "Typhoon Nangka",
        "2021-10-13": "Typhoon Kompasu",
        "2023-07-17": "Typhoon Talim",
        "2023-09-01": "Typhoon Saola",
        "2023-09-08": "Black rainstorm",
        "2024-09-06": "Typhoon Yagi",
    },
}
# Days on which Hong Kong was closed by weather, which exchange_calendars 4.13 shows as sessions.
NO_SESSION = {"XHKG": ("2023-09-01", "2023-09-08")}

# Feasts of the Chinese calendar where the exchange keeps them; exchange_calendars has their dates to 2049.
_FEASTS = {
    "XSHG": {"new_year": "Spring Festival", "qingming": "Qingming", "dragon": "Dragon Boat Festival",
             "autumn": "Mid-Autumn Festival"},
    "XHKG": {"new_year": "Lunar New Year", "qingming": "Ching Ming", "buddha": "Buddha's Birthday",
             "dragon": "Tuen Ng", "autumn": "Mid-Autumn Festival", "ninth": "Chung Yeung"},
    "XTAI": {"new_year": "Lunar New Year", "qingming": "Tomb Sweeping Day", "dragon": "Dragon Boat Festival",
             "autumn": "Mid-Autumn Festival"},
    "XKRX": {"new_year": "Seollal", "autumn": "Chuseok"},
    "XSES": {"new_year": "Lunar New Year"},
    "XKLS": {"new_year": "Lunar New Year"},
    "XIDX": {"new_year": "Lunar New Year"},
    "XPHS": {"new_year": "Lunar New Year"},
}  # fmt: skip
# Solar days that Shanghai keeps without a rule in exchange_calendars.
_SHANGHAI_DAYS = {"01-01": "New Year's Day", "05-01": "Labour Day", "10-01": "National Day"}
# What Shanghai's remaining closed days belong to by month, from the State Council's yearly notices.
_SHANGHAI_MONTHS = {
    1: "New Year's Day",
    2: "Spring Festival",
    4: "Qingming",
    5: "Labour Day",
    6: "Dragon Boat Festival",
    9: "Mid-Autumn Festival",
    10: "National Day",
    12: "New Year's Day",
}


def name_holidays(code: str, closed: IntArray, named: Mapping[int, str]) -> NDArray[np.str_]:
    """Return the name of each closed day (days since 1970), "" where it is not known.

    `named` are the days that the exchange's own rules name. A feast gives its name to all closed days in a row with
    it, over weekends: Spring Festival is a week, and Mid-Autumn is kept on the day after.
    """
    if not len(closed):
        return np.empty(0, np.str_)
    names = [plain_name(named.get(d, "")) for d in closed.tolist()]
    once = {_day(date): name for date, name in _ONCE.get(code, {}).items()}
    names = [name or once.get(d, "") for d, name in zip(closed.tolist(), names, strict=True)]
    feasts = _feast_days(code, closed)
    run = np.concatenate(([0], np.cumsum(np.diff(closed) > _MOST_BETWEEN)))
    for number in range(int(run[-1]) + 1):
        rows = np.flatnonzero(run == number)
        _name_run(code, closed, rows, names, feasts)
    return np.array(names)


# Days from one closed weekday to the next with nothing but a weekend between them.
_MOST_BETWEEN = 3


def _name_run(code: str, closed: IntArray, rows: NDArray[np.intp], names: list[str], feasts: Mapping[int, str]) -> None:
    first, last = int(closed[rows[0]]), int(closed[rows[-1]])
    # A feast on a weekend is kept on the weekday before or after it.
    inside = [name for day, name in sorted(feasts.items()) if first - _MOST_BETWEEN < day < last + _MOST_BETWEEN]
    for row in rows.tolist():
        if names[row]:
            continue
        if inside:
            names[row] = " / ".join(dict.fromkeys(inside))
        elif code == "XSHG":
            month = int(closed[row].astype("datetime64[D]").astype("datetime64[M]").astype(int)) % 12 + 1
            names[row] = _SHANGHAI_MONTHS.get(month, "")


def _feast_days(code: str, closed: IntArray) -> dict[int, str]:
    if code not in _FEASTS:
        return {}
    from exchange_calendars import lunisolar_holidays as lunar  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - seconds

    dates = {
        "new_year": lunar.chinese_lunar_new_year_dates,
        "qingming": lunar.qingming_festival_dates,
        "buddha": lunar.chinese_buddhas_birthday_dates,
        "dragon": lunar.dragon_boat_festival_dates,
        "autumn": lunar.mid_autumn_festival_dates,
        "ninth": lunar.double_ninth_festival_dates,
    }
    days = {_day(str(d.date())): name for feast, name in _FEASTS[code].items() for d in dates[feast]}
    if code == "XSHG":
        years = closed[[0, -1]].astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
        for year in range(int(years[0]), int(years[1]) + 2):
            for date, name in _SHANGHAI_DAYS.items():
                day = _day(f"{year}-{date}")
                days[day] = f"{name} / {days[day]}" if day in days else name
    return days


def _day(date: str) -> int:
    return int(np.datetime64(date, "D").astype(np.int64))
