"""planlink: government plans as linked open data."""
