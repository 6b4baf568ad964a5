"""fclones, a finder of duplicate files that does nothing else."""

from tools.tool import Tool


class Fclones(Tool):
    """`fclones group`, which lists what is alike."""

    name = "fclones"
    program = "fclones"
    install = "cargo install --locked fclones"
    watches = False
    finds_duplicates = True

    def duplicates(self, seat):
        return [self.path, "group", seat.inbox]
