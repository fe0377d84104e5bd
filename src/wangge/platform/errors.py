"""Every error that a service gives to its caller. Texts are for the person who must act on them, in their language."""

from collections.abc import Mapping

from django.utils.functional import Promise


class WanggeError(Exception):
    """Something the person can understand and do something about."""

    status = 400

    def __init__(self, text: str | Promise, code: str = "error") -> None:
        self.text = str(text)
        super().__init__(self.text)
        self.code = code


class Invalid(WanggeError):
    """Input that cannot be taken; `fields` names each wrong field with its text."""

    status = 422

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        self.fields = {name: str(text) for name, text in fields.items()}
        super().__init__(" ".join(self.fields.values()), "invalid")

    def __reduce__(self) -> tuple[type["Invalid"], tuple[dict[str, str]]]:
        # So that it passes from a worker process to the one that waits for it.
        return Invalid, (self.fields,)


class NotAllowed(WanggeError):
    """The rules do not let this actor do this now."""

    status = 403


class NotFound(WanggeError):
    """No such thing inside the actor's scope."""

    status = 404


class Conflict(WanggeError):
    """Somebody else was first, or the same key came with other content."""

    status = 409


class Unavailable(WanggeError):
    """Something of the installation is missing that an administrator must bring."""

    status = 503
