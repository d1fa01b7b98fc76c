"""The WSGI application, server:application, on the release that PLANLINK_RELEASE names."""

import os
from pathlib import Path

from kg.web.application import create_app

application = create_app(Path(os.environ.get("PLANLINK_RELEASE", "release")))
