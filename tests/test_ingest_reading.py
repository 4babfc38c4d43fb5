"""Event files are read line by line: each is used, malformed or set aside; none is lost."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.ingest.account import MALFORMED, SET_ASIDE
from alliancesim.ingest.constants import parse_rule
from alliancesim.ingest.countries import CAMEO_NAMES, Countries
from alliancesim.ingest.events import Read, read_events, refuse_useless
from alliancesim.ingest.formats import FORMATS, LONGEST_LINE, FormatName
from alliancesim.ingest.levels import Levels, levels
from alliancesim.ingest.reading import Asked
from alliancesim.ingest.streams import batches, find_inputs
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.quantities import month_count
from event_files import ICEWS_COLUMNS, ICEWS_HEADER, gdelt, icews, text

ACTORS = ("JPN", "KOR", "CHN")
COUNTRIES = Countries()


def read(
    folder: Path,
    content: bytes,
    given: FormatName | None = None,
    asked: Asked | None = None,
    buffered: int = 1000,
) -> Read:
    """Read one file."""
    file = folder / "events.csv"
    file.write_bytes(content)
    asked = asked or Asked(ACTORS)
    return read_events([str(file)], given, asked, COUNTRIES, folder, buffered=buffered)


def monthly(found: Read, span: tuple[str, str] | None = None) -> Levels:
    """Return the levels of what was read, over the months from one to another."""
    ends = (None, None) if span is None else (month_count(span[0]), month_count(span[1]))
    return levels(found.sums, found.asked.actors, ends, parse_rule(["prior_events=0"]))


def accounted(found: Read) -> bool:
    """Say whether every line is in exactly one place of the account."""
    account = found.account
    return account.lines == account.used + sum(account.counts.values())


def only(found: Read) -> dict[str, int]:
    """Return the kinds of lines that were not used."""
    return {kind: count for kind, count in found.account.counts.items() if count}


def lines_of(name: FormatName) -> list[str]:
    """Return three events of a format: one each of JPN, KOR and CHN, in three months."""
    if name == "icews":
        return [
            ICEWS_HEADER,
            icews(1, "2014-01-31", "Japan", "South Korea", 3.0),
            icews(2, "2014-02-01", "South Korea", "Japan", -2.0, code="112"),
            icews(3, "2014-12-31", "China", "Japan", -10.0, code="1951"),
        ]
    width = 58 if name == "gdelt1" else 61
    return [
        gdelt(1, "20140131", "JPN", "KOR", 3.0, width=width),
        gdelt(2, "20140201", "KOR", "JPN", -2.0, root="11", width=width),
        gdelt(3, "20141231", "CHN", "JPN", -10.0, root="17", width=width),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_who_did_what_to_whom_and_when(tmp_path: Path, name: FormatName) -> None:
    """Sign, direction, month and kind of every event arrive as they stand in the file."""
    found = read(tmp_path, text(lines_of(name)))
    assert found.format == name
    assert found.account.used == 3
    table = monthly(found).table().query("events > 0").reset_index(drop=True)
    assert table[["month", "of", "toward"]].to_numpy().tolist() == [
        ["2014-01", "JPN", "KOR"],
        ["2014-02", "KOR", "JPN"],
        ["2014-12", "CHN", "JPN"],
    ]
    assert table["goldstein"].tolist() == [3.0, -2.0, -10.0]
    assert table["cooperation"].tolist() == pytest.approx([0.3, 0.0, 0.0])
    assert table["pressure"].tolist() == pytest.approx([0.0, 0.2, 1.0])
    assert table["verbal_cooperation"].tolist() == [1, 0, 0]
    assert table["material_cooperation"].tolist() == [0, 0, 0]
    assert table["verbal_conflict"].tolist() == [0, 1, 0]
    assert table["material_conflict"].tolist() == [0, 0, 1]


def test_historical_files_of_gdelt_have_a_column_less(tmp_path: Path) -> None:
    """Lines of 57 columns, as before April 2013, count like those of 58."""
    lines = [gdelt(1, "19790101", "JPN", "KOR", 3.0, width=57), *lines_of("gdelt1")[1:]]
    found = read(tmp_path, text(lines))
    assert (found.format, found.account.used) == ("gdelt1", 3)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("way", ["crlf", "cut", "mark", "blank", "gzip", "zip"])
def test_ways_of_writing_the_same_file(tmp_path: Path, name: FormatName, way: str) -> None:
    """CRLF, a last line without end, a byte order mark, empty lines and archives lose no event."""
    content = text(lines_of(name), end="\r\n" if way == "crlf" else "\n")
    if way == "cut":
        content = content.removesuffix(b"\n")
    elif way == "mark":
        content = b"\xef\xbb\xbf" + content
    elif way == "blank":
        content = content.replace(b"\n", b"\n\n \n")
    elif way == "gzip":
        content = gzip.compress(content)
    elif way == "zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("20140101.export.CSV", content)
        content = held.getvalue()
    found = read(tmp_path, content)
    assert found.account.used == 3
    assert found.account.malformed == 0
    assert accounted(found)


WRONG = {
    "columns": gdelt(9, "20140105", "JPN", "KOR", 3.0) + "\textra",
    "nul": gdelt(9, "20140105", "JPN", "KOR", 3.0).replace("ACTOR ONE", "ACTOR\0ONE"),
    "overlong": gdelt(9, "20140105", "JPN", "KOR", 3.0) + "x" * LONGEST_LINE,
    "event-id": gdelt("9a", "20140105", "JPN", "KOR", 3.0),
    "date": gdelt(9, "20140230", "JPN", "KOR", 3.0),
    "kind": gdelt(9, "20140105", "JPN", "KOR", 3.0, quad="5"),
    "goldstein": gdelt(9, "20140105", "JPN", "KOR", "10.1"),
    "blank": "",
    "header": "GLOBALEVENTID\tSQLDATE",
    "no-country": gdelt(9, "20140105", "", "KOR", 3.0),
    "unmapped": gdelt(9, "20140105", "EUR", "KOR", 3.0),
    "same-country": gdelt(9, "20140105", "KOR", "KOR", 3.0),
    "other-actors": gdelt(9, "20140105", "FRA", "KOR", 3.0),
    "outside-months": gdelt(9, "20150101", "JPN", "KOR", 3.0),
    "not-root": gdelt(9, "20140105", "JPN", "KOR", 3.0, is_root="0"),
    "not-states": gdelt(9, "20140105", "JPN", "KOR", 3.0, roles=("GOV", "BUS")),
    "duplicate": gdelt(1, "20140105", "JPN", "KOR", 3.0),
}
"""A line for every kind of the account."""


def test_the_account_knows_no_other_kinds() -> None:
    """Every kind of line that is not used has its example below."""
    assert set(WRONG) == {*MALFORMED, *SET_ASIDE}


@pytest.mark.parametrize("kind", WRONG)
def test_a_line_that_is_not_used_is_counted_with_its_reason(tmp_path: Path, kind: str) -> None:
    """Each kind is told apart, malformed ones with file and line number; the rest is used."""
    first, *others = lines_of("gdelt1")
    span = (month_count("2014-01"), month_count("2014-12"))
    asked = Asked(ACTORS, *span, root_events=True, states=True)
    found = read(tmp_path, text([first, WRONG[kind], *others]), asked=asked)
    assert found.account.used == 3
    assert only(found) == {kind: 1}
    if kind in MALFORMED:
        (example,) = found.account.examples[kind]
        assert (example.line, Path(example.file).name) == (2, "events.csv")
        assert found.account.files[0]["malformed"] == 1


WRONG_ICEWS = {
    "columns": icews(9, "2014-01-05", "Japan", "China", 1.0) + "\textra",
    "event-id": icews("", "2014-01-05", "Japan", "China", 1.0),
    "date": icews(9, "20140105", "Japan", "China", 1.0),
    "kind": icews(9, "2014-01-05", "Japan", "China", 1.0, code="14"),
    "goldstein": icews(9, "2014-01-05", "Japan", "China", "nan"),
    "header": ICEWS_HEADER,
    "no-country": icews(9, "2014-01-05", "", "China", 1.0),
    "unmapped": icews(9, "2014-01-05", "Atlantis", "China", 1.0),
    "other-actors": icews(9, "2014-01-05", "Côte d'Ivoire", "China", 1.0),
    "not-states": icews(9, "2014-01-05", "Japan", "China", 1.0, sectors=("Business", "Government")),
}


@pytest.mark.parametrize("kind", WRONG_ICEWS)
def test_icews_lines_that_are_not_used(tmp_path: Path, kind: str) -> None:
    """The same account holds for ICEWS; a code without its leading zero is not guessed at."""
    header, first, *others = lines_of("icews")
    content = text([header, first, WRONG_ICEWS[kind], *others])
    found = read(tmp_path, content, asked=Asked(ACTORS, states=True))
    assert found.account.used == 3
    counts = {"header": 1, kind: 1} if kind != "header" else {"header": 2}
    assert only(found) == counts


def test_quoted_fields_and_columns_in_another_order(tmp_path: Path) -> None:
    """Dataverse's quotation marks are taken off, even around tabs, and columns found by name."""
    backwards = ["\t".join(reversed(line.split("\t"))) for line in lines_of("icews")]
    quoted = ["\t".join(f'"{field}"' for field in line.split("\t")) for line in backwards]
    quoted[1] = quoted[1].replace("A Newspaper", "A\tNews paper")
    found = read(tmp_path, text(quoted))
    assert (found.account.used, found.account.malformed) == (3, 0)


