"""PostgreSQL refuses to run as root. Started by root, it runs as the owner of the data folder, or as `nobody`."""

import ctypes
import os
import pwd
import sys
from pathlib import Path

_KEEP_CAPABILITIES = 8  # linux/prctl.h: PR_SET_KEEPCAPS
_AMBIENT = 47  # PR_CAP_AMBIENT
_AMBIENT_RAISE = 2
_DAC_OVERRIDE = 1  # linux/capability.h: may read and search folders that belong to others
_CAPABILITY_VERSION = 0x20080522


def account(data: Path) -> pwd.struct_passwd | None:
    """Whom the server must run as, or None for the user of this process."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return pwd.getpwnam("nobody")


def give(folder: Path, owner: pwd.struct_passwd) -> None:
    """Makes the folder and all in it the owner's. Nothing outside is touched."""
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(root, name), owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def become(owner: pwd.struct_passwd) -> None:
    """Turns this (root) process into the owner's.

    On Linux it may still pass through folders like /root, so that no permission on the way has to be loosened.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc:
        libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)
    if libc:
        mask = 1 << _DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low and high words
        if libc.capset(header, sets) == 0:
            libc.prctl(_AMBIENT, _AMBIENT_RAISE, _DAC_OVERRIDE, 0, 0)
