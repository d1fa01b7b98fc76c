"""planlink learn: learns the model of names anew, from the gold and what was corrected."""

from importlib.util import find_spec
from pathlib import Path

import click

from kg.cli.output import PATH, say
from kg.errors import PlanlinkError
from kg.extract.name_scores import Figure
from kg.extract.tagger import load_model, shipped
from kg.extract.train import at_hand
from kg.files import write_durably
from kg.link.learning import Learned, learn_anew, taught_by
from kg.source.plan import load_plan


@click.command(name="learn")
@click.argument("plan_dirs", nargs=-1, required=True, type=PATH)
@click.option(
    "--out",
    type=PATH,
    help="The model file to write; by default names.npz in the first plan's folder.",
)
@click.option(
    "--gold",
    multiple=True,
    metavar="GOLD.json=PLAN",
    help="Annotations and the plan they are of: a plan's folder, or text.txt@AREA. By default "
    "those of planlink's source tree.",
)
@click.option("--keep", is_flag=True, help="Keep the model even where a figure falls.")
def learn_command(
    plan_dirs: tuple[Path, ...], out: Path | None, gold: tuple[str, ...], keep: bool
) -> None:
    """Learn the model of names anew from the gold and from what was corrected in these plans.

    It says what the corrections change on plans of the gold that neither model has learned from.
    The model is kept where no figure falls, or with --keep. Publishing uses it for the plans whose
    plan.toml names it as model. Needs pip install 'planlink[learn]', and minutes."""
    if find_spec("jax") is None:
        raise PlanlinkError.of("jax_missing", "planlink learn")
    plans = [load_plan(folder) for folder in plan_dirs]
    taught = [taught_by(p, load_model(p.model) if p.model else shipped()) for p in plans]
    decisions = sum(one.learned for one in taught)
    if not decisions:
        files = ", ".join(str(folder / "corrections.toml") for folder in plan_dirs)
        raise PlanlinkError.of("nothing_to_learn", files)
    texts = sum(len(one.texts.texts) for one in taught)
    click.echo(f"corrections to learn from: {decisions}, in sentences: {texts}")
    if passed := sum(one.passed for one in taught):
        click.echo(f"that teach nothing, since rules read what they correct: {passed}")
    learned = learn_anew(_pairs(gold), taught, say)
    _show(learned)
    out = out or plan_dirs[0] / "names.npz"
    if learned.fallen and not keep:
        click.echo(f"not kept: {', '.join(learned.fallen)} fell; --keep keeps it all the same")
        click.get_current_context().exit(1)
    write_durably(out, learned.packed)
    click.echo(
        f"{out}: version {learned.version}; name it as model in plan.toml, relative to its folder"
    )


def _pairs(gold: tuple[str, ...]) -> list[list[str]]:
    """The annotations given, or those at hand."""
    for pair in gold:
        if "=" not in pair:
            raise PlanlinkError.of("no_pair", "--gold", pair)
    pairs = [pair.split("=", 1) for pair in gold] or at_hand()
    if not pairs:
        raise PlanlinkError.of("annotations_missing", "planlink learn")
    return pairs


def _show(learned: Learned) -> None:
    click.echo(f"on {learned.held} sentences held back, F1 without and with the corrections:")
    for name, after in learned.after.items():
        before = learned.before[name]
        click.echo(f"  {name:18} {_in_words(before)}  {_in_words(after)}")


def _in_words(figure: Figure) -> str:
    return f"{figure.f1:.3f} ({figure.right} of {figure.wanted}, {figure.read} read)"
