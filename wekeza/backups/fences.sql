-- One line for each thing that the database itself forbids or allows; of extensions only their names.
-- Lines that begin with "definition" are PostgreSQL's own words, which another version may choose
-- differently; it also moves casts and brackets when it reads its own words again, so they are left
-- out.
WITH ours AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl
    FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S', 'v', 'm', 'p')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
), functions AS (
    SELECT p.*, format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS signature
    FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
), rights AS (
    SELECT 'table ' || o.relname AS thing, a.* FROM ours o, aclexplode(coalesce(
        o.relacl, acldefault(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", o.relowner))) a
    UNION ALL
    SELECT format('column %s.%s', o.relname, t.attname), a.*
    FROM ours o JOIN pg_catalog.pg_attribute t ON t.attrelid = o.oid, aclexplode(t.attacl) a
    UNION ALL
    SELECT 'function ' || f.signature, a.*
    FROM functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
    UNION ALL
    SELECT 'schema public', a.*
    FROM pg_catalog.pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    WHERE n.nspname = 'public' AND a.grantee <> n.nspowner
    UNION ALL
    SELECT 'database', a.*
    FROM pg_catalog.pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE d.datname = current_database()
      -- Of roles that only look (monitors, backups) the database's administrator decides.
      AND (a.grantee = 0 OR EXISTS (SELECT FROM ours o, aclexplode(o.relacl) r
                                    WHERE r.grantee = a.grantee AND r.grantee <> o.relowner))
    UNION ALL
    SELECT format('what %s will make (%s)', pg_get_userbyid(d.defaclrole), d.defaclobjtype), a.*
    FROM pg_catalog.pg_default_acl d, aclexplode(d.defaclacl) a
)
SELECT format('right on %s -> %s may %s%s', thing,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type,
              CASE WHEN is_grantable THEN ', and give it on' ELSE '' END) AS line
FROM rights
UNION ALL
SELECT format('owner of %s is %s', relname, pg_get_userbyid(relowner)) FROM ours
UNION ALL
SELECT format('trigger %s on %s is %s', t.tgname, o.relname, t.tgenabled)
FROM pg_catalog.pg_trigger t JOIN ours o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('definition of trigger: %s', regexp_replace(
           pg_get_triggerdef(t.oid), '::(character varying|text)(\[\])?|[()]', '', 'g'))
FROM pg_catalog.pg_trigger t JOIN ours o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT format('constraint %s on %s, %s', c.conname, o.relname,
              CASE WHEN c.convalidated THEN 'asked of every row' ELSE 'of new rows only' END)
FROM pg_catalog.pg_constraint c JOIN ours o ON o.oid = c.conrelid WHERE c.contype <> 'n'
UNION ALL
SELECT format('definition of constraint %s on %s: %s', c.conname, o.relname, regexp_replace(
           pg_get_constraintdef(c.oid), '::(character varying|text)(\[\])?|[()]', '', 'g'))
FROM pg_catalog.pg_constraint c JOIN ours o ON o.oid = c.conrelid WHERE c.contype <> 'n'
UNION ALL
SELECT format('definition of index: %s', regexp_replace(
           pg_get_indexdef(i.indexrelid), '::(character varying|text)(\[\])?|[()]', '', 'g'))
FROM pg_catalog.pg_index i JOIN ours o ON o.oid = i.indrelid
UNION ALL
SELECT format('function %s, %s, sha256 %s', signature,
              CASE WHEN prosecdef THEN 'as its owner' ELSE 'as who calls it' END
              || coalesce(' with ' || array_to_string(proconfig, '; '), ''),
              encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'))
FROM functions
UNION ALL
SELECT format('extension %s', extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
ORDER BY 1
