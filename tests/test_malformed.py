"""Wrong scenario files: each is refused in words that name file, key, value and what was expected.

Every row is one mistake. Its message must contain the key and the expected or suggested word; no
mistake, however odd, may surface as anything but an InputError.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliancesim.scenario import library
from alliancesim.scenario.limits import LONGEST_CHAIN
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import from_document, load
from worlds import FULL, document, scenario_of


class Case(NamedTuple):
    """One mistake: its name, the edit or text that makes it, and what the message must say."""

    name: str
    edit: tuple[str, str] | str | bytes
    words: tuple[str, ...]


def _cut(key: str) -> tuple[str, str]:
    """Return the edit that takes the line ``key`` out of the file."""
    return (key + "\n", "")


FILES = (
    # Text that is no TOML.
    Case(
        "no closing quote",
        ('title = "CHARLIE', 'title = CHARLIE"'),
        ("mark may be missing", "line 1"),
    ),
    Case("no equals sign", ("months = 18", "months 18"), ("valid TOML", "line 9")),
    Case("a table twice", ("[actors.BRAVO]", "[actors.ALFA]"), ("valid TOML", "ALFA")),
    Case("a key twice", ("months = 18", "months = 18\nmonths = 18"), ("valid TOML", "line 10")),
    Case("a decimal comma", ("pragmatism = 0.7", "pragmatism = 0,7"), ("valid TOML",)),
    Case("YAML", "title: x\ntime:\n  start: 2030-01\n", ("valid TOML",)),
    Case("JSON", '{"title": "x"}', ("valid TOML",)),
    Case("byte-order mark", b"\xef\xbb\xbf" + FULL.encode(), ("valid TOML", "line 1")),
    Case("not UTF-8", FULL.replace("Alfaland", "Élan").encode("latin-1"), ("UTF-8", "byte")),
    Case("UTF-16", FULL.encode("utf-16"), ("UTF-8",)),
    Case("a zero byte", FULL + "\0", ("valid TOML",)),
    Case("nested brackets", "a = " + "[" * 100_000, ("nested less deeply",)),
    Case("a huge file", "#" * 1_000_001, ("at most 1000000 bytes",)),
    Case("a number of 5000 digits", ("months = 18", "months = " + "1" * 5000), ("valid TOML",)),
    # Nothing, or too little.
    Case("an empty file", "", ("title is missing", "time is missing", "actors is missing")),
    Case("only a comment", "# to do\n", ("outcome is missing",)),
    Case(
        "no title", _cut('title = "CHARLIE presses ALFA and courts BRAVO"'), ("title is missing",)
    ),
    Case("an empty title", ("CHARLIE presses ALFA and courts BRAVO", " "), ("title", "not empty")),
    Case("no start", _cut('start = "2030-01"'), ("time.start is missing", "first simulated month")),
    Case("no months", _cut("months = 18"), ("time.months is missing", "number of simulated")),
    Case("an event without date", _cut('date = "2030-05"'), ("events.embargo.date is missing",)),
    Case(
        "an event without name",
        _cut('what = "CHARLIE stops buying from ALFA"'),
        ("events.embargo.what is missing",),
    ),
    Case("no actor", ('of = "CHARLIE"\n', ""), ("events.embargo.of is missing",)),
    # Names: typing errors with the nearest right name, at every level.
    Case("a table's name", ("[outcome]", "[outcom]"), ("outcom is unknown", "'outcome'")),
    Case("a key of time", ("months = 18", "month = 18"), ("time.month is unknown", "'months'")),
    Case(
        "a key of an actor",
        ("pragmatism = 0.7", "pragmatsm = 0.7"),
        ("actors.ALFA.pragmatsm is unknown", "'pragmatism'"),
    ),
    Case(
        "a key of a dyad",
        ("dependence = 0.2\n", "dependance = 0.2\n"),
        ("dyads.ALFA-CHARLIE.dependance is unknown", "'dependence'"),
    ),
    Case(
        "a key of a number",
        ('basis = "coded"', 'bais = "coded"'),
        ("dyads.DELTA-BRAVO.commitment.bais is unknown", "'basis'"),
    ),
    Case(
        "a basis",
        ('basis = "coded"', 'basis = "codded"'),
        ("dyads.DELTA-BRAVO.commitment.basis is 'codded'", "'coded'"),
    ),
    Case("a key of a strategy", ("ramp = 2", "rump = 2"), ("wedge.rump is unknown", "'ramp'")),
    Case(
        "a key of an event",
        ("half_life = 2.0", "halflife = 2.0"),
        ("events.drill.halflife is unknown", "'half_life'"),
    ),
    Case(
        "a key of an observation",
        ("value = -0.1", "values = -0.1"),
        ("observations.poll.values is unknown", "'value'"),
    ),
    Case("a key of outcome", ("margin =", "margins ="), ("outcome.margins is unknown", "'margin'")),
    Case(
        "an event's variable",
        ('variable = "grievance"', 'variable = "grievence"'),
        ("events.scare.variable is 'grievence'", "'grievance'"),
    ),
    Case(
        "an event's strategy",
        ('part_of = "wedge"', 'part_of = "wegde"'),
        ("events.embargo.part_of is 'wegde'", "one of the strategies wedge, bonds", "'wedge'"),
    ),
    Case(
        "an event's actor",
        ('of = "CHARLIE"', 'of = "CHARLEY"'),
        ("events.embargo.of is 'CHARLEY'", "'CHARLIE'"),
    ),
    Case(
        "an event's object",
        ('of = "CHARLIE"\ntoward = "ALFA"', 'of = "CHARLIE"\ntoward = "ALFFA"'),
        ("events.embargo.toward is 'ALFFA'", "'ALFA'"),
    ),
    Case(
        "a dyad's actor",
        ("[dyads.ALFA-BRAVO]", "[dyads.alfa-BRAVO]"),
        ("dyads.alfa-BRAVO is 'alfa'", "'ALFA'"),
    ),
    Case(
        "a strategy's actor",
        ('actor = "DELTA"', 'actor = "DALTA"'),
        ("strategies.bonds.actor is 'DALTA'", "'DELTA'"),
    ),
    Case(
        "a strategy's target",
        ("press = { ALFA = 0.5 }", "press = { ALPHA = 0.5 }"),
        ("strategies.wedge.press.ALPHA", "'ALFA'"),
    ),
    Case(
        "a member of the alliance",
        ('["ALFA", "BRAVO"]', '["ALFA", "BRAVA"]'),
        ("outcome.alliance is 'BRAVA'", "'BRAVO'"),
    ),
    Case(
        "an observed variable",
        ('variable = "opinion"', 'variable = "opinions"'),
        ("observations.poll.variable is 'opinions'", "'opinion'"),
    ),
    Case(
        "a coefficient",
        ("[time]", "[coefficients]\nblancing = 1.0\n\n[time]"),
        ("coefficients.blancing is unknown", "'balancing'"),
    ),
    Case(
        "a mechanism to leave out",
        ("[time]", 'without = ["entrapement"]\n\n[time]'),
        ("'entrapement'", "'entrapment'"),
    ),
    Case("an actor's key", ("[actors.ALFA]", '[actors."AL FA"]'), ("actors.AL FA", "a letter")),
    Case(
        "a long key", ("[actors.ALFA]", f"[actors.{'A' * 33}]"), ("an actor's name", "at most 32")
    ),
    Case("a single dyad", ("[dyads.ALFA-BRAVO]", "[dyads.ALFA]"), ('"OF-TOWARD"', "dyads.ALFA")),
    Case("a triple", ("[dyads.ALFA-BRAVO]", "[dyads.A-B-C]"), ('"OF-TOWARD"', "dyads.A-B-C")),
    Case("a label", ("[events.scare]", '[events."A scare"]'), ("events.A scare", "small letters")),
    # Types.
    Case("a number as text", ("opinion = -0.6", 'opinion = "-0.6"'), ("opinion", "from -1 to 1")),
    Case("a number as list", ("threat = 0.5", "threat = [0.5]"), ("a number from 0 to 1",)),
    Case("a number as date", ("threat = 0.5", "threat = 2030-01-01"), ("a number from 0 to 1",)),
    Case(
        "a number twice wrapped",
        ("hazard = 0.5", "hazard = { value = { value = 0.5 } }"),
        ("actors.BRAVO.hazard.value", "a number"),
    ),
    Case(
        "a number without value",
        ("hazard = 0.5", 'hazard = { source = "x" }'),
        ("actors.BRAVO.hazard.value is missing",),
    ),
    Case("true as a number", ("threat = 0.5", "threat = true"), ("threat is true", "a number")),
    Case("true as months", ("months = 18", "months = true"), ("months is true", "a whole number")),
    Case("months as text", ("months = 18", 'months = "18"'), ("time.months", "a whole number")),
    Case("months with a point", ("months = 18", "months = 18.0"), ("months", "a whole number")),
    Case("a name as number", ('name = "Alfaland"', "name = 3"), ("actors.ALFA.name is 3", "text")),
    Case("one source", ('sources = ["Tests 2026"]', 'sources = "x"'), ("sources", "a list")),
    Case("a switch as text", ("wedge = false", 'wedge = "no"'), ("wedge is 'no'", "true or false")),
    Case("a switch as number", ("wedge = false", "wedge = 0"), ("wedge is 0", "true or false")),
    Case("tables in a list", ("[events.scare]", "[[events.scare]]"), ("events.scare", "a table")),
    Case("members as text", ('["ALFA", "BRAVO"]', '"ALFA"'), ("outcome.alliance", "a list")),
    Case("a table as number", ("[outcome]", "outcome2 = 1\n[outcome]"), ("outcome2 is unknown",)),
    # Ranges.
    Case("above one", ("threat = 0.5", "threat = 1.5"), ("threat is 1.5", "from 0 to 1")),
    Case("a percentage", ("threat = 0.5", "threat = 50"), ("threat is 50", "from 0 to 1")),
    Case("below zero", ("threat = 0.5", "threat = -0.1"), ("threat is -0.1", "from 0 to 1")),
    Case("opinion below -1", ("opinion = -0.6", "opinion = -6"), ("opinion is -6", "-1 to 1")),
    Case("NaN", ("threat = 0.5", "threat = nan"), ("ALFA-CHARLIE.threat", "a finite number")),
    Case("infinity", ("threat = 0.5", "threat = -inf"), ("ALFA-CHARLIE.threat", "a finite number")),
    Case("a push above one", ("push = 0.5", "push = 1.01"), ("push is 1.01", "from -1 to 1")),
    Case("an endless half-life", ("half_life = 2.0", "half_life = inf"), ("half_life", "finite")),
    Case("no half-life at all", ("half_life = 2.0", "half_life = 0"), ("half_life", "than 0")),
    Case("no months", ("months = 18", "months = 0"), ("time.months is 0", "equal to 1")),
    Case("too many months", ("months = 18", "months = 1201"), ("months is 1201", "equal to 1200")),
    Case("a ramp backwards", ("ramp = 2", "ramp = -1"), ("ramp is -1", "equal to 0")),
    Case("a window of none", ("window = 4", "window = 0"), ("outcome.window is 0",)),
    Case("a margin below zero", ("margin = 0.02", "margin = -0.02"), ("margin", "from 0 to 1")),
    Case(
        "a coefficient out of its range",
        ("[time]", "[coefficients]\nbalancing = 4.5\n\n[time]"),
        ("coefficients.balancing is 4.5", "a number from 0 to 4"),
    ),
    Case(
        "a coefficient that is no number",
        ("[time]", "[coefficients]\nbalancing = nan\n\n[time]"),
        ("coefficients.balancing", "a finite number"),
    ),
    Case(
        "one actor",
        'title="x"\n[time]\nstart="2030-01"\nmonths=3\n[actors.A]\n[outcome]\nalliance=["A","B"]',
        ("actors is", "at least 2 entries"),
    ),
    Case(
        "65 actors",
        FULL + "".join(f"[actors.A{number}]\n" for number in range(61)),
        ("actors is", "at most 64 entries"),
    ),
    # Dates.
    Case("month 13", ('start = "2030-01"', 'start = "2030-13"'), ("time.start", '"YYYY-MM"')),
    Case("month 0", ('start = "2030-01"', 'start = "2030-00"'), ("time.start", '"YYYY-MM"')),
    Case("a short month", ('start = "2030-01"', 'start = "2030-1"'), ("'2030-1'", '"YYYY-MM"')),
    Case("a day too many", ('start = "2030-01"', 'start = "2030-01-15"'), ('"YYYY-MM"',)),
    Case("a line break", ('start = "2030-01"', 'start = "2030-01\\n"'), ('"YYYY-MM"',)),
    Case("wide digits", ('start = "2030-01"', 'start = "２０３０-01"'), ('"YYYY-MM"',)),
    Case("a year", ('start = "2030-01"', "start = 2030"), ("time.start is 2030", '"YYYY-MM"')),
    Case("an hour", ('start = "2030-01"', "start = 10:00:00"), ("time.start", '"YYYY-MM"')),
    Case("no such day", ('start = "2030-01"', "start = 2030-02-30"), ("valid TOML",)),
    Case(
        "an event before the run",
        ('date = "2030-04"', 'date = "2029-12"'),
        ("events.election.date is '2029-12'", "2030-01 to 2031-06"),
    ),
    Case(
        "an event after the run",
        ('date = "2030-04"', 'date = "2031-07"'),
        ("events.election.date is '2031-07'", "2030-01 to 2031-06"),
    ),
    Case(
        "an observation two months before the run",
        ('date = "2030-09"', 'date = "2029-11"'),
        ("observations.poll.date is '2029-11'", "2029-12 to 2031-06"),
    ),
    Case(
        "a strategy from before the run",
        ('start = "2030-03"', 'start = "2029-03"'),
        ("strategies.wedge.start is '2029-03'", "a month of the run"),
    ),
    Case(
        "a strategy to after the run",
        ('end = "2031-03"', 'end = "2035-03"'),
        ("strategies.wedge.end is '2035-03'", "a month of the run"),
    ),
    Case(
        "an end before the start",
        ('end = "2031-03"', 'end = "2030-02"'),
        ("strategies.wedge.end is '2030-02'", "no month before 2030-03"),
    ),
    Case(
        "an effect that ends before it begins",
        ('until = "2030-12"', 'until = "2030-06"'),
        ("events.drill.until is '2030-06'", "no month before 2030-07"),
    ),
    Case("a window beyond the run", ("window = 4", "window = 19"), ("at most the 18 months",)),
    # One part against another.
    Case(
        "a dyad of one",
        ("[dyads.ALFA-BRAVO]", "[dyads.ALFA-ALFA]"),
        ("dyads.ALFA-ALFA", "two different actors"),
    ),
    Case(
        "trade shares above one",
        ("dependence = 0.25", "dependence = 0.95\n\n[dyads.BRAVO-DELTA]\ndependence = 0.1"),
        ("dyads is 1.050 in sum", "dependence of BRAVO", "at most 1"),
    ),
    Case(
        "cohesion of two sizes",
        ("likeness = 0.6", "likeness = 0.6\ncohesion = 0.4"),
        ("dyads.ALFA-BRAVO.cohesion is 0.5, but 0.4 in BRAVO-ALFA", "in both directions"),
    ),
    Case(
        "a push and a level",
        ("to = 0.8", "to = 0.8\npush = 0.1"),
        ("events.election is both", 'either "push" or "to"'),
    ),
    Case(
        "neither push nor level", _cut("to = 0.8"), ("events.election is neither", '"push" or "to"')
    ),
    Case("a level of an action", ("push = 0.5", "to = 0.5"), ("embargo.to is 0.5", "no driver")),
    Case(
        "a half-life of a level",
        ("to = 0.8", "to = 0.8\nhalf_life = 3"),
        ("events.election.half_life is 3", "a level lasts"),
    ),
    Case(
        "a half-life of a state",
        ("push = 0.3\n\n[events.drill]", "push = 0.3\nhalf_life = 3\n\n[events.drill]"),
        ("events.scare.half_life is 3", "decays by the law"),
    ),
    Case(
        "an end of a state's push",
        ("push = 0.3\n\n[events.drill]", 'push = 0.3\nuntil = "2030-09"\n\n[events.drill]'),
        ("events.scare.until", "decays by the law"),
    ),
    Case(
        "an outcome as event",
        ('variable = "grievance"', 'variable = "cohesion"'),
        ("events.scare.variable is 'cohesion'", "[observations]"),
    ),
    Case(
        "opinion as event",
        ('variable = "grievance"', 'variable = "opinion"'),
        ("events.scare.variable is 'opinion'", "[observations]"),
    ),
    Case(
        "cooperation within the alliance",
        ('variable = "grievance"', 'variable = "cooperation"'),
        ("events.scare is cooperation of BRAVO toward ALFA", "the answer into the question"),
    ),
    Case(
        "an event toward itself",
        ('of = "CHARLIE"\ntoward = "ALFA"', 'of = "CHARLIE"\ntoward = "CHARLIE"'),
        ("events.embargo.toward is 'CHARLIE'", "other than itself"),
    ),
    Case(
        "a dyad's event without object",
        ('of = "CHARLIE"\ntoward = "ALFA"', 'of = "CHARLIE"'),
        ("events.embargo.toward is missing", "toward whom pressure moves"),
    ),
    Case(
        "an actor's event with object",
        ("to = 0.8", 'to = 0.8\ntoward = "ALFA"'),
        ("events.election.toward is 'ALFA'", "pragmatism has one actor"),
    ),
    Case(
        "an act of another's strategy",
        ('part_of = "wedge"', 'part_of = "bonds"'),
        ("events.embargo.of is 'CHARLIE'", "the strategy's actor, DELTA"),
    ),
    Case(
        "a strategy's event that is no act",
        ("push = 0.3\nhalf_life", 'part_of = "wedge"\npush = 0.3\nhalf_life'),
        ("events.drill.variable is 'hazard'", "cooperation or pressure"),
    ),
    Case(
        "a strategy against itself",
        ("court = { BRAVO = 0.4 }", "court = { CHARLIE = 0.4 }"),
        ("strategies.wedge.court.CHARLIE", "other than itself"),
    ),
    Case("an alliance of one", ('["ALFA", "BRAVO"]', '["ALFA"]'), ("alliance", "at least 2")),
    Case("a member twice", ('["ALFA", "BRAVO"]', '["ALFA", "ALFA"]'), ("each member once",)),
    Case(
        "a measured value of nothing",
        _cut('variable = "opinion"'),
        ("observations.poll is a value alone", "variable, of and toward"),
    ),
    Case(
        "an error of nothing",
        ("value = -0.1", "error = 0.1"),
        ("observations.poll.error is given", "no such key without a value"),
    ),
    Case(
        "an error below zero",
        ("value = -0.1", "value = -0.1\nerror = -0.1"),
        ("observations.poll.error is -0.1", "from 0 to 1"),
    ),
    Case(
        "a change since the same month",
        ("value = -0.1", 'value = -0.1\nsince = "2030-09"'),
        ("observations.poll.since is '2030-09'", "a month before 2030-09"),
    ),
    Case(
        "a change since two months before the run",
        ("value = -0.1", 'value = -0.1\nsince = "2029-11"'),
        ("observations.poll.since is '2029-11'", "2029-12 to 2031-06"),
    ),
    Case(
        "a series that is no label",
        ("value = -0.1", 'value = -0.1\nseries = "The Poll"'),
        ("observations.poll.series is 'The Poll'", "a label of small letters"),
    ),
    # Where it comes from.
    Case("an absent parent", 'extends = "ful"\n' + FULL, ("extends is 'ful'", "same folder")),
    Case("itself as parent", 'extends = "case"\n' + FULL, ("extends is 'case'", "same folder")),
    Case("a parent as number", "extends = 3\n" + FULL, ("extends is 3", "the name of")),
    Case("a parent as list", 'extends = ["a"]\n' + FULL, ("extends is ['a']", "the name of")),
    Case("no parent", 'extends = ""\n' + FULL, ("extends is ''", "the name of")),
    Case("a parent above", 'extends = "../parent"\n' + FULL, ("'../parent'", "same folder")),
    Case("a parent below", 'extends = "a/b"\n' + FULL, ("extends is 'a/b'", "same folder")),
    Case("an absolute parent", 'extends = "/etc/passwd"\n' + FULL, ("'/etc/passwd'", "folder")),
    Case("the folder above", 'extends = ".."\n' + FULL, ("extends is '..'", "same folder")),
    Case("a zero byte", 'extends = "a\\u0000b"\n' + FULL, ("extends is 'a", "control characters")),
    Case("a long name", f'extends = "{"a" * 300}"\n' + FULL, ("extends is 'aaa", "same folder")),
)


def _text_of(case: Case) -> bytes:
    if isinstance(case.edit, bytes):
        return case.edit
    if isinstance(case.edit, str):
        return case.edit.encode()
    old, new = case.edit
    assert old in FULL, case.name
    return FULL.replace(old, new, 1).encode()


def _complaint(
    path: Path | str, settings_: Sequence[str] = (), without: Sequence[str] = ()
) -> InputError:
    with pytest.raises(InputError) as caught:
        load(str(path), settings_, without)
    return caught.value


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(_text_of(case))
    message = str(_complaint(path))
    for word in (str(path), *case.words):
        assert word in message
    assert "pydantic" not in message
    assert max(map(len, message.splitlines())) < 1000


def test_the_table_of_mistakes_is_long_and_its_file_is_right(full_file: Path) -> None:
    """The unedited file loads, so that each row's mistake is what it is refused for."""
    assert len(FILES) >= 100
    assert load(str(full_file)).scenario == scenario_of(document())


