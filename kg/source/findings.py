"""What was not understood: findings, said with the plan and never dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.lexicon import filled, lexicon
from kg.source.text import Span


@dataclass(frozen=True)
class Finding:
    """Something of a document that was not, or not fully, understood.

    kind: a key of lexicon/findings.toml, which words it in both languages.
    span: the place in the source text; None where it has none there.
    values: what the wording's {placeholders} stand for.
    """

    kind: str
    span: Span | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def wording(self, language: str) -> str:
        """What it says, in Chinese (zh) or English (en)."""
        return filled(lexicon("findings")[self.kind][language], **self.values)
