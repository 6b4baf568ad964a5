"""The usual shell loop around inotifywait."""

from harness.process import Running
from tools.tool import Tool

LOOP = """
"$1" $2 -m -q -e close_write -e moved_to --format '%w%f' "$3" | while IFS= read -r file; do
    case $file in *.pdf) mv -n -- "$file" "$4" ;; esac
done
"""


class Inotifywait(Tool):
    """inotifywait -m piped into a loop that calls mv."""

    name = "inotifywait + mv"
    program = "inotifywait"
    install = "apt-get install inotify-tools"

    def start(self, seat):
        recursive = "-r" if seat.recursive else ""
        return Running(["sh", "-c", LOOP, "loop", self.path, recursive, seat.inbox, seat.outbox], seat)
