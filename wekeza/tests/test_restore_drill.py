"""What the drill of restores says of a damaged log; the drill itself is run by hand."""

from wekeza.drills import pitr

FIRST, SECOND = "0000000100000000000000FE", "0000000100000000000000FF"
THIRD = "000000010000000100000000"  # After 256 segments the second third counts.


def log_of(folder, *names):
    for number, name in enumerate(names):
        (folder / name).write_bytes(bytes([number]) * pitr.SEGMENT_BYTES)
    pitr.Archive(folder, process=None).seal()
    return folder


class TestVerifyLog:
    def test_finds_nothing_in_a_whole_log_over_the_end_of_a_file(self, tmp_path):
        log_of(tmp_path, FIRST, SECOND, THIRD)

        assert pitr.verify_log(tmp_path, first=FIRST) == []

    def test_names_the_segment_that_is_missing_cut_or_changed(self, tmp_path):
        log_of(tmp_path, FIRST, SECOND, THIRD)
        (tmp_path / FIRST).unlink()
        (tmp_path / SECOND).write_bytes(b"\1" * 100)
        changed = b"\2" * (pitr.SEGMENT_BYTES - 1) + b"\3"
        (tmp_path / THIRD).write_bytes(changed)

        missing, cut, turned = pitr.verify_log(tmp_path, first=FIRST)

        assert missing == f"{FIRST} is missing"
        assert cut == f"{SECOND}: expected {pitr.SEGMENT_BYTES} bytes, found 100"
        assert turned.startswith(f"{THIRD}: expected SHA-256 ")

    def test_looks_at_nothing_before_the_base_backup_begins(self, tmp_path):
        log_of(tmp_path, SECOND, THIRD)

        assert pitr.verify_log(tmp_path, first=SECOND) == []
