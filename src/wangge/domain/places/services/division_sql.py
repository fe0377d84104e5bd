"""The statements of loading a list. `%(on)s` is the day of the list; only temporary tables are made."""

# Larger sorts and hashes for this transaction alone.
SETTINGS = "SELECT set_config('work_mem', '128MB', true)"
# Of a load before in the same transaction.
CLEAN = "DROP TABLE IF EXISTS pg_temp.held, pg_temp.incoming, pg_temp.fresh, pg_temp.placed"

# What holds on the day, by code; `final` when nothing later is recorded.
HELD = """
    CREATE TEMP TABLE held ON COMMIT DROP AS
    SELECT v.code, v.area_id, v.parent_id, v.name, v.path, upper_inf(v.valid) AS final
    FROM places_areaversion v JOIN places_area a ON a.id = v.area_id
    WHERE v.valid @> %(on)s::date AND a.level <> 'grid'
"""
STAGING = """
    CREATE TEMP TABLE incoming (
        file int, line int, level int, code text, name text, parent text, short_name text, inside bool
    ) ON COMMIT DROP
"""
COPY = "COPY incoming FROM STDIN"
NAMES_ABOVE = "SELECT code, name FROM held WHERE length(code) < 12"
ANALYSE = "ANALYZE held; ANALYZE incoming"

TWICE = """
    SELECT i.file, i.line, i.code, i.parent
    FROM (SELECT *, row_number() OVER (PARTITION BY code ORDER BY file, line) AS nth FROM incoming
          WHERE code IN (SELECT code FROM incoming GROUP BY code HAVING count(*) > 1)) i
    WHERE nth > 1 ORDER BY file, line
"""
NO_PARENT = """
    SELECT file, line, code, parent FROM incoming i
    WHERE level > 0
      AND NOT EXISTS (SELECT 1 FROM incoming p WHERE p.code = i.parent)
      AND NOT EXISTS (SELECT 1 FROM held h WHERE h.code = i.parent)
    ORDER BY file, line
"""
HELD_LATER = """
    SELECT file, line, code, parent FROM incoming i
    WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.code = i.code)
      AND EXISTS (SELECT 1 FROM places_areaversion v WHERE v.code = i.code AND lower(v.valid) > %(on)s)
    ORDER BY file, line
"""
# A parent that later ends or moves would leave the new area behind.
UNSTEADY_PARENT = """
    SELECT i.file, i.line, i.code, i.parent FROM incoming i
    JOIN held p ON p.code = i.parent AND NOT p.final
    WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.code = i.code)
      AND NOT EXISTS (SELECT 1 FROM places_areaversion v
                      WHERE v.area_id = p.area_id AND upper_inf(v.valid) AND v.path = p.path)
    ORDER BY i.file, i.line
"""

FRESH = """
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT nextval('places_area_id_seq') AS id, i.level, i.code, i.name, i.short_name, i.parent
    FROM (SELECT * FROM incoming i WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.code = i.code)
          ORDER BY level, code) i;
    CREATE TEMP TABLE placed ON COMMIT DROP AS
    SELECT code, area_id AS id, parent_id, path, NULL::int AS level FROM held;
    ANALYZE fresh; ANALYZE placed
"""
PLACE = """
    INSERT INTO placed (code, id, parent_id, path, level)
    SELECT f.code, f.id, p.id, coalesce(p.path, '') || f.id || '.', f.level
    FROM fresh f LEFT JOIN placed p ON p.code = f.parent
    WHERE f.level = %(level)s;
    ANALYZE placed
"""
FOUND_AREAS = """
    INSERT INTO places_area (id, level, kind, code, name, short_name, parent_id, path, active)
    SELECT f.id, %(name)s, 'ordinary', f.code, f.name, f.short_name, p.parent_id, p.path, true
    FROM fresh f JOIN placed p ON p.id = f.id
    WHERE f.level = %(level)s ORDER BY f.id
"""
# GiST takes rows in rising order twice as slowly as mixed ones: reversed codes mix them.
FOUND_VERSIONS = """
    INSERT INTO places_areaversion (area_id, code, name, short_name, parent_id, path, valid)
    SELECT f.id, f.code, f.name, f.short_name, p.parent_id, p.path, daterange(%(on)s::date, NULL)
    FROM fresh f JOIN placed p ON p.id = f.id
    ORDER BY reverse(f.code)
"""

RENAMED = """
    SELECT h.area_id, i.name, i.short_name FROM incoming i JOIN held h ON h.code = i.code
    WHERE h.name <> i.name AND h.final
"""
# Areas whose parent the list covers, and that it does not have.
VANISHED = """
    WITH covered AS (
        SELECT parent AS code FROM incoming WHERE inside
        UNION SELECT code FROM incoming WHERE inside AND level + 1 IN (SELECT DISTINCT level FROM incoming)
    )
    SELECT h.code, h.name FROM held h LEFT JOIN held p ON p.area_id = h.parent_id
    WHERE coalesce(p.code, '') IN (SELECT code FROM covered)
      AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.code = h.code)
    ORDER BY h.code
"""
ELSEWHERE = """
    SELECT h.code, h.name FROM incoming i JOIN held h ON h.code = i.code LEFT JOIN held p ON p.area_id = h.parent_id
    WHERE coalesce(p.code, '') <> i.parent OR (h.name <> i.name AND NOT h.final)
    ORDER BY h.code
"""
