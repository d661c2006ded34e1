"""How long a tape lives."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from core.clock.build import always_open
from core.model import Instrument, Interval
from core.rollup import Rollup
from core.series import Bars
from core.timeline.placing import place
from core.timeline.tape import Tape
from tests.core.timeline.test_slots import slots_of


def test_that_a_tape_is_gone_as_soon_as_nobody_holds_it() -> None:
    slots = slots_of([(0, 10)] * 20)
    price = np.arange(20, dtype=np.float64)
    candles = place(Bars(slots.start[:], slots.end[:], price, price, price, price, price), slots)
    tape = Tape(Instrument("X"), Interval.M1, always_open(), slots, candles, Rollup.empty())
    tape.lines.get("twice", lambda t: (t.candles.close * 2,))
    held = weakref.ref(tape)
    gc.disable()
    del tape
    gc.enable()
    assert held() is None
