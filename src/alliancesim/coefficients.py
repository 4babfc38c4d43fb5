"""The register of mechanisms: every coefficient of the law, once, with all that is known of it.

The documentation, ``alliancesim parameters`` and every report are made from ``REGISTER``. A
coefficient set to zero switches its mechanism off. Nothing about particular states may enter.

Defaults are the medians of the posterior that ships with the program. Its priors have unit
weights for the mechanisms of a decision: where weights are not estimated, equal weights do nearly
as well out of sample and cannot be tuned to please (Dawes, 1979, "The robust beauty of improper
linear models").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from alliancesim.fitted import FITTED, Fitted

Basis = Literal["fitted", "derived", "judgement"]

IDENTIFIED = 0.5
"""Narrowing of the prior from which a coefficient counts as fitted: the record has at least halved
the spread of its logarithm. Judgement."""


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of the law.

    Attributes:
        name: the mechanism's name, as ``--without`` and key paths use it.
        equation: which equation it belongs to.
        term: the term it multiplies, in the notation of ``docs/model.md``.
        default: value used unless a scenario or the command line says otherwise; the median of the
            posterior, or the prior's where the record cannot speak.
        low: smallest value accepted.
        high: largest value accepted.
        unit: ``"dimensionless"`` or ``"per month"``.
        meaning: one line in plain words.
        source: author and year of the idea, and of the prior's number where it has one.
        basis: ``"fitted"`` where the record identifies it; else that of the prior, ``"derived"``
            from figures named in the source, or ``"judgement"``.
        prior_median: median of the log-normal prior, the default before calibration.
        prior_spread: standard deviation of its logarithm; 0 where the record cannot speak.
        fitted: what calibration found, or None.
    """

    name: str
    equation: str
    term: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    basis: Basis
    prior_median: float
    prior_spread: float
    fitted: Fitted | None


class Coefficients(NamedTuple):
    """The value of every coefficient, in the order of ``REGISTER``; see there for meanings."""

    balancing: float
    hazard: float
    abandonment: float
    brokerage: float
    chilling: float
    entrapment: float
    inducement: float
    mediation: float
    compliance: float
    opinion: float
    grievance: float
    reciprocity: float
    resentment: float
    retaliation: float
    alarm: float
    restraint: float
    solidarity: float
    build: float
    erode: float
    warm: float
    sour: float
    sore: float
    fidelity: float
    balance: float
    forget: float
    provoke: float
    spillover: float
    soothe: float
    calm: float
    unmask: float
    legibility: float
    derisk: float
    rewire: float
    update: float
    fade: float
    reconcile: float
    opinion_volatility: float
    threat_volatility: float
    confidence_volatility: float
    grievance_volatility: float


PRIOR_SPREAD = 0.6931471805599453
"""Spread of the priors, ln 2: two times in three a coefficient is held to lie between half and
twice its median. Judgement: the sizes in the record differ by about that much where two measures
of the same rate exist (see ``sour``)."""

_UNIT_WEIGHT = "Prior: unit weight (Dawes 1979)."


def _choice(equation: str, name: str, term: str, meaning: str, source: str) -> Coefficient:
    """Return a coefficient of a decision, unit weight before calibration, range 0 to 4."""
    worded = f"{source} {_UNIT_WEIGHT}"
    return _rate(equation, name, term, 1.0, 4.0, meaning, worded, unit="dimensionless")


def _rate(
    equation: str,
    name: str,
    term: str,
    prior_median: float,
    high: float,
    meaning: str,
    source: str,
    basis: Basis = "judgement",
    unit: str = "per month",
) -> Coefficient:
    """Return a coefficient with what was thought of it before and is known after calibration."""
    fitted = FITTED.get(name)
    known = fitted is not None and fitted.learned >= IDENTIFIED
    return Coefficient(
        name=name,
        equation=equation,
        term=term,
        default=prior_median if fitted is None else fitted.median,
        low=0.0,
        high=high,
        unit=unit,
        meaning=meaning,
        source=source,
        basis="fitted" if known else basis,
        prior_median=prior_median,
        prior_spread=0.0 if equation == "shocks" else PRIOR_SPREAD,
        fitted=fitted,
    )


