"""A setting: the scenario, where the sliders stand, and how it is run; and the link that holds it.

A link is the query of an address. Each part of it is checked by itself: what cannot be read is left
at its default and named, and the rest is kept. Nothing is run here, and nothing read but the
scenario that the catalogue has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alliancesim.coefficients import NAMES
from alliancesim.dashboard.catalogue import Catalogue, Choice
from alliancesim.dashboard.levers import Lever
from alliancesim.language import LANGUAGES, speaking, text
from alliancesim.measures.robustness import VARIED
from alliancesim.scenario.problems import InputError, nearest, shown
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.variation import varied

FEWEST_RUNS, MOST_RUNS, USUAL_RUNS = 20, 1000, 500
LARGEST_SEED = 2**32 - 1
LONGEST_LINK = 4000
"""Most characters of a link that are read."""

DIGITS = 3
"""Digits after the point that a slider's number keeps."""

MECHANISMS = VARIED
"""Mechanisms that can be switched off: all but the sizes of shocks."""

Language = Literal["en", "de"]
T = TypeVar("T")
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,120}$")]


class Setting(BaseModel):
    """What the dashboard shows: everything that a link holds but the setting beside it.

    Attributes:
        scenario: name of the scenario.
        moved: sliders that do not stand where the scenario has them: key and value, by key.
        without: mechanisms switched off, in the order of the register.
        runs: number of runs of world and twin.
        seed: of the stream of shocks.
        posterior: whether coefficients are drawn from the posterior that ships with the program.
        language: of the page.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    scenario: Name
    moved: tuple[tuple[Name, Annotated[float, Field(allow_inf_nan=False, ge=-1, le=1)]], ...] = ()
    without: tuple[str, ...] = ()
    runs: int = Field(USUAL_RUNS, ge=FEWEST_RUNS, le=MOST_RUNS)
    seed: int = Field(1, ge=0, le=LARGEST_SEED)
    posterior: bool = False
    language: Language = "en"

    def values(self) -> dict[str, float]:
        """Return the moved sliders' values by key."""
        return dict(self.moved)


class Read(NamedTuple):
    """What a link was read as.

    Attributes:
        setting: the setting.
        beside: the setting it is compared with, if any.
        problems: what could not be read, in words; empty for a good link.
    """

    setting: Setting
    beside: Setting | None
    problems: tuple[str, ...]


def start(catalogue: Catalogue, language: Language = "en") -> Setting:
    """Return the setting of a link that says nothing."""
    return Setting(scenario=catalogue.first, language=language)


def with_values(setting: Setting, choice: Choice, values: Mapping[str, float]) -> Setting:
    """Return a setting with its sliders elsewhere.

    Args:
        setting: the setting.
        choice: its scenario.
        values: by key; keys of no slider are left out, values beyond a slider's ends stop there.
    """
    moved = {}
    for key, lever in choice.levers.items():
        if key in values:
            value = _within(lever, values[key])
            if abs(value - lever.number.value) >= 0.5 * 10.0**-DIGITS:
                moved[key] = value
    return setting.model_copy(update={"moved": tuple(sorted(moved.items()))})


def _within(lever: Lever, value: float) -> float:
    """Return a value between the ends of a slider, with as many digits as are kept."""
    unit: int = 10**DIGITS
    low, high = math.ceil(lever.number.low * unit), math.floor(lever.number.high * unit)
    return min(max(round(value * unit), low), high) / unit


def changes_of(setting: Setting, choice: Choice) -> dict[KeyPath, object]:
    """Return what a setting changes in its scenario, by key path."""
    changes: dict[KeyPath, object] = {
        path: value for key, value in setting.moved for path in choice.levers[key].paths()
    }
    if setting.without:
        own = choice.loaded.scenario.without
        changes["without",] = [*own, *(name for name in setting.without if name not in own)]
    return changes


def scenario_of(setting: Setting, choice: Choice) -> Scenario:
    """Return the scenario of a setting, as ``--set`` and ``--without`` would give it.

    Raises:
        InputError: if the numbers do not go together.
    """
    return varied(choice.loaded, changes_of(setting, choice))


def settings_of(setting: Setting, choice: Choice) -> list[str]:
    """Return the moved sliders as ``--set`` takes them."""
    return [
        f"{'.'.join(path)}={value!r}"
        for key, value in setting.moved
        for path in choice.levers[key].paths()
    ]


def link_of(setting: Setting, beside: Setting | None = None) -> str:
    """Return the query that stands for a setting, and for the one beside it.

    Only what differs from the default is named.
    """
    pairs: list[tuple[str, str]] = [("scenario", setting.scenario)]
    pairs += [(key, repr(value)) for key, value in setting.moved]
    if setting.without:
        pairs.append(("without", ",".join(setting.without)))
    for name in ("runs", "seed"):
        if getattr(setting, name) != Setting.model_fields[name].default:
            pairs.append((name, str(getattr(setting, name))))
    if setting.posterior:
        pairs.append(("posterior", "yes"))
    if setting.language != LANGUAGES[0]:
        pairs.append(("language", setting.language))
    if beside is not None:
        pairs.append(("beside", link_of(beside.model_copy(update={"language": LANGUAGES[0]}))))
    return urlencode(pairs)


