"""One baseline for an indicator, however often the plan states it."""

from __future__ import annotations

from dataclasses import replace

from kg.extract.model import Extraction, Quantity, Value
from kg.quantities.grammar import units
from kg.source.findings import Finding


def with_one_baseline(extraction: Extraction) -> Extraction:
    """What was read, with one baseline for each indicator: its table's, else the first of the text.

    Another one that says the same is left out; one that does not is a finding as well.

    Args:
        extraction: values of the text given to the indicators of the table already.
    """
    stated = [v for v in extraction.values if v.kind == "Baseline"]
    kept: dict[str, Value] = {}
    for value in sorted(stated, key=lambda v: v.sentence is not None):
        kept.setdefault(value.indicator, value)
    others = [v for v in stated if kept[v.indicator] is not v]
    findings = tuple(
        Finding(
            "baselines-differ",
            value.quantity.span,
            {
                "name": extraction.indicator[value.indicator].name,
                "text": value.quantity.text,
                "kept": kept[value.indicator].quantity.text,
            },
        )
        for value in others
        if _in_base_unit(value.quantity) != _in_base_unit(kept[value.indicator].quantity)
    )
    left_out = {v.key for v in others}
    values = tuple(v for v in extraction.values if v.kind != "Baseline" or v.key not in left_out)
    return replace(extraction, values=values, findings=(*extraction.findings, *findings))


def _in_base_unit(quantity: Quantity) -> object:
    """What a quantity comes to, in the unit that its own turns into."""
    unit = units().get(quantity.unit or "")
    if unit is None or quantity.value is None:
        return quantity.value, quantity.unit_text
    return quantity.value * unit.factor, unit.base or unit.id
