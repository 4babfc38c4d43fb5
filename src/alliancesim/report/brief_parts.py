"""What a brief is made of, whatever results it is on. No kind of results is known here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from alliancesim.figures.words import plain
from alliancesim.language import plural, text
from alliancesim.measures import intervals
from alliancesim.measures.intervals import Interval
from alliancesim.report import assumptions, probability_words
from alliancesim.report.basis_wording import given_sentence
from alliancesim.report.phrases import plain_spaces
from alliancesim.report.pictures import Picture
from alliancesim.scenario.schema import Scenario

MOST_JUDGEMENTS = 6
MOST_POINTS = 5
LONGEST = 420
"""So much is said at most, so that everything keeps to two pages."""

MOST_JUDGED = 1 / 3
"""Share of inputs that are judgement above which confidence in the evidence is low."""


class _Size(NamedTuple):
    """A size of type, and the number of characters up to which it will do."""

    most: int
    points: float


_SIZES = (_Size(3600, 10.0), _Size(5200, 9.2), _Size(6800, 8.4))


class Judgement(NamedTuple):
    """One key judgement.

    Attributes:
        words: of probability; empty where the numbers are no probability.
        numbers: that the words stand for.
        event: what is judged, as a sentence.
    """

    words: str
    numbers: str
    event: str


class Ground(NamedTuple):
    """One ground for confidence in the evidence: what it is, and whether it makes it low."""

    told: str
    lowers: bool


class Brief(NamedTuple):
    """A brief on results.

    Attributes:
        title: of the scenario, the game or the experiment.
        question: that was asked, if any.
        headline: the answer in one sentence.
        judgements: what follows, each with its probability where the numbers carry one.
        basis: what the probabilities are, and what they leave out.
        drivers: what drives the result.
        changers: what would change it.
        grounds: for confidence in the evidence.
        limits: what cannot be said.
        picture: one figure, if there is anything to draw.
        left_out: points that there was no room for.
        changed: from the file that was run, if anything was.
        terms: what words mean; printed where the second page has room for all of them.
    """

    title: str
    question: str
    headline: str
    judgements: Sequence[Judgement]
    basis: str
    drivers: Sequence[str]
    changers: Sequence[str]
    grounds: Sequence[Ground]
    limits: Sequence[str]
    picture: Picture | None
    left_out: int = 0
    changed: str = ""
    terms: Sequence[str] = ()

    def short(self) -> Brief:
        """Return the brief with no more than fits two pages: where it is too long, lists end."""
        brief = self._replace(
            title=plain(self.title, 120),
            question=cut(self.question, 240),
            headline=cut(self.headline),
            changed=cut(self.changed),
            judgements=[
                judgement._replace(event=cut(judgement.event))
                for judgement in self.judgements[:MOST_JUDGEMENTS]
            ],
            basis=cut(self.basis),
            drivers=_few(self.drivers),
            changers=_few(self.changers),
            grounds=[
                ground._replace(told=cut(ground.told)) for ground in self.grounds[:MOST_POINTS]
            ],
            limits=_few(self.limits),
        )
        while brief.length() > _SIZES[-1].most:
            lists = {name: getattr(brief, name) for name in ("drivers", "changers", "limits")}
            name = max(lists, key=lambda name: sum(map(len, lists[name])))
            brief = brief._replace(**{name: lists[name][:-1]})
        return brief._replace(left_out=self._points() - brief._points())

    def _points(self) -> int:
        """Return the number of points in all lists."""
        lists = (self.judgements, self.drivers, self.changers, self.grounds, self.limits)
        return sum(map(len, lists))

    def length(self) -> int:
        """Return the number of characters that the brief says."""
        said = [
            *(judgement.numbers + judgement.event for judgement in self.judgements),
            *(ground.told for ground in self.grounds),
            *(self.changed, self.headline, self.basis, *self.drivers, *self.changers, *self.limits),
        ]
        return sum(map(len, said))

    def type_size(self) -> float:
        """Return the size of type in points at which a short brief keeps to two pages of A4."""
        return next(size.points for size in _SIZES if self.length() <= size.most)

    def is_roomy(self) -> bool:
        """Say whether so little is said that parts need not be divided between the pages."""
        return self.length() <= _SIZES[0].most

    def confidence(self) -> str:
        """Return confidence in the evidence, which is another thing than likelihood."""
        if any(ground.lowers for ground in self.grounds):
            return text("Confidence in the evidence: low.")
        return text("Confidence in the evidence: moderate.")


def cut(said: str, longest: int = LONGEST) -> str:
    """Return a text on one line, if need be without its last sentences, clauses or words.

    Args:
        said: the text.
        longest: number of characters that it may have; where some are left out, it ends in ``…``.
    """
    line = plain(said, len(said))
    if len(line) <= longest:
        return line
    room = line[: longest - 2]
    for mark in (". ", "; ", " "):
        kept = room.rfind(mark)
        if kept > longest / 2:
            return f"{room[:kept]}{mark.strip()} …"
    return f"{room}…"


def packed(lead: str, sentences: Sequence[str]) -> list[str]:
    """Return sentences joined to as few points as keep their length, each with the same lead."""
    points: list[str] = []
    for sentence in sentences:
        if points and len(points[-1]) + 1 + len(sentence) <= LONGEST:
            points[-1] = f"{points[-1]} {sentence}"
        else:
            points.append(f"{lead}{sentence}")
    return points


def judged(share: Interval, of: str, event: str) -> Judgement:
    """Return a judgement with the words for its share.

    Args:
        share: of what can be drawn in which the event happens, 0 to 1, with its interval.
        of: what it is a share of, such as ``of 400 draws``.
        event: what happens, as a sentence.
    """
    words = probability_words.cautious_word(share)
    return Judgement(words, probability_words.numbers(share, of), plain_spaces(event))


def counted_share(share: float, number: int) -> Interval:
    """Return a share of so many draws with Wilson's interval.

    Args:
        share: 0 to 1.
        number: of draws; where they count in parts, the nearest whole number of them is taken.
    """
    return intervals.share(round(share * number), number)._replace(estimate=share)


def stated(sentences: Sequence[str]) -> list[Judgement]:
    """Return sentences that carry their numbers themselves, none of them a probability."""
    return [Judgement("", "", plain_spaces(sentence)) for sentence in sentences]


def of_draws(number: int) -> str:
    """Return that something is a share of so many draws of the coefficients."""
    return plural("of {count} draw", "of {count} draws", number).format(count=number)


def of_runs(number: int) -> str:
    """Return that something is a share of so many runs."""
    return plural("of {count} run", "of {count} runs", number).format(count=number)


def coefficients_ground(manifest: dict[str, Any]) -> Ground:
    """Return whether coefficients were drawn, or taken as known."""
    if "posterior" not in manifest:
        return Ground(
            text("Coefficients are taken as known: every share carries random shocks alone."), True
        )
    return Ground(
        text("Coefficients are drawn from what calibration leaves open (posterior {name}).").format(
            name=manifest["posterior"]["name"]
        ),
        False,
    )


def inputs_ground(scenario: Scenario) -> Ground:
    """Return what the inputs rest on."""
    names = {code: text(actor.name) or code for code, actor in scenario.actors.items()}
    counts = assumptions.counts(assumptions.groups_of(scenario, names))
    given = sum(counts.values())
    judgement = counts.get("judgement", 0) + counts.get("unstated", 0)
    return Ground(given_sentence(counts), given == 0 or judgement / given > MOST_JUDGED)


def _few(sentences: Sequence[str]) -> list[str]:
    """Return the first sentences, none too long."""
    return [cut(plain_spaces(sentence)) for sentence in sentences[:MOST_POINTS]]