SETTINGS = (
    ("months", ("--set", "key=value")),
    ("=3", ("--set", "key=value")),
    ("time..months=3", ("--set", "key=value")),
    ("time.months=", ("--set: time.months is ''", "a whole number")),
    ("time.months=many", ("--set: time.months is 'many'", "a whole number")),
    ("time.months=true", ("--set: time.months is true",)),
    ("time.months=" + "9" * 5000, ("--set: time.months", "a whole number")),
    ("time.month=3", ("--set: time.month is unknown", "'months'")),
    ("time.months.x=3", ("time.months is {'x': 3}", "a whole number")),
    ("tim.months=3", ("tim is unknown", "'time'")),
    ("actors.ALFA.hazzard=0.3", ("--set: actors.ALFA.hazzard is unknown", "'hazard'")),
    ("dyads.ALFA-BRAVO.threat=2", ("--set: dyads.ALFA-BRAVO.threat is 2", "from 0 to 1")),
    ("dyads.ALFA-BRAVO.threat=nan", ("--set: dyads.ALFA-BRAVO.threat", "finite")),
    ("dyads.ALFA-XRAY.threat=0.2", ("dyads.ALFA-XRAY is 'XRAY'", "ALFA, BRAVO")),
    ("events.drill.until=2030-06", ("--set: events.drill.until", "no month before 2030-07")),
    ("events.drill.date=2020-01", ("--set: events.drill.date", "a month of the run")),
    ("strategies.wedge.press.CHARLIE=1", ("--set: strategies.wedge.press.CHARLIE",)),
    ("strategies.wedge.enabled=yes", ("--set: strategies.wedge.enabled is 'yes'", "true or false")),
    ("coefficients.balancing=-1", ("--set: coefficients.balancing is -1", "from 0 to 4")),
    ("coefficients.balance=0.6", ("--set: coefficients.balance is 0.6", "from 0 to 0.5")),
    ("outcome.alliance=ALFA", ("--set: outcome.alliance is 'ALFA'", "a list")),
    ("extends=full", ("--set: extends is unknown",)),
    ("title=[]", ("--set: title is []", "text")),
)


