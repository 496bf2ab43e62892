"""The edit page of a person, as tests fill it in."""

from tests.clients import form_of


def fields_of(browser, id: int) -> dict[str, str]:
    return form_of(browser.get(f"/people/{id}/edit").text, "given_name")


def save(browser, id: int, changes: dict, once: str, form: dict | None = None):
    return browser.post(f"/people/{id}/edit", data=(form or fields_of(browser, id)) | changes | {"once": once})
