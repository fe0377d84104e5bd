"""Addresses of map data."""

from django.urls import path

from wangge.faces.maps import views

app_name = "maps"
urlpatterns = [
    path("at", views.at, name="at"),
    path("areas/<int:area_id>/<slug:level>.json", views.outlines, name="outlines"),
    path("tiles/<int:z>/<int:x>/<int:y>", views.tile, name="tile"),
]
