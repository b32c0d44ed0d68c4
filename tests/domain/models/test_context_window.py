"""What is said of a prompt that its model can never take."""

from groqchat.domain.models.catalog import Catalog, Model, Status
from groqchat.domain.models.context_window import beyond_window

SMALL, LARGE = (
    Model(name, Status.PRODUCTION, context_window=window)
    for name, window in (("a/small", 8_000), ("a/large", 200_000))
)
CATALOG = Catalog({model.id: model for model in (SMALL, LARGE)})


def test_the_numbers_are_told_and_a_model_that_takes_it():
    error = beyond_window(CATALOG, "a/small", 50_000)
    assert "limit 8,000, requested 50,000 tokens" in error.message
    for advice in (error.suggestion, error.command_suggestion):
        assert "a/large, whose window holds 200,000" in advice
    assert error.facts.replacement == "a/large"


def test_where_no_model_takes_it_none_is_named():
    error = beyond_window(CATALOG, "a/small", 300_000)
    assert error.facts.replacement is None
    assert "attach less" in error.command_suggestion
