# The bank in one image. Alone it is a demo bank with its own servers:
#   docker build -t wekeza . && docker run --rm -p 127.0.0.1:8000:8000 wekeza
# docker-compose.yml runs the same image as web, worker, beat and the rest.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt requirements-embedded.txt /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        -r /tmp/requirements.txt -r /tmp/requirements-embedded.txt

FROM python:3.11-slim-bookworm
# A number, so that Kubernetes and the like can see that it is not root.
RUN groupadd --gid 10001 bank \
    && useradd --uid 10001 --gid bank --home-dir /var/lib/bank --shell /usr/sbin/nologin bank \
    && install --directory --owner=bank --group=bank --mode=0700 /var/lib/bank /var/lib/backups
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/bank
# Which state of the code this is; backups say it. docker build --build-arg COMMIT=$(git rev-parse HEAD)
ARG COMMIT=unknown
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv/bank \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=wekeza.settings \
    BANK_DATA=/var/lib/bank \
    BACKUP_FOLDER=/var/lib/backups \
    HOST=0.0.0.0 \
    PORT=8000 \
    WEKEZA_CODE=$COMMIT
WORKDIR /srv/bank
USER 10001:10001
VOLUME ["/var/lib/bank", "/var/lib/backups"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-m", "wekeza.runtime.healthy", "web"]
CMD ["python", "-m", "wekeza.runtime.run"]
