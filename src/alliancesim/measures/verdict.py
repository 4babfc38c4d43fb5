"""The verdict: did the wedge split the alliance, do nothing, or backfire?

The effect of a wedge is mean cohesion of the target alliance over the last months of a run, less
the same in the twin without the wedge. Beyond the margin a fall is a split and a rise a backfire;
in between the wedge did nothing (null).
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures import intervals
from alliancesim.measures.intervals import Interval

Word = Literal["split", "null", "backfire", "not a wedge"]
WORDS: tuple[Word, ...] = ("split", "null", "backfire")

LEAST_PRESSURE = 0.40
LEAST_DIFFERENCE_IN_PRESSURE = 0.15
LEAST_DIFFERENCE_IN_COURTSHIP = 0.30
"""A wedge is attempted where some member of the alliance is pressed by at least the first, or two
members are pressed or courted unequally by at least the second or third; the rule by which the
historical episodes were coded. Judgement, after Crawford (2011): uniform conduct is no wedge."""

WIDEST_SHARE = 0.05
"""Half-width of a share's interval below which the number of runs is held to suffice."""

_LIKELIHOODS = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.00, "exceptionally unlikely"),
)


class Verdict(NamedTuple):
    """What an ensemble says about a wedge.

    Attributes:
        word: the commonest verdict over runs, or ``"not a wedge"``.
        attempted: whether the strategies amount to an attempt at a wedge.
        runs: number of runs.
        margin: effects within plus or minus this count as nothing.
        shares: share of runs by verdict, each with its interval.
        effect: mean effect on cohesion with its interval.
        change_world: mean change of cohesion since the baseline, with the wedge.
        change_twin: the same without it.
        enough: whether the number of runs suffices.
        advice: the same in a sentence, with the number that would.
    """

    word: Word
    attempted: bool
    runs: int
    margin: float
    shares: dict[Word, Interval]
    effect: Interval
    change_world: Interval
    change_twin: Interval
    enough: bool
    advice: str


def is_attempt(levels: Array, members: NDArray[np.bool_]) -> bool:
    """Say whether strategies amount to an attempt at a wedge.

    Args:
        levels: courtship (0) and pressure (1) that wedge strategies lay on each actor, shape
            (2, months + 1, actors).
        members: which actors belong to the alliance, shape (actors,), true or false.

    Returns:
        True where the rule of the record is met in any month.
    """
    if not levels.any():
        return False
    courted, pressed = levels[0][:, members], levels[1][:, members]
    return bool(
        pressed.max() >= LEAST_PRESSURE
        or np.ptp(pressed, axis=1).max() >= LEAST_DIFFERENCE_IN_PRESSURE
        or np.ptp(courted, axis=1).max() >= LEAST_DIFFERENCE_IN_COURTSHIP
    )


def word_for(effect: float, margin: float) -> Word:
    """Return the verdict on one effect."""
    if effect > margin:
        return "backfire"
    return "split" if effect < -margin else "null"


def judge(outcomes: pd.DataFrame, *, margin: float, attempted: bool, seed: int = 0) -> Verdict:
    """Return the verdict on an ensemble.

    Args:
        outcomes: one row per run, as from :func:`alliancesim.measures.outcomes.outcomes`.
        margin: effects within plus or minus this count as nothing.
        attempted: whether the strategies amount to an attempt at a wedge.
        seed: of the bootstrap.

    Returns:
        The verdict.
    """
    effects = outcomes["effect"].to_numpy(dtype=np.float64)
    runs = effects.size
    counts = {
        "split": int((effects < -margin).sum()),
        "null": int((np.abs(effects) <= margin).sum()),
        "backfire": int((effects > margin).sum()),
    }
    shares = {word: intervals.share(counts[word], runs) for word in WORDS}
    effect = intervals.mean(effects, seed)
    enough, advice = _sufficiency(shares, effect, margin, runs)
    commonest = max(WORDS, key=lambda word: shares[word].estimate)
    return Verdict(
        word=commonest if attempted else "not a wedge",
        attempted=attempted,
        runs=runs,
        margin=margin,
        shares=shares,
        effect=effect,
        change_world=intervals.mean(outcomes["change_world"].to_numpy(np.float64), seed),
        change_twin=intervals.mean(outcomes["change_twin"].to_numpy(np.float64), seed),
        enough=enough,
        advice=advice,
    )


def likelihood(probability: float) -> str:
    """Return the calibrated word for a probability (Mastrandrea et al., 2010, for the IPCC)."""
    return next(word for least, word in _LIKELIHOODS if probability >= least)


def _sufficiency(
    shares: dict[Word, Interval], effect: Interval, margin: float, runs: int
) -> tuple[bool, str]:
    """Say whether the runs suffice, and if not, about how many would."""
    needed = runs
    reasons = []
    widest = max((s.high - s.low) / 2 for s in shares.values())
    if widest > WIDEST_SHARE:
        needed = max(needed, math.ceil(runs * (widest / WIDEST_SHARE) ** 2))
        reasons.append(f"shares are known to ±{100 * widest:.0f} points only")
    straddled = [edge for edge in (-margin, margin) if effect.low < edge < effect.high]
    if straddled:
        distance = min(abs(effect.estimate - edge) for edge in straddled)
        half = (effect.high - effect.low) / 2
        if math.isfinite(half) and distance > half / 10:
            needed = max(needed, math.ceil(runs * (half / distance) ** 2))
        reasons.append("the mean effect's interval crosses the margin")
    if not reasons:
        return True, f"{runs} runs suffice: shares are known to ±{100 * widest:.0f} points."
    more = f" About {_rounded_up(needed)} runs would do." if needed > runs else ""
    return False, f"{runs} runs are too few: {' and '.join(reasons)}.{more}"


def _rounded_up(number: int) -> int:
    """Round up to two significant digits."""
    step = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // step) * step
