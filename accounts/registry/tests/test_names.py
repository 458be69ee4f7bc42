import pytest

from accounts.registry.names import compare, tokens

SAME = 88


class TestCompare:
    @pytest.mark.parametrize(
        ("told", "registered"),
        [
            ("Juma Otieno Ochieng", ("JUMA", "OTIENO", "OCHIENG")),
            ("Otieno Ochieng Juma", ("JUMA", "OTIENO", "OCHIENG")),
            ("Juma Otieno", ("JUMA", "OTIENO", "OCHIENG")),
            ("Juma Otieno Ochieng", ("JUMA", "OCHIENG")),
            ("Mohamed Abdi Hassan", ("MOHAMMED", "HASSAN", "ABDI")),
            ("Nuria Hassan Abdi", ("NURIA", "HASAN", "ABDI")),
            ("Wanjikũ Mwangi", ("WANJIKU", "MWANGI")),
            ("Ng'ang'a Njoroge", ("NGANGA", "NJOROGE")),
            ("Dr. Grace Achieng", ("GRACE", "ACHIENG")),
            ("Mary-Anne Atieno", ("MARY", "ANNE", "ATIENO")),
        ],
    )
    def test_takes_other_orders_and_spellings_as_the_same(self, told, registered):
        assert compare(told, registered, same_from=SAME).percent == 100

    @pytest.mark.parametrize(
        ("told", "registered", "percent", "differing"),
        [
            ("Amina Wambui Njeri", ("AMINA", "WANJIKU", "NJERI"), 66, ("Wambui",)),
            ("Amina Njeri", ("AMINA", "CHEBET"), 50, ("Njeri",)),
            ("Amina Njeri", ("AMINA",), 50, ("Njeri",)),
            ("Amina Wambui Njeri", ("DAVID", "KIPROP", "KORIR"), 0, ("Amina", "Wambui", "Njeri")),
        ],
    )
    def test_says_how_much_and_which_names_differ(self, told, registered, percent, differing):
        likeness = compare(told, registered, same_from=SAME)

        assert (likeness.percent, likeness.differing) == (percent, differing)

    def test_lets_one_name_answer_for_one_only(self):
        assert compare("Juma Juma", ("JUMA", "OTIENO"), same_from=SAME).percent == 50

    def test_keeps_a_name_that_is_a_title_elsewhere(self):
        assert tokens("Hon") == ["HON"]
