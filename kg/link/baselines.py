"""One baseline for an indicator, however often the plan states it."""

from dataclasses import replace

from kg.extract.model import Extraction, Quantity, Value
from kg.quantities.conversion import convert
from kg.source.findings import Finding


def with_one_baseline(extraction: Extraction) -> Extraction:
    """What was read, with one baseline for each indicator: its table's, else the first of the text.

    Another one that says the same, or is of an earlier year, is left out; one of the same year
    that does not is a finding as well.

    Args:
        extraction: values of the text given to the indicators of the table already.
    """
    stated = [v for v in extraction.values if v.kind == "Baseline"]
    kept: dict[str, Value] = {}
    for value in sorted(stated, key=lambda v: (v.sentence is not None, -v.period[1])):
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
        if value.period[1] == kept[value.indicator].period[1]
        and not _agree(value.quantity, kept[value.indicator].quantity)
    )
    values = tuple(v for v in extraction.values if v.kind != "Baseline" or kept[v.indicator] is v)
    return replace(extraction, values=values, findings=(*extraction.findings, *findings))


def _agree(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities come to the same, whatever their units."""
    if one.value is None or not one.unit or not other.unit:
        return (one.value, one.unit, one.unit_text) == (other.value, other.unit, other.unit_text)
    return convert(one.value, one.unit, other.unit) == other.value
