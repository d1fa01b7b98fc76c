"""What tells plans apart, for those who choose among them: province, level, period."""

from kg.web.context import release


def facets_of_plans() -> dict[str, dict[str, str]]:
    """What each plan is for: its province, its level, its period."""
    shown = release()
    return shown.once(
        ("facets of plans",),
        lambda: {
            slug: {"area": one.region, "level": one.level, "period": f"{one.first}–{one.last}"}
            for slug, one in shown.questions(shown.number).places.items()
        },
    )