def test_text_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    """Latin letters in columns that are not used do no harm; in a country they are not mapped."""
    content = text(lines_of("gdelt1")).replace("Île".encode(), "Île".encode("latin-1"))
    assert read(tmp_path, content).account.used == 3
    odd = text([*lines_of("gdelt1"), gdelt(4, "20140101", "@@", "KOR", 1)])
    found = read(tmp_path, odd.replace(b"@@", b"\xff\xfe"))
    assert found.account.unmapped == {"\\xff\\xfe": 1}


def test_states_are_told_from_their_societies(tmp_path: Path) -> None:
    """With ``states``, governments, armies and the country itself act; companies do not."""
    roles = [("", ""), ("GOV", "MIL"), ("BUS", "GOV"), ("GOV", "CVL"), ("GOVMIL", "")]
    lines = [gdelt(n, "20140101", "JPN", "KOR", 1.0, roles=pair) for n, pair in enumerate(roles)]
    assert read(tmp_path, text(lines), asked=Asked(ACTORS, states=True)).account.used == 3
    assert read(tmp_path, text(lines)).account.used == 5
    foreign = gdelt(1, "20140101", "JPN", "KOR", 1.0).replace("JPNGOV", "MNCJPN")
    asked = Asked(ACTORS, states=True)
    assert only(read(tmp_path, text([foreign]), asked=asked)) == {"not-states": 1}
    country = icews(
        1, "2014-01-01", "Japan", "China", 1.0, sectors=("", ""), names=("Japan", "China")
    )
    found = read(tmp_path, text([ICEWS_HEADER, country]), asked=Asked(ACTORS, states=True))
    assert found.account.used == 1


