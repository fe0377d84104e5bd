"""Addresses of map data."""

from django.urls import path

from wangge.faces.maps import views

app_name = "maps"
urlpatterns = [
    path("at", views.at, name="at"),
    path("areas/<int:area_id>/<slug:level>.json", views.outlines, name="outlines"),
    path("town/<int:area_id>.json", views.town_plan, name="plan"),
    path("town/<int:area_id>/<slug:layer>.json", views.town_layer, name="layer"),
]
