"""What a shop on several machines promises: each function fails where one is not kept."""

import io
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from store.newsletter.limits import MOST_OF_ONE_NETWORK, WARM
from store.staff.door_models import Purpose
from store.staff.limits import LIMITS
from tests.nodes.browsing import Browser
from tests.nodes.cluster import Cluster, Node
from tests.nodes.fronting import HandedOn
from tests.nodes.load import Crowd, Told, a_crowd
from tests.nodes.running import eventually
from tests.nodes.shopping import pay, pay_page, put_in_cart

BALANCES_A_MINUTE = 10
"""How often one network may ask what is on a gift card."""
FEW_ANSWERS = 30
MOVES_SECONDS = 0.25
"""How far clocks of nginx and of readers may be apart, and how long a signal takes to arrive."""


def cart_follows_its_reader(cluster: Cluster) -> None:
    """A cart that one node began is seen, changed and emptied by the others."""
    reader, goods = cluster.reader(), cluster.goods[0]
    put_in_cart(reader, goods)
    for quantity in (3, 2, 1):
        line = re.search(r'action="(/cart/lines/\d+)"', reader.get("/cart").text)
        assert line
        # One look more, so that looking and changing change places.
        reader.get("/cart")
        reader.get("/cart")
        reader.post(line[1], quantity=quantity)
        assert [_quantity(reader) for _node in cluster.nodes] == [quantity] * len(cluster.nodes)


def staff_stay_signed_in(cluster: Cluster) -> None:
    """Whoever signs in at one node is signed in at all of them, and signed out at all of them."""
    owner = cluster.staff()
    account = "/staff/account/"
    assert [owner.get(account).status for _node in cluster.nodes] == [200] * len(cluster.nodes)
    owner.through(cluster.door(cluster.nodes[0])).send("/staff/sign-out", account)
    assert 200 not in [owner.get(account).status for _node in cluster.nodes]


def checkout_comes_back(cluster: Cluster) -> str:
    """Cart, pay page, thanks and order lie on other nodes each; return the order's number."""
    reader = cluster.reader()
    put_in_cart(reader, cluster.goods[1])
    back = pay(cluster, pay_page(reader))
    thanks = [reader.get(back) for _node in cluster.nodes]
    assert [answer.status for answer in thanks] == [200] * len(cluster.nodes)
    numbers = {_number(answer.text) for answer in thanks}
    assert len(numbers) == 1, numbers
    assert "The cart is empty." in reader.get("/cart").text
    (number,) = numbers
    return number


def edit_is_seen_everywhere(cluster: Cluster, edits: int) -> list[float]:
    """Each edit, made at another node than the last, is on the pages of all.

    Return the seconds of each, from the answer to who edited until the last node showed it. A page
    must have been in the memory of every node before, or nothing would be shown by this.
    """
    owner, path = cluster.staff(), cluster.goods[2].path
    return [
        _edited(cluster, owner, path, cluster.nodes[number % len(cluster.nodes)], number)
        for number in range(edits)
    ]


def limits_hold_over_all_nodes(cluster: Cluster) -> None:
    """What one node let pass counts at the other: balances, signups, wrong passwords."""
    _balances_are_limited(cluster)
    _signups_are_limited(cluster)
    _guesses_are_limited(cluster)


def jobs_run_once(cluster: Cluster, jobs: int) -> None:
    """Each signup, taken by either node, is mailed once, however many workers wait for it."""
    wanted = {f"once-{number}@reader-{number}.example" for number in range(jobs)}
    for number, email in enumerate(sorted(wanted)):
        reader = cluster.reader(f"100.{128 + number // 256}.{number % 256}.1")
        assert reader.post("/newsletter", email=email).status == 303
    eventually(lambda: wanted <= _written_to(cluster), f"{jobs} mails went")
    _wait_for_quiet(cluster)
    times = Counter(mail.recipient for mail in cluster.sink.taken if mail.recipient in wanted)
    assert set(times.values()) == {1}, times.most_common(3)
    assert cluster.rows("SELECT count(*) FROM outbox_row WHERE attempts > 1")[0][0] == 0