def test_one_line_without_end_is_a_file(tmp_path: Path) -> None:
    """A file that is a single event, with no line feed at all, is read."""
    found = read(tmp_path, gdelt(1, "20140101", "JPN", "KOR", 1.0).encode())
    assert (found.account.lines, found.account.used) == (1, 1)


def test_months_asked_for_include_both_ends(tmp_path: Path) -> None:
    """The first day of the first month and the last day of the last one are in; neighbours out."""
    days = ["20131231", "20140101", "20140228", "20140301"]
    lines = [gdelt(n, day, "JPN", "KOR", 1.0) for n, day in enumerate(days)]
    asked = Asked(ACTORS, month_count("2014-01"), month_count("2014-02"))
    found = read(tmp_path, text(lines), asked=asked)
    assert only(found) == {"outside-months": 2}
    table = monthly(found, ("2014-01", "2014-02")).table()
    assert table.groupby("month")["events"].sum().to_dict() == {"2014-01": 1, "2014-02": 1}


def test_codes_of_countries_that_are_no_iso_codes() -> None:
    """GDELT's own codes are mapped, its regions are not, and no ISO code is taken for another."""
    iso = {code: COUNTRIES.of_cameo(code) for code in CAMEO_NAMES}
    assert iso["ROM"] == "ROU"
    assert iso["TMP"] == "TLS"
    assert iso["MTN"] == "MNE"
    assert all(COUNTRIES.is_code(code) for code in iso.values())
    for region in ("EUR", "AFR", "ASA", "SEA", "WST", "BAG", "", "jpn"):
        assert COUNTRIES.of_cameo(region) == ""
    names = {
        "South Korea": "KOR",
        "North Korea": "PRK",
        "Taiwan": "TWN",
        "Russian Federation": "RUS",
    }
    assert {name: COUNTRIES.of_name(name) for name in names} == names
    assert COUNTRIES.of_name("x" * 100_000) == ""


