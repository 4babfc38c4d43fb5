"""What a setting can be taken home as: its scenario file, its data, its report and its brief.

Makes what commands make, and answers no requests: answering does. No number is made here in a way
of its own: the functions that commands call are called.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.computing import posterior_of
from alliancesim.dashboard.setting import Setting, changes_of, scenario_of, settings_of
from alliancesim.report.page import write_report
from alliancesim.results.result import Result, write
from alliancesim.scenario.reading import Loaded
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
    tables: dict[str, Any] = {}
    for path, value in changes_of(setting, choice).items():
        if len(path) == 1:
            lines.append(f"{path[0]} = {_written(value)}")
            continue
        tables.setdefault(".".join(map(_written, path[:-1])), {})[path[-1]] = value
    for table, values in tables.items():
        lines += ["", f"[{table}]"]
        lines += [f"{_written(key)} = {_written(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


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
        texts = {
            f"{name}.csv": table.to_csv(index=False, lineterminator="\n")
            for name, table in result.tables().items()
        }
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


def report_page(setting: Setting, choice: Choice) -> str:
    """Return the report that ``alliancesim report`` writes, as one page."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / setting.scenario
        write(result_of(setting, choice), folder)
        return write_report(folder, language=setting.language).read_text("utf-8")
