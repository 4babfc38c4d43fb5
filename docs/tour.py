"""Run the tour's notebook and keep what its cells print and draw.

python docs/tour.py            run docs/tour.ipynb and write its outputs into it
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOK = Path(__file__).resolve().parent / "tour.ipynb"


def kept() -> NotebookNode:
    """Return the notebook as it is kept."""
    return nbformat.read(NOTEBOOK, as_version=4)


def executed(folder: Path) -> NotebookNode:
    """Return the notebook with what its cells now give, run one after the other in a folder.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    found = kept()
    client = NotebookClient(
        found,
        timeout=240,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
    )
    client.execute()
    return found


def texts(cell: NotebookNode) -> list[str]:
    """Return what a cell prints or shows as text, and the kind of each picture that it draws."""
    said = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        said.append(output.get("text") or data.get("text/plain", ""))
        said += [kind for kind in data if kind.startswith("image/")]
    return said


if __name__ == "__main__":
    nbformat.write(executed(NOTEBOOK.parent), NOTEBOOK)