@pytest.mark.parametrize(("setting", "words"), SETTINGS, ids=[s[0][:40] for s in SETTINGS])
def test_a_wrong_setting_is_refused_in_words(
    full_file: Path, setting: str, words: tuple[str, ...]
) -> None:
    """The message says that it came from ``--set``, not from the file."""
    message = str(_complaint(full_file, [setting]))
    for word in words:
        assert word in message


def test_an_unknown_mechanism_after_without_is_refused(full_file: Path) -> None:
    message = str(_complaint(full_file, (), ["fidelty"]))
    assert message.startswith("--without: without is 'fidelty'")
    assert "'fidelity'" in message


def test_a_setting_meets_the_rules_across_tables(full_file: Path) -> None:
    message = str(_complaint(full_file, ["time.months=2"]))
    assert "outcome.window is 4" in message
    assert "events.drill.date" in message


# Several at once.


def test_every_problem_is_reported_at_once_and_in_its_place(full_file: Path) -> None:
    """Spelling, types, ranges and broken rules of one file appear in one go."""
    text = FULL
    for old, new in (
        ("pragmatism = 0.7", "pragmatsm = 0.7"),
        ("threat = 0.5", "threat = 5"),
        ("ramp = 2", 'ramp = "two"'),
        ('date = "2030-04"', 'date = "2050-04"'),
        ('["ALFA", "BRAVO"]', '["ALFA", "BRAVA"]'),
    ):
        text = text.replace(old, new, 1)
    full_file.write_text(text, "utf-8")
    problems = _complaint(full_file).problems
    keys = {problem.key for problem in problems}
    assert keys == {
        "actors.ALFA.pragmatsm",
        "dyads.ALFA-CHARLIE.threat",
        "strategies.wedge.ramp",
        "events.election.date",
        "outcome.alliance",
    }
    assert len(problems) == len(keys)
    assert {problem.file for problem in problems} == {str(full_file)}


