"""Does each route answer as its description says, whatever is sent? Schemathesis makes requests of
the description, right and wrong ones.

    python benchmarks/openapi.py SCHEMATHESIS [EXAMPLES]

Two checks are left out: a text of the right type is no query yet, and pages take any number of a
page.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support import FLAGSHIP, run_apart, serving  # noqa: E402

CONFIGURATION = ROOT / "tests" / "web" / "schemathesis.toml"
COMMAND = (
    "--phases",
    "fuzzing,coverage",
    "--mode",
    "all",
    "--exclude-checks",
    "positive_data_acceptance",
)


def main(schemathesis: str, examples: str = "300") -> int:
    """Publish the flagship, serve it, and have requests sent; Schemathesis's exit status."""
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        published = run_apart("publish", FLAGSHIP, "--out", release)
        assert published.returncode == 0, published.stderr
        with serving(release) as address:
            command = [
                str(Path(schemathesis).absolute()),
                "--config-file",
                str(CONFIGURATION),
                "run",
            ]
            done = subprocess.run(
                [*command, f"{address}/openapi.json", "--url", address, "-n", examples, *COMMAND],
                cwd=folder, check=False,
            )  # fmt: skip
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
