"""What a setting can be taken home as: its scenario file, its data, its report and its brief.

Makes what commands make, and answers no requests: answering does. No number is made here in a way
of its own: the functions that commands call are called.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.computing import posterior_of
from alliancesim.dashboard.setting import Setting, changes_of, scenario_of, settings_of
from alliancesim.report.briefs import write_brief
from alliancesim.report.page import write_report
from alliancesim.results.result import Result, write
from alliancesim.results.tables import table_text
from alliancesim.scenario.reading import KeyPath, Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.study import Options, run_scenario


def command_of(setting: Setting, file: str) -> str:
    """Return the command that makes the numbers of a setting from its scenario file."""
    words = f"alliancesim run {file} --runs {setting.runs} --seed {setting.seed}"
    return f"{words} --posterior default" if setting.posterior else words


def file_name(setting: Setting) -> str:
    """Return the name of a setting's scenario file: never that of the scenario it extends."""
    return f"{setting.scenario}-dashboard.toml"


def scenario_text(setting: Setting, choice: Choice) -> str:
    """Return a setting as a scenario file that extends its scenario.

    A file's own tables come before those of the file that it extends, and the last digits of sums
    depend on the order of actors and of what happens at the same time. Empty tables keep that
    order, and so every bit of the numbers.

    Args:
        setting: the setting.
        choice: its scenario.
    """
    title = f"{choice.loaded.scenario.title} (as set in the dashboard)"
    lines = [
        f"# Run it with: {command_of(setting, file_name(setting))}",
        "",
        f"extends = {_written(setting.scenario)}",
        f"title = {_written(title)}",
    ]
    tables: dict[KeyPath, dict[str, object]] = {}
    for path, value in changes_of(setting, choice).items():
        if len(path) == 1:
            lines.append(f"{path[0]} = {_written(value)}")
        else:
            tables.setdefault(path[:-1], {})[path[-1]] = value
    ordered = _in_order(tables, choice.loaded.scenario)
    if len(ordered) > len(tables):
        lines += ["", "# Empty tables keep the order of the scenario's, and so the last digits."]
    for table in ordered:
        lines += ["", f"[{'.'.join(map(_key, table))}]"]
        lines += [
            f"{_key(key)} = {_written(value)}" for key, value in tables.get(table, {}).items()
        ]
    return "\n".join(lines) + "\n"


def _in_order(tables: Iterable[KeyPath], scenario: Scenario) -> list[KeyPath]:
    """Return tables, after those that must stay before them, in a scenario's order."""
    ordered: dict[KeyPath, None] = {}
    for table in sorted(tables, key=lambda path: _place(path, scenario)):
        ordered |= dict.fromkeys((table[0], label) for label in _before(table, scenario))
        ordered[table] = None
    return list(ordered)


def _place(table: KeyPath, scenario: Scenario) -> tuple[str, int]:
    """Return where a table stands: its kind, and its place among those of its kind."""
    labels = list(getattr(scenario, table[0]))
    return table[0], labels.index(table[1]) if table[1] in labels else len(labels)


def _before(table: KeyPath, scenario: Scenario) -> list[str]:
    """Return the labels whose order before a table's decides on last digits."""
    kind, label = table[:2]
    if kind == "dyads":
        return []
    labels = list(getattr(scenario, kind))
    before = labels[: labels.index(label)]
    if kind != "events":
        return before
    date = scenario.events[label].date
    return [other for other in before if scenario.events[other].date == date]


def _key(part: str) -> str:
    """Return part of a key as TOML, bare where it may be."""
    return part if re.fullmatch("[A-Za-z0-9_-]+", part) else _written(part)


def _written(value: object) -> str:
    """Return plain data as TOML, whose texts, numbers and lists are written like JSON's."""
    return json.dumps(value, ensure_ascii=True)


def result_of(setting: Setting, choice: Choice) -> Result:
    """Return everything that ``alliancesim run`` would say of a setting."""
    options = Options(
        runs=setting.runs,
        seed=setting.seed,
        settings=settings_of(setting, choice),
        without=setting.without,
        posterior=posterior_of(setting),
    )
    loaded = Loaded(setting.scenario, scenario_of(setting, choice), choice.loaded.files, {})
    return run_scenario(loaded, options)


def data_archive(setting: Setting, choice: Choice) -> bytes:
    """Return a ZIP file of the results folder, its tables as CSV too, and the scenario file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / setting.scenario
        result = result_of(setting, choice)
        write(result, folder)
        texts = {f"{name}.csv": table_text(table) for name, table in result.tables().items()}
        texts[file_name(setting)] = scenario_text(setting, choice)
        return _zipped(folder, texts)


def _zipped(folder: Path, texts: Mapping[str, str]) -> bytes:
    """Return a folder's files and some texts beside them as a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{folder.name}/{file.name}")
        for name, content in texts.items():
            archive.writestr(f"{folder.name}/{name}", content)
    return made.getvalue()


def report_page(setting: Setting, choice: Choice) -> bytes:
    """Return the report that ``alliancesim report`` writes, as one page."""
    return _paper(setting, choice, write_report, "html")


def brief_page(setting: Setting, choice: Choice) -> bytes:
    """Return the brief that ``alliancesim brief --format html`` writes."""
    return _paper(setting, choice, write_brief, "html")


def printed_brief(setting: Setting, choice: Choice) -> bytes:
    """Return the brief that ``alliancesim brief`` writes, as PDF.

    Raises:
        InputError: if what makes it is not installed.
    """
    return _paper(setting, choice, write_brief, "pdf")


def is_printable() -> bool:
    """Say whether what makes PDF files is installed."""
    return find_spec("weasyprint") is not None


def _paper(setting: Setting, choice: Choice, writer: Callable[..., Path], form: str) -> bytes:
    """Return what a writer of reports or briefs makes of a setting's results."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / setting.scenario
        write(result_of(setting, choice), folder)
        return writer(folder, form=form, language=setting.language).read_bytes()
