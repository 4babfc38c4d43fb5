"""The page: controls at the left, what follows from them at the right.

Nothing is computed here and no sentence made: what others have made is put in its place.
"""

# Solara has types only in part.
# mypy: disable-error-code="attr-defined, no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara
from solara.components.applayout import sidebar_portal
from solara.server.kernel_context import get_current_context

from alliancesim.dashboard import acting, wording
from alliancesim.dashboard.hall import Asked, Hall, Later, Shown, busy_words, the_hall
from alliancesim.dashboard.later import GivenUp
from alliancesim.dashboard.setting import Setting, link_of, read_link
from alliancesim.language import speaking, text


@solara.component_vue("controls.vue", vuetify=False)
def Controls(  # noqa: N802
    setting: dict[str, Any],
    beside: bool,
    revision: int,
    link: str,
    step: float,
    scenarios: list[dict[str, str]],
    question: str,
    groups: list[dict[str, Any]],
    equations: list[dict[str, Any]],
    limits: dict[str, int],
    words: dict[str, str],
    event_acted: Callable[[Any], None],
) -> None:
    """Sliders and switches; the template has the same names."""


@solara.component_vue("network.vue", vuetify=False)
def Network(network: dict[str, Any], place: str, words: dict[str, str]) -> None:  # noqa: N802
    """The network, played month by month in the browser."""


@solara.component_vue("share.vue", vuetify=False)
def Share(link: str, files: list[dict[str, str]], words: dict[str, str]) -> None:  # noqa: N802
    """Links and downloads of the present setting."""


@solara.component_vue("mesa.vue", vuetify=False)
def Translated(words: dict[str, str], useless: list[str], language: str) -> None:  # noqa: N802
    """Says what Mesa's page says in another language."""


@solara.component
def Page() -> None:  # noqa: N802
    """Show the setting of the address, and follow the controls."""
    hall = solara.use_memo(the_hall, [])
    search = solara.use_router().search or ""
    read = solara.use_memo(lambda: read_link(search, hall.catalogue), [])
    asked, set_asked = solara.use_state(Asked(read.setting, read.beside))
    problems, set_problems = solara.use_state(read.problems)
    revision, set_revision = solara.use_state(0)

    def acted(event: Any) -> None:
        after = acting.after(asked, event, hall.catalogue)
        if after == asked:
            return
        set_asked(after)
        set_problems(())
        # Sliders that were moved by hand stay where the hand is; all else puts them anew.
        if event.get("what") != "slide":
            set_revision(revision + 1)

    def controls() -> dict[str, Any]:
        with speaking(asked.now.language):
            return wording.controls(asked.now, hall.catalogue)

    shown = solara.use_memo(controls, [revision])
    with speaking(asked.now.language), solara.Div(classes=["dashboard"]):
        solara.Style(wording.STYLE)
        solara.Title(wording.title())
        solara.HTML(tag="div", unsafe_innerHTML=wording.heading())
        if problems:
            solara.HTML(tag="div", unsafe_innerHTML=wording.notice(problems))
        with solara.Div(classes=["body"]):
            with solara.Div(classes=["side"]):
                Controls(
                    **shown,
                    beside=asked.beside is not None,
                    revision=revision,
                    link=link_of(*asked),
                    event_acted=acted,
                )
            Results(hall, asked)


class _Answers:
    """What has been computed for a session so far.

    Attributes:
        quick: what is shown at once, for each setting asked for.
        slow: the rest.
        trouble: what went wrong, in words.
    """

    def __init__(
        self, quick: Sequence[Shown] = (), slow: Sequence[Later] = (), trouble: str = ""
    ) -> None:
        self.quick = tuple(quick)
        self.slow = tuple(slow)
        self.trouble = trouble


def _use_answers(hall: Hall, asked: Asked) -> _Answers:
    """Return what has been computed; the page is shown again whenever there is more of it."""
    quick, set_quick = solara.use_state(())
    slow, set_slow = solara.use_state(())
    trouble, set_trouble = solara.use_state("")
    context = get_current_context()
    session = context.id

    def into(setter: Callable[[Any], None]) -> Callable[[Any, Exception | None], None]:
        def take(found: Any, error: Exception | None) -> None:
            with context:
                if error is None:
                    setter(found)
                    set_trouble("")
                elif not isinstance(error, GivenUp):
                    with speaking(asked.now.language):
                        set_trouble(wording.trouble(error))

        return take

    def ask() -> None:
        if not hall.ask(session, asked, into(set_quick), into(set_slow)):
            with speaking(asked.now.language):
                set_trouble(busy_words())

    solara.use_effect(ask, [asked])
    solara.use_effect(lambda: lambda: hall.leave(session), [])
    return _Answers(quick, slow, trouble)


