"""Labels of images: lists of them, as MXNet's `im2rec` reads, and those of objects."""

import numpy

__all__ = []


def read_list(path):
    """By number: the labels, an array of float32, and the path. A line has number, labels and path, with tabs between them."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            words = line.strip().split("\t")
            if words == [""]:
                continue
            try:
                if len(words) < 3:
                    raise ValueError
                found[int(words[0])] = numpy.array([float(word) for word in words[1:-1]], numpy.float32), words[-1]
            except ValueError:
                raise ValueError(
                    f"line {number} of {str(path)!r} is a number, labels and a path, with tabs between them; not {line!r:.80}"
                ) from None
    return found


def objects_in(label):
    """The objects of a label, a row (class, left, top, right, bottom, …) each: a view of it.

    The label has the width of its head, that of an object, the rest of the head, and the objects one after the other.
    """
    head, width = (int(label[0]), int(label[1])) if len(label) >= 2 else (0, 0)
    if not (2 <= head < len(label) and width >= 5 and (len(label) - head) % width == 0):
        raise ValueError(
            "a label with objects has the width of its head, 2 or more, that of an object, 5 or more, the rest of the head, and"
            f" (class, left, top, right, bottom, …) of each object; not these {len(label)} numbers: {label.tolist()!s:.80}"
        )
    return label[head:].reshape(-1, width)