def test_a_problem_is_plain_data_for_machines(full_file: Path) -> None:
    full_file.write_text(FULL.replace("ramp = 2", "rump = 2"), "utf-8")
    (problem,) = _complaint(full_file).problems
    assert problem.as_dict() == {
        "file": str(full_file),
        "key": "strategies.wedge.rump",
        "value": "unknown",
        "expected": problem.expected,
        "suggestion": "ramp",
    }
    assert "press_intensity" in problem.expected


# References.


@pytest.mark.parametrize(
    ("reference", "word"),
    [
        ("", "a scenario file"),
        ("no-such-scenario", "a path to a scenario file"),
        ("nowhere/x.toml", "a path to a scenario file"),
        ("a" * 300, "a path to a scenario file"),
        ("a\0b", "a path to a scenario file"),
        ("/dev/null", "a path to a scenario file"),
    ],
)
def test_a_reference_to_nothing_is_refused(reference: str, word: str) -> None:
    assert word in str(_complaint(reference))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder: expected a scenario file" in str(_complaint(tmp_path))


def test_a_misspelt_shipped_scenario_is_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokyo-drift.toml").write_text(FULL)
    monkeypatch.setattr(library.Shelf, "folder", lambda _shelf: tmp_path)
    assert "Did you mean 'tokyo-drift'?" in str(_complaint("tokio-drift"))


