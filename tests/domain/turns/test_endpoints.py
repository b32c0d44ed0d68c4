"""Other vendors' endpoints in the settings."""

from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.money.pricing import Price
from groqchat.domain.settings import read_settings
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.endpoints import Endpoint
from groqchat.domain.turns.fallback import Fallback, in_place_of

ROUTER = {"base_url": "https://router.test/api/v1", "model": "gpt"}


def read(**tables):
    return read_settings({"endpoints": tables})


def test_an_endpoint_needs_an_address_and_a_model():
    settings, mistakes = read(router=ROUTER)
    assert mistakes == ()
    assert settings.endpoints == {"router": Endpoint("router", ROUTER["base_url"], "gpt", "router")}
    assert settings.endpoint_of("router").model == "gpt"
    assert settings.endpoint_of("default") is None


def test_its_key_may_have_another_name_and_its_price_is_the_users():
    price = {"input": "0.10", "output": 0.4}
    settings, mistakes = read(router={**ROUTER, "profile": "mine", "price": price})
    assert mistakes == ()
    endpoint = settings.endpoint_of("mine")
    assert endpoint.price == Price(
        input=Decimal("0.10"), output=Decimal("0.4"), source="config.toml"
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({**ROUTER, "api_key": "x"}, "`groqchat key add --profile router` stores it"),
        ({**ROUTER, "colour": "x"}, "“endpoints.router.colour” is no setting"),
        ({"model": "gpt"}, "must name its base_url"),
        ({**ROUTER, "model": ""}, "must name its model"),
        ({**ROUTER, "model": 7}, "must name its model"),
        ({**ROUTER, "base_url": "router.test"}, "must begin with https://"),
        ({**ROUTER, "price": "cheap"}, "must be a table such as"),
        ({**ROUTER, "price": {"entry": 1}}, "must be a table such as"),
        ({**ROUTER, "price": {"input": "-1"}}, "amounts such as"),
        ({**ROUTER, "price": {"input": "much"}}, "amounts such as"),
        ("gpt", "must be a table, written [endpoints.router]"),
    ],
)
def test_what_makes_no_sense_is_said(table, said):
    settings, mistakes = read(router=table)
    assert settings.endpoints == {}
    assert said in mistakes[0]


def test_endpoints_are_a_table():
    assert "must be a table" in read_settings({"endpoints": ["x"]})[1][0]


def test_a_route_goes_abroad_and_back():
    route = Fallback(("router", "small"), endpoints={"router": Endpoint("router", "u", "gpt", "p")})
    down, options = failure("service_error", status=503), Options("big", effort="low")
    abroad = route.reroute(down, options, None, ["big"], has_switched=False)
    assert (abroad.provider, abroad.model, abroad.effort) == ("router", "gpt", "low")
    assert in_place_of(options, abroad) == "big"
    back = route.reroute(down, abroad, None, ["big", "router"], has_switched=True)
    assert (back.provider, back.model) == (None, "small")
    assert route.reroute(down, back, None, ["big", "router", "small"], has_switched=True) is None


def test_the_same_model_at_another_vendor_stands_in_too():
    same = Options("big", provider="router")
    assert in_place_of(Options("big"), same) == "big"
    assert in_place_of(Options("big"), Options("big")) is None
    flex = Options("big", service_tier="flex")
    assert in_place_of(flex, Options("big", service_tier="on_demand")) == "flex"
