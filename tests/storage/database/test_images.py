"""Images: kept once, and deleted with the last message that shows them."""

from dataclasses import replace

from groqchat.storage.database.bin.bin import Bin
from groqchat.storage.database.drafts import Drafts
from tests.images import image
from tests.storage.conftest import prompt, reply, session

A, B = image("a.png"), image("b.png", 1)


async def _kept(store):
    return set(await store.images([A.digest, B.digest]))


async def test_an_image_of_two_sessions_goes_with_the_second(store):
    await store.keep_images([A, A])
    for name in ("s1", "s2"):
        shown = replace(prompt(f"q-{name}"), session_id=name, content=f"Look {A.mark}")
        await store.add_message(shown, session(name))
    assert (await store.archive("s1")).images == (A,)
    await store.delete_session("s1")
    assert await store.images([A.digest]) == {A.digest: A}
    await store.delete_session("s2")
    assert await _kept(store) == set()


async def test_an_image_that_is_not_sent_yet_stays_and_so_does_one_in_a_draft(store, database):
    await store.keep_images([A, B])
    shown = replace(prompt("q1"), content=B.mark)
    await store.add_message(shown, session("s1"))
    await Drafts(database).save_draft("s2", f"again {B.mark}")
    await store.delete_session("s1")
    assert await _kept(store) == {A.digest, B.digest}


async def test_a_deleted_message_comes_back_with_its_image(store, database):
    await store.keep_images([A])
    await store.add_message(prompt("q1"), session("s1"))
    await store.add_message(reply("a1", "q1"))
    await store.add_message(replace(prompt("q2", "a1"), content=A.mark))
    bin_ = Bin(database)
    await bin_.put_messages("q2", with_branch=True)
    await store.keep_images([B])
    await store.add_message(replace(prompt("q3"), session_id="s2", content=B.mark), session("s2"))
    await store.delete_session("s2")
    assert await _kept(store) == {A.digest}
    assert (await store.archive("s1")).images == ()
    await bin_.restore_messages("s1")
    assert (await store.archive("s1")).images == (A,)
    await store.delete_session("s1")
    assert await _kept(store) == set()


async def test_an_imported_session_brings_its_images(store):
    await store.keep_images([A])
    await store.add_message(replace(prompt("q1"), content=A.mark), session("s1"))
    archive = await store.archive("s1")
    await store.delete_session("s1")
    await store.add_archives([archive])
    assert await store.archive("s1") == archive
