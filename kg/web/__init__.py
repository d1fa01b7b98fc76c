"""Everything that answers over HTTP: the application (kg.web.application), and what serves it."""
