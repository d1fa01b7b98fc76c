"""planlink suggest: asks a language model about what was read with little certainty."""

import sys
from pathlib import Path

import click

from kg.cli.output import PATH, counted, say
from kg.link.chat import Chat
from kg.link.reading import read_plan
from kg.link.suggest import doubtful, suggest
from kg.link.suggestions import FILE, add_suggestions
from kg.settings.loading import load_settings
from kg.source.plan import load_plan


@click.command(name="suggest")
@click.argument("plan_dir", type=PATH)
@click.option(
    "--endpoint",
    required=True,
    help="The address of a chat endpoint that speaks OpenAI's protocol, up to /chat/completions.",
)
@click.option("--model", required=True, help="The model's name there.")
@click.option(
    "--most",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="Sentences to ask about, the least certain first.",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="How long one answer may take.",
)
def suggest_command(plan_dir: Path, endpoint: str, model: str, most: int, seconds: int) -> None:
    """Ask a language model for names and targets that were missed or read wrongly.

    Sentences of the plan are sent to the endpoint. What it suggests is written to suggestions.toml
    and shown by planlink review, to be accepted or rejected; no release holds it before. The key
    that the endpoint may want is taken from PLANLINK_SUGGEST_KEY."""
    chat = Chat(endpoint, model, load_settings().suggest.key, seconds)
    reading = read_plan(load_plan(plan_dir), lambda _: None, say)
    sentences = doubtful(reading, most)
    with click.progressbar(length=len(sentences), label="asking", file=sys.stderr) as bar:
        outcome = suggest(reading, chat, sentences, lambda _: bar.update(1))
    added = add_suggestions(plan_dir, outcome.suggestions)
    sentences_asked = counted(outcome.asked, "sentence")
    for reason, count in sorted(outcome.unanswered.items()):
        say(f"{count} of {sentences_asked} skipped: {reason}")
    if outcome.refused:
        say(
            f"{counted(outcome.refused, 'suggestion')} passed over, whose words are not in the "
            "sentence or which say nothing new"
        )
    click.echo(
        f"{counted(added, 'suggestion')} about {sentences_asked} in {plan_dir / FILE}; "
        f"planlink review {plan_dir} shows them"
    )