def sweeps_run_once(cluster: Cluster, turns: int) -> None:
    """A sweep that is due runs in one worker, though all of them look at the same moment."""
    asked = "SELECT count(*) FROM stock_proof"
    eventually(lambda: cluster.rows(asked)[0][0] > 0, "the first proof of stock")
    for _turn in range(turns):
        (before,) = cluster.rows(asked)[0]
        cluster.rows(
            "UPDATE lease SET until = now() WHERE name = 'sweep:inventory.prove' RETURNING name"
        )
        eventually(partial(_has_risen, cluster, asked, before), "its next turn")
        # Each worker looks every two seconds: whoever would have run it as well has by then.
        time.sleep(2.5)
        assert cluster.rows(asked)[0][0] == before + 1


def picture_is_served_by_the_other(cluster: Cluster) -> None:
    """A picture that staff send to one node is served by the other, from the object store."""
    owner, goods = cluster.staff(), cluster.goods[3]
    taking, serving = cluster.nodes[:2]
    here, page = owner.through(cluster.door(taking)), f"/staff/products/{goods.id}/pictures"
    answer = here.post_file(page, "pictures", _a_picture(), csrf_token=here.token(page))
    assert answer.status == 303, answer.status
    shown = re.search(r'/media/[^"\s]+', here.get(page).text)
    assert shown
    served = cluster.reader_of(serving).get(shown[0])
    assert served.status == 200, shown[0]
    assert served.body == cluster.reader_of(taking).get(shown[0]).body
    assert not [*(Path(serving.environment["STORE_DATA_DIR"])).rglob("*.webp")]


def nodes_are_replaced_in_turn(
    cluster: Cluster, readers: int, release: Path | None = None
) -> Sequence[Told]:
    """One node after the other is replaced under load, and no reader's request fails.

    With another release its migrations come first, while the nodes of before serve on: they have
    to stay ready. Return what readers were told.
    """
    with a_crowd(cluster, readers) as crowd:
        crowd.wait_for(FEW_ANSWERS)
        if release is not None:
            _upgrade_under_load(cluster, crowd, release)
        for node in cluster.nodes:
            node.stop()
            crowd.wait_for(FEW_ANSWERS)
            node.root = release or node.root
            node.start()
            crowd.wait_for(FEW_ANSWERS)
    assert crowd.failed == [], _told(crowd)
    return crowd.told


def _upgrade_under_load(cluster: Cluster, crowd: Crowd, release: Path) -> None:
    """Upgrade from both machines at once, while somebody reads and reads who is in the way."""
    with cluster.reading("product"):
        upgrades = [cluster.begin_upgrade(node, release) for node in cluster.nodes]
        # However long she reads, others are not kept from it.
        for _part in range(3):
            crowd.wait_for(FEW_ANSWERS)
        assert None in [upgrade.poll() for upgrade in upgrades]
    ends = [upgrade.wait(300) for upgrade in upgrades]
    assert ends == [0] * len(ends), (cluster.folder / "upgrades.log").read_text()[-2_000:]
    crowd.wait_for(FEW_ANSWERS)
    assert [node.readiness() for node in cluster.nodes] == [200] * len(cluster.nodes)
    # Whoever starts a machine of before meanwhile finds nothing to do, and no error.
    assert "newer than this code" in cluster.store("db", "upgrade")


@dataclass(frozen=True, slots=True)
class Death:
    """What a node that was killed cost."""

    answers: int
    failed: int
    in_hand: int
    """Requests that it had been given and had not answered at that moment."""
    seconds_to_next: float
    """From the kill until the next ten readers were answered."""