def read_link(query: str, catalogue: Catalogue) -> Read:
    """Return the setting that a query stands for; nothing in it can do harm or raise an error.

    Args:
        query: of an address, without its question mark.
        catalogue: the scenarios there are.

    Returns:
        The setting, and what could not be read, in the language that the link asks for.
    """
    language = dict(parse_qsl(query[:LONGEST_LINK])).get("language")
    with speaking(language if language in LANGUAGES else LANGUAGES[0]):
        return _read_link(query, catalogue)


def _read_link(query: str, catalogue: Catalogue) -> Read:
    """Return what a query stands for, with its problems in the present language."""
    if len(query) > LONGEST_LINK:
        told = text("The link is longer than {most} characters; nothing of it was read.")
        return Read(start(catalogue), None, (told.format(most=LONGEST_LINK),))
    reader = _Reader(query, catalogue)
    setting = reader.setting()
    beside = None
    if "beside" in reader.parts:
        second = _Reader(reader.parts["beside"], catalogue)
        beside = second.setting().model_copy(update={"language": setting.language})
        reader.problems += second.problems
    return Read(setting, beside, tuple(reader.problems))


class _Reader:
    """Reads one query, part by part."""

    def __init__(self, query: str, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.parts = dict(parse_qsl(query, keep_blank_values=True))
        self.problems: list[str] = []

    def setting(self) -> Setting:
        """Return the setting, with defaults in place of what cannot be read."""
        name = self.parts.get("scenario", self.catalogue.first)
        if name not in self.catalogue.names:
            hint = nearest(name, self.catalogue.names)
            self._refuse("scenario", name, text("the name of a scenario on this page"), hint)
            name = self.catalogue.first
        choice = self.catalogue.choice(name)
        setting = Setting(
            scenario=name,
            without=self._without(),
            runs=self._whole("runs", FEWEST_RUNS, min(MOST_RUNS, choice.most_runs)),
            seed=self._whole("seed", 0, LARGEST_SEED),
            posterior=self._one_of("posterior", {"yes": True, "no": False}, False),
            language=self._one_of("language", {"en": "en", "de": "de"}, "en"),
        )
        moved = with_values(setting, choice, self._values(choice))
        try:
            scenario_of(moved, choice)
        except (InputError, ValidationError) as error:
            self.problems.append(str(error))
            return setting
        return moved

    def _refuse(self, key: str, value: str, expected: str, hint: str = "") -> None:
        """Note a part that cannot be read."""
        told = text("{key} is {value}: expected {expected}.").format(
            key=shown(key).strip("'\""), value=shown(value), expected=expected
        )
        meant = text("Did you mean {name}?").format(name=hint) if hint else ""
        self.problems.append(f"{told} {meant}".strip())

    def _without(self) -> tuple[str, ...]:
        named = [name for name in self.parts.get("without", "").split(",") if name]
        for name in named:
            if name not in MECHANISMS:
                expected = text("the name of a mechanism")
                self._refuse("without", name, expected, nearest(name, MECHANISMS))
        return tuple(name for name in NAMES if name in named and name in MECHANISMS)

    def _whole(self, key: str, low: int, high: int) -> int:
        usual = min(int(Setting.model_fields[key].default), high)
        given = self.parts.get(key)
        if given is None:
            return usual
        # More digits than any limit has are not worth reading as a number.
        if given.isascii() and given.isdigit() and len(given) <= 12 and low <= int(given) <= high:
            return int(given)
        expected = text("a whole number from {low} to {high}").format(low=low, high=high)
        self._refuse(key, given, expected)
        return usual

    def _one_of(self, key: str, choices: Mapping[str, T], usual: T) -> T:
        given = self.parts.get(key)
        if given is None or given in choices:
            return usual if given is None else choices[given]
        self._refuse(key, given, " / ".join(choices))
        return usual

    def _values(self, choice: Choice) -> dict[str, float]:
        values = {}
        for key, given in self.parts.items():
            if key in _KNOWN:
                continue
            if key not in choice.levers:
                hint = nearest(key, choice.levers)
                told = text("{key}: no slider of this scenario.").format(
                    key=shown(key).strip("'\"")
                )
                meant = text("Did you mean {name}?").format(name=hint) if hint else ""
                self.problems.append(f"{told} {meant}".strip())
                continue
            number = choice.levers[key].number
            value = _number(given)
            if value is None or not number.low <= value <= number.high:
                expected = text("a number from {low} to {high}").format(
                    low=f"{number.low:g}", high=f"{number.high:g}"
                )
                self._refuse(key, given, expected)
                continue
            values[key] = value
        return values


_KNOWN = ("scenario", "without", "runs", "seed", "posterior", "language", "beside")


def _number(given: str) -> float | None:
    """Return a text as a number, or None."""
    try:
        return float(given) if len(given) <= 24 else None
    except ValueError:
        return None
