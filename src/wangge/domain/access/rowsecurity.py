"""Row-level security: the net below POLICY, in PostgreSQL itself.

`apply()` is idempotent and runs as the tables' owner at the end of every `wangge setup`. The web role
owns no table; each table here has row security forced, so that even its owner passes the rules.
The settings `wangge.*` come from scope.py; unset or empty they match nothing.
"""

from django.db import connection

from wangge.domain.access import chain
from wangge.platform.db.roles import WEB_ROLE

# pg_dump looks for functions nowhere: one that calls another names the schema.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION wangge_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('wangge.kind', true), ''), 'nobody') $$;
CREATE OR REPLACE FUNCTION wangge_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT public.wangge_kind() = 'system' $$;
CREATE OR REPLACE FUNCTION wangge_is_staff() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT public.wangge_kind() = 'staff' $$;
CREATE OR REPLACE FUNCTION wangge_patterns() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('wangge.patterns', true), ''), '{}')::text[] $$;
CREATE OR REPLACE FUNCTION wangge_areas() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(array_agg(id), '{}') FROM public.places_area WHERE path LIKE ANY (public.wangge_patterns()) $$;
CREATE OR REPLACE FUNCTION wangge_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('wangge.user_id', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION wangge_near() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('wangge.near', true), ''), '{}')::text[] $$;
CREATE OR REPLACE FUNCTION wangge_errands() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('wangge.errands', true), ''), '{}')::text[] $$;
CREATE OR REPLACE FUNCTION wangge_register_areas() RETURNS bigint[] LANGUAGE sql STABLE
    AS $$ SELECT coalesce(array_agg(id), '{}') FROM public.places_area WHERE path LIKE ANY (public.wangge_near() || (
        SELECT coalesce(array_agg(street.path || '%'), '{}') FROM public.register_errand e
        JOIN public.places_area street ON street.id = e.area_id
        WHERE e.user_id = public.wangge_user() AND e.until > now()
        AND street.path || '%' = ANY (public.wangge_errands()))) $$;
CREATE OR REPLACE FUNCTION wangge_granted() RETURNS bigint[] LANGUAGE sql STABLE
    AS $$ SELECT coalesce(array_agg(resident_id), '{}') FROM public.register_grant
          WHERE user_id = public.wangge_user() AND until > now() AND ended_at IS NULL $$;
