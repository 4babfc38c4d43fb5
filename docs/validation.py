"""Write the page on how the law does on years that it was not fitted to.

    python docs/validation.py --write           run ``alliancesim validate`` and write the page
    python docs/validation.py --write FOLDER    write it from results that are there

Without ``--write`` the page is printed. Every number and every sentence about numbers comes from
the results, so that the page stays true when the law or the record changes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError
from alliancesim.validation.folder import read_scores
from alliancesim.validation.splits import FORECAST, LEFT_OUT
from alliancesim.validation.tables import CHANGES, EACH_LEFT_OUT, LEVELS
from alliancesim.validation.words import SENSE, number, percent

CALIBRATION = "northeast-asia-2010-2026"
PAGE = Path(__file__).resolve().parent / "validation.md"

NEXT_TO_NOTHING = 0.02
"""A foretold change below this, a seventh of the coder's own error, hardly has a direction."""

_COLUMNS = (
    "forecaster",
    "n",
    "CRPS [95 %]",
    "less no change [95 %]",
    "RMSE [95 %]",
    "bias",
    "directions",
    "in 50 %",
    "in 90 %",
)

_HEAD = """\
# How the law does on years that it was not fitted to

The model is a lens, not a forecast. This page asks how good a lens: coefficients are fitted to a
part of the record, the rest is foretold, and what is foretold is scored beside what a sceptic
would say. It is written by `python docs/validation.py --write` from the results of
`alliancesim validate {name}`
(program {version}, {created}); every number and every sentence about one is made from them.

"""

_READING = """\
## How to read it

Every forecaster gives a whole distribution of what would be observed, errors of measurement
included. The model's holds its parameters (the posterior given the fitted observations alone),
shocks of the size in the register, its discrepancy (Kennedy and O'Hagan 2001) and the error of
the observation.

- **CRPS**: continuous ranked probability score, the absolute error of a whole distribution, in
  the unit of what is scored; less is better (Gneiting and Raftery 2007). It is estimated from
  samples without favour to few or many (Ferro 2014). *Less no change* is the paired difference
  from the random walk, after Diebold and Mariano (1995): below 0 is better than no change.
- **Intervals** draw calendar years with replacement, since observations of one year hang together
  (Efron and Tibshirani 1993). There are few years, so that they are too narrow rather than too
  wide; where there are fewer than three, none is given.
- **Directions**: how often the sign is right, of coded changes, or of levels against the last
  known one. A forecast of exactly no change has none. The binomial probability beside changes is
  that of a coin doing at least as well.
- **In 50 %, in 90 %**: share of what was observed that lies in the interval that should hold as
  much.
- **Levels** are opinion polls, **changes** the coded changes of cohesion and opinion over an
  episode.

"""

_LIMITS = """\
## What this does not show

- **The law was written by people who knew the record.** Held-out years are held out of the fit of
  coefficients, not out of the choice of mechanisms: three equations were changed with an eye on
  2020 to 2026 ([decisions 34 to 36](decisions.md)). Nor are they held out of some medians of the
  priors, which were read off the same polls (`alliancesim parameters` says which).
- **What drives the run was coded by one coder who knew the outcomes**
  ([hindcast-inputs](hindcast-inputs.md)). Every law on this page sees these drivers in the
  held-out years as well; no change, the last trend and opinion alone do not. The model is thus
  asked what follows from events, not to foresee them, and its lead over those three is worth less
  than it looks.
- **A left-out episode lies between years that are fitted.** The coefficients know what came
  after; the forecast past the split is the harder question.
- **Shocks and discrepancy overlap.** Coefficients are fitted to paths without shocks, so that the
  discrepancy already holds what shocks did; adding shocks widens the model's intervals. "Model
  from last residual" adds none.
- **Polls of different pollsters differ** by more than their errors say; no forecaster here knows
  it.
- **Changes of cohesion are few**, and each is one coder's number.
"""


def page(folder: Path) -> str:
    """Return the page that results of ``alliancesim validate`` amount to."""
    manifest, scores = read_scores(folder)
    predictions = pd.read_csv(folder / "predictions.csv", keep_default_na=False)
    head = _HEAD.format(
        name=manifest["name"],
        version=manifest["program"]["alliancesim"],
        created=manifest["created"][:10],
    )
    parts = [head, _found(manifest), _READING, _who(manifest), _splits(manifest)]
    parts += [_scored(name, manifest, scores) for name in manifest["words"]]
    parts += [_quantities(scores), _one_by_one(predictions), _LIMITS]
    return "".join(part for part in parts if part)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n\n"


def _found(manifest: dict[str, Any]) -> str:
    """Return what was found, in words."""
    text = f"## What was found\n\n**{manifest['headline']}** {SENSE}\n\n"
    for name, paragraphs in manifest["words"].items():
        text += f"### {_named(name)}\n\n" + "".join(f"- {said}\n" for said in paragraphs) + "\n"
    return text


def _named(split: str) -> str:
    """Return the heading of a split."""
    return split[0].upper() + split[1:]


def _who(manifest: dict[str, Any]) -> str:
    """Return what each forecaster sees."""
    rows = [(name, f"{sees}.") for name, sees in manifest["forecasters"].items()]
    return "## Who foretells\n\n" + _table(("forecaster", "what it is and what it sees"), rows)


def _splits(manifest: dict[str, Any]) -> str:
    """Return what was fitted and what was judged."""
    rows = [
        (split["name"], split["title"], str(split["fitted"]), str(split["judged"]))
        for split in manifest["splits"]
    ]
    return "## What was fitted and judged\n\n" + _table(
        ("split", "what it is", "fitted", "judged"), rows
    )


