"""Write what the model says about every shipped scenario into docs/scenarios.md.

Run from the repository: ``python docs/scenario_results.py``, and after it ``python
docs/generate.py``, which quotes the results in the README. It takes about two minutes and a half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from alliancesim.figures.words import signed
from alliancesim.measures.verdict import Word
from alliancesim.posterior.draws import load_posterior
from alliancesim.results.result import Result
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario

PAGE = Path(__file__).resolve().parent / "scenarios.md"
RUNS = 200
DRAWN_RUNS = 1600
"""Runs under the posterior: four of each of its 400 draws."""
STRONGEST = 3

HISTORIANS: dict[str, tuple[tuple[Word, ...], str]] = {
    "sino-soviet-1954": (("null", "backfire"), "no split by 1957, and closer"),
    "spain-1940": (("split",), "split, contested"),
    "qatar-2017": (("backfire",), "backfire"),
}
"""Cases beyond the region: the verdicts that agree with the historians, and theirs in words."""


def verdict_row(result: Result) -> str:
    """Return the row of the table of verdicts."""
    verdict = result.verdict
    shares = " / ".join(f"{100 * share.estimate:.0f}" for share in verdict.shares.values())
    drawn = result.robustness[result.robustness["variant"] == "drawn"]["verdict"]
    weights = " / ".join(
        f"{100 * (drawn == word).mean():.0f}" for word in ("split", "null", "backfire")
    )
    effect = verdict.effect
    cells = (
        f"`{result.name}`",
        verdict.word,
        f"{signed(effect.estimate)} [{signed(effect.low)}, {signed(effect.high)}]",
        shares,
        weights,
        signed(verdict.change_world.estimate),
        signed(verdict.change_twin.estimate),
    )
    return "| " + " | ".join(cells) + " |"


def carriers_row(result: Result) -> str:
    """Return the row of the table of what carries the verdict."""
    table = result.robustness
    given = table[table["variant"] == "as given"].iloc[0]
    without = _strongest(table[table["variant"] == "without"], given["effect"])
    inputs = _strongest(table[table["variant"] == "input"], given["effect"])
    flips = table[(table["variant"] == "input") & (table["verdict"] != given["verdict"])]
    return f"| `{result.name}` | {without} | {inputs} | {len(flips)} |"


def beyond_row(result: Result, drawn: Result) -> str:
    """Return the row of the table that holds a case beyond the region against its historians.

    Args:
        result: the case at the default coefficients.
        drawn: the same case under the posterior.
    """
    words, told = HISTORIANS[result.name]
    verdict, under = result.verdict, drawn.verdict.under
    assert under is not None
    draws = " / ".join(f"{100 * share.estimate:.0f}" for share in under.shares.values())
    runs = " / ".join(f"{100 * share.estimate:.0f}" for share in verdict.shares.values())
    coded = result.scenario().observations["coded-cohesion"].value
    assert coded is not None
    sign = -1 if words == ("split",) else 1
    cells = (
        f"`{result.name}`",
        told,
        f"{verdict.word}, {signed(verdict.effect.estimate)}",
        runs,
        draws,
        f"{signed(coded.value, 2)} / {signed(verdict.change_world.estimate, 2)}",
        "right" if sign * verdict.effect.estimate > 0 else "wrong",
        "agrees" if verdict.word in words else "disagrees",
    )
    return "| " + " | ".join(cells) + " |"


def beyond() -> list[str]:
    """Run the cases beyond the region, also under the posterior, and return their table."""
    posterior = load_posterior("default")
    rows = []
    for name in HISTORIANS:
        loaded = load(name)
        drawn = Options(runs=DRAWN_RUNS, robustness=False, posterior=posterior)
        result = run_scenario(loaded, Options(runs=RUNS, robustness=False))
        rows.append(beyond_row(result, run_scenario(loaded, drawn)))
    return [
        "| scenario | historians | verdict and effect at the defaults | split / null / backfire,"
        " % of runs | the same under the posterior, % of draws | change of cohesion, coded / model"
        " | direction of the effect | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
    ]


def _strongest(rows: pd.DataFrame, effect: float) -> str:
    """Return the strongest movers, each with the change of the effect it makes."""
    moved = rows.assign(change=rows["effect"] - effect)
    moved = moved[moved["change"].abs() > 0.0005]
    moved = moved.reindex(moved["change"].abs().sort_values(ascending=False).index)
    moved = moved.head(STRONGEST)
    parts = [
        f"`{what}` {signed(change)}"
        for what, change in zip(moved["what"], moved["change"], strict=True)
    ]
    return ", ".join(parts) or "none"


def main() -> None:
    """Run every scenario and rewrite the generated tables."""
    results = []
    for name in SCENARIOS.names():
        print(name, flush=True)
        results.append(run_scenario(load(name), Options(runs=RUNS)))
    verdicts = [
        "| scenario | verdict | effect on cohesion [95 %] | split / null / backfire, % of runs |"
        " the same, % of draws of coefficients | change with the wedge | change without |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(verdict_row(result) for result in results),
    ]
    carriers = [
        "| scenario | mechanisms whose absence changes the effect most | inputs whose move by 0.1"
        " changes it most | inputs whose move changes the verdict |",
        "| --- | --- | --- | --- |",
        *(carriers_row(result) for result in results if result.verdict.attempted),
    ]
    write({"verdicts": verdicts, "carriers": carriers, "beyond": beyond()})


def write(blocks: dict[str, Sequence[str]]) -> None:
    """Put generated tables into the page, each by its name."""
    text = PAGE.read_text("utf-8")
    for marker, lines in blocks.items():
        block = "\n".join((f"<!-- generated:{marker} -->", *lines, "<!-- end -->"))
        text = re.sub(
            rf"<!-- generated:{marker} -->.*?<!-- end -->",
            lambda _, block=block: block,  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
