"""A real S3 server on this machine: ``rclone serve s3``, which comes by pip."""

import re
import shutil
import subprocess
import sys
import threading
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
    process: subprocess.Popen[str] | None = None
    _reader: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": KEYS[0],
            "AWS_SECRET_ACCESS_KEY": KEYS[1],
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def start(self) -> None:
        """Start it on a port that is free, which it says once it listens."""
        (self.folder / "bucket").mkdir(parents=True, exist_ok=True)
        command = [rclone() or "rclone", "serve", "s3", str(self.folder), "--config", "/dev/null"]
        command += [
            "--addr",
            "127.0.0.1:0",
            "--auth-key",
            ",".join(KEYS),
            "--vfs-cache-mode",
            "off",
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        assert self.process.stderr is not None
        said = ""
        while (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)) is None:
            said = self.process.stderr.readline()
            if not said:
                raise RuntimeError("the S3 server ended")
        self.port = int(found[1])
        # What more it says is read, so that it never waits for a reader.
        self._reader = threading.Thread(target=self.process.stderr.read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self._reader is not None:
                self._reader.join()
            if self.process.stderr is not None:
                self.process.stderr.close()