# Extending.


def _write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")


def test_a_circle_of_parents_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, one='extends = "two"\n', two='extends = "three"\n', three='extends = "one"\n')
    message = str(_complaint(tmp_path / "one.toml"))
    assert "three.toml: extends is 'one'" in message
    assert "does not come back to itself" in message


def test_a_chain_may_be_long_but_not_longer_than_allowed(tmp_path: Path) -> None:
    links = {f"f{number}": f'extends = "f{number + 1}"\n' for number in range(LONGEST_CHAIN - 1)}
    _write(tmp_path, **links, **{f"f{LONGEST_CHAIN - 1}": FULL}, start='extends = "f0"\n')
    found = load(str(tmp_path / "f0.toml"))
    assert len(found.files) == LONGEST_CHAIN
    assert found.scenario == scenario_of(document())
    assert f"at most {LONGEST_CHAIN} files" in str(_complaint(tmp_path / "start.toml"))


def test_a_problem_is_laid_at_the_door_of_the_file_that_has_it(tmp_path: Path) -> None:
    """The parent's slip is the parent's, the child's is the child's."""
    _write(
        tmp_path,
        parent=FULL.replace("threat = 0.5", "threat = 5.0"),
        child='extends = "parent"\n[actors.ALFA]\nhazzard = 0.1\n',
    )
    problems = _complaint(tmp_path / "child.toml").problems
    assert {(Path(p.file).name, p.key) for p in problems} == {
        ("parent.toml", "dyads.ALFA-CHARLIE.threat"),
        ("child.toml", "actors.ALFA.hazzard"),
    }


