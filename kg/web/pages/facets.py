"""What tells plans apart, for those who choose among them: words, province, level, period."""

from collections.abc import Mapping

from kg.release.manifest import PlanEntry
from kg.release.tokens import folded
from kg.web.context import release
from kg.web.parameters import choice_asked

LEVELS = ("nation", "province", "city", "county", "zone", "town")
STATES = ("current", "coming", "over")


def plans_named(words: str) -> list[PlanEntry]:
    """The plans whose title, area, issuer or slug hold each of some words."""
    plans, wanted = release().manifest.plans, folded(words).split()
    held = release().once(("words of plans",), lambda: {p.slug: _words(p) for p in plans})
    return [plan for plan in plans if all(word in held[plan.slug] for word in wanted)]


def _words(plan: PlanEntry) -> str:
    return folded(f"{plan.title} {plan.title_en or ''} {plan.area} {plan.issuer} {plan.slug}")


def plans_like(chosen: Mapping[str, str | None], but: str = "") -> set[str]:
    """The plans (slugs) that have what was chosen of each facet, one of the choices left out; what
    is no facet of plans says nothing."""
    asked = {facet: value for facet, value in chosen.items() if value and facet != but}
    return {
        slug
        for slug, of in facets_of_plans().items()
        if all(of.get(facet, value) == value for facet, value in asked.items())
    }


def facet_asked(name: str) -> str:
    """What the address chooses of a facet, "" for nothing; answers 400 for what is no choice."""
    known = {"level": LEVELS, "state": STATES}.get(name, ())  # whether there are such plans or not
    return choice_asked(name, {*known, *(of[name] for of in facets_of_plans().values())})


def facets_of_plans() -> dict[str, dict[str, str]]:
    """What each plan is (its slug) and is for: its province, its level, its period, and whether
    that is under way in the year of the release."""
    return release().once(("facets of plans",), _facets)


def _facets() -> dict[str, dict[str, str]]:
    shown = release()
    places, year = shown.questions.places, int(shown.manifest.issued[:4])

    def state(first: int, last: int) -> str:
        return "coming" if year < first else "over" if year > last else "current"

    return {
        plan.slug: {
            "plan": plan.slug,
            "area": places[plan.slug].region,
            "level": places[plan.slug].level,
            "period": "–".join(map(str, plan.period)),
            "state": state(*plan.period),
        }
        for plan in shown.manifest.plans
    }
