"""hazelnut, a file organizer with a daemon."""

import shutil

from harness.process import Running
from tools.tool import Tool


class Hazelnut(Tool):
    """hazelnutd in the foreground without debounce; `hazelnut run --apply` for a sweep."""

    name = "hazelnut"
    program = "hazelnut"
    install = "cargo install --locked hazelnut"
    sweeps = True

    def start(self, seat):
        daemon = shutil.which("hazelnutd", path=str(self.path).rpartition("/")[0])
        return Running([daemon, "--config", self._config(seat), "run"], seat)

    def sweep(self, seat):
        return [self.path, "--config", self._config(seat), "run", "--apply"]

    @staticmethod
    def _config(seat):
        config = seat.folder("config") / "hazelnut.toml"
        config.write_text(f"""
[general]
log_level = "warn"
debounce_seconds = 0

[[watch]]
path = "{seat.inbox}"
recursive = {str(seat.recursive).lower()}

[[rule]]
name = "bench"
[rule.condition]
extension = "pdf"
[rule.action]
type = "move"
destination = "{seat.outbox}"
""")
        return config
