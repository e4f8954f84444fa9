"""What every scene promises, and how to add one.

A scene is one file here, with one function of the file's name:

    def mine(textures, draws, *, spread=0.1):
        '''One sentence that stands in the table of methods.'''
        check_textures(textures, draws)
        check_range("[0, 1)", spread=spread)
        return textures * (1 - spread * draws.uniform(1, 1, 1))

That is all: `scenes["mine"]`, the table of methods and the contract test of this room find it
there. It promises that

- textures [n, c, h, w] come back as pictures of the same shape, type and device, in [0, 1] if they
  were; those outside, as an attack's probes may be, are no error;
- pictures are differentiable in the textures;
- what it does to a row depends on that row and on the row's own random stream alone;
- it takes options by name, with defaults that make a scene worth looking at.

So a scene is what `eot` takes as `transform`: it asks about the pictures, and pulls gradients back
onto the texture. What is attacked is the texture: the threat model is about it, and the victim's
look at the last point is one at the texture itself, lying flat. So craft it, and count how often
the pictures of it mislead:

    found = craft(model, textures, goal, threat, eot, transform=scenes["turntable"])
    seen = scenes["turntable"](found, Draws(1, range(len(found))))
"""

from typing import Protocol

from torch import Tensor

from robustlib._border import check_draws
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.types import Images


class Scene(Protocol):
    """Textures in, pictures of them out; options are bound by `functools.partial`."""

    def __call__(self, textures: Images, draws: Draws) -> Images:
        """Looks at each texture once, as its own random stream has it."""
        ...


def check_textures(textures: object, draws: object) -> None:
    """Raises an `InputError` unless these are textures, and a random stream for each."""
    if not isinstance(textures, Tensor) or not textures.is_floating_point():
        came = textures.dtype if isinstance(textures, Tensor) else type(textures).__name__
        raise InputError(f"textures are a floating-point tensor [n, c, h, w], not {came}")
    if textures.ndim != 4 or 0 in textures.shape[1:]:
        raise InputError(
            "textures are [n, c, h, w] with a channel and a pixel at least, not "
            f"{list(textures.shape)}: for one texture, texture.unsqueeze(0)"
        )
    check_draws(draws, textures)
