"""The check that each reference of a schema leads somewhere inside the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from referencing import Resource
    from referencing._core import Resolver

_LONGEST = 80
_OUTSIDE = "only places inside the schema, such as #/$defs/NAME, can be named"


def flaw_of_references(document: Mapping[str, object]) -> str:
    """What is wrong with the references of a schema; empty if nothing is.

    Args:
        document: A valid JSON Schema, whose references need not lead anywhere.
    """
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    resource = DRAFT202012.create_resource(dict(document))
    registry: Registry[Any] = Registry().with_resource("", resource)
    if identifier := resource.id():
        registry = registry.with_resource(identifier, resource)
    return _flaw_in(resource, registry.crawl().resolver(identifier or ""))


def _flaw_in(resource: Resource[Any], resolver: Resolver[Any]) -> str:
    """The sentence on the first reference of a part that leads nowhere."""
    if flaw := _flaw_of(resource.contents, resolver):
        return flaw
    flaws = (_flaw_in(each, resolver.in_subresource(each)) for each in resource.subresources())
    return next(filter(None, flaws), "")


def _flaw_of(part: object, resolver: Resolver[Any]) -> str:
    """The sentence on the reference of a part; one may lead to another."""
    from referencing.exceptions import Unresolvable

    passed: list[object] = []
    while isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
        named = f"the reference “{sanitize(reference)[:_LONGEST]}”"
        if any(part is each for each in passed):
            return f"{named} leads back to itself"
        passed.append(part)
        try:
            found = resolver.lookup(reference)
        except Unresolvable:
            where = "nothing in it has that place" if reference.startswith("#") else _OUTSIDE
            return f"{named} leads nowhere: {where}"
        part, resolver = found.contents, found.resolver
    return ""
