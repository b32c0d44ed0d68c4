"""Models to choose from, for the screens' tests."""

from groqchat.domain.models.catalog import Catalog
from groqchat.domain.models.choosing import Choice
from groqchat.domain.models.use_cases import UseCase, uses_of_models
from groqchat.ui.models.choices import ModelChoices

CODING = UseCase(
    "coding", "Short helper", ("old-1",), "", "quick", "bursts", "a page", "2026-06-04"
)
BATCH = UseCase("batch", "At night", (), "a batch", "cheap", "waiting", "a page", "2026-06-04")


def choices_of(*models, keep=lambda ids: None, speeds=None, left=()):
    """The models as they are, with what is said of all or some of them."""
    catalog = Catalog({model.id: model for model in models}, (models[0].id,))
    uses = uses_of_models([CODING], catalog) if "old-1" in catalog.models else {}
    choices = [
        Choice(
            model,
            left if model.is_usable else (),
            (speeds or {}).get(model.id),
            uses=uses.get(model.id, ()),
        )
        for model in models
    ]
    return ModelChoices(catalog, choices, (CODING, BATCH), keep)
