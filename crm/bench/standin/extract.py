"""Makes the contract anew: `python -m crm.bench.standin.extract twilio_api_v2010.json twilio_messaging_v1.json` of twilio-oai."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from crm.bench.standin import contract

USED = {
    "/2010-04-01/Accounts/{AccountSid}/Messages.json": ("get", "post"),
    "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json": ("get",),
    "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json": ("get",),
    "/v1/Services/{Sid}": ("get",),
    "/v1/Services/{ServiceSid}/PhoneNumbers": ("get",),
    "/v1/Services/{MessagingServiceSid}/Compliance/Usa2p": ("get",),
}
SOURCE = "https://github.com/twilio/twilio-oai, MIT License, Copyright (C) 2023, Twilio, Inc."
KEPT = ("type", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum", "nullable", "required")


def extract(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract of the used operations, with references put in and descriptions left out."""
    paths: dict[str, Any] = {}
    for document in documents:
        for path, methods in USED.items():
            for method in methods if path in document["paths"] else ():
                paths.setdefault(path, {})[method] = _extracted(document, document["paths"][path][method])
    return {"source": SOURCE, "paths": paths}


def _extracted(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {}).get("schema", {})
    fields = {name: _plain(document, schema) | ({"required": True} if name in body.get("required", ()) else {})
              for name, schema in body.get("properties", {}).items()}
    given: dict[str, Any] = {"path": {}, "query": {}, "header": {}, "form": fields, "answers": {}}
    for parameter in map(partial(_resolved, document), operation["parameters"]):
        given[parameter["in"]][parameter["name"]] = _plain(document, parameter.get("schema", {}))
    for status, answer in operation["responses"].items():
        given["answers"][status] = _plain(document, answer["content"]["application/json"]["schema"])
    return given


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found | {name: value for name, value in schema.items() if name != "$ref"}
    return schema


def _plain(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(document, schema)
    kept = {name: schema[name] for name in KEPT if name in schema and name != "required"}
    if "properties" in schema:
        kept["properties"] = {name: _plain(document, of) for name, of in schema["properties"].items()}
    if "items" in schema:
        kept["items"] = _plain(document, schema["items"])
    return kept


if __name__ == "__main__":
    made = extract([json.loads(Path(name).read_text()) for name in sys.argv[1:]])
    contract.FILE.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")
