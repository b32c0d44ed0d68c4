"""An announced shutdown of the session's model is in the panel, and told when it is chosen."""

from dataclasses import replace
from datetime import datetime, timedelta

from groqchat.storage.catalog import ActiveCatalog, load_catalog
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until

MODEL = "openai/gpt-oss-20b"


async def test_the_days_left_are_told(groq, monkeypatch):
    day = (datetime.now().astimezone().date() + timedelta(days=12)).isoformat()
    catalog = load_catalog()
    model = replace(catalog.get(MODEL), retired_on=day, replacement="openai/gpt-oss-120b")
    changed = replace(catalog, models={**catalog.models, MODEL: model})
    monkeypatch.setattr(ActiveCatalog, "by", lambda *_: changed)
    async with chatting() as (pilot, screen):
        assert "shutdown" not in seen(screen)
        await command(pilot, screen, f"/model {MODEL}")
        said = f"{MODEL} is announced to be shut down on {day}, in 12 days."
        await until(pilot, lambda: said in shown(screen))
        await until(pilot, lambda: "shutdown in 12 days" in seen(screen))
