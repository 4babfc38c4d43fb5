"""Rules that compare one part of a calibration file with another, and with the register.

The scenario is not known here; a beginning of labels that fits none of its observations is
complained of in reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from alliancesim.calibration.schema import Calibration, Prior
from alliancesim.coefficients import NAMES, REGISTER, Coefficient
from alliancesim.scenario.problems import nearest, shown
from alliancesim.scenario.rules import Broken

FEWEST_KEPT = 8
"""Fewest kept steps of an ensemble: halves of fewer cannot be compared."""

_ENTRIES = {entry.name: entry for entry in REGISTER}


def broken_rules(calibration: Calibration) -> list[Broken]:
    """Return every rule that a calibration breaks by itself, in the order of its tables."""
    return [
        *_observations(calibration),
        *_fixed(calibration),
        *_priors(calibration),
        *_sampler(calibration),
    ]


def too_few_walkers(calibration: Calibration, numbers: int) -> list[Broken]:
    """Return the complaint that walkers are too few for the numbers that are sampled, if any."""
    walkers = calibration.sampler.walkers
    if walkers >= 2 * numbers:
        return []
    expected = f"at least {2 * numbers}, twice the {numbers} numbers that are sampled"
    return [Broken(("sampler", "walkers"), str(walkers), expected)]


def _observations(calibration: Calibration) -> Iterator[Broken]:
    wanted = calibration.observations
    if wanted.first is not None and wanted.until is not None and wanted.first > wanted.until:
        expected = f"a month from {wanted.first} on"
        yield Broken(("observations", "until"), shown(wanted.until), expected)


def _unknown(table: str, name: str) -> Iterator[Broken]:
    """Complain about a name that is not in the register."""
    if name not in NAMES:
        expected = "the name of a coefficient (alliancesim parameters)"
        yield Broken((table, name), "unknown", expected, nearest(name, NAMES))


def _fixed(calibration: Calibration) -> Iterator[Broken]:
    for name, value in calibration.fixed.items():
        yield from _unknown("fixed", name)
        entry = _ENTRIES.get(name)
        if entry is not None and not entry.low <= value <= entry.high:
            expected = f"a number from {entry.low:g} to {entry.high:g}"
            yield Broken(("fixed", name), f"{value:g}", expected)


def _priors(calibration: Calibration) -> Iterator[Broken]:
    for name, prior in calibration.priors.items():
        yield from _unknown("priors", name)
        if name in _ENTRIES:
            yield from _prior(prior, _ENTRIES[name], held=name in calibration.fixed)


def _prior(prior: Prior, entry: Coefficient, *, held: bool) -> Iterator[Broken]:
    """Complain about a prior of a coefficient that is not sampled, and about a strange median."""
    keys = ("priors", entry.name)
    if entry.equation == "shocks":
        expected = "a coefficient that is no size of shocks: paths without shocks are fitted"
        yield Broken(keys, shown(entry.name), expected)
    if held:
        yield Broken(keys, "both here and in fixed", "one of the two")
    if prior.median is not None and not entry.low < prior.median < entry.high:
        expected = f"a number between {entry.low:g} and {entry.high:g}"
        yield Broken((*keys, "median"), f"{prior.median:g}", expected)
    if prior.median is None and prior.spread is None:
        yield Broken(keys, "empty", '"median", "spread" or both')


def _sampler(calibration: Calibration) -> Iterator[Broken]:
    wanted = calibration.sampler
    if wanted.walkers % 2:
        yield Broken(("sampler", "walkers"), str(wanted.walkers), "an even number")
    for key in ("steps", "burn"):
        number = getattr(wanted, key)
        if number % wanted.thin:
            expected = f"a multiple of sampler.thin, {wanted.thin}"
            yield Broken(("sampler", key), str(number), expected)
    kept = (wanted.steps - wanted.burn) // wanted.thin
    if kept < FEWEST_KEPT:
        expected = f"at least {FEWEST_KEPT} steps kept after burn and thin, not {max(kept, 0)}"
        yield Broken(("sampler", "steps"), str(wanted.steps), expected)
    elif wanted.draws > kept * wanted.walkers * wanted.ensembles:
        most = kept * wanted.walkers * wanted.ensembles
        yield Broken(("sampler", "draws"), str(wanted.draws), f"at most the {most} points kept")
