"""The chain of looks: PostgreSQL gives every look its place and its hash in the transaction that writes it.

At the end of that transaction, so that those who look at people of one community wait for each other only while
they commit. The web role may not write links; decision 10 says what this proves and what it does not.
"""

from wangge.platform.db.roles import WEB_ROLE

# The line of a look as it is hashed and exported, without its hash. engines/verify_audit.py reads this form.
# Written out, so that no version of PostgreSQL changes a blank of it.
_LINE = """
    '{"chain":' || l.chain || ',"seq":' || seq || ',"id":' || l.id
    || ',"at":"' || to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","user":' || coalesce(l.user_id::text, 'null') || ',"unit":' || coalesce(l.unit_id::text, 'null')
    || ',"behalf":' || coalesce(l.on_behalf_of::text, 'null')
    || ',"role":' || to_json(l.role) || ',"channel":' || to_json(l.channel)
    || ',"subject":' || to_json(l.subject) || ',"person":' || to_json(l.person)
    || ',"data":' || to_json(l.data_class) || ',"purpose":' || to_json(l.purpose) || '}'
"""

_LOCKS = 7742

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION wangge_look_line(l access_readlog, seq bigint) RETURNS text
    LANGUAGE sql STABLE AS $$ SELECT {_LINE} $$;
CREATE OR REPLACE FUNCTION wangge_note_chains() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ BEGIN
        PERFORM set_config('wangge.chains', concat_ws(',', nullif(current_setting('wangge.chains', true), ''),
            (SELECT string_agg(DISTINCT chain::text, ',') FROM looks)), true);
        RETURN NULL;
    END $$;
CREATE OR REPLACE FUNCTION wangge_link_look() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ DECLARE
        one bigint;
        before access_looklink;
    BEGIN
        -- All chains of the transaction, in one order for everybody: two that look at two communities never
        -- wait for each other in a ring.
        FOR one IN SELECT DISTINCT c::bigint FROM unnest(string_to_array(
                concat_ws(',', nullif(current_setting('wangge.chains', true), ''), NEW.chain), ',')) c
                   ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock({_LOCKS}, (one % 2147483647)::integer);
        END LOOP;
        SELECT * INTO before FROM access_looklink WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
        INSERT INTO access_looklink (look_id, chain, seq, hash) VALUES (NEW.id, NEW.chain,
            coalesce(before.seq, 0) + 1,
            sha256(coalesce(before.hash, '') || convert_to(wangge_look_line(NEW, coalesce(before.seq, 0) + 1), 'UTF8')));
        RETURN NULL;
    END $$;
"""  # noqa: S608

TRIGGERS = f"""
REVOKE INSERT ON access_looklink FROM {WEB_ROLE};
CREATE OR REPLACE TRIGGER note_chains AFTER INSERT ON access_readlog REFERENCING NEW TABLE AS looks
    FOR EACH STATEMENT EXECUTE FUNCTION wangge_note_chains();
DROP TRIGGER IF EXISTS link_look ON access_readlog;
CREATE CONSTRAINT TRIGGER link_look AFTER INSERT ON access_readlog DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wangge_link_look();
DO $$ DECLARE
    l access_readlog;
    n bigint := 0;
    linked bytea := '';
BEGIN
    -- Looks of the time before there were chains.
    IF NOT EXISTS (SELECT 1 FROM access_looklink) THEN
        FOR l IN SELECT * FROM access_readlog WHERE chain = 0 ORDER BY id LOOP
            n := n + 1;
            linked := sha256(linked || convert_to(wangge_look_line(l, n), 'UTF8'));
            INSERT INTO access_looklink (look_id, chain, seq, hash) VALUES (l.id, 0, n, linked);
        END LOOP;
    END IF;
END $$;
"""  # noqa: S608
