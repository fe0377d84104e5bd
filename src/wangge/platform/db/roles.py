"""Who owns the tables and who may only use them."""

from typing import Any

WEB_ROLE = "wangge_web"


def make_web_role(cursor: Any) -> None:
    """Make the role of the web and worker processes and let the present login assume it; idempotent."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {WEB_ROLE} NOLOGIN NOBYPASSRLS")
    cursor.execute("SHOW server_version_num")
    # Before PostgreSQL 16 a member may always assume the role.
    privilege = "SET" if int(cursor.fetchone()[0]) >= 160000 else "MEMBER"
    cursor.execute("SELECT pg_has_role(current_user, %s, %s)", [WEB_ROLE, privilege])
    if not cursor.fetchone()[0]:
        cursor.execute(f"GRANT {WEB_ROLE} TO current_user")
