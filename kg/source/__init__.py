"""A file as published and a plan's folder: text with exact places, and plan.toml."""
