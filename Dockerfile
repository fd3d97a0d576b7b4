# The image of one node. It is made by the same script as the published file (script/publish), which the tests run against.
#   docker build -t olha-mensagem-app .
#   docker run -p 8080:8080 -v olha-data:/app/data olha-mensagem-app
FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN script/publish && mv artifacts/publish/*/olha /olha

FROM ubuntu:24.04
# TLS to PostgreSQL is the only thing that needs more than libc.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3t64 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app olha \
 && mkdir -p /app/data && chown olha /app/data
COPY --from=build /olha /app/olha
USER olha
WORKDIR /app
# The paths of the original's image: its volume, with its database, is taken over as it is.
ENV PORT=8080 DB_NAME=/app/data/olha_mensagem.db
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/app/olha", "--health"]
ENTRYPOINT ["/app/olha"]
