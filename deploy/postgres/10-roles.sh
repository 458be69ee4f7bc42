#!/bin/bash
# Makes the bank's three roles and its database, when the volume of the database is new: the owner
# migrates, the application owns nothing, and the third may read everything and is for backups.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set backup="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE wekeza_owner LOGIN PASSWORD :'owner';
CREATE ROLE wekeza_app LOGIN PASSWORD :'app';
CREATE ROLE wekeza_backup LOGIN PASSWORD :'backup' IN ROLE pg_read_all_data;
-- No collation of the machine: the same order of texts everywhere.
CREATE DATABASE wekeza OWNER wekeza_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE wekeza FROM PUBLIC;
GRANT CONNECT ON DATABASE wekeza TO wekeza_app, wekeza_backup;
SQL
