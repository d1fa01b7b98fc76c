"""The WSGI application: server:application, on the release that PLANLINK_RELEASE names (default:
release)."""

import os
from pathlib import Path

from kg.sparql import Limits
from kg.web.application import create_app
from kg.web.rates import RATE

application = create_app(
    Path(os.environ.get("PLANLINK_RELEASE", "release")),
    Limits.from_environment(os.environ),
    os.environ.get("PLANLINK_RATE", RATE),
    bool(os.environ.get("PLANLINK_LOG")),
)
