"""The signs of processes: who was killed leaves a file, which the next start removes."""

from groqchat.storage.life_sign import DRAFT, REQUEST, LifeSign, remove_old_signs


def test_signs_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path):
    living = LifeSign(tmp_path, REQUEST)
    living.show()
    for dead in (LifeSign(tmp_path, kind) for kind in (DRAFT, REQUEST)):
        (tmp_path / f".{dead._kind}-{dead.name}.lock").touch()
    (tmp_path / ".other.lock").touch()
    remove_old_signs(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f".request-{living.name}.lock", ".other.lock"}
    living.release()
    assert [path.name for path in tmp_path.iterdir()] == [".other.lock"]
