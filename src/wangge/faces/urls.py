"""All addresses of the product."""

from django.urls import include, path

from wangge.faces.web import health, photos, sounds

urlpatterns = [
    path("", include("wangge.faces.portal.urls")),
    path("map/", include("wangge.faces.maps.urls")),
    path("photos/<int:photo_id>.jpg", photos.photo, name="photo"),
    path("sounds/<int:sound_id>", sounds.sound, name="sound"),
    path("desk/", include("wangge.faces.desk.sign_in_urls")),
    path("desk/", include("wangge.faces.desk.urls")),
    path("field/", include("wangge.faces.field.urls")),
    path("api/", include("wangge.faces.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("livez", health.livez, name="livez"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
]
handler400 = "wangge.faces.web.views.bad_request"
handler403 = "wangge.faces.web.views.forbidden"
handler404 = "wangge.faces.web.views.not_found"
handler500 = "wangge.faces.web.views.server_error"