def test_a_misspelt_sibling_is_suggested(tmp_path: Path) -> None:
    _write(tmp_path, parent=FULL, child='extends = "parrent"\n')
    assert "Did you mean 'parent'?" in str(_complaint(tmp_path / "child.toml"))


def test_a_broken_parent_is_named(tmp_path: Path) -> None:
    _write(tmp_path, parent="title = \n", child='extends = "parent"\n')
    message = str(_complaint(tmp_path / "child.toml"))
    assert "parent.toml: expected valid TOML" in message


def test_a_child_overrides_key_by_key_and_replaces_numbers_whole(tmp_path: Path) -> None:
    """A child's bare number does not keep the source of the parent's."""
    _write(
        tmp_path,
        parent=FULL,
        child='extends = "parent"\ntitle = "child"\n[actors.ALFA]\nhazard = 0.1\n',
    )
    found = load(str(tmp_path / "child.toml")).scenario
    assert found.title == "child"
    assert found.actors["ALFA"].hazard.value == 0.1
    assert found.actors["ALFA"].hazard.source == ""
    assert found.actors["ALFA"].pragmatism.value == 0.7
    assert [path.stem for path in load(str(tmp_path / "child.toml")).files] == ["child", "parent"]


@pytest.mark.parametrize(
    ("table", "label"),
    [
        ("strategies", "wedge"),
        ("events", "election"),
        ("observations", "poll"),
    ],
)
def test_a_child_can_switch_off_what_its_parent_has(tmp_path: Path, table: str, label: str) -> None:
    _write(tmp_path, parent=FULL, child=f'extends = "parent"\n[{table}.{label}]\nenabled = false\n')
    found = load(str(tmp_path / "child.toml")).scenario
    assert not getattr(found, table)[label].enabled


