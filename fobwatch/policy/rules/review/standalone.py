"""The report of a review as one HTML file that stands alone: no script, no font, no address from outside."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review import many
from fobwatch.policy.rules.review.book import GRADE_WORDS, book


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("fobwatch.policy", "templates/policy")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("review_alone.jinja")


def html_report(documents: Mapping[str, Mapping[str, Any]]) -> str:
    """The report of some documents, as `policy review --json` names them."""
    risks = {item.id: item.risk for item in book().items.values()}
    read = many.read_ones(documents)
    return _template().render(
        documents=documents,
        read=read,
        items=ITEMS,
        signs=many.SIGNS,
        words=GRADE_WORDS,
        order={name: many.by_risk(one, risks) for name, one in read.items()},
        counts=many.item_counts(documents),
        distributions=many.distributions(documents),
        without=many.allowed_without(documents),
    )
