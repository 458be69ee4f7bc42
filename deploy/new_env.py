"""
Write an .env for docker-compose.yml: a demo bank on this machine, with keys of its own.

    python3 deploy/new_env.py > .env

It needs nothing but Python, and what it prints is secret. For a real bank take PRODUCTION=true,
SITE_URL and ALLOWED_HOSTS of your own, and none of the lines of the demo.
"""

import base64
import secrets

LINES = """\
# Made by deploy/new_env.py. Secret: keep a copy where the backups are not.
SECRET_KEY={secret}
WEKEZA_KEYS=k1:{key}
WEKEZA_INDEX_KEY={index_key}
POSTGRES_PASSWORD={postgres}
OWNER_PASSWORD={owner}
APP_PASSWORD={app}
BACKUP_PASSWORD={backup}
QUEUE_PASSWORD={queue}

# A demo bank, with its pretended registers and bureau; .env.example says what else there is.
WEKEZA_DEMO=1
COMPOSE_PROFILES=demo
SITE_URL=http://localhost:8000
ALLOWED_HOSTS=localhost,127.0.0.1
IPRS_URL=http://127.0.0.1:8099
IPRS_TOKEN={register}
PHONE_OWNER_URL=http://127.0.0.1:8099
PHONE_OWNER_TOKEN={register}
METROPOL_URL=http://127.0.0.1:8098
METROPOL_PUBLIC_KEY={bureau_public}
METROPOL_PRIVATE_KEY={bureau_private}
"""
PASSWORDS = (
    *("postgres", "owner", "app", "backup", "queue", "register"),
    *("bureau_public", "bureau_private"),
)


def new_env() -> str:
    """This will give the text of an .env whose secrets nobody else has."""
    key, index_key = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    passwords = {name: secrets.token_urlsafe(24) for name in PASSWORDS}
    return LINES.format(secret=secrets.token_urlsafe(64), key=key, index_key=index_key, **passwords)


if __name__ == "__main__":
    print(new_env(), end="")
