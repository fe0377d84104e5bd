"""Addresses for residents."""

app_name = "portal"
urlpatterns: list = []
