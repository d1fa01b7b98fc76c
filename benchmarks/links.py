"""Links of measures to indicators in plans not learned from: one plan left out at a time.

usage: links.py   (needs ../shared and planlink[learn])

For each annotated plan that has indicators the weights are learned from all the others, and the
links that they give are compared with the plan's annotation, as ../shared/gold/score_plans.py does.
Of the links of the same subject alone, those count as right that annotators leave open.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from learn_links import Annotated, learn, read_all, taken

Counts = Counter[str]


def judged(plan: Annotated, others: list[Annotated]) -> tuple[Counts, Counts]:
    """What is right, extra and missed of a plan: links to the quantity, and to the subject."""
    serves = taken(plan, learn(others, subject=False))
    counted = Counter(
        right=len(serves & plan.required),
        extra=len(serves - plan.required - plan.open),
        missed=len(plan.required - serves),
    )
    concerns = taken(plan, learn(others, subject=True), subject=True) - serves
    open_links = plan.open - serves
    return counted, Counter(
        right=len(concerns & (open_links | plan.required)),
        extra=len(concerns - plan.open - plan.required),
        missed=len(open_links - concerns),
    )


def line(name: str, counts: Counts) -> str:
    """Precision, recall and F1 as score_plans.py prints them."""
    right, extra, missed = (counts[key] for key in ("right", "extra", "missed"))
    p, r = right / ((right + extra) or 1), right / ((right + missed) or 1)
    f = 2 * p * r / ((p + r) or 1)
    return (
        f"{name:44} P {p:.3f}  R {r:.3f}  F1 {f:.3f}  right {right} extra {extra} missed {missed}"
    )


def main() -> None:
    plans = read_all()
    total: dict[str, tuple[Counts, Counts]] = defaultdict(lambda: (Counter(), Counter()))
    for plan in plans:
        counts = judged(plan, [other for other in plans if other.slug != plan.slug])
        print(line(plan.slug, counts[0]), flush=True)
        kind = "flagship" if "flagship" in plan.slug else "others"
        for have, found in zip(total[kind], counts, strict=True):
            have.update(found)
    for kind, (serves, concerns) in total.items():
        print(line(f"== {kind}, the same quantity", serves))
        print(line(f"== {kind}, the same subject", concerns))


if __name__ == "__main__":
    main()
