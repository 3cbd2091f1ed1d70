"""A real S3 server on this machine: ``rclone serve s3``, which comes by pip."""

import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

KEYS = ("AUDITSKEYID", "a-secret-that-no-log-may-show")


def rclone() -> str | None:
    """Return the program, or None where it is not installed."""
    return shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")


@dataclass
class S3Server:
    """Serves the folders below ``folder`` as buckets."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": KEYS[0],
            "AWS_SECRET_ACCESS_KEY": KEYS[1],
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def start(self) -> None:
        if not self.port:
            with socket.socket() as found:
                found.bind(("127.0.0.1", 0))
                self.port = found.getsockname()[1]
        (self.folder / "bucket").mkdir(parents=True, exist_ok=True)
        command = [rclone() or "rclone", "serve", "s3", str(self.folder), "--config", "/dev/null"]
        command += [
            "--addr",
            f"127.0.0.1:{self.port}",
            "--auth-key",
            ",".join(KEYS),
            "--vfs-cache-mode",
            "off",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the S3 server does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
