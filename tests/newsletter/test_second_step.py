"""Promises about a busy hour: a person gets through, a script pays for its hurry."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.database import db
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.limits import MOST_OF_ONE_NETWORK, forget_attempts
from store.newsletter.models import ConsentEntry, SignupAttempt, Subscriber
from store.newsletter.second_step.asking import GOOD_FOR, MOST_WRONG
from store.newsletter.second_step.models import StepAnswer
from store.newsletter.second_step.questions import ASKED, OPTIONS, WORDS, question_of
from tests.newsletter.busy_hour import (
    COOL,
    from_afar,
    heat,
    read_it,
    right_answer,
    send,
    sign_up_patiently,
    step_fields,
    wrong_answer,
)
from tests.newsletter.signing_up import ADDRESS, FAR_AWAY, run_jobs, subscribers
from tests.pages import Page
from tests.shop import Shop


def attempts() -> int:
    # What the last page of this thread had read is of an older moment.
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(SignupAttempt)).one()


def answers() -> int:
    return db.session.scalars(select(func.count()).select_from(StepAnswer)).one()


def test_quiet_hour_asks_nobody_more_than_an_address(app: Flask, shop: Shop) -> None:
    statuses = [from_afar(shop, f"r{n}@gmail.com").status_code for n in range(COOL)]

    assert statuses == [303] * COOL


def test_person_gets_through_a_busy_hour_by_one_question(app: Flask, shop: Shop) -> None:
    heat(shop)

    asked = from_afar(shop, ADDRESS, topics="sales", offers="topics", section="Culture")
    read_it(shop)
    answer = send(shop.browser(), step_fields(asked), right_answer(asked))
    run_jobs(shop)

    assert (asked.status_code, Page(asked).title.partition(" –")[0]) == (422, "One question first")
    assert answer.status_code == 303
    row = db.session.scalars(select(Subscriber).where(Subscriber.email == ADDRESS)).one()
    assert (row.topics, row.section) == (["sales"], "Culture")


def test_question_is_a_form_that_needs_no_script(app: Flask, shop: Shop) -> None:
    heat(shop)

    page = Page(from_afar(shop, ADDRESS))

    assert page.all("form", action="/newsletter", method="post")
    assert len(page.all("input", name="answer", type="radio")) == OPTIONS
    ids = {field["id"] for field in page.all("input", name="answer")}
    assert ids <= {label["for"] for label in page.all("label") if "for" in label}
    assert [words for tag, words in page.words if tag == "legend"]


def test_answer_that_nobody_can_have_read_is_handed_back_with_its_question(
    app: Flask, shop: Shop
) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)

    hasty = send(shop.browser(), step_fields(asked), right_answer(asked))

    assert hasty.status_code == 422
    assert step_fields(hasty)["step"] == step_fields(asked)["step"]
    (chosen,) = [field for field in Page(hasty).all("input", name="answer") if "checked" in field]
    assert chosen["value"] == right_answer(asked)
    read_it(shop)
    assert send(shop.browser(), step_fields(hasty), chosen["value"]).status_code == 303


def test_question_is_answered_once(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    read_it(shop)
    send(shop.browser(), step_fields(asked), right_answer(asked))

    again = send(shop.browser(), step_fields(asked), right_answer(asked))

    assert again.status_code == 422
    assert attempts() == COOL + 1


def test_wrong_answer_spends_its_question(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    read_it(shop)

    wrong = send(shop.browser(), step_fields(asked), wrong_answer(asked))
    second = send(shop.browser(), step_fields(asked), right_answer(asked))

    assert wrong.status_code == second.status_code == 422
    assert step_fields(wrong)["step"] != step_fields(asked)["step"]
    assert attempts() == COOL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda step: step[:-1],
        lambda step: step[:-1] + ("0" if step[-1] != "0" else "1"),
        lambda step: "0" * 32 + step[32:],
        lambda step: step.replace("-", "-f", 1),
        lambda step: f"é{step[1:]}",
        lambda step: step * 50,
    ],
)
def test_forged_or_cut_question_is_put_anew(app: Flask, shop: Shop, spoil: object) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    read_it(shop)
    fields = step_fields(asked)
    assert callable(spoil)

    answer = send(shop.browser(), {**fields, "step": spoil(fields["step"])}, right_answer(asked))

    assert answer.status_code == 422
    assert (attempts(), answers()) == (COOL, 0)


def test_question_of_one_address_lets_no_other_in(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    read_it(shop)

    fields = {**step_fields(asked), "email": "victim@gmail.com"}
    answer = send(shop.browser(), fields, right_answer(asked))

    assert answer.status_code == 422
    assert attempts() == COOL


def test_question_grows_old(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    shop.clock.move_to(shop.clock.now() + GOOD_FOR + timedelta(seconds=1))

    assert send(shop.browser(), step_fields(asked), right_answer(asked)).status_code == 422


def test_whoever_guesses_is_shut_out_for_an_hour(app: Flask, shop: Shop) -> None:
    heat(shop)
    statuses = []
    for number in range(MOST_WRONG + 1):
        asked = from_afar(shop, f"victim{number}@gmail.com")
        if asked.status_code == 422:
            read_it(shop)
            asked = send(shop.browser(), step_fields(asked), wrong_answer(asked))
        statuses.append(asked.status_code)

    assert statuses == [422] * MOST_WRONG + [429]
    assert int(from_afar(shop, ADDRESS).headers["Retry-After"]) > 3000
    assert answers() == MOST_WRONG


def test_full_limit_holds_for_those_who_answer_as_well(app: Flask, shop: Shop) -> None:
    statuses = [
        sign_up_patiently(shop, f"reader{number}@gmail.com").status_code
        for number in range(MOST_OF_ONE_NETWORK + 2)
    ]

    assert statuses == [303] * MOST_OF_ONE_NETWORK + [429] * 2
    assert attempts() == MOST_OF_ONE_NETWORK


def test_widget_is_told_in_words_where_the_question_is_put(app: Flask, shop: Shop) -> None:
    heat(shop)

    answer = shop.browser().post(
        "/widget/v1/newsletter",
        data={"email": ADDRESS},
        headers={"Accept": "application/json"},
        environ_overrides=FAR_AWAY,
    )

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["page"] == "http://localhost/newsletter"
    assert "http://localhost/newsletter" in answer.json["message"]


def test_fragment_of_a_news_site_leads_to_the_question(app: Flask, shop: Shop) -> None:
    heat(shop)

    asked = shop.browser().post(
        "/widget/v1/newsletter",
        data={"email": ADDRESS, "source": "fragment"},
        headers={"Accept": "text/html"},
        environ_overrides=FAR_AWAY,
    )
    read_it(shop)
    answer = send(shop.browser(), step_fields(asked), right_answer(asked))
    run_jobs(shop)

    assert (asked.status_code, answer.status_code) == (422, 303)
    entry = db.session.scalars(select(ConsentEntry).order_by(ConsentEntry.id.desc())).first()
    assert entry is not None
    assert entry.source == "fragment"


def test_other_boxes_that_take_an_address_ask_as_well(shop: Shop, variant: int) -> None:
    heat(shop)
    form = {"variant_id": str(variant), "email": ADDRESS}

    asked = send(shop.browser(), form, "", "/back-in-stock")
    read_it(shop)
    answer = send(shop.browser(), step_fields(asked), right_answer(asked), "/back-in-stock")

    assert Page(asked).all("form", action="/back-in-stock")
    assert step_fields(asked)["variant_id"] == str(variant)
    assert (asked.status_code, answer.status_code) == (422, 303)


def test_what_a_script_sends_along_comes_back_as_words_only(app: Flask, shop: Shop) -> None:
    heat(shop)

    answer = from_afar(
        shop, ADDRESS, **{'"><script>alert(1)</script>': '"><b>', "page": "x" * 200_000}
    )

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert len(answer.text) < 60_000


@pytest.mark.slow
def test_racing_answers_of_one_question_are_one(app: Flask, shop: Shop) -> None:
    heat(shop)
    asked = from_afar(shop, ADDRESS)
    read_it(shop)
    fields, right = step_fields(asked), right_answer(asked)
    start, statuses = threading.Barrier(8), list[int]()

    def answer() -> None:
        start.wait()
        statuses.append(send(shop.browser(), fields, right).status_code)

    threads = [threading.Thread(target=answer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(statuses) == {303: 1, 422: 7}
    assert attempts() == COOL + 1


def test_every_question_has_one_answer_and_no_word_is_two_things() -> None:
    words = [str(word) for known in WORDS.values() for word in known]
    assert len(words) == len(set(words))
    for number in range(200):
        question = question_of(bytes((number * 7 + place * 13) % 256 for place in range(32)))
        kind = next(kind for kind, asked in ASKED.items() if str(asked) == question.words)
        fitting = [
            place
            for place, word in enumerate(question.options)
            if word in {str(known) for known in WORDS[kind]}
        ]
        assert fitting == [question.right]


def test_answers_are_forgotten_with_the_attempts(app: Flask, shop: Shop) -> None:
    heat(shop)
    assert sign_up_patiently(shop, ADDRESS).status_code == 303
    run_jobs(shop)
    shop.clock.move_to(shop.clock.now() + timedelta(days=9))

    forget_attempts(shop.clock)
    while forget_unconfirmed(shop.services):
        pass

    assert (attempts(), answers(), subscribers()) == (0, 0, [])
