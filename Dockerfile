# One image for api, worker and migrate: the compiled service, its production packages, nothing else.
# A private registry: docker build --secret id=npmrc,src=$HOME/.npmrc .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY emails emails
COPY clients clients
RUN npm run build

# Without the optional packages: no second Node, and no embedded Postgres.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --omit=optional --ignore-scripts
# Never read when the service runs: a third of the packages. Licences stay.
RUN find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \
    -o -iname 'readme*.md' -o -iname 'changelog*.md' -o -iname 'history*.md' \) -delete \
    # A formatter of HTML that only `pretty` rendering loads.
    && rm -r node_modules/prettier

# Node, a shell with a few tools for a look inside, and the libraries they need: no npm, no package manager, no headers.
FROM ${NODE_IMAGE} AS system
RUN set -eu; root=/system; \
    mkdir -p $root/usr/bin $root/usr/lib $root/usr/lib64 $root/etc $root/tmp; chmod 1777 $root/tmp; \
    for folder in bin lib lib64; do ln -s usr/$folder $root/$folder; done; \
    for tool in node sh cat env grep id ls touch; do cp -L "$(command -v $tool)" $root/usr/bin/; done; \
    for library in $(ldd $root/usr/bin/* | grep -o '/[^ ]*[.]so[^ ]*' | sort -u); do cp -L --parents $library $root; done; \
    cp /etc/passwd /etc/group /etc/nsswitch.conf /etc/os-release $root/etc/; \
    install -d -o node -g node -m 700 $root/data

FROM scratch
COPY --from=system /system /
ENV PATH=/usr/bin NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
# /data has what is generated where no keys are set; mount a volume to keep it and to share it. Only it and /tmp are written.
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY sql sql
COPY assets assets
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js", "start"]
