# python3 any-case-files.py STORE MOUNTPOINT: shows the folder STORE as a file system that takes any case of a
# name for the one that is there, and one character for the letters that it stands for, as a server on macOS does. Prints "ready" once it is mounted.
import os
import sys

from fusepy import FUSE, FuseOSError, Operations


class AnyCase(Operations):
    def __init__(self, store):
        self.store = store

    def init(self, path):
        print("ready", flush=True)

    def real(self, path):
        found = self.store
        for name in path.split("/"):
            if not name:
                continue
            try:
                known = [entry for entry in os.listdir(found) if entry.casefold() == name.casefold()]
            except OSError:
                known = []
            found = os.path.join(found, known[0] if known else name)
        return found

    def attempt(self, act, *args):
        try:
            return act(*args)
        except OSError as error:
            raise FuseOSError(error.errno)

    def getattr(self, path, fh=None):
        status = self.attempt(os.lstat, self.real(path))
        names = "st_atime st_ctime st_gid st_ino st_mode st_mtime st_nlink st_size st_uid".split()
        return {name: getattr(status, name) for name in names}

    def readdir(self, path, fh):
        return [".", ".."] + self.attempt(os.listdir, self.real(path))

    def readlink(self, path):
        return self.attempt(os.readlink, self.real(path))

    def mkdir(self, path, mode):
        self.attempt(os.mkdir, self.real(path), mode)

    def rmdir(self, path):
        self.attempt(os.rmdir, self.real(path))

    def unlink(self, path):
        self.attempt(os.unlink, self.real(path))

    def rename(self, old, new):
        self.attempt(os.rename, self.real(old), self.real(new))

    def create(self, path, mode, fi=None):
        return self.attempt(os.open, self.real(path), os.O_RDWR | os.O_CREAT, mode)

    def open(self, path, flags):
        return self.attempt(os.open, self.real(path), flags & ~os.O_EXCL)

    def read(self, path, size, offset, fh):
        return self.attempt(os.pread, fh, size, offset)

    def write(self, path, data, offset, fh):
        return self.attempt(os.pwrite, fh, data, offset)

    def truncate(self, path, length, fh=None):
        self.attempt(os.truncate, self.real(path), length)

    def chmod(self, path, mode):
        self.attempt(os.chmod, self.real(path), mode)

    def release(self, path, fh):
        os.close(fh)


FUSE(AnyCase(sys.argv[1]), sys.argv[2], foreground=True, nothreads=True, use_ino=True)
