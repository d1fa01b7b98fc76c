"""What tells plans apart, for those who choose among them: province, level, period."""

from kg.web.context import release


def facets_of_plans() -> dict[str, dict[str, str]]:
    """What each plan is for: its province, its level, its period; an early release tells the last
    alone.
    """
    return release().once(("facets of plans",), _facets)


def _facets() -> dict[str, dict[str, str]]:
    shown = release()
    try:
        places = shown.questions(shown.number).places
    except FileNotFoundError:
        places = {}
    return {
        plan.slug: {
            "area": places[plan.slug].region if plan.slug in places else "",
            "level": places[plan.slug].level if plan.slug in places else "",
            "period": "–".join(map(str, plan.period)),
        }
        for plan in shown.manifest.plans
    }
