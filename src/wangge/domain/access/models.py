"""People who work in the product: users, units, posts, stand-ins; and the log of looks at personal data."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.actor import Role
from wangge.domain.places.models import Area

ROLE_NAMES = {
    Role.GRID_WORKER: _("网格员"),
    Role.GRID_LEAD: _("网格长"),
    Role.STATION_OFFICER: _("社区经办"),
    Role.STATION_HEAD: _("社区负责人"),
    Role.STREET_DISPATCHER: _("街道派遣员"),
    Role.STREET_LEADER: _("街道领导"),
    Role.DISTRICT_DISPATCHER: _("区级派遣员"),
    Role.DISTRICT_LEADER: _("区级领导"),
    Role.UNIT_OFFICER: _("部门经办"),
    Role.UNIT_HEAD: _("部门负责人"),
    Role.OPERATOR: _("话务员"),
    Role.ADMINISTRATOR: _("平台管理员"),
    Role.PRIVACY_OFFICER: _("个人信息保护负责人"),
}


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff. Residents need no account."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    service = models.BooleanField(
        default=False, db_default=False, help_text="stands for another system; never signs in"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    must_change_password = models.BooleanField(
        default=False,
        db_default=False,
        help_text="the password is another person's; only a new one opens the pages",
    )
    leaves_on = models.DateField(null=True, help_text="last day; the account is closed the day after")

    first_view: Any = models.JSONField(
        null=True, help_text="saved view that the list of cases opens with: {id, address}"
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    STATION = "station", _("社区工作站")
    STREET_CENTRE = "street_centre", _("街道中心")
    DISTRICT_CENTRE = "district_centre", _("区中心")
    DEPARTMENT = "department", _("职能部门")
    COMPANY = "company", _("服务单位")


class Unit(models.Model):
    """An organisation that handles. A centre or station serves exactly one area."""

    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="units")
    duty = models.CharField(
        max_length=30, blank=True, help_text="field of work, as in the catalogue's lead unit"
    )
    phone = models.CharField(max_length=30, blank=True, help_text="public number of the office")
    address = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="where the office is, for visitors"
    )
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind"],
                condition=Q(kind__in=["station", "street_centre", "district_centre"], active=True),
                name="one_centre_an_area",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A user's role in a unit or area, from a day to a day (inclusive; open when null)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_start",
            )
        ]


class StandIn(models.Model):
    """For these days (inclusive) the user has the post's rights and work, on its holder's behalf."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="stand_ins")
    user = models.ForeignKey(User, models.PROTECT, related_name="standing_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stand_in_ends_after_start")
        ]


class ReadLog(models.Model):
    """A look at personal data: who, in which post, what kind, why, through which channel. Append-only."""

    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=60, help_text="what was looked at, e.g. case 12")
    data_class = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    channel = models.CharField(max_length=20)
    on_behalf_of = models.BigIntegerField(null=True, help_text="user whose post this was, for a stand-in")
    chain = models.BigIntegerField(
        default=0, db_default=0, help_text="community of whom was looked at; 0 = of none"
    )
    person = models.CharField(
        max_length=64,
        default="",
        db_default="",
        help_text="whose data: a pseudonym that ends with the person's key",
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="read_log_subject"),
            models.Index(fields=["-at"], name="read_log_at"),
            models.Index(fields=["person", "at"], condition=~Q(person=""), name="read_log_person"),
            models.Index(fields=["user_id", "at"], name="read_log_user"),
        ]


class LookLink(models.Model):
    """The place of a look in the chain of its community; PostgreSQL itself writes it when the look is committed.

    `hash` is SHA-256 over the link before and the look as chain.LINE writes it.
    """

    look = models.OneToOneField(ReadLog, models.DO_NOTHING, primary_key=True, related_name="link")
    chain = models.BigIntegerField()
    seq = models.BigIntegerField(help_text="1, 2, 3 ... without a gap")
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="look_link_place")]


class LookDay(models.Model):
    """What was published on a day about all chains; `digest` binds the day before and every head of this one."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
    chains = models.PositiveIntegerField(help_text="chains that had grown")
    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=64, help_text="HMAC of the digest under a key outside the database")


class LookHead(models.Model):
    """The last link of a chain when it was published; the chains that had not grown are not told again."""

    day = models.ForeignKey(LookDay, models.PROTECT, related_name="heads")
    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "chain"], name="one_head_a_day")]
        indexes = [models.Index(fields=["chain", "-seq"], name="look_head_chain")]


class PersonKey(models.Model):
    """The key of one person's pseudonym in the log of looks. Who erases the person destroys it, and the pseudonym
    is nobody's."""

    kind = models.CharField(max_length=20, help_text="contact, resident ...")
    of = models.BigIntegerField(help_text="number of the contact, resident ...")
    key = models.BinaryField(help_text="32 bytes, sealed with the installation's personal key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "of"], name="one_key_a_person")]


class Session(AbstractBaseSession):
    """A browser's session: Django's row, and for one that is signed in what its owner is shown about it."""

    user_id = models.BigIntegerField(null=True)
    device = models.CharField(max_length=60, blank=True, help_text="browser and system, e.g. Firefox · Linux")
    address = models.CharField(max_length=45, blank=True, help_text="network address without its last part")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(help_text="last use, up to a few minutes late")

    class Meta:
        indexes = [models.Index(fields=["user_id"], condition=Q(user_id__isnull=False), name="session_user")]


class Lock(models.Model):
    """An account that rests after wrong tries: `tally` is the counter's key, which reads back to nobody."""

    user = models.ForeignKey(User, models.CASCADE, related_name="locks")
    tally = models.CharField(max_length=64, unique=True)
    what = models.CharField(max_length=10, choices=[("password", _("密码")), ("code", _("验证码"))])
    address = models.CharField(max_length=45, blank=True, help_text="without its last part")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
