import pytest

from tests.cast import Cast
from tests.work.stage import Stage, set_stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)
