"""Places on a page: in its own space, as the file gives them, and as the page is read."""

from collections.abc import Callable

Box = tuple[float, float, float, float]  # left, bottom, right, top in the page's own space
Frame = Callable[[float, float], tuple[float, float]]


def frame_of(box: Box, quarter: int) -> Frame:
    """How a point of the page's own space is placed when it is turned by quarters, clockwise."""
    left, bottom, right, top = box
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[quarter]
