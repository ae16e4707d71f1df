# Images of the tools, from nothing but prebuilt static binaries: `cargo xtask image` lays rootfs/ out and chooses the stage.
# `roadcrew` holds all tools and a busybox, for jobs that run inside it and need a shell there; it has no ENTRYPOINT, which
# would stand in their way. Plain enough for every builder: no RUN, no heredoc.
FROM scratch AS roadcrew
ARG TOOL
ARG VERSION
ARG SOURCE
LABEL org.opencontainers.image.title="$TOOL" org.opencontainers.image.version="$VERSION" org.opencontainers.image.source="$SOURCE"
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY rootfs/ /
CMD ["/bin/sh"]

# One tool's image. ROADCREW_IMAGE tells the binary that no shell and no other program is beside it, and that a pipe's
# variables are its inputs. /tool is a link to /usr/local/bin/TOOL, since the exec form takes no ARG. Root stays: GitHub's
# docker actions must run as root to write their workspace and output files.
FROM roadcrew AS tool
ENV ROADCREW_IMAGE=1
ENTRYPOINT ["/tool"]
