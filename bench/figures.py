"""A figure and its floor, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`value` and `floor` in the same unit. `better` says which way is better: "less" or "more"."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    better: str = "less"

    @property
    def ratio(self) -> float | None:
        """How many times worse than the floor; 1 is the floor itself."""
        if not self.floor:
            return None
        return self.value / self.floor if self.better == "less" else self.floor / self.value

    def line(self) -> str:
        floor = "" if self.floor is None else f"{self.floor:,.1f}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"| {self.name} | {self.value:,.1f} {self.unit} | {floor} | {ratio} |"


HEAD = "| figure | here | floor | ratio |\n|---|---|---|---|"


def spread(values: list[float]) -> tuple[float, float, float]:
    """Least, median, most."""
    return min(values), median(values), max(values)
