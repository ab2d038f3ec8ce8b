"""Leaves, drawn: a folder of healthy ones and of spotted ones, for training, validation and test, to learn image classification on.

    python examples/crash_course/leaves.py

Every leaf has a shape, a hue, a size and a direction of its own, and lies on soil of its own shade. Half of the leaves have brown
spots. All have veins, and bright flecks of light or crumbs of soil lie on many, so that spots are not all there is to see.
"""

import argparse
import colorsys
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter

SIZES = {"train": 240, "valid": 60, "test": 100}  # leaves of each kind
KINDS = ("healthy", "spotted")
SIDE = 64  # pixels
SCALE = 4  # drawn so many times larger, and made smaller at the end: smooth edges


def colour(hue, saturation, value):
    """Red, green and blue from 0 to 255."""
    return tuple(round(255 * min(max(c, 0), 1)) for c in colorsys.hsv_to_rgb(hue % 1, saturation, value))


def outline(rng, side):
    """A function (along, across) → point of the picture, and the half width at `along`: 0 is the stalk, 1 the tip."""
    angle = rng.uniform(0, 2 * numpy.pi)
    length, width = side * rng.uniform(0.62, 0.85), side * rng.uniform(0.17, 0.28)
    bend, belly = rng.uniform(-0.15, 0.15), rng.uniform(0.7, 1.3)
    teeth, depth, phase = rng.integers(5, 14), rng.uniform(0, 0.1), rng.uniform(0, 2 * numpy.pi)
    middle = side / 2 + rng.uniform(-0.05, 0.05, 2) * side

    def half_width(along):
        return width * numpy.sin(numpy.pi * along**belly) ** 0.8 * (1 + depth * numpy.sin(2 * numpy.pi * teeth * along + phase))

    def point(along, across):
        x, y = length * (along - 0.5), across + length * bend * (4 * along * (1 - along) - 0.5)
        return (middle[0] + x * numpy.cos(angle) - y * numpy.sin(angle), middle[1] + x * numpy.sin(angle) + y * numpy.cos(angle))

    return point, half_width


def dot(draw, centre, radius, fill):
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def leaf(rng, spotted):
    """A picture of a leaf, `SIDE` × `SIDE`, drawn with the random numbers of `rng`."""
    side = SIDE * SCALE
    soil = rng.uniform(0.04, 0.14), rng.uniform(0.15, 0.5), rng.uniform(0.25, 0.75)
    picture = Image.new("RGB", (side, side), colour(*soil))
    draw = ImageDraw.Draw(picture)
    for _ in range(40):  # crumbs
        dot(draw, rng.uniform(0, side, 2), rng.uniform(0.01, 0.04) * side, colour(*soil[:2], soil[2] + rng.uniform(-0.12, 0.12)))

    point, half_width = outline(rng, side)
    hue, saturation, value = rng.uniform(0.17, 0.40), rng.uniform(0.45, 0.85), rng.uniform(0.35, 0.8)
    along = numpy.linspace(0, 1, 80)
    border = [point(a, half_width(a)) for a in along] + [point(a, -half_width(a)) for a in along[::-1]]
    draw.polygon(border, fill=colour(hue, saturation, value))
    vein = colour(hue, saturation * 0.7, value * rng.choice([0.75, 1.25]))
    draw.line([point(a, 0) for a in numpy.linspace(-0.12, 0.97, 40)], fill=vein, width=SCALE)
    for a in numpy.linspace(0.15, 0.75, rng.integers(4, 8)):
        for side_of in (-1, 1):
            draw.line([point(a, 0), point(a + 0.12, side_of * 0.8 * half_width(a + 0.12))], fill=vein, width=SCALE // 2)

    def somewhere():
        a = rng.uniform(0.15, 0.85)
        return point(a, rng.uniform(-0.7, 0.7) * half_width(a))

    for _ in range(rng.integers(0, 4)):  # flecks of light
        dot(draw, somewhere(), rng.uniform(0.01, 0.03) * side, colour(hue, saturation * 0.5, value + 0.25))
    if spotted:
        brown, dark = rng.uniform(0.02, 0.09), rng.uniform(0.2, 0.45)
        for _ in range(rng.integers(1, 8)):
            centre, radius = somewhere(), rng.uniform(0.018, 0.045) * side
            dot(draw, centre, radius * 1.35, colour(rng.uniform(0.12, 0.16), 0.6, value * 0.9))  # a pale rim
            dot(draw, centre, radius, colour(brown, 0.7, dark))

    small = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1) * SCALE / 2)).resize((SIDE, SIDE), Image.Resampling.BOX)
    noisy = numpy.asarray(small, dtype="float64") * rng.uniform(0.8, 1.15) + rng.normal(0, 5, (SIDE, SIDE, 1))
    return Image.fromarray(numpy.clip(noisy, 0, 255).astype("uint8"))


def make(root, sizes=SIZES, seed=0):
    """Fill `root/train/healthy`, `root/train/spotted`, `root/valid/…` with PNG files: the same ones for the same seed."""
    for part, (name, count) in enumerate(sizes.items()):
        for kind in KINDS:
            folder = Path(root) / name / kind
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("*.png"):
                old.unlink()
            for i in range(count):
                rng = numpy.random.default_rng([seed, part, KINDS.index(kind), i])
                leaf(rng, kind == "spotted").save(folder / f"{i:03}.png")


def draw_sheet(root, path, columns=12, rows=2):
    """The first leaves of each kind on one sheet: `rows` rows of a kind."""
    gap, title = 4, 16
    height = rows * (SIDE + gap) + title
    sheet = Image.new("RGB", (columns * (SIDE + gap) + gap, len(KINDS) * height + gap), "white")
    draw = ImageDraw.Draw(sheet)
    for k, kind in enumerate(KINDS):
        draw.text((gap, k * height + 2), kind, fill="black")
        for i, file in enumerate(sorted((Path(root) / "train" / kind).glob("*.png"))[: rows * columns]):
            row, column = divmod(i, columns)
            with Image.open(file) as picture:
                sheet.paste(picture, (gap + column * (SIDE + gap), k * height + title + row * (SIDE + gap)))
    sheet.resize((2 * sheet.width, 2 * sheet.height), Image.Resampling.LANCZOS).save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, help="of the drawing (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "output", help="folder for the folder of leaves")
    options = parser.parse_args()
    root = options.output / "leaves"
    make(root, seed=options.seed)
    draw_sheet(root, options.output / "leaves.png")
    counts = ", ".join(f"{2 * count} in {name}" for name, count in SIZES.items())
    print(f"{2 * sum(SIZES.values())} leaves, half of them spotted: {counts}. See leaves.png in {options.output}")


if __name__ == "__main__":
    main()
