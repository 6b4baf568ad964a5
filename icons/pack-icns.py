"""Packs PNG files into an Apple icon image: a header, then one tagged block a size.

Usage: pack-icns.py RESULT FOLDER, where FOLDER holds <size>.png files.
"""

import struct
import sys
from pathlib import Path

# Tag and pixel size; some sizes appear twice because dense screens have tags of their own.
BLOCKS = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
]


def main(result: Path, folder: Path) -> None:
    """Writes `result` from the PNG files in `folder`."""
    body = b""
    for tag, size in BLOCKS:
        png = (folder / f"{size}.png").read_bytes()
        body += tag + struct.pack(">I", len(png) + 8) + png
    result.write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)


main(Path(sys.argv[1]), Path(sys.argv[2]))
