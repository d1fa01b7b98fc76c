"""Print the measures of the plan in a folder or file, each with its sentence."""

import sys

import kg

for measure in kg.read_plan(sys.argv[1]).measures:
    where = ", ".join(zone.name for zone in measure.zones)
    print(f"{measure.number} {measure.title} [{where}]")
    print(f"    {measure.sentence}")
