"""A domain error beside the fields that it names."""

from django import forms

from wangge.platform.errors import Invalid, WanggeError


def show(form: forms.BaseForm, error: WanggeError) -> None:
    """Put the error's words at its fields; what no field of the form shows stands above the form."""
    found = error.fields if isinstance(error, Invalid) else {}
    for name, text in found.items():
        form.add_error(name if name in form.fields else None, text)
    if not found:
        form.add_error(None, error.text)
