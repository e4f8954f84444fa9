import pytest
import torch
from torch.nn.functional import affine_grid, grid_sample

from robustlib._motions import Motion, middles, mixed, moved

EDGE = pytest.mark.parametrize("edge", [False, True])


def motion(turn=0.0, zoom=1.0, right=0.0, below=0.0, count=1):
    """The same of so many rows."""
    return Motion(*torch.tensor([[turn], [zoom], [right], [below]]).float().expand(4, count))


def some(count, seed=0, dtype=torch.float64):
    """Motions of any kind."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.rand(4, count, generator=generator, dtype=torch.float64)
    turn, zoom, right, below = drawn.to(dtype)
    return Motion(720 * turn - 360, 0.5 + zoom, 8 * right - 4, 8 * below - 4)


@EDGE
@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (7, 12), (32, 31)])
def test_a_picture_that_does_not_move_stays_to_the_bit(edge, shape) -> None:
    pictures = torch.rand(4, 3, *shape, generator=torch.Generator().manual_seed(0))
    pictures[:, :, ::2] = 0
    assert torch.equal(moved(pictures, Motion.still(4), edge=edge), pictures)


@EDGE
@pytest.mark.parametrize("quarters", range(-4, 5))
@pytest.mark.parametrize("size", [6, 7, 28])
def test_quarter_turns_only_put_pixels_elsewhere(edge, quarters, size) -> None:
    pictures = torch.rand(3, 2, size, size, generator=torch.Generator().manual_seed(1))
    turned = moved(pictures, motion(turn=90 * quarters, count=3), edge=edge)
    assert torch.equal(turned, pictures.rot90(quarters, (2, 3)))


@pytest.mark.parametrize(("right", "below"), [(0, 1), (3, 0), (-2, 4), (-5, -1), (9, 0)])
def test_whole_pixels_are_a_slice(right, below) -> None:
    pictures = torch.rand(2, 3, 8, 9, generator=torch.Generator().manual_seed(2))
    wide = torch.zeros(2, 3, 8 + 20, 9 + 20)
    wide[:, :, 10:18, 10:19] = pictures
    sliced = wide[:, :, 10 - below : 18 - below, 10 - right : 19 - right]
    shift = motion(right=right, below=below, count=2)
    assert torch.equal(moved(pictures, shift), sliced)
    rows, columns = (torch.arange(size) for size in (8, 9))
    repeated = pictures[:, :, (rows - below).clamp(0, 7)][..., (columns - right).clamp(0, 8)]
    assert torch.equal(moved(pictures, shift, edge=True), repeated)


def axes(count):
    """The numbers of pixels."""
    return torch.arange(count, dtype=torch.float64)


@EDGE
def test_a_slope_moves_as_its_formula_says(edge) -> None:
    """Four pixels mixed are exact where the picture is linear: any turn, zoom and shift."""
    down, across = axes(20)[:, None] - 9.5, axes(24) - 11.5
    slope = 3 + 0.5 * across - 0.25 * down
    given = some(50)
    result = moved(slope.expand(50, 1, 20, 24), given, edge=edge)[:, 0]
    for row in range(50):
        turn, zoom = given.turn[row].deg2rad(), given.zoom[row]
        x, y = across - given.right[row], down - given.below[row]
        # the place that has come here: turned back, clockwise
        u, v = (x * turn.cos() - y * turn.sin()) / zoom, (x * turn.sin() + y * turn.cos()) / zoom
        inside = (u.abs() <= 11.5) & (v.abs() <= 9.5)
        assert inside.sum() > 20
        assert torch.allclose(result[row][inside], (3 + 0.5 * u - 0.25 * v)[inside], atol=1e-9)


@EDGE
def test_torch_s_own_grids_say_the_same(edge) -> None:
    pictures = torch.rand(30, 2, 11, 11, generator=torch.Generator().manual_seed(13)).double()
    given = some(30)
    home = given.back
    cos, sin = home.turn.deg2rad().cos() * home.zoom, home.turn.deg2rad().sin() * home.zoom
    across = torch.stack([cos, sin, home.right / 5], dim=1)  # from -1 to 1 are ten pixels
    down = torch.stack([-sin, cos, home.below / 5], dim=1)
    grid = affine_grid(torch.stack([across, down], dim=1), (30, 2, 11, 11), align_corners=True)
    padding = "border" if edge else "zeros"
    theirs = grid_sample(pictures, grid, padding_mode=padding, align_corners=True)
    assert torch.allclose(moved(pictures, given, edge=edge), theirs, atol=1e-9)


def test_outside_there_is_nothing_or_the_edge() -> None:
    ones = torch.ones(1, 1, 5, 5)
    far = motion(right=3.5)
    assert moved(ones, far)[0, 0, 0].tolist() == [0, 0, 0, 0.5, 1]
    assert torch.equal(moved(ones, far, edge=True), ones)
    assert torch.allclose(moved(ones, motion(turn=45, zoom=0.1), edge=True), ones)


def test_a_motion_and_its_undoing_are_none() -> None:
    given, places = some(40), some_places(40)
    for both in (given.then(given.back), given.back.then(given)):
        assert torch.allclose(torch.stack(both.of(*places)), places, atol=1e-12)


def test_one_motion_then_another_is_both() -> None:
    first, second, places = some(40, seed=4), some(40, seed=5), some_places(40)
    both, each = first.then(second).of(*places), second.of(*first.of(*places))
    assert torch.allclose(torch.stack(both), torch.stack(each), atol=1e-12)


def some_places(count):
    """To the right of the centre, and below it."""
    generator = torch.Generator().manual_seed(3)
    return 9 * torch.randn(2, count, 4, 5, generator=generator, dtype=torch.float64)


def test_pictures_are_put_together_as_motions_are() -> None:
    """To the bit where no pixel is mixed and none is lost."""
    pictures = torch.zeros(1, 1, 15, 15)
    pictures[:, :, 5:10, 5:10] = torch.rand(5, 5, generator=torch.Generator().manual_seed(7))
    parts = [motion(right=2), motion(turn=90), motion(below=-1), motion(turn=180)]
    one_by_one, together = pictures, Motion.still(1)
    for part in parts:
        one_by_one, together = moved(one_by_one, part), together.then(part)
    assert torch.equal(moved(pictures, together), one_by_one)
    assert torch.equal(moved(one_by_one, together.back), pictures)


def test_a_small_turn_and_back_is_a_smooth_picture_again() -> None:
    down, across = axes(41)[:, None] / 10 - 2, axes(41) / 10 - 2
    hill = torch.exp(-(down**2) - 2 * (across - 0.3) ** 2)[None, None]
    given = motion(turn=17, zoom=1.1, right=1.3, below=-0.4)
    again = moved(moved(hill, given, edge=True), given.back, edge=True)
    assert (again - hill)[..., 6:-6, 6:-6].abs().max() < 0.02


def test_a_row_s_motion_is_its_own() -> None:
    pictures = torch.rand(6, 2, 9, 9, generator=torch.Generator().manual_seed(8))
    given = some(6, dtype=torch.float32)
    whole = moved(pictures, given)
    for row in range(6):
        alone = Motion(*(each[row : row + 1] for each in vars(given).values()))
        assert torch.equal(moved(pictures[row : row + 1], alone)[0], whole[row])


def test_slopes_in_picture_and_motion_are_those_of_small_differences() -> None:
    pictures = torch.rand(2, 1, 5, 6, generator=torch.Generator().manual_seed(9)).double()
    terms = [each.requires_grad_() for each in vars(some(2, seed=10)).values()]

    def of(pictures, *parts):
        return moved(pictures, Motion(*parts))

    assert torch.autograd.gradcheck(of, (pictures.requires_grad_(), *terms), eps=1e-7, atol=1e-5)


def test_values_stay_between_those_of_the_picture() -> None:
    pictures = torch.rand(50, 1, 9, 9, generator=torch.Generator().manual_seed(11)).round()
    result = moved(pictures, some(50))
    assert result.dtype == torch.float32
    assert result.min() >= 0
    assert result.max() <= 1


@EDGE
def test_any_places_can_be_looked_at(edge) -> None:
    """Left for right, and rows for columns: no motion does that, and no pixel is mixed."""
    pictures = torch.rand(2, 3, 7, 7, generator=torch.Generator().manual_seed(12))
    across, down = middles(pictures)
    places = -across.expand(2, 7, 7), down.expand(2, 7, 7)
    assert torch.equal(mixed(pictures, *places, edge=edge), pictures.flip(3))
    places = down.expand(2, 7, 7), across.expand(2, 7, 7)
    assert torch.equal(mixed(pictures, *places, edge=edge), pictures.mT)
