#!/usr/bin/env python3
"""Makes the files fashion-mnist-14x14-* from Fashion-MNIST (Debian: dataset-fashion-mnist).

usage: fashion_mnist_14x14.py /usr/share/datasets/fashion-mnist

Every 2x2 block of pixels becomes its mean, rounded to 16 levels (0, 17, ..., 255). The training file takes the first
1,000 images of each class, in random order; the test file all 10,000 test images as they come.
"""
import gzip
import os
import random
import struct
import sys

SIDE, HALF, PER_CLASS = 28, 14, 1000


def read(path, header):
    with gzip.open(path) as file:
        return file.read()[header:]


def pool(image):
    """196 bytes from 784."""
    for row in range(0, SIDE * SIDE, 2 * SIDE):
        for at in range(row, row + SIDE, 2):
            total = image[at] + image[at + 1] + image[at + SIDE] + image[at + SIDE + 1]
            yield 17 * round(total / 4 / 17)


def write(path, magic, sizes, content):
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as file:
        file.write(struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + content)


def convert(folder, part, order_of):
    images = read(os.path.join(folder, f"{part}-images-idx3-ubyte.gz"), 16)
    labels = read(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz"), 8)
    order = order_of(labels)
    pooled = b"".join(bytes(pool(images[i * SIDE * SIDE:(i + 1) * SIDE * SIDE])) for i in order)
    write(f"fashion-mnist-14x14-{part}-images-idx3-ubyte.gz", 0x803, (len(order), HALF, HALF), pooled)
    write(f"fashion-mnist-14x14-{part}-labels-idx1-ubyte.gz", 0x801, (len(order),), bytes(labels[i] for i in order))


def first_of_each_class(labels):
    order = [i for c in range(10) for i in [i for i, label in enumerate(labels) if label == c][:PER_CLASS]]
    random.Random(0).shuffle(order)
    return order


convert(sys.argv[1], "train", first_of_each_class)
convert(sys.argv[1], "t10k", lambda labels: list(range(len(labels))))
