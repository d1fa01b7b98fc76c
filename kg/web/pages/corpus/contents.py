"""The questions about all plans, with a sentence each."""

from flask import g, render_template

from kg.web.context import release
from kg.web.pages.corpus.answers import blueprint, contents


@blueprint.get("/corpus")
def listed() -> str:
    """The questions that are answered from all plans together."""
    return render_template(
        "corpus/contents.html",
        questions=[
            (one["name"], one[g.language], one[f"about_{g.language}"])
            for one in contents()["question"]
        ],
        plans=len(release().manifest.plans),
    )
