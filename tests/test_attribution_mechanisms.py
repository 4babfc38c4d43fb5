"""The wedge's effect shared out among mechanisms: exactly where few, by drawn orders where many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from alliancesim.attribution import mechanisms
from alliancesim.attribution.explanation import Explanation, Question, explain
from alliancesim.attribution.mechanisms import KEPT, mechanism_shares
from alliancesim.coefficients import REGISTER
from alliancesim.posterior.draws import Posterior
from alliancesim.report.mechanism_wording import mechanism_sentence
from alliancesim.scenario.reading import Loaded
from worlds import document, scenario_of

PLAYERS = [entry.name for entry in REGISTER if entry.equation not in KEPT]
FEW = ("entrapment", "inducement", "resentment", "unmask", "legibility", "mediation")


def explained(
    posterior: Posterior | None = None, runs: int = 6, on: tuple[str, ...] = (), **changes: Any
) -> Explanation:
    """Return an explanation of ``FULL``, with some mechanisms on alone where they are named."""
    data = document() | changes
    if on:
        data["without"] = [name for name in PLAYERS if name not in on]
    loaded = Loaded("made", scenario_of(data), (), {})
    return explain(loaded, Question(runs=runs), posterior)


def by_name(table: pd.DataFrame) -> dict[str, float]:
    """Return shares by mechanism."""
    return dict(zip(table["mechanism"], table["estimate"], strict=True))


def test_shares_of_all_mechanisms_add_up_to_the_effect() -> None:
    """Every mechanism of the law is there, whatever orders are drawn."""
    found = explained()
    table = mechanism_shares(found, orders=12)
    assert sorted(table["mechanism"]) == sorted(PLAYERS)
    assert table["estimate"].sum() == pytest.approx(found.effects.mean(), abs=1e-14)
    assert table["estimate"].abs().is_monotonic_decreasing


def test_shares_of_few_mechanisms_are_exact_and_drawn_orders_come_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = explained(on=FEW)
    exact = mechanism_shares(found)
    assert exact["estimate"].sum() == pytest.approx(found.effects.mean(), abs=1e-14)
    monkeypatch.setattr(mechanisms, "MOST_PLAYERS", 0)
    drawn = mechanism_shares(found, orders=240)
    error = by_name(drawn.assign(estimate=drawn["high"] - drawn["low"]))
    shares = by_name(exact)
    for name, share in by_name(drawn).items():
        assert abs(share - shares[name]) <= error[name] + 1e-15, name


def test_two_mechanisms_are_shared_out_as_by_hand() -> None:
    """Half of what the first adds alone and half of what it adds to the other."""
    both, first, second = (
        explained(on=on).effects.mean()
        for on in (("entrapment", "inducement"), ("entrapment",), ("inducement",))
    )
    shares = by_name(mechanism_shares(explained(on=("entrapment", "inducement"))))
    assert shares["entrapment"] == pytest.approx((first + both - second) / 2, abs=1e-14)
    assert shares["inducement"] == pytest.approx((second + both - first) / 2, abs=1e-14)


def test_a_mechanism_that_nothing_feeds_has_no_share() -> None:
    """Without dependence on anybody, trade can neither chill nor make comply."""
    data = document()
    for dyad in data["dyads"].values():
        dyad.pop("dependence", None)
    found = explained(dyads=data["dyads"], on=("chilling", "compliance", "entrapment"))
    shares = by_name(mechanism_shares(found))
    assert shares["chilling"] == shares["compliance"] == 0.0 != shares["entrapment"]


DRAWS = Posterior("two", ("entrapment",), np.array([[0.0], [1.0]]), {})


def test_what_is_switched_off_is_no_player_even_where_it_is_drawn() -> None:
    found = explained(DRAWS, 8, ("inducement",))
    assert by_name(mechanism_shares(found)).keys() == {"inducement"}


def test_each_run_keeps_the_coefficients_of_its_draw() -> None:
    """Where one mechanism alone is on and drawn, it has the whole effect of the runs."""
    found = explained(DRAWS, 8, ("entrapment",))
    (share,) = by_name(mechanism_shares(found)).values()
    assert share == pytest.approx(found.effects.mean(), abs=1e-14)
    assert found.effects[:4].tolist() == [0.0] * 4


def test_the_sentence_names_what_works_down_and_what_works_up() -> None:
    columns = ["mechanism", "equation", "estimate", "low", "high"]
    rows = [("b", "x", -0.2, -0.3, -0.1), ("a", "x", 0.1, 0.05, 0.15), ("c", "x", 0.0, 0.0, 0.0)]
    told = mechanism_sentence(pd.DataFrame(rows, columns=columns))
    assert "downward through b −0.200 [−0.300 to −0.100]" in told
    assert "upward through a +0.100" in told
    assert " c " not in told
    assert "no mechanism" in mechanism_sentence(pd.DataFrame(rows[2:], columns=columns))
