"""Monitoring a plan: values and states entered each year, kept with their origin, and the progress
they show."""
