"""Two web nodes and two workers on one PostgreSQL and one Redis are one shop to everybody."""

from collections.abc import Iterator

import pytest

from tests.nodes import promises
from tests.nodes.cluster import Cluster
from tests.nodes.places import by_port
from tests.nodes.release import next_release
from tests.nodes.setting_up import a_cluster, missing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if lacking := missing():
        pytest.skip(f"this machine has no {lacking}")
    with a_cluster(tmp_path_factory.mktemp("nodes"), by_port()) as cluster:
        yield cluster


def test_a_cart_is_the_same_at_every_node(cluster: Cluster) -> None:
    promises.cart_follows_its_reader(cluster)


def test_staff_are_signed_in_at_every_node_and_out_at_every_node(cluster: Cluster) -> None:
    promises.staff_stay_signed_in(cluster)


def test_whoever_pays_comes_back_to_another_node_than_she_left(cluster: Cluster) -> None:
    number = promises.checkout_comes_back(cluster)

    states = cluster.rows('SELECT state FROM "order" WHERE number = %s', number)
    assert states == [("paid",)]


def test_an_edit_at_either_node_is_on_the_pages_of_both(cluster: Cluster) -> None:
    promises.edit_is_seen_everywhere(cluster, edits=4)


def test_what_one_node_let_pass_counts_at_the_other(cluster: Cluster) -> None:
    promises.limits_hold_over_all_nodes(cluster)


def test_a_job_runs_in_one_of_two_workers(cluster: Cluster) -> None:
    promises.jobs_run_once(cluster, jobs=12)


def test_a_sweep_runs_in_one_of_two_workers(cluster: Cluster) -> None:
    promises.sweeps_run_once(cluster, turns=2)


def test_a_picture_sent_to_one_node_is_served_by_the_other(cluster: Cluster) -> None:
    promises.picture_is_served_by_the_other(cluster)


def test_a_node_that_is_killed_takes_along_no_more_than_it_had_in_hand(cluster: Cluster) -> None:
    death = promises.node_dies(cluster, readers=3)

    assert death.failed <= 3
    promises.money_and_stock_agree(cluster)


def test_nodes_are_replaced_by_the_next_release_without_a_failed_request(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    release = next_release(tmp_path_factory.mktemp("release"))

    promises.nodes_are_replaced_in_turn(cluster, readers=3, release=release)

    promises.money_and_stock_agree(cluster)
