# Linekeeper as a container image. docker-compose.yml starts it beside drachtio-server and
# FreeSWITCH; alone it runs with its embedded switch:
#   docker build -t linekeeper .
#   docker run --network host linekeeper

# ---- Build: compile TypeScript and the SQLite binding, then drop what only building needs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
# better-sqlite3 is compiled when no ready-made binary for this platform can be had.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
# The packages first: this layer is made again only when they change.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run -s build && npm prune --omit=dev

# ---- Run: Node, the compiled program, its packages, the default configuration and prompts.
FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    LINEKEEPER_DATA=/var/lib/linekeeper/data \
    LINEKEEPER_RECORDINGS=/var/lib/linekeeper/recordings
WORKDIR /app

# The program's files belong to root, so the running program cannot change them. It writes to two
# folders only. Their owner has the number 1000 (node); FreeSWITCH runs under the same number in
# docker-compose.yml, so that each can read what the other writes.
RUN mkdir -p "$LINEKEEPER_DATA" "$LINEKEEPER_RECORDINGS" \
  && chown -R node:node /var/lib/linekeeper \
  && chmod -R u=rwX,go= /var/lib/linekeeper
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY docker/health.mjs ./docker/health.mjs
COPY config ./config
COPY freeswitch/sounds ./freeswitch/sounds

USER node
VOLUME ["/var/lib/linekeeper/data", "/var/lib/linekeeper/recordings"]
# Asks by SIP whether calls would be answered; see the file.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "docker/health.mjs"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["start"]
