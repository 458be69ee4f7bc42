import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.access import leaked
from accounts.access.models import User
from accounts.access.tests.web import answering
from accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def reasons(password, user=None):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    return refused.value.messages


class TestLeakedPasswords:
    def test_lists_far_more_than_a_hundred_thousand(self):
        assert leaked.count() == 1_459_927

    @pytest.mark.parametrize("password", ["qwertyuiop123456", "Password12345", "1q2w3e4r5t6y7u8i"])
    def test_refuses_what_has_leaked(self, password):
        assert reasons(password) == ["That password has appeared in a data leak. Choose another"]

    def test_refuses_a_leaked_one_in_capitals(self):
        assert leaked.is_leaked("QWERTYUIOP123456")

    def test_lets_a_short_sentence_pass(self):
        validate_password("seven goats cross the bridge")

    def test_is_built_and_asked_the_same_way(self, tmp_path, monkeypatch):
        words = [f"leaked password {n}" for n in range(500)]
        file = tmp_path / "list.bin"
        file.write_bytes(leaked.build([*words, "too short"]))
        monkeypatch.setattr(leaked, "FILE", file)
        leaked._opened.cache_clear()
        try:
            assert leaked.count() == 500
            assert all(leaked.is_leaked(word) for word in words)
            assert not leaked.is_leaked("too short")
        finally:
            monkeypatch.undo()
            leaked._opened.cache_clear()


class TestPasswordLength:
    def test_refuses_eleven_characters(self):
        assert "Use 12 or more characters. A short sentence is good" in reasons("elevenchars")

    def test_refuses_what_only_keeps_the_hash_busy(self):
        assert "Use 256 characters or fewer" in reasons("x y" * 100)

    def test_refuses_the_e_mail_address(self):
        user = User(email="juma.otieno.1994@example.com")

        assert any("email" in reason for reason in reasons("juma.otieno.1994@example", user))


class TestRangeService:
    """The service sees five hex digits of a SHA-1: b5bc3 of 'a wholly unknown sentence'."""

    PASSWORD = "a wholly unknown sentence"
    HEAD, TAIL = "B61A1", "F"

    def digest(self):
        import hashlib

        return hashlib.sha1(self.PASSWORD.encode()).hexdigest().upper()

    def test_refuses_what_the_service_knows_and_tells_it_five_digits_only(self, settings):
        digest = self.digest()
        with answering(body=f"{'0' * 35}:0\n{digest[5:]}:17\n") as service:
            settings.LEAKED_PASSWORD_RANGE_URL = service.url
            assert reasons(self.PASSWORD)

        assert [request.path for request in service.requests] == [f"/{digest[:5]}"]

    def test_ignores_padding(self, settings):
        with answering(body=f"{self.digest()[5:]}:0\n") as service:
            settings.LEAKED_PASSWORD_RANGE_URL = service.url
            validate_password(self.PASSWORD)

    def test_decides_by_the_list_alone_when_the_service_is_away(self, settings):
        settings.LEAKED_PASSWORD_RANGE_URL = "http://127.0.0.1:9"
        validate_password(self.PASSWORD)


@pytest.mark.django_db
class TestPasswordHashes:
    @pytest.mark.proves("SE01")
    def test_keep_no_plain_password(self):
        user = UserFactory(password="a quiet lake at dawn")

        stored = User.objects.get(pk=user.pk).password
        assert stored.startswith("argon2")
        assert "quiet" not in stored
        assert user.check_password("a quiet lake at dawn")

    @pytest.mark.proves("SE19")
    @pytest.mark.parametrize("algorithm", ["bcrypt_sha256", "bcrypt"])
    def test_verify_bcrypt_and_renew_it_as_argon2id(self, algorithm):
        user = UserFactory()
        user.password = make_password("a quiet lake at dawn", hasher=algorithm)
        user.save()

        assert user.check_password("a quiet lake at dawn")
        assert User.objects.get(pk=user.pk).password.startswith("argon2")
        assert not user.check_password("another lake at dawn")
