"""Break processes at work and see what is left: full disks, read-only folders, kills, rivals.

    python fuzz/faults.py full-disk --times 50
    python fuzz/faults.py all --times 50 --seed 2

Each trial forks a process that runs the command line on a small sweep or scenario, breaks it, and
then goes on with it where it can. What counts as lost: a part that was finished before the fault
and is not whole after it, a sweep whose numbers differ from an undisturbed one's, a folder that
mixes two processes' results, and a fault that is told as anything but words. A full disk is
a small file system in memory and a read-only folder an immutable one; only root may make them, so
they are skipped otherwise.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from disk import Disk

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "fuzz" / "faults.csv"
COLUMNS = (
    "date", "fault", "seed", "trials", "struck", "in_words", "resumed_to_the_same", "lost",
    "seconds",
)  # fmt: skip

SWEEP = """\
title = "Balancing and hazard"
question = "What holds?"
scenario = "small"
[design]
kind = "grid"
replicates = 40
part_points = 2
[factors.balancing]
key = "coefficients.balancing"
low = 0.1
high = 1.0
steps = 8
[factors.hazard]
key = "coefficients.hazard"
low = 0.1
high = 1.0
steps = 8
"""

QUICK = ("--runs", "20", "--no-robustness")
WORDS = {
    "run": ("run", "small.toml", *QUICK),
    "compare": ("compare", "small.toml", "small.toml", *QUICK),
    "explain": ("explain", "small.toml", "--runs", "20"),
    "experiment": ("experiment", "sweep.toml", "--threads", "1"),
}


class Trial(NamedTuple):
    """What came of one trial.

    Attributes:
        struck: whether the fault fell while there was something to break.
        in_words: whether every process ended in words and with the right code.
        same: whether what is there in the end is what an undisturbed process leaves.
        lost: how many finished parts or whole folders were lost or mixed.
        what: what was out of order, for people.
    """

    struck: bool
    in_words: bool
    same: bool
    lost: int
    what: str = ""


class Place:
    """A folder with a sweep and a scenario, and what undisturbed processes make of them."""

    def __init__(self, folder: Path) -> None:
        """Write the files and run everything once."""
        from targets import SMALL

        self.folder = folder
        (folder / "small.toml").write_text(SMALL, "utf-8")
        (folder / "sweep.toml").write_text(SWEEP, "utf-8")
        self.right: dict[str, dict[str, str]] = {}
        began = time.monotonic()
        for seed in ("1", "2"):
            for name in WORDS:
                out = folder / f"right-{name}-{seed}"
                code, said = ended(start(folder, *words(name, out, seed)))
                if code:
                    raise RuntimeError(said)
                self.right[f"{name}-{seed}"] = content(out)
        self.seconds = (time.monotonic() - began) / (2 * len(WORDS))

    def matches(self, name: str, out: Path) -> bool:
        """Say whether a folder holds what one undisturbed process leaves, to the last byte."""
        return any(content(out) == self.right[f"{name}-{seed}"] for seed in ("1", "2"))


def words(name: str, out: Path, seed: str = "1") -> tuple[str, ...]:
    """Return the words of a command."""
    given = ("--set", f"design.seed={seed}") if name == "experiment" else ("--seed", seed)
    return (*WORDS[name], *given, "--out", str(out))


def content(out: Path) -> dict[str, str]:
    """Return the digests of a folder's tables, whose bytes depend on nothing but the numbers."""
    import hashlib

    import pandas as pd

    found = {}
    for path in sorted(out.rglob("*")):
        if path.suffix in (".parquet", ".csv") and path.is_file():
            if path.suffix == ".parquet":
                with path.open("rb") as stream:
                    told = pd.read_parquet(stream).to_csv(index=False).encode()
            else:
                told = path.read_bytes()
            found[str(path.relative_to(out))] = hashlib.blake2b(told, digest_size=8).hexdigest()
    return found


def start(folder: Path, *given: str, file_limit: int | None = None) -> tuple[int, Path]:
    """Start the command line in a process of its own and return its number and what it says."""
    handle, name = tempfile.mkstemp(prefix="said-", dir=tempfile.gettempdir())
    child = os.fork()
    if child:
        os.close(handle)
        return child, Path(name)
    try:
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        os.chdir(folder)
        os.environ["NO_COLOR"] = "1"
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where started with "&"
        if file_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
        sys.argv = ["alliancesim", *given]
        from alliancesim.cli.main import main

        code = 0
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    finally:
        os._exit(70)


