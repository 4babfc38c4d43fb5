"""What a brief's terms mean, for readers who have nothing else at hand.

A line each and no numbers of a result; scholars have docs/glossary.md.
"""

from __future__ import annotations

from alliancesim.language import message, text

_TERMS = (
    message(
        "Wedge: what a state does to divide two others that stand together, pressing one and"
        " courting the other."
    ),
    message(
        "Cohesion: how far the two have made their security cooperation a lasting institution,"
        " from 0 to 1."
    ),
    message(
        "Twin: the same world with the same chance events, but without the wedge. The difference"
        " between the two is what the wedge did."
    ),
    message("Margin: the smallest change of cohesion that counts as a split or a backfire."),
    message(
        "Coefficient: how strong one mechanism is. A draw is one set of all coefficients that the"
        " record leaves possible."
    ),
    message(
        "Log-odds: steps of willingness to cooperate. From even odds, −0.1 leads to 48 %, −1 to"
        " 27 %."
    ),
)


def terms() -> list[str]:
    """Return what a brief's terms mean, a sentence or two each, in the present language."""
    return [text(term) for term in _TERMS]
