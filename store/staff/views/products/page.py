"""The page on which a product is edited."""

from flask import render_template
from flask_babel import gettext as _

from store.catalog.models import Matching, Product, StockPolicy
from store.catalog.previewing import preview_token
from store.catalog.size_charts import NO_CHART, charts_by_type, size_charts
from store.inventory import stock
from store.inventory.models import StockLevel
from store.newsletter.back_in_stock.queries import waiting_readers
from store.newsletter.campaigns.drops import drop_of
from store.staff import changes, product_editing, products
from store.staff.audit import history
from store.staff.forms.grid import UNCOUNTED
from store.staff.forms.product import ProductForm
from store.staff.kept_edits import PRODUCT
from store.staff.models import KeptEdit
from store.staff.permissions import may_do
from store.staff.product_files import names_of_files
from store.staff.product_prices import price_times
from store.staff.product_values import thing_of
from store.staff.roles import Permission
from store.staff.undoing import UNDOING
from store.staff.views.editing import unsaved_of
from store.web.doors import services


def editor_page(
    product: Product | None,
    form: ProductForm,
    *,
    act: str = "",
    kept: KeptEdit | None = None,
    is_restored: bool = False,
) -> str:
    """Render the form as it was typed, with all that is known of its product."""
    about = PRODUCT.of(product.id) if product else PRODUCT.new(form.key)
    return render_template(
        "staff/products/editor.html",
        product=product,
        form=form,
        act=act,
        selling=_selling(),
        charts=_charts(form.words["product_type"].strip()),
        types=products.product_types(),
        vendors=products.vendors(),
        hand_made=[c for c in products.collections() if c.matching == Matching.BY_HAND],
        **unsaved_of(PRODUCT, about, kept=kept, is_restored=is_restored),
        **_of_product(product),
    )


def _of_product(product: Product | None) -> dict[str, object]:
    if product is None:
        return {
            "levels": {},
            "known": (),
            "changes": (),
            "can_delete": False,
            "waiting": (),
            "price_times": (),
            "file_names": (),
            "drop": None,
        }
    settings, clock = services().settings, services().clock
    token = preview_token(product.id, settings, clock)
    entries = history(thing_of(product), limit=10)
    return {
        "levels": {str(i): level for i, level in _levels(product).items()},
        "known": {str(variant.id) for variant in product.variants},
        "changes": changes.shown(entries, UNDOING, may_undo=may_do(Permission.EDIT_PRODUCTS)),
        "state": products.state_of(
            product.status, product.published_at, product.unpublish_at, clock.now()
        ),
        "waiting": waiting_readers(product.id),
        "price_times": price_times(product, clock.now()),
        "file_names": names_of_files(product),
        "preview": f"{settings.public_url}/preview/{token}",
        "drop": drop_of(product.id, clock.now()) if may_do(Permission.WRITE_CAMPAIGNS) else None,
        "can_delete": product_editing.can_be_deleted(product),
    }


def _levels(product: Product) -> dict[int, StockLevel]:
    return stock.levels([variant.id for variant in product.variants])


def _charts(product_type: str) -> list[tuple[str, str]]:
    by_type = charts_by_type().get(product_type)
    default = _("As its type: %(name)s", name=by_type.name if by_type else _("none"))
    return [("", default), (NO_CHART, _("None")), *((c.name, c.name) for c in size_charts())]


def _selling() -> list[tuple[str, str]]:
    return [
        (StockPolicy.DENY.value, _("Stop selling")),
        (StockPolicy.BACKORDER.value, _("Send later")),
        (StockPolicy.PREORDER.value, _("Pre-order")),
        (UNCOUNTED, _("Not counted")),
    ]
