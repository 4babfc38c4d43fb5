"""The verdict: did the wedge split the alliance, do nothing, or backfire?

The effect of a wedge is mean cohesion of the target alliance over the last months of a run, less
the same in the twin without the wedge. Beyond the margin a fall is a split and a rise a backfire;
in between the wedge did nothing (null).

The record has a rule of its own for what coders saw (record.rules); it may not be mixed with this
one. The sentences around a verdict are the report's, but for the advice on how many runs would do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.language import text
from alliancesim.measures import intervals
from alliancesim.measures.intervals import Draws, Interval
from alliancesim.measures.variance import share_of_parameters

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


class UnderDraws(NamedTuple):
    """What not knowing the coefficients does to a verdict.

    Attributes:
        draws: number of draws of the coefficients that the runs take.
        shares: share of draws by the verdict on their mean effect, each with its interval.
        parameters: share of the variance of the effect over runs that comes from not knowing the
            coefficients, 0 to 1, the rest being shocks; None where the two cannot be told apart.
    """

    draws: int
    shares: dict[Word, Interval]
    parameters: Interval | None


class Verdict(NamedTuple):
    """What an ensemble says about a wedge.

    Attributes:
        word: the commonest verdict over runs, or ``"not a wedge"``.
        attempted: whether the strategies amount to an attempt at a wedge.
        runs: number of runs.
        margin: effects within plus or minus this count as nothing.
        shares: share of runs by verdict, each with its interval, which is over draws of the
            coefficients where these are drawn.
        effect: mean effect on cohesion with its interval.
        change_world: mean change of cohesion since the baseline, with the wedge.
        change_twin: the same without it.
        enough: whether the number of runs suffices.
        advice: the same in a sentence, with the number that would.
        under: what the coefficients' uncertainty does, where they are drawn.
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
    under: UnderDraws | None = None


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
        outcomes: one row per run, as from :func:`alliancesim.measures.outcomes.outcomes`; with a
            column ``draw``, all intervals are over draws.
        margin: effects within plus or minus this count as nothing.
        attempted: whether the strategies amount to an attempt at a wedge.
        seed: of the bootstrap.

    Returns:
        The verdict.
    """
    effects = outcomes["effect"].to_numpy(dtype=np.float64)
    runs = effects.size
    draws = outcomes["draw"].to_numpy(np.int64) if "draw" in outcomes else None
    shares = _shares(effects, margin, draws, seed)

    def mean(column: str) -> Interval:
        return intervals.mean(outcomes[column].to_numpy(np.float64), seed, draws)

    effect = mean("effect")
    enough, advice = sufficiency(shares, effect, margin, runs, drawn=draws is not None)
    commonest = max(WORDS, key=lambda word: shares[word].estimate)
    return Verdict(
        word=commonest if attempted else "not a wedge",
        attempted=attempted,
        runs=runs,
        margin=margin,
        shares=shares,
        effect=effect,
        change_world=mean("change_world"),
        change_twin=mean("change_twin"),
        enough=enough,
        advice=advice,
        under=None if draws is None else _under(effects, margin, draws, seed),
    )


def _shares(effects: Array, margin: float, draws: Draws | None, seed: int) -> dict[Word, Interval]:
    """Return the share of effects by verdict, each with its interval, over draws if there are."""
    found: dict[Word, NDArray[np.bool_]] = {
        "split": effects < -margin,
        "null": np.abs(effects) <= margin,
        "backfire": effects > margin,
    }
    if draws is None:
        return {
            word: intervals.share(int(is_so.sum()), is_so.size) for word, is_so in found.items()
        }
    return {word: intervals.share_over_draws(is_so, draws, seed) for word, is_so in found.items()}


def _under(effects: Array, margin: float, draws: Draws, seed: int) -> UnderDraws:
    """Return what not knowing the coefficients does to the verdict."""
    means = np.array(pd.Series(effects).groupby(draws).mean(), dtype=np.float64)
    (parameters,) = share_of_parameters(effects[:, None], draws, seed)
    return UnderDraws(means.size, _shares(means, margin, None, seed), parameters)


def sufficiency(
    shares: Mapping[Word, Interval], effect: Interval, margin: float, runs: int, *, drawn: bool
) -> tuple[bool, str]:
    """Say whether the runs suffice, and if not, about how many would, in the present language.

    Args:
        shares: of runs by verdict.
        effect: mean effect on cohesion.
        margin: effects within plus or minus this count as nothing.
        runs: number of runs.
        drawn: whether coefficients are drawn, so that more runs alone help little.
    """
    needed = runs
    reasons = []
    widest = max((s.high - s.low) / 2 for s in shares.values())
    points = f"{100 * widest:.0f}"
    if widest > WIDEST_SHARE:
        needed = max(needed, math.ceil(runs * (widest / WIDEST_SHARE) ** 2))
        reasons.append(text("shares are known to ±{points} points only").format(points=points))
    straddled = [edge for edge in (-margin, margin) if effect.low < edge < effect.high]
    if straddled:
        distance = min(abs(effect.estimate - edge) for edge in straddled)
        half = (effect.high - effect.low) / 2
        if math.isfinite(half) and distance > half / 10:
            needed = max(needed, math.ceil(runs * (half / distance) ** 2))
        reasons.append(text("the mean effect's interval crosses the margin"))
    if not reasons:
        enough = text("{runs} runs suffice: shares are known to ±{points} points.")
        return True, enough.format(runs=runs, points=points)
    if drawn and straddled and len(reasons) == 1:
        return False, text(
            "The mean lies so near the margin that more runs would hardly settle on which side:"
            " read the shares."
        )
    why = text("{one} and {other}").format(one=reasons[0], other=reasons[-1])
    few = text("{runs} runs are too few: {reasons}.")
    told = few.format(runs=runs, reasons=why if len(reasons) > 1 else reasons[0])
    if drawn:
        more = text("More runs help only while they bring more draws of the coefficients.")
    elif needed > runs:
        more = text("About {runs} runs would do.").format(runs=_rounded_up(needed))
    else:
        return False, told
    return False, f"{told} {more}"


def _rounded_up(number: int) -> int:
    """Round up to two significant digits."""
    step = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // step) * step
