"""A validator of JSON Schema of our own, as far as the policy's schema goes: an unknown keyword is an error."""

import re
from typing import Any

KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "required", "additionalProperties", "properties",
    "items", "prefixItems", "minItems", "maxItems", "enum", "const", "anyOf", "pattern", "minLength", "minimum",
    "maximum",
}  # fmt: skip
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "policy") -> list[str]:
    """What of a value the schema refuses, each with its place."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [f"{at}: not {kind}"]
    found = []
    if "anyOf" in schema and all(problems(value, one, root, at) for one in schema["anyOf"]):
        found.append(f"{at}: fits nothing")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: not listed")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: other")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{at}: pattern")
        if len(value) < schema.get("minLength", 0):
            found.append(f"{at}: too short")
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{at}: out of range")
    if isinstance(value, list):
        found += _of_list(value, schema, root, at)
    if isinstance(value, dict):
        found += _of_table(value, schema, root, at)
    return found


def _of_list(value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = []
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        found.append(f"{at}: length")
    first = schema.get("prefixItems", [])
    for index, one in enumerate(value):
        part = first[index] if index < len(first) else schema.get("items")
        if part is not None:
            found += problems(one, part, root, f"{at}[{index}]")
    return found


def _of_table(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: {key} is missing" for key in schema.get("required", []) if key not in value]
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, one in value.items():
        if key in known:
            found += problems(one, known[key], root, f"{at}.{key}")
        elif others is False:
            found.append(f"{at}: {key} is unknown")
        elif others is not True:
            found += problems(one, others, root, f"{at}.{key}")
    return found
