"""Extraction -> links with method and evidence, corrected, cross-checked and to be reviewed."""
