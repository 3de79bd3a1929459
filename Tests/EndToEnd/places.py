"""Places that are small, full, read-only or closed to us."""
import contextlib
import errno
import os
import pathlib
import shutil
import subprocess

from world import Skipped

NOBODY = 65534  # Root may write where nobody may, so who is kept out must not be root.


def mount(*arguments):
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Skipped(f"this user may not mount a file system ({done.stderr.strip()})")


@contextlib.contextmanager
def small_disk(folder, kilobytes=4096):
    """Puts `folder` on a disk of its own, which is small; afterwards it is gone."""
    folder = pathlib.Path(folder)
    aside = folder.with_name(folder.name + ".aside")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    mount("-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", folder)
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


class Disk:
    """A small disk, and the ballast that fills it."""

    def __init__(self, folder):
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self, leave=0):
        """Leaves so many kilobytes, and none more."""
        self.free()
        with open(self.ballast, "wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(1024))
            size = file.tell()
            if leave:
                os.truncate(self.ballast, max(0, size // 4096 * 4096 - leave * 1024))

    def free(self):
        self.ballast.unlink(missing_ok=True)

    def read_only(self, yes=True):
        mount("-o", f"remount,{'ro' if yes else 'rw'}", self.folder)
