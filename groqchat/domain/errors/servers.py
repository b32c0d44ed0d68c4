"""The servers that may be asked, with the names and addresses that sentences use for them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Server:
    """A server, described for the sentences of error messages.

    ``name`` is whose it is. ``keys`` says where its keys come from, ``new_key`` how to come by one,
    and ``incidents`` what may say why it fails. ``billing`` and ``terms`` say where its bills are,
    and where the terms of its models are accepted, with their prepositions. ``address_setting`` is
    where the user sets its address, and ``address_form`` how that is written.
    """

    name: str
    keys: str
    new_key: str
    incidents: str
    billing: str
    terms: str
    address_setting: str = "GROQ_BASE_URL"
    address_form: str = "https://host, with or without /openai/v1 at its end"

    @property
    def is_groq(self) -> bool:
        """True for Groq's own server."""
        return self is GROQ

    @property
    def has_groqs_models(self) -> bool:
        """True if the server has the models of the catalogue."""
        return self in {GROQ, SIMULATED}

    def words(self) -> dict[str, str]:
        """The values for the placeholders of sentence templates, by name."""
        return {
            "vendor": self.name,
            "new_key": self.new_key,
            "incidents": self.incidents,
            "billing": self.billing,
            "terms": self.terms,
            "address_setting": self.address_setting,
            "address_form": self.address_form,
        }


GROQ = Server(
    "Groq",
    "console.groq.com/keys",
    "make one at console.groq.com/keys",
    "groqstatus.com shows incidents",
    "at console.groq.com/settings/billing",
    "at console.groq.com/playground",
)


def server_called(name: str, *, is_on_this_machine: bool = False) -> Server:
    """A server that is not Groq's and of which no web pages are known."""
    runs = f"whoever runs {name}"
    return Server(
        name,
        f"ask {runs}",
        f"ask {runs} for one",
        f"what {name} prints or logs may say why" if is_on_this_machine else f"ask {runs}",
        f"with {runs}",
        f"with {runs}",
    )


SIMULATED = replace(
    server_called("the simulator"),
    keys="any that begins with gsk_",
    new_key="take any that begins with gsk_",
    incidents="the simulator fails only when it is told to",
)
"""The one that the program brings along."""


def server_of_endpoint(name: str) -> Server:
    """The server of an endpoint that the settings name."""
    return replace(
        server_called(name),
        address_setting=f"base_url of [endpoints.{name}] in config.toml",
        address_form="https://host and the path of its API, mostly /v1",
    )
