# One image for everything: the web, the worker and the embedded database. Data lives in the volume /data.
#   docker build -t candor .
#   docker run --rm -it -v candor-data:/data candor setup      # once: the rulebook, the keys, the first administrator
#   docker run -p 127.0.0.1:8000:8000 -v candor-data:/data candor
FROM python:3.12-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates fonts-dejavu-core fonts-noto-core \
       libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin candor \
    && install -d -o candor -g candor -m 0700 /data \
    && install -d -o candor -g candor /srv/candor

USER candor
WORKDIR /srv/candor
COPY --chown=candor:candor . .
# Of the packages of the pages the fonts are read whenever a paper is set; what only the build reads goes.
RUN PIP_NO_CACHE_DIR=1 ./candor assets && rm -rf node_modules/@uswds ~/.npm

ENV CANDOR_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
# Of the process alone, as the site's name is not asked for there; /readyz says more to a monitor.
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m \
    CMD [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Beyond this machine there are no demonstration log-ins. Behind a proxy, set CANDOR_BASE_URL to the public address.
ENTRYPOINT ["./candor"]
CMD ["up", "--no-demo", "--listen", "0.0.0.0"]
