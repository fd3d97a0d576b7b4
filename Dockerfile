# The image of one node: the file that script/publish makes, which the tests run against, and next to nothing else.
#   docker build -t olha-mensagem-app .
#   docker run -p 8080:8080 -v olha-data:/app/data --read-only olha-mensagem-app
# For the other kind of processor, without emulating it: docker buildx build --platform linux/arm64 .
FROM --platform=$BUILDPLATFORM node:20-bookworm-slim AS node

# The SDK of global.json.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
ARG TARGETARCH
RUN case "$TARGETARCH" in amd64) rid=linux-x64 ;; arm64) rid=linux-arm64 ;; *) rid= ;; esac \
 && script/publish $rid \
 && mkdir -p /image/data \
 && mv artifacts/publish/*/olha /image/olha

# What the program needs, glibc and OpenSSL, with the roots of TLS; no shell, no package manager.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
COPY --from=build /image/olha /app/olha
# The numbers of the original's user: what its volume holds belongs to them.
COPY --from=build --chown=100:101 /image/data /app/data
COPY --from=build --chown=100:101 /image/data /olha-mensagem-app/data
USER 100:101
WORKDIR /app
# As the original documents it. Its compose file names /olha-mensagem-app/data instead: that folder is here too.
ENV PORT=8080 DB_NAME=/app/data/olha_mensagem.db
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/app/olha", "--health"]
ENTRYPOINT ["/app/olha"]
