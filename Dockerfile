# The judge (docs/deployment.md). Its own stages, so that compilers and development packages stay behind.
FROM node:22-bookworm-slim AS build
WORKDIR /peak
COPY package.json package-lock.json ./
# No package's install script runs: none is needed, and each would be somebody else's code.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npx tsc -p tsconfig.build.json

FROM node:22-bookworm-slim AS packages
WORKDIR /peak
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node /var/lib/peak
WORKDIR /peak
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json PEAK_DATA_DIR=/var/lib/peak
# All of it belongs to root: the process can read its own code, and not change it.
COPY package.json LICENSE ./
COPY --from=packages /peak/node_modules ./node_modules
COPY --from=build /peak/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ping`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "node_modules/probot/bin/probot.js", "run", "./dist/app/index.js"]
