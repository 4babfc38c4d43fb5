"""Event files for the tests: lines in the columns of GDELT 1.0, GDELT 2.0 and ICEWS."""

from __future__ import annotations

from collections.abc import Iterable

ICEWS_COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text",
    "CAMEO Code", "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID",
    "Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude",
    "Longitude",
)  # fmt: skip
ICEWS_HEADER = "\t".join(ICEWS_COLUMNS)

CLASSES = {"04": 1, "06": 2, "11": 3, "17": 4}
"""QuadClass of some roots of CAMEO codes, by GDELT's codebook."""


def gdelt(
    number: int | str,
    day: str,
    of: str,
    toward: str,
    goldstein: float | str,
    *,
    root: str = "04",
    width: int = 58,
    is_root: str = "1",
    roles: tuple[str, str] = ("GOV", "GOV"),
    quad: str = "",
) -> str:
    """Return a line of GDELT with 57, 58 (version 1.0) or 61 columns (2.0), without line feed.

    Columns are filled by their numbers in GDELT's codebooks, which count from 1.
    """
    column = dict.fromkeys(range(1, width + 1), "")
    column |= {1: str(number), 2: day, 3: day[:6], 4: day[:4], 5: f"{day[:4]}.1000"}
    column |= {6: of + roles[0], 7: "ACTOR ONE", 8: of, 13: roles[0]}
    column |= {16: toward + roles[1], 17: "ACTOR TWO", 18: toward, 23: roles[1]}
    column |= {26: is_root, 27: f"{root}0", 28: f"{root}0", 29: root}
    column |= {30: quad or str(CLASSES[root]), 31: str(goldstein), 32: "10", 33: "2", 34: "10"}
    column |= {35: "-1.5", 36: "4", 37: "Somewhere, Île", 40: "1.5", 41: "-2.5"}
    if width == 61:
        column |= {60: f"{day}120000", 61: "http://example.org/a"}
    else:
        column |= {57: day, 58: "http://example.org/a"} if width == 58 else {57: day}
    return "\t".join(column[place] for place in range(1, width + 1))


def icews(
    number: int | str,
    day: str,
    of: str,
    toward: str,
    intensity: float | str,
    *,
    code: str = "040",
    sectors: tuple[str, str] = ("Executive,Government", "Executive,Government"),
    names: tuple[str, str] = ("A Minister", "B Minister"),
) -> str:
    """Return a line of ICEWS with its 20 columns, without line feed."""
    fields = (
        str(number), day, names[0], sectors[0], of, "Consult", code, str(intensity), names[1],
        sectors[1], toward, "111", "1", "A Newspaper", "Capital", "", "", of, "1.5", "2.5",
    )  # fmt: skip
    return "\t".join(fields)


def text(lines: Iterable[str], *, end: str = "\n") -> bytes:
    """Return lines as the bytes of a file."""
    return "".join(line + end for line in lines).encode()
