"""Write what the model says about every shipped scenario into docs/scenarios.md.

Run from the repository: ``python docs/scenario_results.py``, and after it ``python
docs/generate.py``, which quotes the results in the README. It takes about two minutes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from alliancesim.results.result import Result
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario

PAGE = Path(__file__).resolve().parent / "scenarios.md"
RUNS = 200
STRONGEST = 3


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
        f"{effect.estimate:+.3f} [{effect.low:+.3f}, {effect.high:+.3f}]",
        shares,
        weights,
        f"{verdict.change_world.estimate:+.3f}",
        f"{verdict.change_twin.estimate:+.3f}",
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


def _strongest(rows: pd.DataFrame, effect: float) -> str:
    """Return the strongest movers, each with the change of the effect it makes."""
    moved = rows.assign(change=rows["effect"] - effect)
    moved = moved[moved["change"].abs() > 0.0005]
    moved = moved.reindex(moved["change"].abs().sort_values(ascending=False).index)
    parts = [
        f"`{row.what}` {row.change:+.3f}" for row in moved.head(STRONGEST).itertuples(index=False)
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
    text = PAGE.read_text("utf-8")
    for marker, lines in (("verdicts", verdicts), ("carriers", carriers)):
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
