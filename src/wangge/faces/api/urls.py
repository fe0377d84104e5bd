"""Addresses of the API; whatever is none of them answers with a problem too."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from wangge.faces.api.api import api
from wangge.faces.api.docs import docs, document
from wangge.faces.api.door import door, nothing_here

app_name = "api"


def _behind_the_door(pattern: URLPattern | URLResolver) -> URLPattern:
    assert isinstance(pattern, URLPattern)
    pattern.callback = door(pattern.callback)
    return pattern


operations = [
    _behind_the_door(pattern) for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"
]
urlpatterns = [
    path("v1/openapi.json", document, name="document"),
    path("v1/docs", docs, name="docs"),
    path("v1/", include(operations)),
    re_path(r"^(?P<rest>.*)$", door(nothing_here), name="nothing"),
]