@solara.component
def Results(hall: Hall, asked: Asked) -> None:  # noqa: N802
    """Show what follows from the settings; it changes without the controls being made anew."""
    answers = _use_answers(hall, asked)
    with speaking(asked.now.language), solara.Div(classes=["main"]):
        if answers.trouble:
            solara.HTML(tag="div", unsafe_innerHTML=wording.notice([answers.trouble], bare=True))
        Share(**wording.share(asked))
        _cards(hall, asked, answers)


def _cards(hall: Hall, asked: Asked, answers: _Answers) -> None:
    """Add the cards, pair by pair where two settings are side by side."""
    if not answers.quick:
        solara.HTML(tag="p", unsafe_innerHTML=wording.waiting())
        return
    # Only a narrow screen, whose sliders stand above everything else, shows this strip.
    glance = answers.quick[0].glance
    behind = ["behind"] if tuple(s.setting for s in answers.quick) != asked.all() else []
    solara.HTML(tag="div", classes=["glance", *behind], unsafe_innerHTML=wording.escaped(glance))
    two = len(answers.quick) > 1
    with solara.Div(classes=["cards", *(["two"] if two else []), *behind]):
        for place, shown in enumerate(answers.quick):
            said = wording.verdict_card(shown, hall.catalogue, two, place)
            _card(said, place, whole=not two, spoken=True)
        for part in ("gauge", "fan", "network", "causes", "phase", "actions"):
            for place, shown in enumerate(answers.quick):
                which = wording.which(two, place)
                if part == "network":
                    _network_card(shown, place, which)
                elif part in ("causes", "phase"):
                    _later_card(part, shown.setting, answers.slow, place, which)
                else:
                    note = wording.codes(shown) if part == "actions" else ""
                    _card(wording.card(part, getattr(shown, part), which, note), place)
    solara.HTML(tag="p", classes=["lens"], unsafe_innerHTML=wording.lens(asked.now))


def _card(
    content: str, place: int, *, whole: bool = False, stale: bool = False, spoken: bool = False
) -> None:
    """Add a card; screen readers say anew what is in a spoken one whenever it changes."""
    classes = ["card", *(["kept"] if place else []), *(["whole"] if whole else [])]
    solara.HTML(
        tag="section",
        classes=[*classes, *(["stale"] if stale else [])],
        attributes={"aria-live": "polite"} if spoken else {},
        unsafe_innerHTML=content,
    )


def _network_card(shown: Shown, place: int, which: str) -> None:
    """Add the network."""
    with solara.Div(classes=["card", *(["kept"] if place else [])]):
        solara.HTML(tag="div", unsafe_innerHTML=wording.card_head("network", which))
        Network(network=shown.network, place=f"network-{place}", words=wording.network())


def _later_card(
    part: str, setting: Setting, found: Sequence[Later], place: int, which: str
) -> None:
    """Add a card that may still show the last setting, or nothing yet."""
    later = found[place] if place < len(found) else None
    drawn = "" if later is None else getattr(later, part)
    content = drawn or wording.no_chart(part, computed=later is not None)
    _card(
        wording.card(part, content, which), place, stale=later is None or later.setting != setting
    )


@solara.component
def Steps() -> None:  # noqa: N802
    """Step the Mesa model of the address's setting, month by month."""
    from alliancesim.dashboard.steps import stepping  # Mesa's page takes seconds to import

    hall = solara.use_memo(the_hall, [])
    search = solara.use_router().search or ""
    setting = solara.use_memo(lambda: read_link(search, hall.catalogue).setting, [])
    choice = hall.catalogue.choice(setting.scenario)
    with speaking(setting.language):
        title = text(choice.loaded.scenario.title)
        solara.Title(f"{title} – {wording.title()}")
        solara.HTML(tag="div", unsafe_innerHTML=wording.steps_heading(title, setting))
        Translated(**wording.mesa(), language=setting.language)
    stepping(setting, choice)


@solara.component
def Plain(children: list[Any]) -> Any:  # noqa: N802
    """Show a page as it is."""
    return solara.Div(children=children)


@solara.component
def Framed(children: list[Any]) -> Any:  # noqa: N802
    """Show Mesa's page with its controls beside it, or above it on a phone.

    Solara's own frame has them in a drawer, which covers a phone's whole screen.
    """
    controls = sidebar_portal.use_portal()
    with solara.Div(classes=["dashboard"]) as shown:
        solara.Style(wording.STYLE)
        with solara.Div(classes=["frame"]):
            solara.Div(children=controls)
            solara.Div(children=children)
    return shown


routes = [
    solara.Route(path="/", component=Page, layout=Plain),
    solara.Route(path="steps", component=Steps, layout=Framed),
]
