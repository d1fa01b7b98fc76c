"""Numbers, units, ranges, comparators and bases as Chinese offices write them."""
