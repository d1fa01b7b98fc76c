"""Monitoring a plan: values and states entered each year, their origin, and progress."""
