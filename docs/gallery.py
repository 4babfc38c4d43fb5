"""Write the gallery, docs/gallery.md and its pictures, from runs made now.

Run from the repository: ``python docs/gallery.py``. It takes about three minutes of processor time;
``python docs/gallery.py FOLDER`` keeps what the commands leave, and runs none whose results are in
the folder.
"""

from __future__ import annotations

import argparse
import io
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "gallery.md"
FIGURES = DOCS / "figures"

WIDTH = 1200
"""Width of the pictures, in pixels: sharp at twice the width of a column of text."""

COLOURS = 256
"""Colours of a picture's palette, chosen so that small marks keep theirs."""

_HEAD = """\
# Gallery

What the program draws, each picture with the command that makes it. Sizes are modest, so that all
of it runs in about three minutes of processor time: intervals are wider than those of the commands'
own defaults, and fits of sixty steps, where a caption names them, have not arrived and show the
form of a picture, no result. What was found with full fits stands in
[validation](validation.md) and [the claim](claim.md). The model is a lens, not a forecast.

Written by `python docs/gallery.py`; the pictures of a command lie in its results folder, or beside
the page that `alliancesim report FOLDER --out page.html` writes.
"""


class Plate(NamedTuple):
    """One picture.

    Attributes:
        name: of its file, after ``gallery-``.
        run: the command's name in ``COMMANDS``.
        picture: end of the name of the PNG file that the command or its report leaves.
        title: what it shows.
        see: what to look for, and at which sizes it was made.
    """

    name: str
    run: str
    picture: str
    title: str
    see: str


COMMANDS: dict[str, str] = {
    "run": "run observed-backfire --posterior default --runs 800 --no-robustness",
    "explain": "explain observed-backfire --mechanisms --ledger alliance --runs 200",
    "tip": "tip observed-backfire --vary strategies.squeeze-and-court.press_intensity"
    " --posterior default --runs 800",
    "game": "game beijing-tokyo-seoul-washington",
    "experiment": "experiment carrot-and-stick --set factors.stick.steps=15"
    " --set factors.carrot.steps=15 --set design.replicates=60",
    "sensitivity": "sensitivity global --factors 6 --trajectories 2 --samples 64 --runs 4",
    "discover": "discover carrot-and-stick --set factors.stick.steps=15"
    " --set factors.carrot.steps=15 --set design.replicates=60",
    "tournament": "tournament observed-backfire --steps 60 --runs 100",
    "recode": "recode observed-backfire --recodings 80 --runs 100",
    "validate": "validate northeast-asia-2010-2026 --set validation.steps=60"
    " --set validation.draws=50",
}
"""What is run, without the name of the program, by name."""

