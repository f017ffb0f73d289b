"""What a reader does from the shelf to the thanks page, however many machines answer her."""

from tests.nodes.browsing import Answer, Browser, Door
from tests.nodes.cluster import Cluster, Goods

PAID = {
    "email": "robin@reader.example",
    "name": "Robin Reader",
    "phone": "0400 000 000",
    "line1": "12 Galley Street",
    "city": "Newtown",
    "state": "NSW",
    "postal_code": "2042",
    "country": "AU",
    "shipping": "0",
    "card": "4242 4242 4242 4242",
    "expiry": "12/39",
    "cvc": "123",
}


def put_in_cart(reader: Browser, goods: Goods, quantity: int = 1) -> None:
    answer = reader.post("/cart/lines", variant_id=goods.variant, quantity=quantity)
    assert answer.status == 303, answer.status


def pay_page(reader: Browser) -> str:
    """Check out; return the address of the pay page."""
    answer = reader.post("/checkout")
    assert answer.status == 303, answer.status
    assert "/pay/" in answer.leads_to, answer.leads_to
    return answer.leads_to


def pay(cluster: Cluster, page: str) -> str:
    """Pay as a browser does; return where it leads back to."""
    host = cluster.environment["STORE_STRIPE_API_BASE"].removeprefix("http://")
    address, _, port = host.partition(":")
    answer = Browser([Door(address, int(port), host)]).post(page, PAID)
    assert answer.status == 303, answer.text
    return answer.leads_to


def buy(cluster: Cluster, reader: Browser, goods: Goods) -> Answer:
    """Buy one; return the page of thanks."""
    put_in_cart(reader, goods)
    return reader.get(pay(cluster, pay_page(reader)))