_COOPERATION = (
    _choice(
        "cooperation",
        "balancing",
        "+ max_k sqrt(threat_ik threat_jk)",
        "A third state that both fear draws them together; a fear that one does not share does"
        " little.",
        "Walt 1987.",
    ),
    _choice(
        "cooperation",
        "hazard",
        "+ sqrt(hazard_i hazard_j)",
        "A danger from outside the modelled states that hangs over both draws them together.",
        "Walt 1987; Cha 1999.",
    ),
    _choice(
        "cooperation",
        "abandonment",
        "+ min(f_i, f_j) - abs(f_i - f_j)/2, f = (1 - best confidence) max(hazard, worst threat)",
        "Doubt in the patron binds allies when they share it and divides them when they do not.",
        "Cha 1999.",
    ),
    _choice(
        "cooperation",
        "brokerage",
        "+ sum_k brokerage_k confidence_ik confidence_jk",
        "A patron that both trust and that works at it brings its two allies together.",
        "Izumikawa 2018.",
    ),
    _choice(
        "cooperation",
        "chilling",
        "- sum_k dependence_ik pressure_kj",
        "Whoever trades much with the presser keeps away from the pressed.",
        "Hirschman 1945.",
    ),
    _choice(
        "cooperation",
        "entrapment",
        "- sum_k max(0, pressure_kj - pressure_ki) (1 - threat_ik)",
        "Whoever does not fear the presser, and is spared by it, avoids being drawn into another's"
        " quarrel.",
        "Snyder 1984; selective pressure after Crawford 2011.",
    ),
    _choice(
        "cooperation",
        "inducement",
        "- sum_k cooperation_ki (1 - suspicion_ik) max(0, pressure_kj - pressure_ki)",
        "Believed favours from a state that quarrels with the partner alone pull away from the"
        " partner, the more so under ideological leaders: a pragmatic one takes them and stays.",
        "Crawford 2011; leaders after Harris 2026 as quoted by Koelling (Handelsblatt, 14 January"
        " 2026).",
    ),
    _choice(
        "cooperation",
        "mediation",
        "+ hazard_i mediation_ij",
        "Hope that another state can moderate one's hazard is a reason to cooperate with it.",
        "Chun 2026 and Harris 2026 as quoted by Koelling (Handelsblatt, 14 January 2026).",
    ),
    _choice(
        "cooperation",
        "compliance",
        "+ dependence_ij pressure_ji (1 - max_k confidence_ik)",
        "The exposed and unprotected give in to pressure (bandwagoning).",
        "Schweller 1994; Hirschman 1945.",
    ),
    _choice(
        "cooperation",
        "opinion",
        "+ opinion_ij",
        "Governments cooperate more easily with a state that their public likes.",
        "Risse-Kappen 1991.",
    ),
    _choice(
        "cooperation",
        "grievance",
        "- grievance_ij",
        "Salient historical or territorial claims stand in the way.",
        "Cha 1999; Fearon 1994.",
    ),
    _choice(
        "cooperation",
        "reciprocity",
        "+ cooperation_ji (1 - suspicion_ij)",
        "Cooperation is answered by cooperation unless it is taken for a manoeuvre.",
        "Axelrod 1984.",
    ),
    _choice(
        "cooperation",
        "resentment",
        "- pressure_ji",
        "Pressure makes cooperating with its author unattractive.",
        "Brehm 1966.",
    ),
)

_PRESSURE = (
    _choice(
        "pressure",
        "retaliation",
        "+ pressure_ji (1 - dependence_ij)",
        "Pressure is answered by pressure, less so by those who depend on its author.",
        "Axelrod 1984; Hirschman 1945.",
    ),
    _choice(
        "pressure",
        "alarm",
        "+ threat_ij",
        "States press whom they fear.",
        "Walt 1987.",
    ),
    _choice(
        "pressure",
        "restraint",
        "- opinion_ij",
        "States spare whom their public likes.",
        "Risse-Kappen 1991.",
    ),
    _choice(
        "pressure",
        "solidarity",
        "+ sum_l cohesion_il pressure_jl",
        "States press whoever presses their allies.",
        "Snyder 1997.",
    ),
)

