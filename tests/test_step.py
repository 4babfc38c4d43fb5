"""The month as the documentation writes it, against an independent plain-Python version.

``Reference`` below spells out the equations of ``docs/model.md`` with ordinary loops and the
platform's own exponential. The compiled step must agree with it to rounding, for random worlds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from alliancesim.arrays import State
from alliancesim.ensemble import run_once
from alliancesim.shocks import actor_key, dyad_shocks
from alliancesim.world import World, build_world
from worlds import documents, scenario_of


def _toward(x: float, s: float) -> float:
    """Return x pushed by s: a share of the way to 1, or of the way to 0."""
    s = max(-1.0, min(1.0, s))
    return x + s * (1 - x) if s > 0 else x + s * x


def _hold(x: float, low: float = 0.0) -> float:
    return max(low, min(1.0, x))


class Reference:
    """One month of the law, slowly."""

    def __init__(self, world: World, month: int) -> None:
        self.world, self.month = world, month
        self.n = len(world.actors)
        self.c = world.coefficients
        self.rest = world.baseline
        self.drivers = world.drivers_in(month)
        self.pushes = world.pushes_in(month)

    def third(self, i: int, j: int) -> list[int]:
        """Return the third actors of a dyad."""
        return [k for k in range(self.n) if k not in (i, j)]

    def fear(self, s: State, d: Any, i: int) -> float:
        """Return the fear of abandonment."""
        others = [k for k in range(self.n) if k != i]
        trust = max(s.confidence[i, k] for k in others)
        worst = max(s.threat[i, k] for k in others)
        return (1 - trust) * max(d.hazard[i], worst)

    def appeal(self, s: State, d: Any, i: int, j: int) -> float:
        """Return the log-odds of cooperation, less constants."""
        c, third = self.c, self.third(i, j)
        trust = max(s.confidence[i, k] for k in range(self.n) if k != i)
        fi, fj = self.fear(s, d, i), self.fear(s, d, j)
        spared = {k: max(0, s.pressure[k, j] - s.pressure[k, i]) for k in third}
        strategic = (
            c.balancing * max([math.sqrt(s.threat[i, k] * s.threat[j, k]) for k in third] or [0])
            + c.hazard * math.sqrt(d.hazard[i] * d.hazard[j])
            + c.abandonment * (min(fi, fj) - abs(fi - fj) / 2)
            + c.brokerage
            * sum(d.brokerage[k] * s.confidence[i, k] * s.confidence[j, k] for k in third)
            - c.chilling * sum(s.dependence[i, k] * s.pressure[k, j] for k in third)
            - c.entrapment * sum(spared[k] * (1 - s.threat[i, k]) for k in third)
            + c.mediation * d.hazard[i] * d.mediation[i, j]
            + c.compliance * s.dependence[i, j] * s.pressure[j, i] * (1 - trust)
        )
        favours = sum(s.cooperation[k, i] * (1 - s.suspicion[i, k]) * spared[k] for k in third)
        ideas = c.opinion * s.opinion[i, j] - c.grievance * s.grievance[i, j]
        ideas -= c.inducement * favours
        conduct = c.reciprocity * s.cooperation[j, i] * (1 - s.suspicion[i, j])
        p = d.pragmatism[i]
        return 2 * p * strategic + 2 * (1 - p) * ideas + conduct - c.resentment * s.pressure[j, i]

    def urge(self, s: State, i: int, j: int) -> float:
        """Return the log-odds of pressure, less constants."""
        c = self.c
        return (
            c.retaliation * s.pressure[j, i] * (1 - s.dependence[i, j])
            + c.alarm * s.threat[i, j]
            - c.restraint * s.opinion[i, j]
            + c.solidarity * sum(s.cohesion[i, m] * s.pressure[j, m] for m in self.third(i, j))
        )

    def act(self, s: State, i: int, j: int) -> list[float]:
        """Return cooperation and pressure of i toward j."""
        start = self.world.drivers_in(0)
        changes = (
            self.appeal(s, self.drivers, i, j) - self.appeal(self.rest, start, i, j),
            self.urge(s, i, j) - self.urge(self.rest, i, j),
        )
        found = []
        for a, (rest, change) in enumerate(zip(self.rest[:2], changes, strict=True)):
            odds = rest[i, j] * math.exp(max(-30.0, min(30.0, change)))
            x = odds / (1 - rest[i, j] + odds)
            for level in self.levels(s, a, i, j):
                x = _toward(x, level)
            x = _toward(x, self.pushes.raised[a, i, j])
            found.append(_toward(x, -self.pushes.lowered[a, i, j]))
        return found

    def levels(self, s: State, a: int, i: int, j: int) -> list[float]:
        """Return what strategies of i lay on j, the stick after escalation."""
        who = self.world.strategists
        mask = np.triu(who.alliance)
        now, before = s.cohesion[mask].mean(), self.rest.cohesion[mask].mean()
        risen = max(0.0, now - before) / (1 - before) if before < 1 else 0.0
        found = []
        for number in np.flatnonzero(who.actor == i):
            level = (self.pushes.courted, self.pushes.pressed)[a][number, j]
            if a == 1:
                level = min(level * (1 + who.escalate[number] * risen), 1.0)
            found.append(level)
        return found

    def adjusted(self, s: State, i: int, j: int, shock: tuple[float, ...]) -> dict[str, float]:
        """Return the states of i about j at the end of the month."""
        c, d, rest, third = self.c, self.drivers, self.rest, self.third(i, j)
        coop = s.cooperation[j, i] - rest.cooperation[j, i]
        press = s.pressure[j, i] - rest.pressure[j, i]
        like = sum(d.likeness[i, m] * (s.pressure[j, m] - rest.pressure[j, m]) for m in third)
        trusted = coop * (1 - s.suspicion[i, j])
        tempted = [
            max(0, s.cooperation[k, j] - rest.cooperation[k, j]) * s.pressure[k, i] for k in third
        ]
        triads = [
            s.opinion[i, k] * s.opinion[k, j] - rest.opinion[i, k] * rest.opinion[k, j]
            for k in third
        ]
        grief = s.grievance[i, j] - rest.grievance[i, j]
        warmth = (
            c.warm * trusted
            - c.sour * press
            - c.sore * 2 * (1 - d.pragmatism[i]) * grief
            + c.fidelity * max(tempted, default=0) * coop
            + c.balance * (sum(triads) / len(third) if third else 0)
            - c.forget * (s.opinion[i, j] - rest.opinion[i, j])
        )
        warmth = max(-1.0, min(1.0, warmth))
        o = s.opinion[i, j]
        liked = o + warmth * (1 - o) if warmth > 0 else o + warmth * (1 + o)
        alarm = (
            c.provoke * press
            + c.spillover * like
            - c.soothe * trusted
            - c.calm * (s.threat[i, j] - rest.threat[i, j])
        )
        return {
            "opinion": _hold(liked + c.opinion_volatility * shock[0] * (1 - o * o), -1.0),
            "threat": self.shaken(
                _toward(s.threat[i, j], alarm), s.threat[i, j], c.threat_volatility * shock[1]
            ),
            "dependence": _toward(
                s.dependence[i, j],
                -c.derisk * max(0, press + like)
                - c.rewire * (s.dependence[i, j] - rest.dependence[i, j]),
            ),
            "grievance": self.shaken(
                _toward(
                    s.grievance[i, j] - c.fade * grief,
                    -c.reconcile * (s.cohesion[i, j] - rest.cohesion[i, j]),
                ),
                s.grievance[i, j],
                c.grievance_volatility * shock[3],
            ),
            "confidence": self.shaken(
                s.confidence[i, j] + c.update * (d.commitment[j, i] - s.confidence[i, j]),
                s.confidence[i, j],
                c.confidence_volatility * shock[2],
            ),
            "suspicion": self.suspicion(s, i, j, coop),
            "cohesion": self.cohesion(s, i, j),
        }

    def shaken(self, x: float, before: float, noise: float) -> float:
        """Return a state after a shock that dies out toward both ends."""
        return _hold(x + 4 * noise * before * (1 - before))

    def suspicion(self, s: State, i: int, j: int, favour: float) -> float:
        """Return the belief that j's favour to i is a wedge move."""
        c, d, rest = self.c, self.drivers, self.rest
        signs = [
            max(0, favour) * max(0, s.pressure[j, m] - rest.pressure[j, m]) * d.likeness[i, m]
            for m in self.third(i, j)
        ]
        evidence = min(1.0, d.visibility[j] * c.legibility * max(signs, default=0))
        target = rest.suspicion[i, j] + evidence * (1 - rest.suspicion[i, j])
        return s.suspicion[i, j] + c.unmask * (target - s.suspicion[i, j])

    def cohesion(self, s: State, i: int, j: int) -> float:
        """Return cohesion after it has followed conduct, of which institutions keep a part."""
        now = math.sqrt(s.cooperation[i, j] * s.cooperation[j, i])
        then = math.sqrt(self.rest.cooperation[i, j] * self.rest.cooperation[j, i])
        room = 1 - then if now > then else then
        share = (now - then) / room if room > 0 else 0
        held = s.cohesion[i, j]
        followed = _toward(self.rest.cohesion[i, j], share) - held
        kept = share * (1 - held) if share > 0 else share * held
        step = max(followed, kept)
        return held + (self.c.build if step > 0 else self.c.erode) * step

    def month_after(self, s: State, seed: int, run: int) -> NDArray[np.float64]:
        """Return the state a month later, shape (9, actors, actors)."""
        n, keys = self.n, [actor_key(name) for name in self.world.actors]
        dyads = [(i, j) for i in range(n) for j in range(n) if i != j]
        actions = np.zeros((2, n, n))
        for i, j in dyads:
            actions[:, i, j] = self.act(s, i, j)
        s = s._replace(cooperation=actions[0], pressure=actions[1])
        out = np.zeros((9, n, n))
        out[:2] = actions
        names = ("threat", "dependence", "grievance", "confidence")
        stirred = dict(zip(names, self.pushes.stirred, strict=True))
        for i, j in dyads:
            address = (seed, run, self.month, keys[i], keys[j])
            shock = dyad_shocks(*(np.uint64(part) for part in address))
            for name, value in self.adjusted(s, i, j, shock).items():
                push = stirred[name][i, j] if name in stirred else 0.0
                out[State._fields.index(name), i, j] = _toward(value, push) if push else value
        return out


@settings(max_examples=80)
@given(documents(most=5, months=5), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_every_month_is_what_the_equations_say(data: dict[str, Any], seed: int, run: int) -> None:
    """For any valid world, strategies, events and shocks, to twelve digits, month after month."""
    world = build_world(scenario_of(data))
    path = run_once(world, seed, run)
    for month in range(1, world.months + 1):
        expected = Reference(world, month).month_after(State(*path[month - 1]), seed, run)
        np.testing.assert_allclose(path[month], expected, rtol=0, atol=1e-12)


def test_the_reference_agrees_on_the_full_scenario(world: World) -> None:
    """Every table of a scenario file in use, all months."""
    path = run_once(world, 1, 0)
    for month in range(1, world.months + 1):
        expected = Reference(world, month).month_after(State(*path[month - 1]), 1, 0)
        np.testing.assert_allclose(path[month], expected, rtol=0, atol=1e-12)
