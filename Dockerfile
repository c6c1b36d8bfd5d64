# The gateway as an image: built from this checkout, run as a user without privileges. It writes only to /data, so the root
# file system can be read-only.
FROM node:24-bookworm AS build
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN mkdir /package \
  && npm pack --pack-destination /package \
  && npm install --prefix /app --no-audit --no-fund /package/pushport-*.tgz \
  && mkdir /data

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
  PUSHPORT_HOST=0.0.0.0 \
  PUSHPORT_PORT=8787 \
  PUSHPORT_DATABASE_URL=file:/data/pushport.db
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build --chown=node:node /data /data
USER node
VOLUME ["/data"]
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PUSHPORT_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/pushport/dist/npm/cli.js"]
CMD ["serve"]
