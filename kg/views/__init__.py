"""Read models that pages, the command line and exports share, each read from a released store."""
