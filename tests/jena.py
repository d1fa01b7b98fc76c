"""Apache Jena's commands, as Debian packages it (tests/install-programs.sh)."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

JARS = Path("/usr/share/java")
# what Jena 4.5 needs of Debian's, logging to nowhere
_NEEDED = (
    "jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-shacl", "jena-rdfconnection",
    "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage", "jena-dboe-trans-data",
    "jena-dboe-transaction", "jena-tdb", "jena-tdb2", "commons-cli", "commons-codec",
    "commons-compress", "commons-csv", "commons-io", "commons-lang3", "dexx.collection", "gson",
    "guava", "httpclient", "httpclient-cache", "httpcore", "jackson-annotations", "jackson-core",
    "jackson-databind", "jsonld-java", "protobuf", "slf4j-api", "slf4j-nop", "thrift",
    "titanium-json-ld",
)  # fmt: skip
_MOVED = (
    "org/apache/jena/ext/"  # Debian's jar has the messages of Xerces here, and looks in xerces/
)


def is_there() -> bool:
    """Whether Jena and a Java to run it are installed."""
    return (JARS / "jena-shacl.jar").exists() and shutil.which("java") is not None


def run(folder: Path, command: str, *arguments: str | Path) -> bytes:
    """What a command of Jena writes, by the name of its class.

    Args:
        folder: a folder to work in.
    """
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        messages = [name for name in jar.namelist() if name.endswith(".properties")]
        jar.extractall(folder, [name for name in messages if name.startswith(f"{_MOVED}xerces/")])
    places = [str(folder / _MOVED), *(str(JARS / f"{name}.jar") for name in _NEEDED)]
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", ":".join(places), command]
    return subprocess.run([*java, *arguments], capture_output=True, check=True).stdout
