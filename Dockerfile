# Build:  docker build -t auditor .
# Run:    docker run -d -p 127.0.0.1:8321:8321 --stop-timeout 60 \
#             -v ./schedules:/etc/auditor/schedules:ro -v auditor:/var/lib/auditor auditor
#
# Your trainer must be importable inside: build an image FROM this one that installs it.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/auditor
WORKDIR /src
COPY constraints.txt ./
# PyPI's torch for Linux brings gigabytes of CUDA. The same version without them comes from PyTorch's
# own index, alone: everything else, its dependencies too, comes from PyPI below.
RUN /opt/auditor/bin/pip install --no-deps --index-url https://download.pytorch.org/whl/cpu \
    "$(grep '^torch==' constraints.txt)"
# For networks in C; without a compiler auditor installs too, and trains them in torch.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY pyproject.toml README.md ./
COPY auditor ./auditor
RUN /opt/auditor/bin/pip install -c constraints.txt '.[postgres,notify,s3]'

FROM python:3.11-slim-bookworm
COPY --from=build /opt/auditor /opt/auditor
# Schedules belong to root and are only read; the ledger, the vault and the reports are the user's.
RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/auditor auditor \
    && mkdir -p /etc/auditor/schedules \
    && install -d -o auditor -g auditor /var/lib/auditor /var/lib/auditor/vault /var/lib/auditor/reports
ENV PATH=/opt/auditor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AUDITOR_SCHEDULES=/etc/auditor/schedules \
    AUDITOR_DATABASE_URL=sqlite:////var/lib/auditor/auditor.db \
    AUDITOR_VAULT=/var/lib/auditor/vault \
    AUDITOR_REPORTS=/var/lib/auditor/reports \
    AUDITOR_LISTEN=0.0.0.0:8321
# By number, so that a cluster can tell that it is not root.
USER 10001:10001
WORKDIR /var/lib/auditor
VOLUME ["/var/lib/auditor"]
EXPOSE 8321
# Whether it lives: a schedule that cannot be read makes it not ready, which no restart mends. Isolated (-I), as
# what audits leave in the working directory is none of its business.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-I", "-m", "auditor.http.probe"]
ENTRYPOINT ["auditor"]
CMD ["daemon"]