def node_dies(cluster: Cluster, readers: int) -> Death:
    """One node is killed by -9 under load: what fails is what it had in hand, and nothing after."""
    dying = cluster.nodes[0]
    since = len(cluster.handed_on())
    with a_crowd(cluster, readers) as crowd:
        crowd.wait_for(FEW_ANSWERS)
        died_at = time.time()  # noqa: TID251 - beside what nginx writes down
        dying.kill()
        waited = crowd.wait_for(10)
        crowd.wait_for(3 * FEW_ANSWERS)
        dying.start()
        crowd.wait_for(FEW_ANSWERS)
    handed = cluster.handed_on()[since:]
    in_hand = [one for one in handed if _was_in_hand(one, dying, died_at)]
    failed = [one for one in handed if one.status >= 500]
    assert set(failed) <= set(in_hand), [one for one in failed if one not in in_hand]
    assert len(crowd.failed) == len(failed), _told(crowd)
    return Death(len(crowd.told), len(failed), len(in_hand), waited)


def money_and_stock_agree(cluster: Cluster) -> None:
    """After all of it Stripe and the store say the same, and so do stock and its movements."""
    cluster.store("orders", "reconcile")
    cluster.store("stock", "prove")


def _has_risen(cluster: Cluster, asked: str, before: int) -> bool:
    return bool(cluster.rows(asked)[0][0] > before)


def _quantity(reader: Browser) -> int:
    found = re.search(r'name="quantity"[^>]*value="(\d+)"', reader.get("/cart").text)
    assert found
    return int(found[1])


def _number(text: str) -> str:
    found = re.search(r"GN-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found, text
    return found[0]


def _edited(cluster: Cluster, owner: Browser, path: str, node: Node, number: int) -> float:
    readers = [cluster.reader_of(node) for node in cluster.nodes]
    for reader in readers:
        reader.get(path)
        assert reader.get(path).headers.get("Age") is not None
    words = f"Notice {number} of {time.monotonic()}"
    editing = owner.through(cluster.door(node))
    answer = editing.send("/staff/shop/notice", "/staff/shop/", text=words)
    began = time.monotonic()
    assert answer.status == 303, answer.status
    for reader in readers:
        eventually(partial(_shows, reader, path, words), "every node shows an edit")
    return time.monotonic() - began


def _shows(reader: Browser, path: str, words: str) -> bool:
    return words in reader.get(path).text


def _balances_are_limited(cluster: Cluster) -> None:
    reader = cluster.reader("198.18.1.1")
    answers = [reader.post("/gift-cards", code="x").status for _try in range(BALANCES_A_MINUTE + 4)]
    assert Counter(answers) == {422: BALANCES_A_MINUTE, 429: 4}, answers


def _signups_are_limited(cluster: Cluster) -> None:
    reader, free = cluster.reader("198.18.2.1"), MOST_OF_ONE_NETWORK // WARM
    answers = [
        reader.post("/newsletter", email=f"limit@limit-{number}.example").status
        for number in range(free + 4)
    ]
    assert answers == [303] * free + [422] * 4


def _guesses_are_limited(cluster: Cluster) -> None:
    most = LIMITS[Purpose.GUESS].of_one_address
    doors = [cluster.door(node) for node in cluster.nodes]
    answers = [
        Browser([doors[number % len(doors)]], f"198.18.{3 + number}.1")
        .send("/staff/sign-in", email="guessed@example.org", password="wrong")
        .status
        for number in range(most + 4)
    ]
    assert answers == [422] * most + [429] * 4


def _written_to(cluster: Cluster) -> set[str]:
    return {mail.recipient for mail in list(cluster.sink.taken)}


def _wait_for_quiet(cluster: Cluster) -> None:
    waiting = "SELECT count(*) FROM outbox_row WHERE done_at IS NULL AND due_at <= now()"
    eventually(lambda: cluster.rows(waiting)[0][0] == 0, "no job waits")


def _a_picture() -> bytes:
    target = io.BytesIO()
    Image.effect_noise((800, 1000), 60).convert("RGB").save(target, "PNG")
    return target.getvalue()


def _was_in_hand(handed: HandedOn, node: Node, at: float) -> bool:
    is_its_own = node.at in handed.nodes
    return is_its_own and handed.began - MOVES_SECONDS <= at <= handed.ended + MOVES_SECONDS


def _told(crowd: Crowd) -> list[Told]:
    return crowd.failed[:5]
