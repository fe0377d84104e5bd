"""Addresses of the field app. Its service worker may rule everything under them."""

from django.urls import path

from wangge.faces.field.views import session

app_name = "field"
urlpatterns = [
    path("session", session.session, name="session"),
]
