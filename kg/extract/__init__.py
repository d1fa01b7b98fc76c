"""Document -> goals, measures, indicators, values, achievements, zones and institutions."""