_COHESION = (
    _rate(
        "cohesion",
        "build",
        "+ build max(supported - cohesion, share (1 - cohesion)) when rising",
        0.10,
        1.0,
        "Share of the gap to the level that conduct supports, or of what better conduct still"
        " adds, which institutions close per month when they deepen.",
        "Judgement: the 2023-24 rapprochement took from the March 2023 summit to the November"
        " 2024 secretariat, 20 months, to settle into institutions; 0.10 closes 88 % in that time.",
    ),
    _rate(
        "cohesion",
        "erode",
        "+ erode max(supported - cohesion, share cohesion) when falling",
        0.10,
        1.0,
        "The same share when conduct worse than usual runs them down.",
        "Judgement: set equal to build, so that the default favours neither split nor backfire.",
    ),
)

_OPINION = (
    _rate(
        "opinion",
        "warm",
        "+ D cooperation_ji (1 - suspicion_ij)",
        0.05,
        1.0,
        "How fast publics warm to a state that cooperates more than it used to.",
        "Judgement: Korean favourability of Japan rose by 0.44 net in the 27 months from"
        " 2023 to 2025 (Genron NPO/EAI; EAI 2025) with cooperation up by roughly a third.",
        "derived",
    ),
    _rate(
        "opinion",
        "sour",
        "- D pressure_ji",
        0.15,
        1.0,
        "How fast publics turn against a state that presses them.",
        "THAAD: Korean liking of China fell 0.22 in two months of early 2017 (Asan 2017) and"
        " about 0.5 net from 2015 to 2017 (Pew); 0.15 lies between the rates the two imply.",
        "derived",
    ),
    _rate(
        "opinion",
        "sore",
        "- 2 (1 - pragmatism_i) D grievance_ij",
        0.05,
        1.0,
        "How fast a flare of grievance turns a public, the more so under ideological leaders.",
        "Judgement: Korean favourability of Japan fell 0.4 net from 2019 to 2020 (Genron NPO/EAI).",
    ),
    _rate(
        "opinion",
        "fidelity",
        "+ max_k(D+ cooperation_kj pressure_ki) D cooperation_ji",
        0.20,
        2.0,
        "A partner's added loyalty counts for more while a third state courts it and presses us.",
        "Sahashi 2026 as quoted by Koelling (Handelsblatt, 14 January 2026). Size: judgement.",
    ),
    _rate(
        "opinion",
        "balance",
        "+ mean_k D(opinion_ik opinion_kj)",
        0.02,
        0.5,
        "Friends of friends are liked and friends of foes disliked.",
        "Heider 1946; Cartwright and Harary 1956. Size: judgement; evidence is mixed (Doreian and"
        " Mrvar 2019).",
    ),
    _rate(
        "opinion",
        "forget",
        "- D opinion_ij",
        0.03,
        0.5,
        "How fast publics return to their habitual view; 0.03 halves a gap in 23 months.",
        "Korean favourability of Japan: 31.7 % (2019), 12.3 % (2020), 30.6 % (2022); of China:"
        " no return five years after THAAD (Genron NPO/EAI; Pew).",
        "derived",
    ),
)

