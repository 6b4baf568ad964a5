"""What Usher wants to reach. An aim that is not reached is printed as such; nothing here changes a measure."""

from dataclasses import dataclass


@dataclass
class Aim:
    """One promise on speed or size, with what was measured for it."""

    text: str
    measured: float | None
    bound: float | None
    unit: str

    def judged(self):
        """Whether both figures are there."""
        return self.measured is not None and self.bound is not None

    def missed(self):
        """Whether a judged aim was not reached."""
        return self.measured > self.bound

    def line(self):
        """The verdict with both figures."""
        if not self.judged():
            return f"  not measured  {self.text}"
        verdict = "SHORT" if self.missed() else "met"
        return f"  {verdict:<5}  {self.text}: {self.measured:.4g} {self.unit}, at most {self.bound:.4g}"
