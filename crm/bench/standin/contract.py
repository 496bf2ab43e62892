"""What Twilio's OpenAPI description says of the few operations that we use, and whether a request or an answer keeps to it.

`contract.json` is an extract of github.com/twilio/twilio-oai (MIT License, © 2023 Twilio, Inc.); `extract.py` makes it anew.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("contract.json")


@cache
def operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """(method, the path as a pattern, operation) of everything the contract holds."""
    found = []
    for path, methods in json.loads(FILE.read_text())["paths"].items():
        pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path)) + "$")
        found += [(method.upper(), pattern, operation) for method, operation in methods.items()]
    return found


def operation_for(method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The operation at a path and what stands in the path; None where the contract has none."""
    for known, pattern, operation in operations():
        if known == method and (match := pattern.match(path)):
            return operation, match.groupdict()
    return None


def wrong_request(operation: dict[str, Any], where: str, given: dict[str, str]) -> list[str]:
    """What breaks the contract in the path, the query or the form; fields that it does not know break it too."""
    known = operation[where]
    wrong = [f"{name}: unknown" for name in given if name not in known]
    wrong += [f"{name}: missing" for name, schema in known.items() if schema.get("required") and name not in given]
    return wrong + [f"{name}: {said}" for name, value in given.items() if name in known for said in _wrong_word(known[name], value)]


def wrong_answer(schema: dict[str, Any], value: Any, name: str = "answer") -> Iterator[str]:
    """What breaks the contract in a JSON answer; a field that it does not know breaks it too."""
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "number": (int, float)}
    if value is None:
        if not schema.get("nullable"):
            yield f"{name}: null"
    elif "type" in schema and not isinstance(value, kinds[schema["type"]]):
        yield f"{name}: not {schema['type']}"
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from wrong_answer(schema.get("items", {}), item, f"{name}[{n}]")
    elif isinstance(value, dict):
        for key, item in value.items() if "properties" in schema else ():
            if key not in schema["properties"]:
                yield f"{name}.{key}: unknown"
            else:
                yield from wrong_answer(schema["properties"][key], item, f"{name}.{key}")
    elif isinstance(value, str) and not (schema.get("format") == "uri" and value.startswith("/")):  # its pages are told by their path
        yield from (f"{name}: {said}" for said in _wrong_word(schema, value))


def _wrong_word(schema: dict[str, Any], value: str) -> Iterator[str]:
    """What is wrong with a value as it travels: a word."""
    kind = schema.get("type")
    if kind == "integer":
        if not re.fullmatch(r"-?\d+", value):
            yield "not a whole number"
        elif not schema.get("minimum", int(value)) <= int(value) <= schema.get("maximum", int(value)):
            yield "out of range"
    if kind == "boolean" and value not in ("true", "false", "True", "False"):
        yield "neither true nor false"
    if "enum" in schema and value not in schema["enum"]:
        yield f"not one of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"does not match {schema['pattern']}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield "too short or too long"
    if "format" in schema and not _has_format(schema["format"], value):
        yield f"no {schema['format']}"


def _has_format(form: str, value: str) -> bool:
    if form == "phone-number":
        return bool(re.fullmatch(r"\+[1-9]\d{6,14}", value))
    if form in ("uri", "url"):
        return value.startswith(("https://", "http://"))
    try:
        if form == "date-time":
            datetime.fromisoformat(value)
        if form == "date-time-rfc-2822":
            parsedate_to_datetime(value)
    except ValueError:
        return False
    return True
