"""Size charts: measures in one table that many products show, each its own or that of its type."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from store.catalog.models import Product, SizeChart, SizeChartType, product_size_chart
from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, InvalidError, NotFoundError

LONGEST_NAME, LONGEST_BODY = 120, 20_000
NO_CHART = "–"
"""What a product chooses that shows none, though its type has one; no chart is called so."""


class ChartNameTakenError(ConflictError):
    """Another chart has this name."""


class TypeTakenError(ConflictError):
    """Products of this type show another chart."""

    def __init__(self, product_type: str) -> None:
        super().__init__(f"{product_type} has a chart")
        self.product_type = product_type


class ChartRefusedError(InvalidError):
    """A chart has a name and a table."""


class NoSuchChartError(NotFoundError):
    """No size chart has this number."""


def size_charts() -> Sequence[SizeChart]:
    return db.session.scalars(select(SizeChart).order_by(SizeChart.name)).all()


def size_chart_of(chart_id: int) -> SizeChart:
    chart = db.session.get(SizeChart, chart_id)
    if chart is None:
        raise NoSuchChartError(f"no size chart {chart_id}")
    return chart


def charts_by_type() -> Mapping[str, SizeChart]:
    """Return the chart of each type that has one."""
    rows = db.session.execute(
        select(SizeChartType.product_type, SizeChart)
        .join(SizeChart, SizeChart.id == SizeChartType.size_chart_id)
        .order_by(SizeChartType.product_type)
    )
    return {row.product_type: row.SizeChart for row in rows}


def types_of(chart: SizeChart) -> list[str]:
    """Return the types whose products show this chart unless another was chosen."""
    return list(
        db.session.scalars(
            select(SizeChartType.product_type)
            .where(SizeChartType.size_chart_id == chart.id)
            .order_by(SizeChartType.product_type)
        )
    )


def save_chart(
    chart: SizeChart, name: str, body: str, types: Sequence[str], clock: Clock
) -> SizeChart:
    """Write a chart, new or known, for products of these types; flushes only.

    Raises ChartRefusedError, ChartNameTakenError and TypeTakenError.
    """
    words = " ".join(name.split())
    is_named = 0 < len(words) <= LONGEST_NAME and words != NO_CHART
    if not is_named or not body.strip() or len(body) > LONGEST_BODY:
        raise ChartRefusedError("a chart has a name and a table")
    owner = db.session.scalar(select(SizeChart.id).where(SizeChart.name == words))
    if owner is not None and owner != chart.id:
        raise ChartNameTakenError(words)
    taken = {name: other for name, other in charts_by_type().items() if other is not chart}
    if wrong := next((name for name in types if name in taken), None):
        raise TypeTakenError(wrong)
    chart.name, chart.body, chart.updated_at = words, body, clock.now()
    db.session.add(chart)
    db.session.flush()
    _set_types(chart, types)
    bump_public_version()
    return chart


def delete_chart(chart: SizeChart) -> None:
    """Delete a chart; products that showed it show that of their type, or none. Flushes only."""
    db.session.delete(chart)
    db.session.flush()
    bump_public_version()


def chart_choice(product: Product) -> str | None:
    """Return the name of the product's own chart, NO_CHART, or None where its type decides."""
    if product.is_without_chart:
        return NO_CHART
    return product.size_chart.name if product.size_chart else None


def choose_chart(product: Product, choice: str | None) -> None:
    """Show what chart_choice returns on the product's page; flushes only.

    A chart that is gone leaves it to the type.
    """
    if chart_choice(product) == choice:
        return
    product.is_without_chart = choice == NO_CHART
    db.session.flush()
    db.session.execute(
        delete(product_size_chart).where(product_size_chart.c.product_id == product.id)
    )
    chart_id = db.session.scalar(select(SizeChart.id).where(SizeChart.name == choice))
    if chart_id is not None:
        row = {"product_id": product.id, "size_chart_id": chart_id}
        db.session.execute(insert(product_size_chart), row)
    db.session.expire(product, ["size_chart"])
    bump_public_version()


def _set_types(chart: SizeChart, types: Sequence[str]) -> None:
    db.session.execute(delete(SizeChartType).where(SizeChartType.size_chart_id == chart.id))
    db.session.add_all(
        SizeChartType(product_type=name, size_chart_id=chart.id) for name in dict.fromkeys(types)
    )
    db.session.flush()