def test_a_child_changes_one_key_of_an_observation_and_keeps_the_others(tmp_path: Path) -> None:
    _write(tmp_path, parent=FULL, child='extends = "parent"\n[observations.poll]\nvalue = 0.11\n')
    found = load(str(tmp_path / "child.toml")).scenario.observations["poll"]
    before = load(str(tmp_path / "parent.toml")).scenario.observations["poll"]
    assert found.value is not None
    assert found.value.value == 0.11
    assert (found.date, found.what, found.source) == (before.date, before.what, before.source)


def test_an_actor_may_be_called_value(tmp_path: Path) -> None:
    """Its tables are merged like those of any other, not taken for numbers."""
    text = FULL.replace("ALFA", "value")
    _write(tmp_path, parent=text, child='extends = "parent"\n[actors.value]\nhazard = 0.1\n')
    found = load(str(tmp_path / "child.toml")).scenario
    assert found.actors["value"].hazard.value == 0.1
    assert set(found.actors) == {"value", "BRAVO", "CHARLIE", "DELTA"}


# Anything at all.

MONSTERS = {
    "dotted keys without end": "a." * 5000 + "a = 1\n" + FULL,
    "a table at a depth of 3000": FULL + "\n[actors.ALFA." + "x." * 3000 + "x]\n",
    "a hexadecimal number of 5000 digits": FULL.replace("months = 18", "months = 0x" + "f" * 5000),
}


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS.keys())
def test_monsters_are_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text, "utf-8")
    assert str(path) in str(_complaint(path))


