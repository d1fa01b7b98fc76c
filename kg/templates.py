"""Templates that are shipped in packages: what is written in them is seen as it is."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def templates(package: str) -> Environment:
    """The Jinja templates of a package, by their files' names; what is put into HTML, XML and SVG
    is escaped. A value that is missing is an error; `number` prints one without needless zeros."""
    environment = Environment(
        loader=PackageLoader(package, "."),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "xml", "svg"), default=False),
    )
    environment.filters["number"] = "{:g}".format
    return environment


def rendered(package: str, name: str, /, **values: Any) -> str:
    """What a template of a package makes of values."""
    return templates(package).get_template(name).render(values)