def test_an_event_of_gdelt_is_its_number_and_one_of_icews_number_and_day(tmp_path: Path) -> None:
    """ICEWS uses numbers twice, on different days: those are two events."""
    days = ["2014-01-01", "2014-01-02", "2014-01-02"]
    lines = [ICEWS_HEADER, *(icews(7, day, "Japan", "China", 1.0) for day in days)]
    found = read(tmp_path, text(lines))
    assert (found.account.used, found.account.counts["duplicate"]) == (2, 1)
    lines = [gdelt(7, day.replace("-", ""), "JPN", "CHN", 1.0) for day in days]
    found = read(tmp_path, text(lines))
    assert (found.account.used, found.account.counts["duplicate"]) == (1, 2)
    assert [example.line for example in found.account.examples["duplicate"]] == [2, 3]


@given(
    numbers=st.lists(st.integers(0, 60), min_size=1, max_size=200),
    buffered=st.integers(1, 50),
)
def test_events_on_disk_are_summed_like_events_in_memory(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], buffered: int
) -> None:
    """How many events memory holds changes neither sums nor duplicates, and leaves no file."""
    folder = tmp_path_factory.mktemp("spilled")
    values = (-10, -3.4, 0, 1.9, 7)
    lines = [
        gdelt(
            n, f"2014{1 + n % 12:02d}05", *(ACTORS[n % 3], ACTORS[(n + place) % 3]), values[n % 5]
        )
        for n, place in zip(numbers, [1, 2] * 100, strict=False)
    ]
    at_once, on_disk = (read(folder, text(lines), buffered=size) for size in (10_000, buffered))
    assert np.array_equal(at_once.sums.cells, on_disk.sums.cells)
    assert np.array_equal(at_once.sums.counts, on_disk.sums.counts)
    assert at_once.account == on_disk.account
    assert at_once.account.used == len(set(numbers))
    assert [path.name for path in folder.iterdir()] == ["events.csv"]


@given(st.lists(st.binary(max_size=200), max_size=20), st.sampled_from(FORMATS))
def test_no_bytes_are_too_odd(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], name: FormatName
) -> None:
    """Random bytes between sound lines are counted, one by one, and the sound lines are used."""
    folder = tmp_path_factory.mktemp("junk")
    head, *sound = text(lines_of(name)).splitlines(keepends=True)
    content = head + b"".join(piece + b"\n" for piece in junk) + b"".join(sound)
    found = read(folder, content, name)
    assert accounted(found)
    assert found.account.lines == content.count(b"\n")
    assert found.account.used == 3


FIELD = st.one_of(
    st.sampled_from(
        ["", "JPN", "KOR", "CHN", "EUR", "20140105", "1", "4", "-10", "3.4", '"', "\0"]
    ),
    st.text(max_size=5).filter(lambda text: "\n" not in text and "\t" not in text),
)


