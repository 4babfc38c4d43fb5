"""Words and pieces of the page, in the present language; everything from files is escaped.

The words within a chart are not here: each chart brings its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from alliancesim.coefficients import REGISTER
from alliancesim.dashboard.catalogue import Catalogue, Choice
from alliancesim.dashboard.charts.drawing import tag
from alliancesim.dashboard.downloads import is_printable
from alliancesim.dashboard.hall import Asked, Shown
from alliancesim.dashboard.levers import GROUPS, STEP
from alliancesim.dashboard.setting import (
    FEWEST_RUNS,
    LARGEST_SEED,
    MECHANISMS,
    MOST_RUNS,
    Setting,
    link_of,
)
from alliancesim.language import message, text
from alliancesim.report.numbers import level
from alliancesim.report.wording import LENS
from alliancesim.scenario.problems import InputError

STYLE = Path(__file__).with_name("page.css").read_text("utf-8")
"""How pages look."""

_HEADS: Mapping[str, str] = {
    "verdict": message("What the wedge did"),
    "gauge": message("Verdict"),
    "fan": message("Cohesion of the alliance"),
    "network": message("Who presses and who cooperates"),
    "causes": message("What caused the change"),
    "phase": message("Map around this setting"),
    "actions": message("What actors do"),
}
_CAPTIONS: Mapping[str, str] = {
    "gauge": message(
        "Diamond: mean effect of the wedge on cohesion, with its 95 % interval. Dashed lines: the"
        " margin within which it counts as nothing."
    ),
    "fan": message(
        "Lines: median over runs. Bands: where 90 % of runs lie. Shaded months: those over which"
        " the effect is averaged."
    ),
    "causes": message(
        "Shapley shares of the change of cohesion, 40 runs of every combination of causes; lines:"
        " where 90 % of runs or draws lie. Blue binds, orange divides."
    ),
    "phase": message(
        "Mean effect of 64 runs per cell, all other sliders staying where they are. Black line:"
        " where the verdict turns. Cells with −: split; with +: backfire. Ring: this setting."
    ),
    "actions": message("Medians over runs, for the pairs that move most."),
}


_POSTERIOR = message("Draw coefficients from their posterior")


def title() -> str:
    """Return the title of the page."""
    return text("alliancesim: dashboard")


def heading() -> Markup:
    """Return the heading of the page."""
    said = text(
        "When does a wedge strategy split an alignment, do nothing, or backfire? Move a slider and"
        " see."
    )
    return Markup("").join([tag("h1", "alliancesim"), tag("p", said)])


def notice(problems: Sequence[str], *, bare: bool = False) -> Markup:
    """Return what could not be read or done, kindly.

    Args:
        problems: in words.
        bare: whether these are all that is to be said, and not parts of a link.
    """
    listed = [tag("li", problem) for problem in problems[:8]]
    pieces = [tag("p", problem) for problem in problems[:8]]
    if not bare:
        said = text("Part of this link could not be read; it was left as the scenario has it:")
        pieces = [tag("p", said), tag("ul", *listed)]
    return tag("div", *pieces, class_="notice", role="alert")


def trouble(error: Exception) -> str:
    """Return what went wrong, in words for the page."""
    if isinstance(error, InputError):
        return str(error)
    return text(
        "Something went wrong in the program ({kind}). The last result is still shown."
    ).format(kind=type(error).__name__)


def escaped(words: str) -> str:
    """Return words as markup."""
    return str(escape(words))


def waiting() -> str:
    """Return what is said until there is something to show."""
    return text("Computing …")


def controls(setting: Setting, catalogue: Catalogue) -> dict[str, Any]:
    """Return what the controls show."""
    choice = catalogue.choice(setting.scenario)
    return {
        "setting": setting.model_dump(mode="json", exclude={"moved"}),
        "step": STEP,
        "scenarios": [
            {
                "name": name,
                "title": f"{text(catalogue.choice(name).loaded.scenario.title)} ({name})",
            }
            for name in catalogue.names
        ],
        "question": text(choice.loaded.scenario.question),
        "groups": list(_groups(setting, choice)),
        "equations": list(_equations(choice)),
        "limits": {
            "low": FEWEST_RUNS,
            "high": min(MOST_RUNS, choice.most_runs),
            "seed": LARGEST_SEED,
        },
        "words": {
            "controls": text("Controls"),
            "scenario": text("Scenario"),
            "mechanisms": text("Mechanisms switched off"),
            "running": text("Runs, seed, coefficients"),
            "runs": text("Runs of world and twin"),
            "seed": text("Seed of the shocks"),
            "posterior": text(_POSTERIOR),
            "reset": text("Reset"),
            "keep": text("Keep this one beside"),
            "drop": text("Remove the one beside"),
            "language": text("Language"),
        },
    }


def _groups(setting: Setting, choice: Choice) -> Iterator[dict[str, Any]]:
    """Yield sliders by group."""
    values = setting.values()
    for group, heading_of_group in GROUPS.items():
        levers = [
            {
                "key": key,
                "label": lever.label,
                "low": lever.number.low,
                "high": lever.number.high,
                "value": values.get(key, lever.number.value),
                "given": lever.number.value,
            }
            for key, lever in choice.levers.items()
            if lever.group == group
        ]
        if levers:
            yield {"title": text(heading_of_group), "levers": levers}


def _equations(choice: Choice) -> Iterator[dict[str, Any]]:
    """Yield mechanisms by the equation they belong to."""
    entries = [entry for entry in REGISTER if entry.name in MECHANISMS]
    for equation, members in groupby(entries, key=lambda entry: entry.equation):
        yield {
            "name": text(equation),
            "mechanisms": [
                {
                    "name": entry.name,
                    "meaning": text(entry.meaning),
                    "off": entry.name in choice.loaded.scenario.without,
                }
                for entry in members
            ],
        }


def share(asked: Asked) -> dict[str, Any]:
    """Return links and downloads of the present setting."""
    words = {
        "scenario.toml": text("Scenario file"),
        "data.zip": text("Data"),
        "report.html": text("Report"),
        "brief.html": text("Brief"),
    }
    if is_printable():
        words["brief.pdf"] = text("Brief as PDF")
    return {
        "link": link_of(*asked),
        "files": [{"name": name, "words": said} for name, said in words.items()],
        "words": {
            "share": text("Share and download"),
            "link": text("Link to this setting"),
            "copy": text("Copy link"),
            "copied": text("Copied"),
            "steps": text("Step by step"),
            "making": text("is being made …"),
            "lost": text("The dashboard does not answer: it may have been ended."),
        },
    }


def which(two: bool, place: int) -> str:
    """Return which of two settings a card belongs to, or nothing where there is one."""
    if not two:
        return ""
    return text("beside") if place else text("now")


def card_head(part: str, which_one: str) -> Markup:
    """Return the heading of a card."""
    said = text(_HEADS[part])
    return tag("h2", said, *([tag("span", f" – {which_one}", class_="which")] if which_one else []))


def card(part: str, content: str, which_one: str, note: str = "") -> Markup:
    """Return a card with a chart, which is markup, or with words.

    Args:
        part: of the page.
        content: the chart or the words.
        which_one: of two settings, or nothing.
        note: what is said below the caption's words.
    """
    pieces = [card_head(part, which_one), content]
    if part in _CAPTIONS:
        pieces.append(tag("p", f"{text(_CAPTIONS[part])} {note}".strip(), class_="note"))
    return Markup("").join(pieces)


def codes(shown: Shown) -> str:
    """Return whose codes the chart of actions has."""
    names = (f"{code}: {name}" for code, name in shown.names.items() if code != name)
    return "; ".join(names)


def verdict_card(shown: Shown, catalogue: Catalogue, two: bool, place: int) -> Markup:
    """Return the verdict in words, with what was moved."""
    choice = catalogue.choice(shown.setting.scenario)
    pieces = [
        card_head("verdict", which(two, place)),
        tag("p", shown.sentence, class_="sentence"),
    ]
    moved = told_changes(shown.setting, choice)
    if two:
        pieces.insert(1, tag("p", text(choice.loaded.scenario.title)))
    if moved:
        pieces.append(
            tag("p", text("Changed: {changes}.").format(changes="; ".join(moved)), class_="note")
        )
    return Markup("").join(pieces)


def told_changes(setting: Setting, choice: Choice) -> list[str]:
    """Return in words what a setting changes in its scenario."""
    told = [
        text("{what}: {value} instead of {given}").format(
            what=choice.levers[key].label,
            value=level(value),
            given=level(choice.levers[key].number.value),
        )
        for key, value in setting.moved
    ]
    if setting.without:
        told.append(text("without {mechanisms}").format(mechanisms=", ".join(setting.without)))
    return told


def no_chart(part: str, *, computed: bool) -> Markup:
    """Return what stands in place of a chart that is not there."""
    if not computed:
        return tag("p", waiting())
    if part == "phase":
        return tag("p", text("This scenario has no two sliders to draw a map over."))
    return tag("p", text("Nothing in this scenario is dated, or too much to share out here."))


def network() -> dict[str, str]:
    """Return the words of the network."""
    return {
        "title": text("Pressure and cooperation among the actors"),
        "play": text("Play"),
        "pause": text("Pause"),
        "month": text("Month"),
        "told": text("In words"),
        "cooperation": text("cooperation"),
        "pressure": text("pressure"),
    }


def lens(setting: Setting) -> Markup:
    """Return the words of caution below everything."""
    unknown = (
        text(
            "Shares and intervals carry random shocks and what calibration leaves unknown of the"
            " coefficients, not what the inputs and the form of the law leave open."
        )
        if setting.posterior
        else text(
            "Shares and intervals carry random shocks alone. What is not known of the coefficients"
            " comes in with “{box}”; what the inputs leave open never does."
        ).format(box=text(_POSTERIOR))
    )
    return tag("span", f"{text(LENS)} {unknown}")


def steps_heading(title_of_scenario: str, setting: Setting) -> Markup:
    """Return what stands above the stepped model: what it is, and the way back."""
    said = text(
        "One run of the Mesa model, the first of the ensemble: press Step to see what happens in a"
        " month, or play it."
    )
    back = tag("a", text("Back to the ensemble"), href=f"./?{link_of(setting)}")
    return Markup("").join([tag("h1", title_of_scenario), tag("p", said), tag("p", back)])


def mesa() -> dict[str, Any]:
    """Return what Mesa's page says, in the present language, and which of its cards are of no use.

    The model's parameters are those of the setting, and the chart tells the month.
    """
    return {
        "words": {
            "Controls": text("Controls"),
            "Play Interval (ms)": text("Milliseconds between steps"),
            "Render Interval (steps)": text("Months per step"),
            "Use Threads": text("Draw while stepping"),
            "Increase play interval to avoid skipping plots": text(
                "With more milliseconds between steps no month is skipped"
            ),
            "Reset": text("Reset"),
            "Step": text("Step"),
            "▶": f"▶ {text('Play')}",
            "❚❚": f"❚❚ {text('Pause')}",
        },
        "useless": ["Model Parameters", "Information"],
    }