def ended(process: tuple[int, Path]) -> tuple[int, str]:
    """Wait for a process and return how it ended and what it said."""
    _, status = os.waitpid(process[0], 0)
    said = process[1].read_text("utf-8", "replace")
    process[1].unlink()
    return os.waitstatus_to_exitcode(status), said


def well_put(code: int, said: str) -> bool:
    """Say whether a process ended well, or refused in words."""
    return code == 0 or (code == 2 and "expected" in said and "Traceback" not in said)


def parts(out: Path) -> set[int]:
    """Return the numbers of a dataset's parts that are whole."""
    from alliancesim.experiment.store import whole_parts

    return set(whole_parts(out)) if (out / "parts").is_dir() else set()


def recorded(out: Path) -> set[int]:
    """Return the numbers of a dataset's parts that have a record."""
    return {int(path.stem) for path in (out / "parts").glob("*.json")}


def resumed(place: Place, out: Path, before: tuple[int, str], struck: bool, clean: bool) -> Trial:
    """Go on with a sweep and say what came of it.

    Args:
        place: where it is.
        out: its folder.
        before: how the broken process ended.
        struck: whether the fault fell while it was at work.
        clean: whether the broken process ended as it should.
    """
    kept, told = parts(out), recorded(out)
    code, said = ended(start(place.folder, *words("experiment", out), "--resume"))
    same = code == 0 and place.matches("experiment", out)
    lost = len(told - kept) + (0 if same else 1)
    what = "" if clean and same and not lost else f"{before} then {(code, said[-300:])}"
    return Trial(struck, clean and well_put(code, said), same, lost, what)


def killed(place: Place, out: Path, chance: random.Random) -> Trial:
    """Kill a sweep outright at a random moment."""
    process = start(place.folder, *words("experiment", out))
    time.sleep(chance.uniform(0.2, 1.2) * place.seconds)
    os.kill(process[0], signal.SIGKILL)
    code, said = ended(process)
    return resumed(place, out, (code, said[-300:]), code != 0, code in (0, -signal.SIGKILL))


def interrupted(place: Place, out: Path, chance: random.Random) -> Trial:
    """Press Ctrl-C in a sweep at a random moment."""
    process = start(place.folder, *words("experiment", out))
    time.sleep(chance.uniform(0.2, 1.2) * place.seconds)
    os.kill(process[0], signal.SIGINT)
    code, said = ended(process)
    clean = code in (0, 130) and "Traceback" not in said
    return resumed(place, out, (code, said[-300:]), code != 0, clean)


def full_disk(place: Place, out: Path, chance: random.Random) -> Trial:
    """Fill the disk in mid-sweep, then make room and go on."""
    with Disk(out.parent, chance.randrange(64, 480)) as disk:
        code, said = ended(start(place.folder, *words("experiment", disk.folder / "out")))
        disk.remount("size=64m")
        clean = well_put(code, said)
        return resumed(place, disk.folder / "out", (code, said[-300:]), code == 2, clean)


def read_only(place: Place, out: Path, chance: random.Random) -> Trial:
    """Let no file be made in the folder any more, in mid-sweep, then again, and go on."""
    process = start(place.folder, *words("experiment", out))
    wanted = chance.randrange(1, 28)
    while len(recorded(out)) < wanted and not _left(process[0]):
        time.sleep(0.0005)
    folders = [str(path) for path in (out, out / "runs", out / "parts") if path.is_dir()]
    subprocess.run(["chattr", "+i", *folders], check=True)
    try:
        code, said = ended(process)
    finally:
        subprocess.run(["chattr", "-i", *folders], check=True)
    return resumed(place, out, (code, said[-300:]), code == 2, well_put(code, said))


def small_files(place: Place, out: Path, chance: random.Random) -> Trial:
    """Let no file grow beyond a random size, as a quota does; nothing half-written may be left."""
    name = chance.choice(["run", "compare", "explain", "experiment"])
    limit = int(2 ** chance.uniform(6, 15))
    code, said = ended(start(place.folder, *words(name, out), file_limit=limit))
    clean = well_put(code, said)
    if name == "experiment":
        return resumed(place, out, (code, said[-300:]), code == 2, clean)
    left = [path.name for path in out.parent.iterdir()]
    whole = left == [out.name] and place.matches(name, out)
    if code != 0:
        # A comparison's report is written once its tables are there; these may stay alone.
        right = place.right[f"{name}-1"].items()
        tables = (out / "manifest.json").is_file() and content(out).items() <= right
        whole = not left or (left == [out.name] and tables)
    what = "" if clean and whole else f"{name} {limit}: {code} {left} {said[-300:]}"
    return Trial(code == 2, clean, whole, 0 if whole else 1, what)


