"""The few calls of the kernel that Python 3.11 has no words for: unshare, mount, umount, prctl.

Nothing here knows what a lab is. Each call raises OSError with the kernel's reason.
"""
import ctypes
import os

NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC, NEW_PROCESSES, NEW_NETWORK = (
    0x00020000, 0x04000000, 0x08000000, 0x20000000, 0x40000000)
READ_ONLY, NO_SUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2
_DIE_WITH_PARENT = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, "%s: %s" % (what, os.strerror(error)))


def unshare(flags):
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source, target, kind=None, flags=0, options=None):
    def text(value):
        return None if value is None else value.encode()

    _check(_libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)),
           "mount %s on %s" % (source, target))


def bind(source, target):
    mount(source, target, None, BIND | RECURSIVE)


def detach(target):
    _check(_libc.umount2(target.encode(), ctypes.c_int(DETACH)), "umount " + target)


def die_with_parent(signal):
    """The calling process gets `signal` when the thread that forked it ends."""
    _check(_libc.prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal), 0, 0, 0), "prctl")
