from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "wangge.domain.enrolment"
    default_auto_field = "django.db.models.BigAutoField"
