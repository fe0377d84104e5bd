"""Addresses of the field app. Its service worker may rule everything under them."""

from django.urls import path

from wangge.faces.field.views import session, shell, sync

app_name = "field"
urlpatterns = [
    path("", shell.shell, name="shell"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service-worker"),
    path("session", session.session, name="session"),
    path("sync", sync.sync, name="sync"),
    path("files/<slug:sha256>", sync.file, name="file"),
]
