"""All addresses of the product."""

from django.urls import include, path

from wangge.faces.web import photos

urlpatterns = [
    path("", include("wangge.faces.portal.urls")),
    path("map/", include("wangge.faces.maps.urls")),
    path("photos/<int:photo_id>.jpg", photos.photo, name="photo"),
    path("desk/", include("wangge.faces.desk.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
handler403 = "wangge.faces.web.views.forbidden"
handler404 = "wangge.faces.web.views.not_found"
handler500 = "wangge.faces.web.views.server_error"
