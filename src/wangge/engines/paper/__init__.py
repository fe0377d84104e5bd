"""Pages to print: Chinese text that fits its place, drawn shapes, QR codes; PDF with the fonts inside."""

from wangge.engines.paper.paper import Face, Paper
from wangge.engines.paper.wrapping import fitted, shortened, wrapped

__all__ = ["Face", "Paper", "fitted", "shortened", "wrapped"]
