import pytest
from django.db import connection

from accounts.access import mfa, queries, rotation
from accounts.access.models import User
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.test_mfa import NOON
from accounts.factories import CustomerFactory, StaffMemberFactory
from accounts.staff.models import StaffMember

pytestmark = pytest.mark.django_db
OLD = "test:" + "A" * 43 + "="
NEW = "second:" + "B" * 43 + "="


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        return [str(row[0]) for row in cursor.fetchall()]


class TestRotate:
    def test_knows_every_encrypted_column(self):
        names = {f"{model.__name__}.{field.name}" for model, field in rotation.encrypted_columns()}

        assert {"User.phone", "Customer.national_id", "Message.body"} <= names

    def test_seals_everything_anew_so_that_the_old_key_can_go(self, settings):
        settings.WEKEZA_KEYS = OLD
        user = CustomerFactory(user__phone="+254722000418", national_id="28765432").user
        give_app(user)
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        done = rotation.rotate()

        assert done["accounts.User.phone"] == 1
        assert done["accounts.Customer.national_id"] == 1
        assert done["mfa.Authenticator"] == 1
        assert all(value.startswith("second:") for value in stored("accounts_user", "phone"))
        assert "test:" not in stored("mfa_authenticator", "data")[0]
        assert queries.user_by_phone("+254722000418") == user  # The index has not moved.
        settings.WEKEZA_KEYS = NEW
        assert queries.user_by_phone("+254722000418") == user
        assert User.objects.get(pk=user.pk).phone == "+254722000418"
        mfa.verify(user=user, code=code_at(NOON), at=NOON)

    def test_seals_the_ids_of_staff_anew(self, settings):
        settings.WEKEZA_KEYS = OLD
        member = StaffMemberFactory(national_id="28765433")
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        assert rotation.rotate()["accounts.StaffMember.national_id"] == 1

        settings.WEKEZA_KEYS = NEW
        assert StaffMember.objects.get(pk=member.pk).national_id == "28765433"

    def test_has_nothing_to_do_a_second_time(self, settings):
        CustomerFactory()
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"
        rotation.rotate()

        assert set(rotation.rotate().values()) == {0}

    def test_needs_the_old_key_until_it_is_done(self, settings):
        from wekeza.kit.encryption import Undecipherable

        CustomerFactory()
        settings.WEKEZA_KEYS = NEW

        with pytest.raises(Undecipherable):
            [user.phone for user in User.objects.all()]
