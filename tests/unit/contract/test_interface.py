"""The IoT Plug and Play interface says what the models say.

DTDL has one schema for a property's desired and reported side, so an object here holds the fields
of both. Language: Digital Twins Definition Language, version 3.
"""

import json
from collections.abc import Mapping
from importlib import resources
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from label_templates.contract import tile, twin

INTERFACE = json.loads(
    (resources.files("label_templates.contract") / "shelf-1.dtdl.json").read_text()
)


def wire_name(name: str, model: type[BaseModel]) -> str:
    """The field's name on the wire."""
    return model.model_fields[name].alias or name


def schema_of(annotation: Any) -> Any:
    """Return the DTDL schema of a field's type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return schema_of(arguments[0])
    if origin in (Union, UnionType):
        return schema_of(next(a for a in arguments if a is not NoneType))
    if origin is Literal:
        return "string" if isinstance(arguments[0], str) else "integer"
    if origin is dict:
        return a_map(schema_of(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return an_object(annotation)
    return {str: "string", int: "integer", bool: "boolean"}[annotation]


def a_map(value: Any) -> dict[str, Any]:
    """A DTDL map from names to a schema."""
    return {
        "@type": "Map",
        "mapKey": {"name": "key", "schema": "string"},
        "mapValue": {"name": "value", "schema": value},
    }


def an_object(*models: type[BaseModel]) -> dict[str, Any]:
    """A DTDL object with the fields of every model given, in name order."""
    fields: dict[str, Any] = {}
    for model in models:
        for name, field in model.model_fields.items():
            fields[wire_name(name, model)] = (
                an_object(tile.TileContent)
                if (model, name) == (tile.Flip, "change")
                else schema_of(field.rebuild_annotation())
            )
    return {
        "@type": "Object",
        "fields": [{"name": name, "schema": schema} for name, schema in sorted(fields.items())],
    }


BOTH_SIDES = {
    "seal": an_object(twin.Seal, twin.SealAck),
    "tiles": a_map(an_object(tile.Tile, twin.TileAck)),
}


def expected() -> dict[str, Any]:
    """Build the interface from the models."""
    desired, reported = twin.Desired.model_fields, twin.Reported.model_fields
    properties: dict[str, tuple[Any, bool]] = {}
    for model, fields in ((twin.Reported, reported), (twin.Desired, desired)):
        for name, field in fields.items():
            wire = wire_name(name, model)
            schema = BOTH_SIDES.get(wire) or schema_of(field.rebuild_annotation())
            properties[wire] = (schema, model is twin.Desired)
    return {
        "@context": "dtmi:dtdl:context;3",
        "@id": "dtmi:edge_shelf:shelf;1",
        "@type": "Interface",
        "displayName": "Shelf agent",
        "contents": [
            {"@type": "Property", "name": name, "schema": schema, "writable": writable}
            for name, (schema, writable) in sorted(properties.items())
        ],
    }


def test_the_interface_file_equals_the_models() -> None:
    assert expected() == INTERFACE


def depth(schema: Any) -> int:
    """How deeply complex schemas are nested."""
    if not isinstance(schema, Mapping):
        return 0
    if schema["@type"] == "Map":
        return 1 + depth(schema["mapValue"]["schema"])
    return 1 + max(depth(field["schema"]) for field in schema["fields"])


def test_no_schema_is_nested_deeper_than_dtdl_allows() -> None:
    assert max(depth(content["schema"]) for content in INTERFACE["contents"]) <= 5
