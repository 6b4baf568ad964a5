"""The tools that are compared, one file a tool. Each is set to act as soon as it can without losing files."""

from tools.bare import Bare
from tools.fclones import Fclones
from tools.find import Find
from tools.hazelnut import Hazelnut
from tools.inotifywait import Inotifywait
from tools.organize import Organize
from tools.usher import Usher
from tools.watchexec import Watchexec
from tools.watchman import Watchman

ALL = (Bare, Usher, Inotifywait, Watchman, Watchexec, Hazelnut, Find, Organize, Fclones)