def rivals(place: Place, out: Path, chance: random.Random) -> Trial:
    """Start two processes on the same folder at almost the same time, with different seeds."""
    name = chance.choice(list(WORDS))
    first = start(place.folder, *words(name, out, "1"))
    time.sleep(chance.choice([0.0, 0.0, chance.uniform(0.0, place.seconds)]))
    second = start(place.folder, *words(name, out, "2"))
    codes = [ended(first), ended(second)]
    clean = all(well_put(code, said) for code, said in codes)
    winners = sum(code == 0 for code, _ in codes)
    whole = place.matches(name, out) if winners else not out.exists()
    left = [path.name for path in out.parent.iterdir() if path.name != out.name]
    good = clean and whole and winners <= 1 and not left
    what = "" if good else f"{name}: {[(code, said[-200:]) for code, said in codes]} {left}"
    return Trial(winners < 2, clean, whole, 0 if whole and winners <= 1 and not left else 1, what)


def readers(place: Place, out: Path, chance: random.Random) -> Trial:
    """Write two reports of the same results at the same time while a third process reads them."""
    shutil.copytree(place.folder / "right-run-1", out)
    both = [start(place.folder, "report", str(out)) for _ in range(2)]
    seen: list[bytes] = []
    while not all(_left(number) for number, _ in both):
        if (out / "report.html").is_file():
            seen.append((out / "report.html").read_bytes()[-16:].strip())
        time.sleep(0.01 * chance.random())
    codes = [ended(process) for process in both]
    clean = all(code == 0 for code, _ in codes)
    untouched = content(out).items() >= place.right["run-1"].items()
    whole = all(end.endswith(b"</html>") for end in seen) and untouched
    what = "" if clean and whole else f"{[(code, said[-200:]) for code, said in codes]} {seen[-3:]}"
    return Trial(True, clean, whole, 0 if whole else 1, what)


def _left(number: int) -> bool:
    """Say whether a child has ended, without waiting and without forgetting how."""
    return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


FAULTS: dict[str, Callable[[Place, Path, random.Random], Trial]] = {
    "killed": killed,
    "interrupted": interrupted,
    "full-disk": full_disk,
    "read-only": read_only,
    "small-files": small_files,
    "rivals": rivals,
    "readers": readers,
}
NEED_ROOT = ("full-disk", "read-only")


def main() -> int:
    """Make the trials asked for and record them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fault", choices=[*FAULTS, "all"])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    names = list(FAULTS) if asked.fault == "all" else [asked.fault]
    _warm()
    lost = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as made:
        place = Place(Path(made))
        sys.stderr.write(f"an undisturbed command: {place.seconds:.1f} s\n")
        for name in names:
            if name in NEED_ROOT and os.geteuid() != 0:
                sys.stderr.write(f"{name}: skipped, which only root can make\n")
                continue
            lost += _tried(place, name, asked)
    return 1 if lost else 0


def _warm() -> None:
    """Import what the commands need, so that each forked process starts at once."""
    import alliancesim.cli.main
    import alliancesim.comparison
    import alliancesim.experiment.execution
    import alliancesim.experiment.reading
    import alliancesim.report.explanations
    import alliancesim.report.page  # noqa: F401


def _tried(place: Place, name: str, asked: argparse.Namespace) -> int:
    """Make the trials of one fault, record them and return how much was lost."""
    chance, began = random.Random(f"{name} {asked.seed}"), time.monotonic()
    trials = []
    for number in range(asked.times):
        folder = place.folder / f"{name}-{number}"
        folder.mkdir()
        found = FAULTS[name](place, folder / "out", chance)
        if found.what:
            sys.stderr.write(f"{name} {number}: {found.what}\n")
        trials.append(found)
        shutil.rmtree(folder)
    row = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "fault": name,
        "seed": asked.seed,
        "trials": len(trials),
        "struck": sum(found.struck for found in trials),
        "in_words": sum(found.in_words for found in trials),
        "resumed_to_the_same": sum(found.same for found in trials),
        "lost": sum(found.lost for found in trials),
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()
    if not asked.no_record:
        begun = RECORD.exists()
        with RECORD.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            if not begun:
                writer.writeheader()
            writer.writerow(row)
    return int(row["lost"]) + len(trials) - int(row["in_words"])


if __name__ == "__main__":
    sys.exit(main())
