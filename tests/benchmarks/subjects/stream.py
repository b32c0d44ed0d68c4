"""The floor of a chat: raw httpx into Textual's own streaming Markdown."""

import httpx
from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown

from tests.benchmarks.subjects.raw import tokens


class Stream(App):
    def compose(self):
        yield VerticalScroll()
        yield Input()

    def on_mount(self):
        self.query_one(Input).focus()
        self.client = httpx.AsyncClient(timeout=600)

    def on_input_submitted(self, event):
        event.input.value = ""
        self.run_worker(self.answer(event.value))

    async def answer(self, prompt):
        room = self.query_one(VerticalScroll)
        markdown = Markdown()
        await room.mount(markdown)
        room.anchor()
        stream = Markdown.get_stream(markdown)
        async for text in tokens(self.client, prompt):
            await stream.write(text)
        await stream.stop()


if __name__ == "__main__":
    Stream().run()
