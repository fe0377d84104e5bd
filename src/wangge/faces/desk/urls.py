"""Addresses for staff."""

app_name = "desk"
urlpatterns: list = []
