"""The last request of a session is kept in memory, and made anew where another process sent it."""

from groqchat.domain.turns.chat import Options
from groqchat.services.turns.request_copies import RequestCopies
from groqchat.services.turns.sent_requests import SentRequests
from groqchat.services.turns.vendor import Vendor
from tests.fakes import FakeProvider, answer, counter
from tests.services.desk import MODEL, Desk


async def test_the_last_request_of_a_session_is_that_which_was_sent():
    desk, sent = Desk(FakeProvider(answer("one"))), SentRequests()
    vendor = Vendor(
        desk.provider, desk.accounting, desk.quota, clock=desk.clock, new_id=counter("x"), sent=sent
    )
    copies = RequestCopies(sent, desk.store, vendor)
    await desk.events("Why?")
    prompt = desk.store.saved_messages[desk.answers[0].parent_id]
    made_anew = await copies.last(prompt, Options("m/other"))
    assert made_anew.body == {"model": "m/other"}
    sent.note(prompt.session_id, desk.provider, desk.provider.requests[0])
    assert (await copies.last(prompt, Options("m/other"))).body == {"model": MODEL}


def test_only_the_last_sessions_are_kept():
    desk, sent = Desk(FakeProvider()), SentRequests()
    for number in range(21):
        sent.note(str(number), desk.provider, None)
    assert sent.last("0") is None
