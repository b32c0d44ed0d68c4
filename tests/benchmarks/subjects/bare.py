"""The floor of start-up: a Textual app with an input line and room for messages."""

from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Input


class Bare(App):
    def compose(self):
        yield VerticalScroll()
        yield Input()

    def on_mount(self):
        self.query_one(Input).focus()


if __name__ == "__main__":
    Bare().run()
