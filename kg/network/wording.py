"""Numbers in the words of pages and pictures, which bend with them."""


class Counted(int):
    """A number in a text; {0:measure|measures} is the word for as many.

    >>> "{0} {0:measure|measures}".format(Counted(1))
    '1 measure'
    """

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        return (one if self == 1 else several) if bar else super().__format__(spec)