PLATES: tuple[Plate, ...] = (
    Plate(
        "cohesion",
        "run",
        "-cohesion",
        "Cohesion with the wedge and without it",
        "Two fans over the months: the world, and its twin, in which nobody drives a wedge and all"
        " else is the same, shocks included. Below, the distance between them, which is what"
        " counts, against the margin. Every run has a draw of the coefficients of its own: 400"
        " draws, two runs of each.",
    ),
    Plate(
        "reasons",
        "run",
        "-reasons",
        "Which mechanisms carry the effect",
        "What each mechanism of the law does to the allies' decisions, world less twin: hatched"
        " bars divide, plain bars bind, and they add up to the black one. Look for large bars that"
        " cancel behind a small net. Means of the same 800 runs, with 95 % intervals.",
    ),
    Plate(
        "network",
        "run",
        "-network",
        "Who cooperates with whom, and who presses whom",
        "Whole arrows are cooperation, dashed ones pressure, at the start and at the end of the"
        " world with the wedge. Means of the same 800 runs; how far single runs scatter is not"
        " shown.",
    ),
    Plate(
        "landscape",
        "run",
        "-landscape",
        "How firmly the allies stand together",
        "Above, the gap between the best alignment that parts the allies and the best that holds"
        " them together: the higher, the firmer. Below, the share of balanced triads. Of the first"
        " of the same runs; bands hold the middle 90 %.",
    ),
    Plate(
        "waterfall",
        "explain",
        "waterfall",
        "What caused the change",
        "Each step is what one cause adds, on average over all orders in which causes can come in"
        " (Shapley 1953), with its interval; the steps add up to the whole change. What happens"
        " without any cause stands first. 200 runs of every combination of causes, at the default"
        " coefficients.",
    ),
    Plate(
        "ledger",
        "explain",
        "ledger",
        "The books of cohesion",
        "Month by month, the terms of the law that raised and lowered the alliance's cohesion, in"
        " the world and in world less twin; debits and credits add up to the black line. Means of"
        " 200 runs.",
    ),
    Plate(
        "tip",
        "tip",
        "tipping",
        "Where the odds turn",
        "Above, shares of runs by verdict as one number goes through its range; below, the mean"
        " effect with the margin dotted. The thick bar holds the thresholds of single draws of the"
        " coefficients, where they have one: that spread, not the shocks, is the uncertainty. 800"
        " runs of each value.",
    ),
    Plate(
        "game",
        "game",
        "payoffs",
        "What every combination of moves is worth",
        "One heat map per player, each on its own scale; a bold number is a best answer to what"
        " the others do there, a frame the equilibrium of mean payoffs, a dashed frame what was"
        " done. What players want, and how much, is the file's judgement and not the model's.",
    ),
    Plate(
        "phase",
        "experiment",
        "-phases",
        "A map of pressure and courtship",
        "Left, the mean effect of the wedge at each combination, orange where it divides; right,"
        " which verdict is the commonest. Without a line there, none turns on this map. 15 by 15"
        " points, 60 runs each, at the default coefficients: the uncertainty of the law is not in"
        " it.",
    ),
    Plate(
        "sensitivity",
        "sensitivity",
        "-indices",
        "What accounts for the variance",
        "Sobol indices: dark, what would go if the factor alone were known; pale, what would stay"
        " if all but it were. At 2 trajectories, 64 blocks of points and 4 runs of each the"
        " intervals are too wide for an order of the factors: this shows the form, no result.",
    ),
    Plate(
        "discover",
        "discover",
        "limits",
        "Under which conditions",
        "The box of conditions that holds most of a verdict's cases, as coloured parts of each"
        " factor's range: the shorter, the stricter. A stand-in is told where a verdict itself is"
        " too rare: the points with the strongest effects in its direction. 225 points, 60 runs"
        " each.",
    ),
    Plate(
        "tournament",
        "tournament",
        "left-out",
        "Which theory explains which episode",
        "Mean CRPS of theories, in rows, on episodes that were left out of their fits; blue is"
        " better than others on the same episode. A whole frame is ahead of every rival, a dashed"
        " one best with others level, and a dot is level with it. Fits of 60 steps: the form, no"
        " result.",
    ),
    Plate(
        "recode",
        "recode",
        "recoding",
        "Does the verdict hang on the coding?",
        "All judgements recoded, their order kept. Above, the mean effect of each recoding, the"
        " triangle as given; below, how often the verdict falls, all at once and one scale alone,"
        " with 95 % intervals. 80 recodings of each width, 20 of each scale alone, 100 runs each.",
    ),
    Plate(
        "hindcast",
        "validate",
        "-forecast",
        "Foretold and observed",
        "To the right of the dashed line nothing observed has been fitted, hollow marks are held"
        " out; bands are the model's 50 and 90 %. Look where marks leave the bands, and where bands"
        " are so wide that nothing could. Fits of 60 steps: the form, no result.",
    ),
)


def command_words(run: str) -> list[str]:
    """Return the words of a command, the name of the program first."""
    return ["alliancesim", *shlex.split(COMMANDS[run])]


def image_path(plate: Plate) -> Path:
    """Return the file of a picture."""
    return FIGURES / f"gallery-{plate.name}.png"


def page() -> str:
    """Return the page; it quotes no number of a run."""
    parts = [_HEAD]
    for plate in PLATES:
        command = shlex.join(command_words(plate.run))
        image = f"![{plate.title}](figures/{image_path(plate).name})"
        parts.append(f"## {plate.title}\n\n{plate.see}\n\n{image}\n\n```sh\n{command}\n```\n")
    return "\n".join(parts)


def made(folder: Path) -> None:
    """Run every command, and the report on what it leaves, in a folder.

    Raises:
        CalledProcessError: if one fails, which it has told then.
    """
    program = (sys.executable, "-m", "alliancesim.cli.main")
    for name in COMMANDS:
        words = [*command_words(name)[1:], "--out", name]
        for more, left in ((words, name), (["report", name, "--out"], f"{name}-page.html")):
            if not (folder / left).exists():
                call = [*program, *more, *([left] if left != name else [])]
                subprocess.run(call, cwd=folder, stdout=subprocess.DEVNULL, check=True)


def drawn(folder: Path, plate: Plate) -> bytes:
    """Return a picture as a small PNG file.

    Args:
        folder: in which the commands were run.
        plate: the picture.
    """
    # Names of a report's figures begin with their numbers. They come last, behind those that some
    # commands leave themselves, and are drawn anew where the results of a command are kept.
    found = sorted(folder.glob(f"{plate.run}*/*{plate.picture}.png"))
    with Image.open(found[-1]) as picture:
        size = WIDTH, round(picture.height * WIDTH / picture.width)
        small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    few = small.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Run everything, write pictures and page, and return the exit code."""
    parser = argparse.ArgumentParser(description="The gallery, from runs made now.")
    parser.add_argument("folder", nargs="?", type=Path, help="of results that are kept")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            made(folder)
        except subprocess.CalledProcessError as error:
            return int(error.returncode)
        pictures = {image_path(plate): drawn(folder, plate) for plate in PLATES}
    for path, content in pictures.items():
        path.write_bytes(content)
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
