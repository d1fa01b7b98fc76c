"""The one kind of error a user sees: what is wrong, where, and how to mend it."""


class PlanlinkError(Exception):
    """Bad input, told in one line.

    Args:
        what: what is wrong, in a few words.
        where: the file, line or key it was found at.
        mend: what the user can do about it.
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{where}: {what}; {mend}")
        self.what = what
        self.where = where
        self.mend = mend
