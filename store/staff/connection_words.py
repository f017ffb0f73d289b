"""What tokens may and what addresses are told of, in the words of staff."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.connections.models import Kind, Scope

SCOPE_WORDS: Mapping[str, LazyString] = {
    Scope.READ_ORDERS: _l("Read orders to ship, with the address on the label"),
    Scope.WRITE_PARCELS: _l("Send parcels, correct their numbers, say that they arrived"),
    Scope.READ_STOCK: _l("Read what lies on the shelves"),
    Scope.WRITE_STOCK: _l("Adjust and count shelves"),
}
KIND_WORDS: Mapping[str, LazyString] = {
    Kind.ORDER_PAID: _l("An order is paid and may be packed"),
    Kind.ORDER_CANCELLED: _l("A paid order is called off"),
    Kind.ORDER_REFUNDED: _l("Money of an order went back"),
    Kind.PARCEL_SHIPPED: _l("A parcel has left"),
    Kind.PARCEL_DELIVERED: _l("A parcel has arrived"),
    Kind.STOCK_CHANGED: _l("Something came to a shelf or went"),
    Kind.PING: _l("A test"),
}
