"""Run every shipped experiment and write its figure and its finding into docs/experiments.md.

Run from the repository: ``python docs/experiment_results.py``. It takes about a minute.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from alliancesim.experiment.execution import in_process, sweep
from alliancesim.experiment.parts import plan_of
from alliancesim.experiment.reading import load_experiment
from alliancesim.report.experiments import pictures
from alliancesim.report.phrases import plain_spaces
from alliancesim.report.sweep_wording import finding
from alliancesim.report.sweeps import read_sweep
from alliancesim.results.result import read_manifest
from alliancesim.scenario.library import EXPERIMENTS

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "experiments.md"


def section(name: str, folder: Path) -> str:
    """Run an experiment, write its first figure and return its question and finding."""
    sweep(plan_of(load_experiment(name)), folder, in_process())
    found = read_sweep(folder, read_manifest(folder))
    first = next(iter(pictures(found).values()))
    image = DOCS / "figures" / f"{name}.png"
    image.parent.mkdir(exist_ok=True)
    if first.png is not None:
        image.write_bytes(first.png())
    told = found.experiment
    sentences = "\n".join(f"- {plain_spaces(sentence)}" for sentence in finding(found))
    return "\n\n".join(
        (
            f"## `{name}`",
            f"**{told.question}** {told.story}",
            f"![{first.caption.title}: {told.title}](figures/{name}.png)",
            sentences,
            f"What one learns: {told.learn[0].lower()}{told.learn[1:]}",
        )
    )


def main() -> None:
    """Run every experiment and rewrite the generated sections."""
    with tempfile.TemporaryDirectory() as folder:
        sections = [section(name, Path(folder) / name) for name in EXPERIMENTS.names()]
    block = "\n\n".join(("<!-- generated:experiments -->", *sections, "<!-- end -->"))
    text = re.sub(
        r"<!-- generated:experiments -->.*?<!-- end -->",
        lambda _: block,
        PAGE.read_text("utf-8"),
        flags=re.DOTALL,
    )
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
