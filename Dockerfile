# COB Desk as an image: dependencies from the lock file, nobody is root, and the process says whether it lives.
FROM python:3.12-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv
WORKDIR /desk
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev

# The payer order as machine code; the compiler stays behind.
FROM build AS rules
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev
RUN uv sync --frozen --no-dev --group compile
COPY cob cob
RUN .venv/bin/python -m cob.compiled

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home desk && install -d -o desk -m 700 /data
WORKDIR /desk
COPY --from=build /desk/.venv .venv
COPY . .
COPY --from=rules /desk/cob/rules cob/rules
COPY --from=rules /desk/cob/*.so cob/
COPY --from=rules /desk/cob_rules__mypyc*.so ./
ENV PATH=/desk/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 COB_DATA_DIR=/data
USER desk
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# `start` migrates, gathers static files in production, and becomes gunicorn.
CMD ["python", "manage.py", "start", "--host", "0.0.0.0", "--no-demo"]
