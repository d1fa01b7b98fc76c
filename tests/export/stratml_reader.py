"""Reads StratML Part 2 back into what kg.export.stratml writes it from."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

from kg.export.stratml import (
    PART_2,
    GoalEntry,
    IndicatorEntry,
    ObjectiveEntry,
    PlanEntry,
    Result,
    Submitter,
)


def read_xml(content: bytes) -> PlanEntry:
    """A plan read back from StratML Part 2."""
    root = ET.fromstring(content)
    assert root.tag == f"{{{PART_2}}}PerformancePlanOrReport"

    def text(node: ET.Element, *path: str) -> str:
        return node.findtext("/".join(f"{{{PART_2}}}{p}" for p in path)) or ""

    def all_of(node: ET.Element, tag: str) -> list[ET.Element]:
        return node.findall(f"{{{PART_2}}}{tag}")

    def results(indicator: ET.Element, tag: str) -> tuple[Result, ...]:
        found = [
            r
            for instance in all_of(indicator, "MeasurementInstance")
            for r in all_of(instance, tag)
        ]
        return tuple(
            Result(
                Decimal(number) if (number := text(r, "NumberOfUnits")) else None,
                text(r, "Description"),
                text(r, "StartDate"),
                text(r, "EndDate"),
            )
            for r in found
        )

    core = root.find(f"{{{PART_2}}}StrategicPlanCore")
    assert core is not None
    goals = tuple(
        GoalEntry(
            text(goal, "Name"),
            text(goal, "Description"),
            tuple(
                ObjectiveEntry(
                    text(o, "Name"),
                    text(o, "Description"),
                    tuple(text(s, "Name") for s in all_of(o, "Stakeholder")),
                    tuple(
                        IndicatorEntry(
                            text(i, "MeasurementDimension"),
                            text(i, "UnitOfMeasurement"),
                            results(i, "TargetResult"),
                            results(i, "ActualResult"),
                        )
                        for i in all_of(o, "PerformanceIndicator")
                    ),
                )
                for o in all_of(goal, "Objective")
            ),
        )
        for goal in all_of(core, "Goal")
    )
    return PlanEntry(
        text(root, "Name"),
        text(core, "Organization", "Name"),
        text(core, "Vision", "Description"),
        text(root, "AdministrativeInformation", "StartDate"),
        text(root, "AdministrativeInformation", "EndDate"),
        text(root, "AdministrativeInformation", "Source"),
        Submitter(text(root, "Submitter", "Surname"), text(root, "Submitter", "EmailAddress")),
        goals,
    )