@given(st.lists(st.lists(FIELD, min_size=58, max_size=58), max_size=10))
def test_lines_of_the_right_length_may_hold_anything(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """With the right number of columns, whatever they hold, each line is in the account once."""
    folder = tmp_path_factory.mktemp("rows")
    sound = gdelt(1, "20140105", "JPN", "KOR", 3.0).split("\t")
    mixed = [
        [*row[:1], *sound[1:29], *row[29:]] if place % 2 else row for place, row in enumerate(rows)
    ]
    content = "".join("\t".join(row) + "\n" for row in [sound, *mixed]).encode("utf-8", "replace")
    found = read(folder, content, "gdelt1")
    assert accounted(found)
    assert found.account.lines == content.count(b"\n")


@given(st.binary(max_size=3000), st.integers(1, 64))
def test_batches_are_the_lines(content: bytes, size: int) -> None:
    """However the stream is cut, the lines are those between line feeds, the last one included."""

    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    cut = list(batches(Slow(content)))
    assert all(cut)
    found = [line for lines in cut for line in lines]
    expected = content.split(b"\n")
    assert found == (expected if expected[-1] else expected[:-1])


def test_a_line_without_end_is_not_held(tmp_path: Path) -> None:
    """Of a line of many megabytes a bounded part is kept; the lines after it keep their numbers."""
    content = gdelt(1, "20140105", "JPN", "KOR", 1.0).encode() + b"\n" + b"x" * 5_000_000
    content += b"\n" + gdelt("?", "20140105", "JPN", "KOR", 1.0).encode()
    found = read(tmp_path, content)
    assert max(len(line) for lines in batches(io.BytesIO(content)) for line in lines) < 300_000
    assert only(found) == {"overlong": 1, "event-id": 1}
    assert found.account.examples["event-id"][0].line == 3


def problems_of(content: Sequence[tuple[str, bytes]], folder: Path, **how: str) -> str:
    """Return the problems with which files are refused."""
    for name, held in content:
        (folder / name).write_bytes(held)
    names = [str(folder / name) for name, _ in content]
    with pytest.raises(InputError) as error:
        read_events(find_inputs(names), how.get("given"), Asked(ACTORS), COUNTRIES, folder)  # type: ignore[arg-type]
    return str(error.value)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    """Unknown columns, mixed formats, damaged archives and missing headers are named as such."""
    first, second = text(lines_of("gdelt1")), text(lines_of("gdelt2"))
    assert "of 17 columns" in problems_of([("a", b"1\t" * 16 + b"\n")], tmp_path)
    mixed = problems_of([("a", first), ("b", second), ("c", b"x\n")], tmp_path)
    assert "b is GDELT 2.0: expected GDELT 1.0" in mixed
    assert "c is of 1 column:" in mixed
    assert "whole, readable file" in problems_of([("a", gzip.compress(first)[:-9])], tmp_path)
    assert "whole, readable file" in problems_of([("a", b"PK\x03\x04 and no more")], tmp_path)
    missing = problems_of([("a", first)], tmp_path, given="icews")
    assert "names of ICEWS's columns" in missing
    assert "there is none" in problems_of([("a", b"")], tmp_path)
    with pytest.raises(InputError, match="a file or folder that exists"):
        find_inputs([str(tmp_path / "missing.csv")])
    with pytest.raises(InputError, match="given twice"):
        find_inputs([str(tmp_path / "a"), str(tmp_path / "." / "a")])


def test_a_folder_stands_for_its_event_files(tmp_path: Path) -> None:
    """Files of a folder are read in the order of their names; others are left alone."""
    for name in ("b.CSV", "a.zip", "c.tab.gz", ".hidden.csv", "notes.md"):
        (tmp_path / name).write_bytes(b"")
    found = [Path(name).name for name in find_inputs([str(tmp_path)])]
    assert found == ["a.zip", "b.CSV", "c.tab.gz"]


def test_too_many_malformed_lines_are_not_put_up_with(tmp_path: Path) -> None:
    """Beyond the share tolerated, the file is refused with the lines at fault."""
    lines = [*lines_of("gdelt1"), WRONG["date"], WRONG["columns"]]
    found = read(tmp_path, text(lines))
    assert found.account.malformed_share == 0.4
    refuse_useless(found, 0.4)
    with pytest.raises(InputError) as error:
        refuse_useless(found, 0.39)
    told = str(error.value)
    assert "line 4 is '20140230'" in told
    assert "line 5 is '59 columns" in told
    assert "2 of 5 lines (40.00%)" in told


def test_files_without_any_event_asked_for_are_refused(tmp_path: Path) -> None:
    """An empty table would look like peace and quiet; the reasons are told instead."""
    found = read(tmp_path, text([WRONG["other-actors"]]))
    with pytest.raises(InputError, match=r"at least one event .*other-actors 1"):
        refuse_useless(found, 0.01)


def test_columns_are_those_of_the_codebook() -> None:
    """The lines of these tests have the columns that ICEWS publishes."""
    assert len(ICEWS_COLUMNS) == 20
    assert len(icews(1, "2014-01-01", "Japan", "China", 1.0).split("\t")) == 20