_OTHER_STATES = (
    _rate(
        "threat",
        "provoke",
        "+ D pressure_ji",
        0.10,
        1.0,
        "How fast pressure raises the threat seen in its author.",
        "Walt 1987 (aggressive intentions). Size: judgement.",
    ),
    _rate(
        "threat",
        "spillover",
        "+ sum_l likeness_il D pressure_jl",
        0.10,
        1.0,
        "How fast pressure on another raises the threat seen by those who identify with it.",
        "Balancing blowback (Walt 1987; Crawford 2011). Size: judgement, equal to provoke, so"
        " that likeness alone carries the discount.",
    ),
    _rate(
        "threat",
        "soothe",
        "- D cooperation_ji (1 - suspicion_ij)",
        0.10,
        1.0,
        "How fast believed cooperation lowers the threat seen in its author.",
        "Osgood 1962. Size: judgement, equal to provoke.",
    ),
    _rate(
        "threat",
        "calm",
        "- D threat_ij",
        0.05,
        0.5,
        "How fast alarm subsides; 0.05 halves a gap in 14 months.",
        "Judgement: between the months of a crisis and the years of a strategic reassessment.",
    ),
    _rate(
        "suspicion",
        "unmask",
        "+ unmask (evidence - suspicion_ij)",
        0.20,
        1.0,
        "How fast belief follows the evidence that cooperation is a wedge move.",
        "Kydd 2005. Size: judgement; 0.20 halves a gap in three months.",
    ),
    _rate(
        "suspicion",
        "legibility",
        "evidence = visibility_j max_l(D+ cooperation_ji D+ pressure_jl likeness_il), at most 1",
        4.0,
        20.0,
        "How plainly a favour beside a blow struck at a like state reads as a wedge.",
        "Crawford 2021; Teraoka 2022. Size: judgement; favour, blow and likeness of one half"
        " each, in full view, give evidence of one half.",
        unit="dimensionless",
    ),
    _rate(
        "dependence",
        "derisk",
        "- max(0, D pressure_ji + sum_l likeness_il D pressure_jl)",
        0.01,
        0.2,
        "How fast each use of leverage drives trade elsewhere.",
        "Farrell and Newman 2019; Drezner 1999. Korea's trade share with China fell from about"
        " 0.24 (2018) to 0.21 (2024). Size: judgement.",
    ),
    _rate(
        "dependence",
        "rewire",
        "- D dependence_ij",
        0.01,
        0.2,
        "How fast trade returns to its usual partners; 0.01 halves a gap in 69 months.",
        "Judgement: trade shares move over years.",
    ),
    _rate(
        "confidence",
        "update",
        "+ commitment_ji - confidence_ij",
        0.15,
        1.0,
        "How fast an ally's confidence follows the patron's commitment.",
        "Snyder 1997. Size: judgement; 0.15 halves a gap in four months.",
    ),
    _rate(
        "grievance",
        "fade",
        "+ grievance baseline - grievance_ij",
        0.06,
        0.5,
        "How fast a flare of grievance dies down; 0.06 halves it in 11 months.",
        "Judgement: the 2018-19 forced-labour dispute stayed acute for about a year and was"
        " taken up again in 2022-23.",
    ),
    _rate(
        "grievance",
        "reconcile",
        "- D cohesion_ij",
        0.02,
        0.5,
        "How fast deepening cooperation takes the edge off old claims.",
        "Judgement, after the restraint over the islands in 2026.",
    ),
)

_VOLATILITIES = (
    _rate(
        "shocks",
        "opinion_volatility",
        "epsilon (1 - opinion_ij^2)",
        0.02,
        0.1,
        "Standard deviation of a month's unexplained change of opinion at the middle of the scale.",
        "Judgement: 0.02 a month makes 0.07 a year, the order of the year-to-year scatter of the"
        " Genron NPO/EAI and Cabinet Office series outside crises.",
    ),
    _rate(
        "shocks",
        "threat_volatility",
        "4 epsilon threat_ij (1 - threat_ij)",
        0.02,
        0.1,
        "The same for threat.",
        "Judgement: as for opinion.",
    ),
    _rate(
        "shocks",
        "confidence_volatility",
        "4 epsilon confidence_ij (1 - confidence_ij)",
        0.02,
        0.1,
        "The same for confidence; a guarantee that does not exist cannot be doubted.",
        "Judgement: as for opinion.",
    ),
    _rate(
        "shocks",
        "grievance_volatility",
        "4 epsilon grievance_ij (1 - grievance_ij)",
        0.03,
        0.1,
        "The same for grievance, which court rulings and incidents make the least predictable.",
        "Judgement: half as large again as for opinion.",
    ),
)

REGISTER: tuple[Coefficient, ...] = (
    *_COOPERATION,
    *_PRESSURE,
    *_COHESION,
    *_OPINION,
    *_OTHER_STATES,
    *_VOLATILITIES,
)
"""All coefficients, in the order of the equations."""

NAMES: tuple[str, ...] = tuple(entry.name for entry in REGISTER)
"""Names of all coefficients, in the order of ``REGISTER``."""


def defaults() -> Coefficients:
    """Return the default value of every coefficient."""
    return Coefficients(*(entry.default for entry in REGISTER))


def with_values(values: Mapping[str, float], without: Iterable[str] = ()) -> Coefficients:
    """Return the defaults with some values replaced and some mechanisms switched off.

    Args:
        values: new values by coefficient name.
        without: names of mechanisms to switch off.

    Returns:
        The coefficients.

    Raises:
        ValueError: if a name is not in the register.
    """
    unknown = [name for name in (*values, *without) if name not in NAMES]
    if unknown:
        raise ValueError(f"not in the register of coefficients: {', '.join(unknown)}")
    replaced = defaults()._replace(**{name: float(value) for name, value in values.items()})
    return replaced._replace(**dict.fromkeys(without, 0.0))
