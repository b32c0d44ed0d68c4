"""Whose server was asked: how sentences call it, and where they send a person who wants more."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Server:
    """A server as sentences speak of it.

    ``name`` is whose it is. ``address_setting`` is where the user sets its address, and
    ``address_form`` how that is written. The pages are where its keys are made, where its
    incidents stand, where its bills are, and where the terms of its models are accepted.
    """

    name: str
    keys_page: str
    status_page: str
    billing_page: str
    terms_page: str
    address_setting: str = "GROQ_BASE_URL"
    address_form: str = "https://host, with or without /openai/v1 at its end"

    @property
    def is_groq(self) -> bool:
        """Whether it is Groq's own."""
        return self is GROQ

    @property
    def has_groqs_models(self) -> bool:
        """Whether it serves the models of the catalogue."""
        return self in {GROQ, SIMULATED}

    def words(self) -> dict[str, str]:
        """What the templates of sentences name, by name."""
        return {
            "vendor": self.name,
            "keys_page": self.keys_page,
            "status_page": self.status_page,
            "billing_page": self.billing_page,
            "terms_page": self.terms_page,
            "address_setting": self.address_setting,
            "address_form": self.address_form,
        }


GROQ = Server(
    "Groq",
    "console.groq.com/keys",
    "groqstatus.com",
    "console.groq.com/settings/billing",
    "console.groq.com/playground",
)


def server_called(name: str) -> Server:
    """A server of somebody else's, whose pages nobody here knows."""
    pages = f"the pages of {name}"
    return Server(name, pages, f"the status page of {name}", pages, pages)


SIMULATED = server_called("the simulator")
"""The one that the program brings along."""


def server_of_endpoint(name: str) -> Server:
    """The server of an endpoint that the settings name."""
    return replace(
        server_called(name),
        address_setting=f"base_url of [endpoints.{name}] in config.toml",
        address_form="https://host and the path of its API, mostly /v1",
    )
