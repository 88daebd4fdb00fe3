# The judge (docs/deployment.md). Its own stages, so that compilers and development packages stay behind.
# Pin it in your own build: docker build --build-arg BASE=node:22-bookworm-slim@sha256:…
ARG BASE=node:22-bookworm-slim

FROM ${BASE} AS build
WORKDIR /peak
COPY package.json package-lock.json ./
# No package's install script runs: none is needed, and each would be somebody else's code.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npx tsc -p tsconfig.build.json

FROM ${BASE} AS packages
WORKDIR /peak
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE}
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="peak-judge" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${COMMIT}"
# /var/lib/peak is for a volume. A fresh named one takes its owner from here; a folder of the host must belong to user 1000.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/peak \
  && ln -s /peak/bin/peak.js /usr/local/bin/peak
WORKDIR /peak
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json PEAK_DATA_DIR=/var/lib/peak
# All of it belongs to root: the process can read its own code, and not change it.
COPY package.json LICENSE ./
COPY bin ./bin
COPY schemas ./schemas
COPY templates ./templates
COPY --from=packages /peak/node_modules ./node_modules
COPY --from=build /peak/dist ./dist
USER node
EXPOSE 3000
# Ready is who has gone through all repositories: the first time, they are cloned.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/judge.js"]
