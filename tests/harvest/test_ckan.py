"""What CKAN's own parser makes of the catalogue, in an environment of its own (159 MB): CKAN wants
other versions of what we need.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
UV = Path(sys.executable).with_name("uv")


@pytest.mark.skipif(not UV.exists(), reason="uv installs CKAN in seconds: make test")
def test_ckan_reads_every_dataset(flagship: Path, tmp_path: Path) -> None:
    python = tmp_path / "ckan" / "bin" / "python"
    made = [UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "ckan"]
    subprocess.run(made, check=True)
    install = [UV, "pip", "install", "--quiet", "--python", python]
    install += ["--overrides", HERE / "left_out.txt", "ckan[requirements]>=2.11"]
    installed = subprocess.run(
        [*install, "ckanext-dcat>=2.4"], capture_output=True, text=True, check=False
    )
    if installed.returncode:
        pytest.skip(f"CKAN does not install here: {installed.stderr.strip().splitlines()[-1]}")
    catalogue = flagship / "current" / "catalogue.ttl"
    done = subprocess.run(
        [python, HERE / "check_ckan.py", catalogue], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
