"""Who a session belongs to, read at every request. Django's setting AUTHENTICATION_BACKENDS names this module."""

from django.contrib.auth.backends import ModelBackend

from wangge.domain.access.models import User
from wangge.platform.db.instances import Instances, all_columns

_ALL: Instances[User] = Instances(User, *all_columns(User))


class Passwords(ModelBackend):
    """Django's passwords; the signed-in user comes by a statement that is built once."""

    def get_user(self, user_id: int) -> User | None:
        found = next(iter(_ALL.where("id = %s", [user_id])), None)
        return found if found is not None and self.user_can_authenticate(found) else None
