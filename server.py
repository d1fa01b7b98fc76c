"""The WSGI application: server:application, on the release that PLANLINK_RELEASE names (default: release)."""

import os
from pathlib import Path

from kg.web import create_app

application = create_app(Path(os.environ.get("PLANLINK_RELEASE", "release")))
