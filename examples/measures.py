"""Print a plan's measures, each with its sentence: python examples/measures.py
plans/hongqiao-2021."""

import sys

import kg

for measure in kg.read_plan(sys.argv[1]).measures:
    where = ", ".join(zone.name for zone in measure.zones)
    print(f"{measure.number} {measure.title} [{where}]")
    print(f"    {measure.sentence}")