def _scored(split: str, manifest: dict[str, Any], scores: pd.DataFrame) -> str:
    """Return the scores of all forecasters in one split."""
    in_sample = {item["name"] for item in manifest["splits"] if item["in_sample"]}
    label = "in sample, no evidence" if split in in_sample else "out of sample"
    rows = scores[scores["split"] == split]
    text = f"## Scores: {split} ({label})\n\n"
    for what in (LEVELS, CHANGES):
        some = rows[rows["what"] == what].sort_values("crps", kind="stable")
        if len(some):
            cells = [list(_cells(row, what)) for _, row in some.iterrows()]
            text += f"{_named(what)}, the best score first:\n\n" + _table(_COLUMNS, cells)
    return text


def _cells(row: pd.Series[Any], what: str) -> Iterator[str]:
    """Return one forecaster's scores as cells."""
    yield str(row["forecaster"])
    yield str(row["n"])
    yield _with_ends(row["crps"], row["crps_low"], row["crps_high"])
    yield _with_ends(row["against_no_change"], row["against_low"], row["against_high"])
    yield _with_ends(row["rmse"], row["rmse_low"], row["rmse_high"])
    yield number(row["bias"], 2)
    coin = f" (coin: {percent(row['sign_p'])})" if what == CHANGES and row["signs"] else ""
    yield f"{row['sign_hits']} of {row['signs']}{coin}" if row["signs"] else "none"
    yield f"{100 * row['cover50']:.0f} %"
    yield f"{100 * row['cover90']:.0f} %"


def _with_ends(value: float, low: float, high: float) -> str:
    """Return a number with its interval, if it has one."""
    return number(value) + ("" if pd.isna(low) else f" [{number(low)}, {number(high)}]")


def _quantities(scores: pd.DataFrame) -> str:
    """Return mean CRPS by quantity and forecaster, out of sample."""
    text = ""
    for split in (FORECAST, EACH_LEFT_OUT):
        rows = scores[(scores["split"] == split) & ~scores["what"].isin((LEVELS, CHANGES))]
        if not len(rows):
            continue
        grid = rows.pivot(index="what", columns="forecaster", values="crps")
        counts = rows.groupby("what")["n"].first()
        names = list(dict.fromkeys(rows["forecaster"]))
        lines = []
        for what in dict.fromkeys(rows["what"]):
            best = grid.loc[what].min()
            marked = [
                f"**{number(value)}**" if value == best else number(value)
                for value in grid.loc[what, names]
            ]
            lines.append((what, str(counts[what]), *marked))
        text += f"Mean CRPS, {split} (out of sample), the best in bold:\n\n"
        text += _table(("quantity", "n", *names), lines)
    return f"## Quantity by quantity\n\n{text}" if text else ""


def _one_by_one(predictions: pd.DataFrame) -> str:
    """Return each coded change beside what the model said of it before."""
    mine = predictions[
        (predictions["forecaster"] == "model")
        & (predictions["since"] != "")
        & (predictions["held_out"].astype(str) == "True")
    ]
    columns = ("change", "months", "observed", "its episode left out [90 %]", "forecast [90 %]")
    rows = []
    for label in dict.fromkeys(mine["label"]):
        some = mine[mine["label"] == label]
        first = some.iloc[0]
        rows.append(
            (
                f"{first['variable']} {first['of']}-{first['toward']}",
                f"after {first['since']} to {first['date']}",
                f"{_signed(first['observed'])} ± {number(first['error'], 2)}",
                _foretold(some[some["split"].str.startswith(LEFT_OUT)]),
                _foretold(some[some["split"] == FORECAST]),
            )
        )
    rows.sort(key=lambda row: (row[0], row[1]))
    intro = (
        "What the model foretold of each coded change when it was not fitted to it: mean and 90 %"
        " interval, and whether the direction is right. An interval that holds both signs foretells"
        " little.\n\n"
    )
    return "## The coded changes one by one\n\n" + intro + _table(columns, rows) if rows else ""


def _foretold(rows: pd.DataFrame) -> str:
    """Return what was foretold of one change, and whether the direction was right."""
    if not len(rows):
        return ""
    row = rows.iloc[0]
    right = "right" if row["mean"] * row["observed"] > 0 else "wrong"
    if abs(row["mean"]) < NEXT_TO_NOTHING:
        right = f"next to nothing ({right})"
    ends = f"[{_signed(row['low90'])}, {_signed(row['high90'])}]"
    return f"{_signed(row['mean'])} {ends}, {right}"


def _signed(value: float) -> str:
    """Return a number with its sign."""
    text = number(value, 2)
    return text if text.startswith("−") or float(value) == 0 else f"+{text}"


def main(arguments: Sequence[str]) -> int:
    """Print or write the page; return the exit code."""
    parser = argparse.ArgumentParser(
        description="The page on years that the law was not fitted to."
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="results of alliancesim validate; made if left out"
    )
    asked = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as made:
            text = page(asked.folder or _made(Path(made) / "hindcast"))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    if asked.write:
        replace_file(PAGE, text)
    else:
        sys.stdout.write(text)
    return 0


def _made(folder: Path) -> Path:
    """Run the command into a folder, and return it.

    Raises:
        CalledProcessError: if it fails, which it has told then.
    """
    command = [sys.executable, "-m", "alliancesim.cli.main", "validate", CALIBRATION]
    subprocess.run([*command, "--out", str(folder)], stdout=subprocess.DEVNULL, check=True)
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