CREATE OR REPLACE FUNCTION wangge_units() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('wangge.units', true), ''), '{}')::bigint[] $$;
CREATE OR REPLACE FUNCTION wangge_receipt() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('wangge.receipt', true), '') $$;
CREATE OR REPLACE FUNCTION wangge_refuse_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
"""

# The index of words lies apart, because PostgreSQL uses no text index on a table with row rules. Nobody reads it:
# these answer ids, which the row rules of cases_case then narrow.
CASE_WORDS = f"""
REVOKE ALL ON cases_casewords FROM {WEB_ROLE}, PUBLIC;
CREATE OR REPLACE FUNCTION wangge_cases_with(asked text) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT case_id FROM cases_casewords WHERE words @@ asked::tsquery AND wangge_kind() IN ('staff', 'system') $$;
CREATE OR REPLACE FUNCTION wangge_cases_without_words(after bigint, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.id FROM cases_case c LEFT JOIN cases_casewords w ON w.case_id = c.id
          WHERE c.id > after AND w.case_id IS NULL AND wangge_kind() = 'system' ORDER BY c.id LIMIT most $$;
CREATE OR REPLACE FUNCTION wangge_keep_words(cases bigint[], tokens text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ INSERT INTO cases_casewords (case_id, words)
          SELECT c, array_to_tsvector(string_to_array(t, ' ')) FROM unnest(cases, tokens) AS given (c, t)
          WHERE wangge_kind() = 'system'
          ON CONFLICT (case_id) DO UPDATE SET words = excluded.words $$;
"""

# Booleans, not comparisons: the planner takes half of the rows to pass, so that the rules do not make it
# believe that hardly any row is left and give up an index that brings the rows in order.
_SYSTEM = "(SELECT wangge_is_system())"
_STAFF = "(SELECT wangge_is_staff())"
_CASE_SEEN = f"""
    {_SYSTEM}
    OR ({_STAFF} AND (
        area_path LIKE ANY ((SELECT wangge_patterns())::text[])
        OR responsible_id = ANY ((SELECT wangge_units())::bigint[])
        OR lead_id = ANY ((SELECT wangge_units())::bigint[])
        OR reported_by_id = (SELECT wangge_user())
        OR state = 'callback'
        OR support_units && (SELECT wangge_units())::bigint[]))
    OR receipt_hash = (SELECT wangge_receipt())
"""
_CASE_OF_ROW = "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)"
_CALLS_BACK = f"""
    {_SYSTEM}
    OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
               AND (c.receipt_hash = (SELECT wangge_receipt()) OR c.state = 'callback'))
"""
_OWN_OF_CLIENT = f"{_SYSTEM} OR client_id = (SELECT wangge_user())"
_HANDOVER = f"""
    {_SYSTEM}
    OR giver_id = (SELECT wangge_user()) OR receiver_id = (SELECT wangge_user())
    OR unit_id = ANY ((SELECT wangge_units())::bigint[])
    OR area_path LIKE ANY ((SELECT wangge_patterns())::text[])
"""
# By ids of areas, asked once a statement: an index on area_id can be used.
_IN_RING = f"{_SYSTEM} OR area_id = ANY ((SELECT wangge_areas())::bigint[])"
_REGISTER = f"{_SYSTEM} OR area_id = ANY ((SELECT wangge_register_areas())::bigint[])"
_OWN = f"{_SYSTEM} OR user_id = (SELECT wangge_user())"
_SIGNED_IN = f"{_SYSTEM} OR (SELECT wangge_user()) IS NOT NULL"

# By the posts as they stand in the database: the settings name only units whose work one shares.
_SAVED_VIEW = f"""
    {_OWN}
    OR unit_id IN (SELECT p.unit_id FROM access_post p WHERE p.user_id = (SELECT wangge_user()))
    OR unit_id IN (SELECT p.unit_id FROM access_post p JOIN access_standin s ON s.post_id = p.id
                   WHERE s.user_id = (SELECT wangge_user()))
"""

_OWN_IMPORT = "EXISTS (SELECT 1 FROM orders_orderimport i WHERE i.id = batch_id)"
_OWN_ENROLMENT = f"{_SYSTEM} OR EXISTS (SELECT 1 FROM enrolment_enrolment i WHERE i.id = batch_id)"

# table: rows seen. Only the services write, as the system, after POLICY let the actor in.
ROWS: dict[str, str] = {
    "places_dwelling": _IN_RING,
    "places_panorama": _IN_RING,
    "register_household": _REGISTER,
    "register_resident": f"{_REGISTER} OR id = ANY ((SELECT wangge_granted())::bigint[])",
    "register_namemark": _REGISTER,
    "register_detail": _REGISTER,
    "register_merge": _REGISTER,
    "register_tenancy": _REGISTER,
    "register_homecheck": _REGISTER,
    "register_organisation": _REGISTER,
    "register_careneed": _REGISTER,
    "register_correction": _REGISTER,
    "visits_diaryentry": _REGISTER,
    "visits_comment": _REGISTER,
    "visits_visitplan": _REGISTER,
    "visits_visit": _REGISTER,
    "visits_meeting": _REGISTER,
    "visits_followup": _REGISTER,
    "shifts_shift": f"{_IN_RING} OR user_id = (SELECT wangge_user())",
    "register_errand": _OWN,
    "register_grant": f"{_REGISTER} OR user_id = (SELECT wangge_user())",
    "cases_case": _CASE_SEEN,
    "cases_caseevent": _CASE_OF_ROW,
    "cases_support": _CASE_OF_ROW,
    "cases_photo": _CASE_OF_ROW,
    "cases_sound": _CASE_OF_ROW,
    "cases_contact": _CALLS_BACK,
    "cases_repeatalarm": _CASE_OF_ROW,
    "office_handover": _HANDOVER,
    "office_handoverline": "EXISTS (SELECT 1 FROM office_handover h WHERE h.id = handover_id)",
    "orders_orderimport": _OWN,
    "orders_orderrow": _OWN_IMPORT,
    "orders_order": _CASE_OF_ROW,
    "enrolment_enrolment": _OWN,
    "enrolment_enrolmentrow": _OWN_ENROLMENT,
    "enrolment_enrolled": _OWN_ENROLMENT,
    "bulk_run": _OWN,
    "boards_printrun": _OWN,
    "exports_listfile": _OWN,
    "field_device": _OWN,
    # Whose phone, and the rings of its place: which posts of them is the wall's.
    "field_record": f"{_IN_RING} OR user_id = (SELECT wangge_user())",
    "field_aside": f"{_IN_RING} OR user_id = (SELECT wangge_user())",
    "field_upload": _OWN,
    # No personal data: the net keeps residents out, who among the staff drafts plans is the wall's.
    "planning_plan": _SIGNED_IN,
    "planning_alternative": _SIGNED_IN,
    "planning_edit": _SIGNED_IN,
    "office_notice": _OWN,
    "office_savedview": _SAVED_VIEW,
    "office_mail": _SYSTEM,
    "exchange_answer": _OWN_OF_CLIENT,
    "exchange_webhook": _OWN_OF_CLIENT,
    "exchange_delivery": _OWN_OF_CLIENT,
}

# A member of staff marks their own notices as read.
OWN_CHANGES = {"office_notice": _OWN}

APPEND_ONLY = (
    "cases_caseevent",
    "access_readlog",
    "access_looklink",
    "access_lookday",
    "access_lookhead",
    "catalogue_revision",
)


def apply() -> None:
    """Create the functions, the grants and the row rules; run as owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {WEB_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE}")
        cursor.execute(CASE_WORDS)
        cursor.execute(chain.FUNCTIONS)
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {WEB_ROLE}")
        for table in APPEND_ONLY:
            cursor.execute(_append_only(table))
        cursor.execute(chain.TRIGGERS)
        for table, seen in ROWS.items():
            cursor.execute(_row_rules(table, seen, OWN_CHANGES.get(table, _SYSTEM)))


def _append_only(table: str) -> str:
    return f"""
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {WEB_ROLE};
        CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION wangge_refuse_change();
    """


def _row_rules(table: str, seen: str, changed: str) -> str:
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS seen ON {table};
        CREATE POLICY seen ON {table} FOR SELECT USING ({seen});
        DROP POLICY IF EXISTS changed ON {table};
        CREATE POLICY changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed});
        DROP POLICY IF EXISTS removed ON {table};
        CREATE POLICY removed ON {table} FOR DELETE USING ({_SYSTEM});
        DROP POLICY IF EXISTS added ON {table};
        CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({_SYSTEM});
    """
