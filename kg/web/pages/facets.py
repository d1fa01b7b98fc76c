"""What tells plans apart, for those who choose among them: province, level, period."""

from kg.web.context import release


def facets_of_plans() -> dict[str, dict[str, str]]:
    """What each plan is for, as far as the release tells: its province, its level, its period."""
    shown = release()
    asked = shown.questions(shown.number)
    if asked is None:
        return {
            plan.slug: {"area": "", "level": "", "period": f"{plan.period[0]}–{plan.period[1]}"}
            for plan in shown.manifest.plans
        }
    return shown.once(
        ("facets of plans",),
        lambda: {
            slug: {"area": one.region, "level": one.level, "period": f"{one.first}–{one.last}"}
            for slug, one in asked.places.items()
        },
    )