@pytest.mark.parametrize(
    "text",
    [
        "a." * 5000 + "a=1",
        "time.months=0x" + "f" * 5000,
        "outcome.alliance=" + "[" * 200 + "]" * 200,
        "time.months=" + "9" * 5000,
    ],
    ids=["dotted keys without end", "hexadecimal", "lists in lists", "decimal"],
)
def test_monstrous_settings_are_refused_in_words(tmp_path: Path, text: str) -> None:
    _write(tmp_path, full=FULL)
    with pytest.raises(InputError) as caught:
        load(str(tmp_path / "full.toml"), [text])
    assert {problem.file for problem in caught.value.problems} == {"--set"}
    assert len(str(caught.value)) < 1000


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the key paths of all values in plain data, tables included."""
    found = [path] if path else []
    if isinstance(data, dict):
        for key, inner in data.items():
            found += _leaves(inner, (*path, key))
    return found


PATHS = _leaves(document())
odd_values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["ALFA", "2030-05", "2031-07", "wedge", "cohesion", "ALFA-BRAVO", 0.5, 1, -1]),
    st.dates(),
    st.lists(st.one_of(st.floats(), st.text(max_size=3)), max_size=2),
    st.dictionaries(
        st.sampled_from(["value", "source", "ALFA", "x-y", ""]), st.floats(), max_size=2
    ),
)


def _problems(attempt: Callable[[], Any]) -> tuple[Problem, ...]:
    """Return what an attempt complains of, nothing if it succeeds; other errors pass through."""
    try:
        attempt()
    except InputError as error:
        if not error.problems:
            raise AssertionError("an InputError must name a problem") from error
        return error.problems
    return ()


def _delete(data: dict[str, Any], path: tuple[Any, ...], _: Any) -> None:
    _table(data, path).pop(path[-1], None)


def _replace(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    table = _table(data, path)
    if path[-1] in table:
        table[path[-1]] = value


def _rename(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    table = _table(data, path)
    if path[-1] in table:
        table[str(value)[:40]] = table.pop(path[-1])


def _copy_elsewhere(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    table = _table(data, path)
    if path[-1] in table:
        data[str(value)[:40]] = copy.deepcopy(table[path[-1]])


def _table(data: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """Return the table that holds a path's last key, or an unconnected one if it has gone."""
    table: Any = data
    for key in path[:-1]:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


mutations = st.lists(
    st.tuples(
        st.sampled_from([_delete, _replace, _replace, _rename, _copy_elsewhere]),
        st.sampled_from(PATHS),
        odd_values,
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400)
@given(mutations)
def test_a_document_mutated_at_random_is_valid_or_refused_in_words(
    steps: list[tuple[Callable[..., None], tuple[Any, ...], Any]],
) -> None:
    """Whatever is deleted, replaced, renamed or copied: no error but InputError, and no blank."""
    data = document()
    for change, path, value in steps:
        change(data, path, value)
    for problem in _problems(lambda: from_document(data, "fuzzed")):
        assert problem.file == "fuzzed"
        assert problem.expected.strip()
        assert not re.search(r"[Ii]nput should|pydantic", str(problem))


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(FULL)), st.integers(0, 12), st.text(max_size=6)), max_size=3
    )
)
@example([(0, len(FULL), "")])
def test_a_text_cut_and_spliced_at_random_is_valid_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, splices: list[tuple[int, int, str]]
) -> None:
    text = FULL
    for start, length, inserted in splices:
        text = text[:start] + inserted + text[start + length :]
    path = tmp_path_factory.getbasetemp() / "spliced.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for problem in _problems(lambda: load(str(path))):
        assert problem.file == str(path)


@settings(max_examples=200)
@given(
    st.one_of(
        st.text(max_size=20),
        st.tuples(st.sampled_from(PATHS), st.text(max_size=8)).map(
            lambda pair: ".".join(pair[0]) + "=" + pair[1]
        ),
    )
)
def test_any_setting_is_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "full.toml"
    path.write_text(FULL, "utf-8")
    for problem in _problems(lambda: load(str(path), [text])):
        assert problem.file in ("--set", str(path))
