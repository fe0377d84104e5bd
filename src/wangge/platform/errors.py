"""Every error that a service gives to its caller. Texts are for the person who must act on them."""


class WanggeError(Exception):
    """Something the person can understand and do something about."""

    status = 400

    def __init__(self, text: str, code: str = "error") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


class Invalid(WanggeError):
    """Input that cannot be taken; `fields` names each wrong field with its text."""

    status = 422

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("；".join(fields.values()), "invalid")
        self.fields = fields


class NotAllowed(WanggeError):
    """The rules do not let this actor do this now."""

    status = 403


class NotFound(WanggeError):
    """No such thing inside the actor's scope."""

    status = 404


class Conflict(WanggeError):
    """Somebody else was first, or the same key came with other content."""

    status = 409
