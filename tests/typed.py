"""The types that a user of `import kg` gets; `make lint` checks them, nobody runs them."""

from decimal import Decimal
from typing import assert_type

import kg

plan = kg.read_plan("x")
assert_type(plan.measures[0].zones[0].measures[0].sentence.start, int)
assert_type(plan.indicators[0].targets[0].value, Decimal | None)
assert_type(kg.open_release("x").select("y")[0], kg.Row)
assert_type(kg.__version__, str)
